//! What Tahir et al. 2021 report.

use pulmo_core::Scheme;
use pulmo_metrics::Metric;
use serde::Serialize;

use super::{Figure, Subject};

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

/// The DSC of the network on which the paper compares the schemes.
const COMPARED_SCHEMES: [(Scheme, Published); 2] = [
    (Scheme::Parallel, Published { network: "fpn-densenet161", value: 0.8708 }),
    (Scheme::Cascaded, Published { network: "fpn-densenet161", value: 0.8684 }),
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
pub(crate) fn best(figure: &Figure) -> Option<Published> {
    figures(figure.subject).iter().find(|(metric, _)| is_of(figure, *metric)).map(|(_, found)| *found)
}

/// The paper's figure of a network, called as its folder here would be, in a scheme.
#[must_use]
pub fn published(figure: &Figure, network: &str, scheme: Scheme) -> Option<Published> {
    let parallel = figures(figure.subject).iter().filter(|_| scheme == Scheme::Parallel);
    let stated = parallel.filter(|(metric, _)| is_of(figure, *metric)).map(|(_, found)| *found);
    let is_compared = matches!(figure.subject, Subject::InfectionCovid | Subject::InfectionAll)
        && is_of(figure, Metric::Dsc);
    let compared = COMPARED_SCHEMES.into_iter().filter(|(of, _)| is_compared && *of == scheme);
    stated.chain(compared.map(|(_, found)| found)).find(|found| found.network == network)
}

fn is_of(figure: &Figure, metric: Metric) -> bool {
    figure.metric.name() == metric.name()
}
