//! Pulmo segments lungs and COVID-19 infection in chest X-rays, quantifies how much of each lung is infected, grades
//! severity and decides detection: the system of Tahir et al. 2021, natively on Burn.
//!
//! This crate re-exports the family; [`prelude`] has what most programs need, and [`Error`] takes what any of its crates
//! reports. Cargo features choose how much is built: `docs/embedding.md` of the repository lists them, with what each costs.

pub mod device;
mod error;

pub use error::{Error, Result};

/// The Burn that Pulmo is built on.
pub use burn;

#[cfg(feature = "annotate")]
pub use pulmo_annotation as annotation;
#[cfg(feature = "compile")]
pub use pulmo_compile as compile;
pub use pulmo_core as core;
#[cfg(any(feature = "annotate", feature = "compile", feature = "evaluate", feature = "train"))]
pub use pulmo_data as data;
#[cfg(feature = "infer")]
pub use pulmo_decoders as decoders;
#[cfg(feature = "dicom")]
pub use pulmo_dicom as dicom;
#[cfg(feature = "infer")]
pub use pulmo_encoders as encoders;
#[cfg(feature = "evaluate")]
pub use pulmo_evaluation as evaluation;
pub use pulmo_findings as findings;
pub use pulmo_imaging as imaging;
#[cfg(feature = "infer")]
pub use pulmo_inference as inference;
#[cfg(any(feature = "evaluate", feature = "pytorch"))]
pub use pulmo_jobs as jobs;
#[cfg(feature = "infer")]
pub use pulmo_kernels as kernels;
#[cfg(feature = "train")]
pub use pulmo_losses as losses;
#[cfg(any(feature = "evaluate", feature = "train"))]
pub use pulmo_metrics as metrics;
#[cfg(feature = "infer")]
pub use pulmo_nn as nn;
#[cfg(feature = "infer")]
pub use pulmo_pipeline as pipeline;
pub use pulmo_report as report;
#[cfg(feature = "infer")]
pub use pulmo_segmentation as segmentation;
#[cfg(feature = "study")]
pub use pulmo_study as study;
#[cfg(feature = "train")]
pub use pulmo_training as training;
pub use pulmo_xray as xray;

/// What most programs need, as far as the features go.
///
/// Tensors and modules are Burn's, in `pulmo::burn::prelude`.
pub mod prelude {
    pub use burn::tensor::Device;
    pub use pulmo_findings::{
        DetectionRule, Findings, Percent, Probability, SeverityGrade, SeverityScale, Threshold,
    };
    pub use pulmo_imaging::{ChestXray, InfectionMask, LungMask, LungPair, Mask, Overlay, ProbabilityMap};
    pub use pulmo_report::CaseReport;
    pub use pulmo_xray::{PixelWindow, Polarity, RawPixels, XraySource};

    pub use crate::Error;
    pub use crate::device::DeviceName;

    #[cfg(feature = "infer")]
    pub use pulmo_encoders::EncoderName;
    #[cfg(feature = "infer")]
    pub use pulmo_inference::InferencePlan;
    #[cfg(feature = "infer")]
    pub use pulmo_pipeline::{Analysis, Ensemble, InfectionNetwork, LungNetwork, Pipeline};
    #[cfg(feature = "infer")]
    pub use pulmo_segmentation::{Architecture, ModelFolder, SegmentationConfig, SegmentationModel, Task};

    #[cfg(feature = "evaluate")]
    pub use pulmo_data::Index;
    #[cfg(feature = "evaluate")]
    pub use pulmo_evaluation::Evaluation;

    #[cfg(feature = "train")]
    pub use pulmo_losses::{Loss, SegmentationLoss};
    #[cfg(feature = "train")]
    pub use pulmo_training::{Recipe, RunFolder, Trainer};
}

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
