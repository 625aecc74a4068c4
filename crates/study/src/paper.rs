//! The figures of Tahir et al. 2021 that can be set beside a study's.

use pulmo_encoders::EncoderName as E;
use pulmo_metrics::Metric;
use pulmo_segmentation::{Architecture as A, Scheme, Task};

use crate::{Figure, NetworkName, Subject};

/// What the paper states of one network: task, scheme, network, metric and percent.
type Stated = (Task, Scheme, A, E, Metric, f64);

/// Everything that the paper's text states of masks, over its test images.
const MASKS: [Stated; 10] = [
    (Task::Lung, Scheme::Parallel, A::Fpn, E::DenseNet121, Metric::Iou, 96.11),
    (Task::Lung, Scheme::Parallel, A::Fpn, E::DenseNet121, Metric::Dsc, 97.99),
    (Task::Infection, Scheme::Parallel, A::UnetPlusPlus, E::DenseNet121, Metric::Iou, 83.05),
    (Task::Infection, Scheme::Parallel, A::UnetPlusPlus, E::DenseNet121, Metric::Dsc, 88.21),
    (Task::Infection, Scheme::Parallel, A::Fpn, E::InceptionV4, Metric::Iou, 83.08),
    (Task::Infection, Scheme::Parallel, A::Fpn, E::InceptionV4, Metric::Dsc, 88.13),
    (Task::Infection, Scheme::Parallel, A::Unet, E::ResNet18, Metric::Iou, 82.92),
    (Task::Infection, Scheme::Parallel, A::Unet, E::ResNet18, Metric::Dsc, 88.10),
    (Task::Infection, Scheme::Parallel, A::Fpn, E::DenseNet161, Metric::Dsc, 87.08),
    (Task::Infection, Scheme::Cascaded, A::Fpn, E::DenseNet161, Metric::Dsc, 86.84),
];

/// What the text states of detection.
const DETECTION: [Stated; 3] = [
    (Task::Infection, Scheme::Parallel, A::Unet, E::DenseNet121, Metric::Sensitivity, 99.66),
    (Task::Infection, Scheme::Parallel, A::Fpn, E::ResNet18, Metric::Sensitivity, 99.66),
    (Task::Infection, Scheme::Parallel, A::UnetPlusPlus, E::ResNet18, Metric::Specificity, 100.0),
];

/// The paper's figure in 0..=1, where its text has one.
///
/// The text does not say whether its DSC of infection is over all images or the infected ones; it stands beside the
/// former here.
#[must_use]
pub fn paper_figure(task: Task, scheme: Scheme, network: NetworkName, figure: Figure) -> Option<f64> {
    let stated = match figure.subject {
        Subject::Masks => MASKS.as_slice(),
        Subject::Detection => DETECTION.as_slice(),
        Subject::CovidMasks => return None,
    };
    let wanted = (task, scheme, network, figure.metric);
    let named = stated.iter().map(|&(task, scheme, architecture, encoder, metric, percent)| {
        ((task, scheme, NetworkName::new(architecture, encoder), metric), percent)
    });
    named.into_iter().find(|(name, _)| *name == wanted).map(|(_, percent)| percent / 100.0)
}
