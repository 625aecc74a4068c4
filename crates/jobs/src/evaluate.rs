//! Evaluation of a pipeline on labelled X-rays, and calibration of its infection network.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use burn::tensor::Device;
use pulmo_data::{Index, Needs, Split, require_all_sound};
use pulmo_evaluation::{Calibration, CalibrationSet, Evaluation, EvaluationFigures, Gate};
use pulmo_findings::OperatingPoint;
use pulmo_pipeline::{Pipeline, TestTimeFlip};
use pulmo_segmentation::ModelFolder;
use serde::Serialize;

use crate::progress::count;
use crate::{Error, Observer, PipelineOptions, Result};

/// One split of a data set, or all of it: `train`, `val`, `test` or `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Splits {
    /// One split.
    One(Split),
    /// All of them.
    All,
}

impl FromStr for Splits {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        if name == "all" {
            return Ok(Self::All);
        }
        name.parse().map(Self::One).map_err(|_| Error::UnknownSplit { name: name.to_owned() })
    }
}

impl fmt::Display for Splits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(split) => split.fmt(f),
            Self::All => f.write_str("all splits"),
        }
    }
}

impl Splits {
    fn of(self, index: &Index) -> Result<Index> {
        let part = match self {
            Self::One(split) => index.split(split),
            Self::All => index.clone(),
        };
        if part.is_empty() {
            return Err(Error::EmptySplit { split: self.to_string(), counts: index.counts().to_string() });
        }
        Ok(part)
    }
}

/// How the mask threshold and the detection rule of an infection network are chosen on validation images.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Choice {
    /// What the detection rule is to be best at.
    pub point: OperatingPoint,
    /// Whether a negative decision empties the infection mask.
    pub gate: Gate,
}

/// An evaluation: of which networks, on what.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EvaluateOptions {
    /// A data set with masks, as [`Index::open`] takes it.
    pub data: PathBuf,
    /// Folder to write figures, tables, plots and the page into.
    pub out: PathBuf,
    /// Which images of it.
    pub splits: Splits,
    /// Evaluate on so many of them only, drawn evenly over the classes.
    pub subset: Option<usize>,
    /// The networks.
    pub networks: PipelineOptions,
    /// Choose mask threshold and detection rule on the validation split first, and store them in the first of the
    /// [infection networks](PipelineOptions::infection), which has to be named.
    pub calibrate: Option<Choice>,
}

impl EvaluateOptions {
    /// Evaluates the bundled networks on the test split of `data`, and writes into `out`.
    pub fn new(data: impl Into<PathBuf>, out: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            out: out.into(),
            splits: Splits::One(Split::Test),
            subset: None,
            networks: PipelineOptions::default(),
            calibrate: None,
        }
    }
}

/// An evaluation that was written; its `Display` is the table of figures as Markdown. It is serialised without the results
/// of every image.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Evaluated {
    /// What was evaluated on what, in one line.
    pub title: String,
    /// The choice of threshold and rule, where one was asked for.
    pub calibration: Option<Calibration>,
    /// The figures over all images.
    pub figures: EvaluationFigures,
    /// The results of every image.
    #[serde(skip)]
    pub evaluation: Evaluation,
    #[serde(skip)]
    table: String,
}

impl fmt::Display for Evaluated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table)
    }
}

/// Analyses every image as a user's would be, and writes figures, tables, plots and a page.
///
/// # Errors
/// [`Error::Problems`] with all problems of the data at once, before anything starts; [`Error::EmptySplit`] and
/// [`Error::NothingToCalibrate`]; and networks, images or folders that cannot be used.
pub fn evaluate(options: &EvaluateOptions, device: &Device, observer: &Observer<'_>) -> Result<Evaluated> {
    let mut pipeline = options.networks.open(device)?;
    let index = Index::open(&options.data)?;
    let mut part = options.splits.of(&index)?;
    if let Some(count) = options.subset {
        part = part.subset(count, 0)?;
    }
    let valid = options.calibrate.map(|_| Splits::One(Split::Val).of(&index)).transpose()?;
    // Everything that will be read, before anything starts.
    require_all_sound(std::iter::once(&part).chain(&valid), Needs::of(&index))?;

    let mut calibration = None;
    if let (Some(choice), Some(valid)) = (options.calibrate, valid) {
        let folder = options.networks.infection.first().ok_or(Error::NothingToCalibrate)?;
        calibration = Some(calibrate(&pipeline, folder, &valid, choice, observer)?);
        pipeline = options.networks.open(device)?;
    }

    let told = |done| count(observer, "evaluating", done, part.len());
    let evaluation = Evaluation::run(&pipeline, &part, told)?;
    let title = title(&pipeline, part.len(), options.splits);
    evaluation.write(&options.out, &title)?;
    evaluation.write_page(&pipeline, &part, &options.out, &title)?;
    let table = evaluation.to_markdown(&title)?;
    Ok(Evaluated { title, calibration, figures: evaluation.figures()?, evaluation, table })
}

/// Chooses mask threshold and detection rule of `pipeline` on `valid`, and stores them in the model folder of its first
/// infection network. Load the pipeline again to use them.
///
/// # Errors
/// Where the images are not of both classes or cannot be analysed, or no rule is as good as asked for.
pub fn calibrate(
    pipeline: &Pipeline,
    folder: &Path,
    valid: &Index,
    choice: Choice,
    observer: &Observer<'_>,
) -> Result<Calibration> {
    let told = |done| count(observer, "calibrating", done, valid.len());
    let calibration = CalibrationSet::measure(pipeline, valid, told)?.calibrate(choice.point, choice.gate)?;
    let decision = calibration.decision();
    let flip = pipeline.infection().flip() == TestTimeFlip::Horizontal;
    let model = ModelFolder::open(folder)?.with_manifest(|manifest| {
        manifest.decision = Some(decision);
        manifest.flip = flip;
        manifest.mask_threshold = calibration.mask.threshold;
    });
    model.save_config(folder)?;
    Ok(calibration)
}

fn title(pipeline: &Pipeline, images: usize, splits: Splits) -> String {
    let models = pipeline.models();
    let flips = match (pipeline.lung().flip(), pipeline.infection().flip()) {
        (TestTimeFlip::Off, TestTimeFlip::Off) => "",
        (TestTimeFlip::Horizontal, TestTimeFlip::Off) => ", lung network with flips",
        (TestTimeFlip::Off, TestTimeFlip::Horizontal) => ", infection network with flips",
        (TestTimeFlip::Horizontal, TestTimeFlip::Horizontal) => ", with flips",
    };
    format!(
        "{images} images of {splits}: {} {} and {} {}{flips}",
        models.lung.name, models.lung.version, models.infection.name, models.infection.version
    )
}
