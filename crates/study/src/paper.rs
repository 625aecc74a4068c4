//! The figures of Tahir et al. 2021 that can be set beside a study's.

use pulmo_encoders::EncoderName;
use pulmo_evaluation::published;
use pulmo_metrics::Metric;
use pulmo_segmentation::{Architecture, Scheme, Task};

use crate::{Figure, NetworkName, Subject};

/// The network that the paper compared the schemes on, over infection masks.
const COMPARED: NetworkName = NetworkName::new(Architecture::Fpn, EncoderName::DenseNet161);

/// Its DSC in a scheme.
const fn compared(scheme: Scheme) -> f64 {
    match scheme {
        Scheme::Parallel => 0.8708,
        Scheme::Cascaded => 0.8684,
    }
}

/// The paper's figure in 0..=1, where its text has one.
///
/// The text does not say whether its DSC of infection is over all images or the infected ones; it stands beside the
/// former here.
#[must_use]
pub fn paper_figure(task: Task, scheme: Scheme, network: NetworkName, figure: Figure) -> Option<f64> {
    use pulmo_evaluation::Subject as Published;
    let subject = match (task, figure.subject) {
        (_, Subject::CovidMasks) | (Task::Lung, Subject::Detection) => return None,
        (Task::Lung, Subject::Masks) => Published::Lung,
        (Task::Infection, Subject::Masks) => Published::InfectionAll,
        (Task::Infection, Subject::Detection) => Published::Detection,
    };
    if (network, subject, figure.metric) == (COMPARED, Published::InfectionAll, Metric::Dsc) {
        return Some(compared(scheme));
    }
    match scheme {
        Scheme::Parallel => {
            published(subject, figure.metric, &network.to_string()).map(|figure| figure.value)
        }
        Scheme::Cascaded => None,
    }
}
