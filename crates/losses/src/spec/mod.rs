//! A loss in words: a weighted sum of losses.

mod fields;
mod parse;
mod stored;
mod term;

use std::fmt;
use std::str::FromStr;

use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::{CrossEntropy, Error, Loss, MulticlassBatch, Positive, Result};
pub use term::Term;

/// A weighted sum of losses, as a recipe or a command line names it: `ce`, `ce+0.5*dice`,
/// `focal(gamma=2)+tversky(alpha=0.3,beta=0.7)`. The default is pixel cross-entropy (Tahir et al. 2021).
///
/// In files it is that text. Losses of foreground against background (`mcc`, `bce`, `lovasz_hinge`) act on two-class
/// logits through their difference, whose sigmoid is the SoftMax of the foreground.
///
/// ```
/// use pulmo_losses::{CrossEntropy, Dice, SegmentationLoss};
///
/// let loss: SegmentationLoss = "ce + 0.5*dice".parse()?;
/// assert_eq!(loss, SegmentationLoss::new(CrossEntropy::default()).plus(0.5, Dice::default())?);
/// assert_eq!(loss.to_string(), "ce+0.5*dice");
///
/// loss.validate(2)?;
/// assert!(loss.validate(1).is_err(), "one logit has no cross-entropy over classes");
/// # Ok::<(), pulmo_losses::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "stored::StoredLoss", into = "String")]
pub struct SegmentationLoss {
    terms: Vec<(Positive, Term)>,
}

impl Default for SegmentationLoss {
    fn default() -> Self {
        Self::new(CrossEntropy::default())
    }
}

impl SegmentationLoss {
    /// One loss alone.
    pub fn new(term: impl Into<Term>) -> Self {
        Self { terms: vec![(Positive(1.0), term.into())] }
    }

    /// Adds `weight` times another loss.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] unless the weight is finite and above 0.
    pub fn plus(mut self, weight: f32, term: impl Into<Term>) -> Result<Self> {
        self.terms.push((Positive::new(weight)?, term.into()));
        Ok(self)
    }

    /// The losses with their weights, at least one.
    pub fn terms(&self) -> &[(Positive, Term)] {
        &self.terms
    }

    /// Whether every loss can act on logits of so many channels; 1 is foreground against background.
    ///
    /// # Errors
    /// What the first loss refuses that cannot.
    pub fn validate(&self, channels: usize) -> Result<()> {
        self.terms.iter().try_for_each(|(_, term)| term.validate(channels))
    }

    /// The loss `[1]` of a [`MulticlassBatch`] or a [`BinaryBatch`](crate::BinaryBatch).
    ///
    /// # Errors
    /// As [`validate`](Self::validate).
    pub fn evaluate<Batch>(&self, batch: &Batch) -> Result<Tensor<1>>
    where
        Term: Loss<Batch>,
    {
        let mut terms = self.terms.iter().map(|(weight, term)| {
            let loss = term.forward(batch)?;
            Ok(if weight.get() == 1.0 { loss } else { loss * weight.get() })
        });
        let nothing = Error::Syntax { text: String::new(), problem: "at all" };
        let first = terms.next().ok_or(nothing)??;
        terms.try_fold(first, |sum, term: Result<Tensor<1>>| Ok(sum + term?))
    }

    /// Logits `[N, C, H, W]` and class indices `[N, H, W]` to the loss `[1]`, for steps of a training, which cannot
    /// fail: NaN, at which training stops, where [`MulticlassBatch::new`] or [`evaluate`](Self::evaluate) refuse.
    pub fn forward(&self, logits: Tensor<4>, target: Tensor<3, Int>) -> Tensor<1> {
        MulticlassBatch::new(logits.clone(), target)
            .and_then(|batch| self.evaluate(&batch))
            .unwrap_or_else(|_| logits.sum() * f32::NAN)
    }
}

impl FromStr for SegmentationLoss {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(Self { terms: parse::terms(text)? })
    }
}

impl fmt::Display for SegmentationLoss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (weight, term)) in self.terms.iter().enumerate() {
            if at > 0 {
                f.write_str("+")?;
            }
            if weight.get() != 1.0 {
                write!(f, "{weight}*")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl From<SegmentationLoss> for String {
    fn from(loss: SegmentationLoss) -> Self {
        loss.to_string()
    }
}
