//! The figures of Tahir et al. 2021 that can be set beside a study's.

use pulmo_core::Scheme;
use pulmo_evaluation::table::{Figure, Published, Subject, published};

use crate::NetworkName;

/// The paper's figure, where its text has one.
///
/// The text does not say whether its DSC of infection is over all images or the infected ones; it stands beside the
/// former here.
#[must_use]
pub fn paper_figure(figure: &Figure, scheme: Scheme, network: NetworkName) -> Option<Published> {
    match figure.subject {
        Subject::InfectionCovid => None,
        _ => published(figure, &network.to_string(), scheme),
    }
}
