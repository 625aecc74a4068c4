//! What Dice, Jaccard and Tversky share.

use burn::tensor::Tensor;

use crate::classes::class_shares;
use crate::{ClassSelection, ClassWeights, EmptyClassPolicy, NonNegative, Positive, Result};

/// SMP's `eps`.
const EPSILON: f32 = 1e-7;

/// Options of the losses that compare areas, over the whole batch or image by image.
#[derive(Debug, Clone, PartialEq)]
pub struct OverlapOptions {
    /// What classes without a target pixel contribute.
    pub empty: EmptyClassPolicy,
    /// `-log(index)` instead of `1 - index`.
    pub log_loss: bool,
    /// Added to numerator and denominator, in pixels; SMP's default is 0.
    pub smooth: NonNegative,
    /// The least denominator, and the least index under the logarithm; SMP's default is 1e-7.
    pub epsilon: Positive,
    /// The classes averaged over; all for a single logit.
    pub classes: ClassSelection,
    /// Weights of that average; equal for a single logit.
    pub class_weights: ClassWeights,
    /// Areas of each image for itself, and the mean over images, so that a small lesion counts as much as a large one.
    /// Images without a class contribute to it as `empty` says. False in SMP, which has no such option.
    pub per_image: bool,
}

impl Default for OverlapOptions {
    fn default() -> Self {
        Self {
            empty: EmptyClassPolicy::default(),
            log_loss: false,
            smooth: NonNegative(0.0),
            epsilon: Positive(EPSILON),
            classes: ClassSelection::all(),
            class_weights: ClassWeights::equal(),
            per_image: false,
        }
    }
}

impl OverlapOptions {
    /// Whether they fit so many classes; 1 for a single logit.
    pub(crate) fn validate(&self, classes: usize) -> Result<()> {
        class_shares(classes, &self.classes, &self.class_weights).map(drop)
    }

    /// The weighted mean `[1]` over classes, and the mean over images where each counts for itself, of
    /// `1 - (I + s) / (I + alpha FP + beta FN + s)`, from probabilities and targets `[N, C, H, W]`.
    pub(crate) fn tversky(
        &self,
        probability: Tensor<4>,
        target: Tensor<4>,
        alpha: f32,
        beta: f32,
    ) -> Result<Tensor<1>> {
        let classes = target.dims()[1];
        let shares = class_shares(classes, &self.classes, &self.class_weights)?;
        let areas = |x| if self.per_image { per_image(x) } else { per_class(x).unsqueeze() };
        let present = areas(target.clone());
        let predicted = areas(probability.clone());
        let intersection = areas(probability * target);
        let false_positive = predicted - intersection.clone();
        let false_negative = present.clone() - intersection.clone();
        let denominator = intersection.clone() + false_positive * alpha + false_negative * beta;
        let smooth = self.smooth.get();
        let epsilon = self.epsilon.get();
        let index = (intersection + smooth) / (denominator + smooth).clamp_min(epsilon);
        let loss = if self.log_loss { index.clamp_min(epsilon).log().neg() } else { index.neg() + 1.0 };
        let loss = match self.empty {
            EmptyClassPolicy::ZeroLoss => loss * present.greater_elem(0.0).float(),
            EmptyClassPolicy::Counted => loss,
        };
        Ok(weighted_sum(loss.mean_dim(0).reshape([classes]), &shares))
    }
}

/// `[N, C, H, W]` added up to `[N, C]`.
fn per_image(x: Tensor<4>) -> Tensor<2> {
    let [n, classes, h, w] = x.dims();
    x.reshape([n, classes, h * w]).sum_dim(2).reshape([n, classes])
}

/// `[N, C, H, W]` added up to `[C]`.
pub(crate) fn per_class(x: Tensor<4>) -> Tensor<1> {
    let classes = x.dims()[1];
    per_image(x).sum_dim(0).reshape([classes])
}

/// `[C]` added up with weights to `[1]`.
pub(crate) fn weighted_sum(per_class: Tensor<1>, weights: &[f32]) -> Tensor<1> {
    let weights = Tensor::<1>::from_floats(weights, &per_class.device());
    (per_class * weights).sum()
}
