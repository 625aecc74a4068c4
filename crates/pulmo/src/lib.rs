//! Pulmo segments lungs and COVID-19 infection in chest X-rays, quantifies how much of each lung is infected, grades
//! severity and decides detection: the system of Tahir et al. 2021, natively on Burn.
//!
//! This crate re-exports the family; [`prelude`] has what most programs need.

pub mod device;
mod error;

pub use error::{Error, Result};

pub use pulmo_annotation as annotation;
pub use pulmo_compile as compile;
pub use pulmo_data as data;
pub use pulmo_decoders as decoders;
pub use pulmo_dicom as dicom;
pub use pulmo_encoders as encoders;
pub use pulmo_evaluation as evaluation;
pub use pulmo_findings as findings;
pub use pulmo_imaging as imaging;
pub use pulmo_inference as inference;
pub use pulmo_kernels as kernels;
pub use pulmo_losses as losses;
pub use pulmo_metrics as metrics;
pub use pulmo_nn as nn;
pub use pulmo_pipeline as pipeline;
pub use pulmo_report as report;
pub use pulmo_segmentation as segmentation;
pub use pulmo_study as study;
pub use pulmo_training as training;

/// What most programs need.
pub mod prelude {
    pub use crate::device::DeviceName;
    pub use burn::tensor::Device;
    pub use pulmo_encoders::EncoderName;
    pub use pulmo_findings::{Findings, Percent, Probability, SeverityGrade, Threshold};
    pub use pulmo_imaging::{ChestXray, InfectionMask, LungMask, LungPair};
    pub use pulmo_inference::InferencePlan;
    pub use pulmo_pipeline::{Analysis, InfectionNetwork, LungNetwork, Pipeline};
    pub use pulmo_segmentation::{Architecture, ModelFolder, SegmentationConfig, SegmentationModel, Task};
}

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
