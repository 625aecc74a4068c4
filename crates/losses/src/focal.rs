//! Focal loss.

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;

use crate::batch::counted;
use crate::classes::class_shares;
use crate::overlap::{per_class, weighted_sum};
use crate::{
    BinaryBatch, ClassSelection, ClassWeights, Loss, MulticlassBatch, NonNegative, Positive, Reduction,
    Result, Share,
};

const GAMMA: f32 = 2.0;
/// The least sum of focal terms that a normalised loss is divided by; SMP's.
const LEAST_NORM: f32 = 1e-6;

/// `(1 - p)^gamma * -log p` per pixel, p the sigmoid probability of the pixel's own label: SMP's `FocalLoss`.
///
/// With several classes each is taken against all others by the sigmoid of its own logit, as in SMP, and the mean is
/// taken over classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Focal {
    /// How strongly pixels that are right already are turned down.
    pub gamma: NonNegative,
    /// Weight of the foreground, the background having `1 - alpha`; `None` for 1 each.
    pub alpha: Option<Share>,
    /// Divide by the sum of `(1 - p)^gamma`.
    pub normalized: bool,
    /// Turn down only pixels whose p is at least this much ("reduced focal loss").
    pub reduced_threshold: Option<Positive>,
    /// Weights of the mean over classes; equal for a single logit.
    pub class_weights: ClassWeights,
    /// From pixels to one.
    pub reduction: Reduction,
}

impl Default for Focal {
    fn default() -> Self {
        Self {
            gamma: NonNegative(GAMMA),
            alpha: None,
            normalized: false,
            reduced_threshold: None,
            class_weights: ClassWeights::equal(),
            reduction: Reduction::Mean,
        }
    }
}

impl Focal {
    /// With another exponent.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for an exponent that is negative or not finite.
    pub fn with_gamma(mut self, gamma: f32) -> Result<Self> {
        self.gamma = NonNegative::new(gamma)?;
        Ok(self)
    }

    /// With a weight for the foreground.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) outside 0..=1.
    pub fn with_alpha(mut self, alpha: f32) -> Result<Self> {
        self.alpha = Some(Share::new(alpha)?);
        Ok(self)
    }

    pub(crate) fn validate(&self, classes: usize) -> Result<()> {
        self.shares(classes).map(drop)
    }

    fn shares(&self, classes: usize) -> Result<Vec<f32>> {
        class_shares(classes, &ClassSelection::all(), &self.class_weights)
    }

    /// Logits and targets `[N, C, H, W]`, each channel on its own.
    fn of(&self, logits: Tensor<4>, target: Tensor<4>, mask: Option<Tensor<4>>) -> Result<Tensor<1>> {
        let [n, classes, h, w] = logits.dims();
        let shares = self.shares(classes)?;
        let margin = logits * (target.clone() * 2.0 - 1.0);
        let negative_log = log_sigmoid(margin.clone()).neg();
        let term = counted(self.focal_term(margin), mask.clone());
        let mut loss = term.clone() * negative_log;
        if let Some(alpha) = self.alpha {
            let alpha = alpha.get();
            loss = loss * (target * (2.0 * alpha - 1.0) + (1.0 - alpha));
        }
        let mut loss = per_class(loss);
        if self.normalized {
            loss = loss / per_class(term).clamp_min(LEAST_NORM);
        }
        if self.reduction == Reduction::Mean {
            loss = match mask {
                Some(mask) => loss / mask.sum().clamp_min(1.0),
                None => loss / (n * h * w) as f32,
            };
        }
        Ok(weighted_sum(loss, &shares))
    }

    /// `(1 - p)^gamma`, through its logarithm, so that it can be differentiated where p is 1.
    fn focal_term(&self, margin: Tensor<4>) -> Tensor<4> {
        let log_wrong = log_sigmoid(margin.clone().neg());
        let Some(threshold) = self.reduced_threshold else {
            return (log_wrong * self.gamma.get()).exp();
        };
        let easy = ((log_wrong - threshold.get().ln()) * self.gamma.get()).exp();
        let hard = log_sigmoid(margin).exp().lower_elem(threshold.get());
        easy.mask_fill(hard, 1.0)
    }
}

impl Loss<MulticlassBatch> for Focal {
    fn forward(&self, batch: &MulticlassBatch) -> Result<Tensor<1>> {
        self.of(batch.logits(), batch.one_hot(), batch.mask())
    }
}

impl Loss<BinaryBatch> for Focal {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        self.of(batch.logits(), batch.foreground(), batch.mask())
    }
}
