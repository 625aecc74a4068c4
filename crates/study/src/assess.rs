//! A trained network on the fold that was held out.

use burn::tensor::Device;
use pulmo_core::Task;
use pulmo_evaluation::{CalibrationSet, CaseEvaluation, Evaluation, Gate, mask_scores};
use pulmo_findings::OperatingPoint;
use pulmo_imaging::Mask;
use pulmo_pipeline::{InfectionNetwork, LungNetwork, Pipeline};
use pulmo_segmentation::ModelFolder;
use pulmo_xray::XraySource;

use crate::observer::{Activity, Observer};
use crate::splits::FoldCases;
use crate::{CaseResult, Result};

/// Lung masks of the test images, as the pipeline makes them, against the true ones.
pub(crate) fn lung(
    model: &ModelFolder,
    cases: &FoldCases,
    device: &Device,
    observer: &dyn Observer,
) -> Result<Vec<CaseResult>> {
    let network = LungNetwork::load(model, device)?;
    let total = cases.test.len();
    let mut results = Vec::with_capacity(total);
    for case in cases.test.cases() {
        let lungs = network.lungs(&XraySource::path(case.image()).read()?)?;
        let truth = Mask::open(case.lung_mask().ok_or_else(|| missing(case.id(), Task::Lung))?)?;
        let masks = mask_scores(lungs.as_mask(), &truth)?;
        results.push(CaseResult { id: case.id().to_owned(), class: case.class(), masks, detected: None });
        observer.progress(Activity::Testing, results.len(), total);
    }
    Ok(results)
}

/// Chooses threshold and detection rule on the validation images and tests with them: the model with both in its
/// manifest, and the results.
pub(crate) fn infection(
    model: ModelFolder,
    lung: &ModelFolder,
    cases: &FoldCases,
    device: &Device,
    observer: &dyn Observer,
) -> Result<(ModelFolder, Vec<CaseResult>)> {
    let pipeline = |model: &ModelFolder| -> Result<Pipeline> {
        let infection = InfectionNetwork::load(model, device)?;
        Ok(Pipeline::new(LungNetwork::load(lung, device)?, infection)?)
    };
    let progress = |activity, total| move |done| observer.progress(activity, done, total);
    let calibrating = progress(Activity::Calibrating, cases.valid.len());
    let calibration = CalibrationSet::measure(&pipeline(&model)?, &cases.valid, calibrating)?
        .calibrate(OperatingPoint::Youden, Gate::Off)?;
    let model = model.with_manifest(|manifest| {
        manifest.decision = Some(calibration.decision());
        manifest.mask_threshold = calibration.mask.threshold;
    });
    let test =
        Evaluation::run(&pipeline(&model)?, &cases.test, progress(Activity::Testing, cases.test.len()))?;
    let results: Result<_> = test.cases().iter().map(of_infection).collect();
    Ok((model, results?))
}

fn of_infection(case: &CaseEvaluation) -> Result<CaseResult> {
    let masks = case.infection.clone().ok_or_else(|| missing(&case.id, Task::Infection))?;
    // Where no lungs were found nothing is decided, which counts as negative.
    let detected = Some(case.detected.unwrap_or(false));
    Ok(CaseResult { id: case.id.clone(), class: case.class, masks, detected })
}

fn missing(id: &str, kind: Task) -> pulmo_data::Error {
    pulmo_data::Error::MissingMask { id: id.to_owned(), kind }
}
