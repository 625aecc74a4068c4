//! How well the infected share of the lungs agrees with what experts scored.

mod alike;
mod expert;
mod results;

use std::path::PathBuf;

use burn::tensor::Device;
use pulmo_core::files;
use pulmo_data::{Case, Class, Index, Needs, Split, require_sound};
use pulmo_findings::Percent;
use pulmo_xray::XraySource;

use crate::progress::count;
use crate::{Observer, PipelineOptions, Result};

pub use alike::Closest;
pub use expert::{Score, Scored};
pub use results::{Agreement, Correlation, Measured, Over};

/// Which networks are compared with which experts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SeverityOptions {
    /// CSV file with the columns `image`, `geographic` (0 to 8), `opacity` (0 to 6), `brixia_senior` and `brixia_junior`
    /// (0 to 18); those without any score are passed over. Images are named relative to it.
    pub manifest: PathBuf,
    /// Folder to write figures, table and plots into.
    pub out: PathBuf,
    /// The data set that the networks were trained on; near-duplicates of its training and validation images are told
    /// apart.
    pub trained_on: Option<PathBuf>,
    /// The networks.
    pub networks: PipelineOptions,
}

impl SeverityOptions {
    /// Compares the bundled networks with the experts of `manifest`, and writes into `out`.
    pub fn new(manifest: impl Into<PathBuf>, out: impl Into<PathBuf>) -> Self {
        Self {
            manifest: manifest.into(),
            out: out.into(),
            trained_on: None,
            networks: PipelineOptions::default(),
        }
    }
}

/// Measures the infected share of every X-ray, correlates it with the scores, and writes both.
///
/// # Errors
/// [`Error::Scores`](crate::Error::Scores); [`Error::Problems`](crate::Error::Problems) with all X-rays that cannot be read, before anything is written; and networks,
/// data sets or folders that cannot be used.
pub fn severity(options: &SeverityOptions, device: &Device, observer: &Observer<'_>) -> Result<Agreement> {
    let pipeline = options.networks.open(device)?;
    let scored = expert::read(&options.manifest)?;
    let case = |image: &Scored| Case::new(&image.image, Class::Covid19, Split::Test, &image.path);
    let index = Index::from_cases(scored.iter().map(case).collect())?;
    // Everything that will be read, before anything starts.
    require_sound(&index, Needs::NONE)?;
    files::create_folder(&options.out)?;

    let closest = match &options.trained_on {
        None => vec![None; scored.len()],
        Some(trained_on) => {
            let told = |done, total| count(observer, "comparing", done, total);
            alike::closest(&index, trained_on, told)?.into_iter().map(Some).collect()
        }
    };
    let total = scored.len();
    let mut measured = Vec::with_capacity(total);
    for (scored, closest) in scored.into_iter().zip(closest) {
        let analysis = pipeline.analyze(&XraySource::path(&scored.path).read()?)?;
        let infected = analysis.findings.quantification().and_then(|share| share.both().infected());
        measured.push(Measured { scored, infected: infected.map(Percent::get), closest });
        count(observer, "analysing", measured.len(), total);
    }
    let agreement = Agreement::of(pipeline.models().clone(), measured);
    agreement.write(&options.out)?;
    Ok(agreement)
}
