//! What Tahir et al. 2021 report.

use std::fmt;

use pulmo_metrics::Metric;
use serde::Serialize;

/// What a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Subject {
    /// Lung masks of all images.
    Lung,
    /// Infection masks of the COVID-19 images.
    InfectionCovid,
    /// Infection masks of all images, where empty against empty counts as 1.
    InfectionAll,
    /// COVID-19 against all others.
    Detection,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lung => "lung",
            Self::InfectionCovid => "infection, COVID-19 images",
            Self::InfectionAll => "infection, all images",
            Self::Detection => "detection",
        })
    }
}

/// A figure of Tahir et al. 2021, on their own test split.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Published {
    /// Their network, as its folder here would be called.
    pub network: &'static str,
    /// The figure, in 0..=1.
    pub value: f64,
}

const LUNG: [(Metric, Published); 2] = [
    (Metric::Iou, Published { network: "fpn-densenet121", value: 0.9611 }),
    (Metric::Dsc, Published { network: "fpn-densenet121", value: 0.9799 }),
];

/// The one with the best DSC first.
const INFECTION: [(Metric, Published); 6] = [
    (Metric::Iou, Published { network: "unetplusplus-densenet121", value: 0.8305 }),
    (Metric::Dsc, Published { network: "unetplusplus-densenet121", value: 0.8821 }),
    (Metric::Iou, Published { network: "fpn-inceptionv4", value: 0.8308 }),
    (Metric::Dsc, Published { network: "fpn-inceptionv4", value: 0.8813 }),
    (Metric::Iou, Published { network: "unet-resnet18", value: 0.8292 }),
    (Metric::Dsc, Published { network: "unet-resnet18", value: 0.8810 }),
];

const DETECTION: [(Metric, Published); 3] = [
    (Metric::Sensitivity, Published { network: "unet-densenet121", value: 0.9966 }),
    (Metric::Sensitivity, Published { network: "fpn-resnet18", value: 0.9966 }),
    (Metric::Specificity, Published { network: "unetplusplus-resnet18", value: 1.0 }),
];

fn figures(subject: Subject) -> &'static [(Metric, Published)] {
    match subject {
        Subject::Lung => &LUNG,
        // Which images their infection figures are over, and how they average, is not known here.
        Subject::InfectionCovid | Subject::InfectionAll => &INFECTION,
        Subject::Detection => &DETECTION,
    }
}

/// The figure of the paper's best network by DSC; for detection, the best figure.
pub(crate) fn best(subject: Subject, metric: Metric) -> Option<Published> {
    figures(subject).iter().find(|(known, _)| *known == metric).map(|(_, figure)| *figure)
}

/// The paper's figure of a network, called as its folder here would be, in the parallel scheme.
#[must_use]
pub fn published(subject: Subject, metric: Metric, network: &str) -> Option<Published> {
    let named = |(known, figure): &&(Metric, Published)| *known == metric && figure.network == network;
    figures(subject).iter().find(named).map(|(_, figure)| *figure)
}
