use std::fmt;

use pulmo_imaging::{LungMask, ProbabilityMap};
use serde::{Deserialize, Serialize};

use super::LungFraction;
use crate::quantification::check_size;
use crate::{Probability, Result};

/// How an infection probability map becomes one detection score in `[0, 1]`.
///
/// Only pixels inside the lungs count. COVID-19 detection from the infection
/// mask is Tahir et al. 2021's; the forms of the score are Pulmo's own.
///
/// Serialised as JSON tagged by `kind`, for instance
/// `{"kind": "mean_top_probability", "fraction": 0.01}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum DetectionScore {
    /// The share of the lungs' pixels whose infection probability is at least
    /// `cutoff`: the infected percentage as a number in `[0, 1]`. It ignores
    /// how sure the network is beyond the cutoff.
    InfectedFraction {
        /// From this probability on a pixel is infected.
        cutoff: Probability,
    },
    /// The mean of the highest probabilities over the lungs, `fraction` of
    /// their pixels (rounded up, at least one). It reacts to a small sure
    /// lesion, yet a lone bright pixel moves it little.
    MeanTopProbability {
        /// The share of the lungs' pixels averaged.
        fraction: LungFraction,
    },
    /// The highest probability in the lungs. The most sensitive form; a single
    /// stray pixel decides it.
    MaxProbability,
}

impl DetectionScore {
    /// Scores one case; `None` if the lungs are empty, for then there is
    /// nothing to score.
    ///
    /// # Errors
    /// [`Error::SizeMismatch`](crate::Error::SizeMismatch) if the map is not of
    /// the lungs' size.
    pub fn measure(&self, infection: &ProbabilityMap, lungs: &LungMask) -> Result<Option<Probability>> {
        check_size(lungs.as_mask(), "the infection probability map", infection.width(), infection.height())?;
        let values = inside(infection, lungs);
        if values.is_empty() {
            return Ok(None);
        }
        let score = match self {
            Self::InfectedFraction { cutoff } => {
                let infected = values.iter().filter(|&&value| f64::from(value) >= cutoff.get()).count();
                infected as f64 / values.len() as f64
            }
            Self::MeanTopProbability { fraction } => {
                let top = fraction.of(values.len());
                mean_of_top(values, top)
            }
            Self::MaxProbability => f64::from(values.into_iter().fold(0.0, f32::max)),
        };
        Ok(Some(Probability::clamped(score)))
    }
}

impl Default for DetectionScore {
    /// [`MeanTopProbability`](Self::MeanTopProbability) over 1 % of the lungs.
    fn default() -> Self {
        Self::MeanTopProbability { fraction: LungFraction::ONE_PERCENT }
    }
}

impl fmt::Display for DetectionScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PERCENT: f64 = 100.0;
        match self {
            Self::InfectedFraction { cutoff } => {
                write!(f, "infected fraction at probability {}", cutoff.get())
            }
            Self::MeanTopProbability { fraction } => {
                let percent = format!("{:.2}", fraction.get() * PERCENT);
                let percent = percent.trim_end_matches('0').trim_end_matches('.');
                write!(f, "mean of the top {percent} % probabilities")
            }
            Self::MaxProbability => f.write_str("highest probability"),
        }
    }
}

fn inside(infection: &ProbabilityMap, lungs: &LungMask) -> Vec<f32> {
    let bits = lungs.as_mask().bits().iter();
    std::iter::zip(infection.values(), bits)
        .filter(|&(_, &in_lungs)| in_lungs)
        .map(|(&probability, _)| probability)
        .collect()
}

/// `top` lies in `1..=values.len()`.
fn mean_of_top(mut values: Vec<f32>, top: usize) -> f64 {
    if top < values.len() {
        values.select_nth_unstable_by(top, |a, b| b.total_cmp(a));
        values.truncate(top);
    }
    let sum: f64 = values.iter().map(|&value| f64::from(value)).sum();
    sum / values.len() as f64
}
