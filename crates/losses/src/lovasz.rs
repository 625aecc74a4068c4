//! Lovász hinge and Lovász SoftMax (Berman et al. 2018).

use burn::tensor::activation::{relu, softmax};
use burn::tensor::{IndexingUpdateOp, Int, Tensor};

use crate::{BinaryBatch, EmptyClassPolicy, Loss, MulticlassBatch, Result};

/// Below any error of a pixel that counts, so that those that do not are sorted behind.
const LAST: f32 = -1e30;
/// The dimension of pixels in `[R, C, P]`.
const PIXELS: usize = 2;

/// The Lovász extension of the Jaccard loss on hinge errors: SMP's `LovaszLoss("binary")`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LovaszHinge {
    /// The mean over images instead of one loss over the batch.
    pub per_image: bool,
    /// What an image or batch without foreground contributes; SMP counts it.
    pub empty: EmptyClassPolicy,
}

impl Default for LovaszHinge {
    fn default() -> Self {
        Self { per_image: false, empty: EmptyClassPolicy::Counted }
    }
}

/// The Lovász extension of the Jaccard loss on SoftMax errors, averaged over classes: SMP's `LovaszLoss("multiclass")`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LovaszSoftmax {
    /// The mean over images instead of one loss over the batch.
    pub per_image: bool,
    /// Classes without a target pixel are left out of the mean (`ZeroLoss`, SMP's choice) or belong to it.
    pub empty: EmptyClassPolicy,
}

impl Loss<BinaryBatch> for LovaszHinge {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        let target = batch.foreground();
        let signs = target.clone() * 2.0 - 1.0;
        let errors = relu((batch.logits() * signs).neg() + 1.0);
        let losses = per_row_and_class(errors, target, batch.mask(), self.per_image);
        Ok(match self.empty {
            EmptyClassPolicy::Counted => losses.loss,
            EmptyClassPolicy::ZeroLoss => losses.loss * losses.present,
        }
        .mean())
    }
}

impl Loss<MulticlassBatch> for LovaszSoftmax {
    fn forward(&self, batch: &MulticlassBatch) -> Result<Tensor<1>> {
        let target = batch.one_hot();
        let signs = target.clone() * 2.0 - 1.0;
        let errors = target.clone() - softmax(batch.logits(), 1) * signs;
        let losses = per_row_and_class(errors, target, batch.mask(), self.per_image);
        Ok(match self.empty {
            EmptyClassPolicy::Counted => losses.loss.mean(),
            EmptyClassPolicy::ZeroLoss => {
                let classes = losses.present.clone().sum_dim(1).clamp_min(1.0);
                ((losses.loss * losses.present).sum_dim(1) / classes).mean()
            }
        })
    }
}

/// Figures `[R, C]` of each class, R being the images or 1 for the batch.
struct Losses {
    loss: Tensor<2>,
    /// 1 where the class has target pixels, else 0.
    present: Tensor<2>,
}

/// Errors of at least 0 and targets `[N, C, H, W]` to the loss of every row and class.
fn per_row_and_class(
    errors: Tensor<4>,
    target: Tensor<4>,
    mask: Option<Tensor<4>>,
    per_image: bool,
) -> Losses {
    let shape = target.dims();
    let mask = mask.map(|mask| mask.expand(shape));
    let errors = rows(errors, per_image);
    let target = rows(target, per_image);
    let mask = mask.map(|mask| rows(mask, per_image));
    let weights = lovasz_weights(errors.clone().without_autodiff(), target.clone(), mask);
    let [rows, classes, _] = target.dims();
    Losses {
        loss: (errors * weights).sum_dim(PIXELS).reshape([rows, classes]),
        present: target.sum_dim(PIXELS).reshape([rows, classes]).greater_elem(0.0).float(),
    }
}

/// `[N, C, H, W]` as `[N, C, H W]` per image or `[1, C, N H W]`.
fn rows(x: Tensor<4>, per_image: bool) -> Tensor<3> {
    let [n, classes, h, w] = x.dims();
    if per_image {
        x.reshape([n, classes, h * w])
    } else {
        x.swap_dims(0, 1).reshape([1, classes, n * h * w])
    }
}

/// The gradient of the Lovász extension with respect to each pixel's error, `[R, C, P]`; 0 for ignored pixels.
///
/// It is constant between changes of the order of errors, so that the loss is its product with the errors, which
/// every backend can differentiate. Counts are added up as integers, which are exact; the steps of the Jaccard loss are
/// differences of values up to 1 in single precision, as in SMP, so that each is good to about 6e-8.
fn lovasz_weights(errors: Tensor<3>, target: Tensor<3>, mask: Option<Tensor<3>>) -> Tensor<3> {
    let target = target.without_autodiff();
    let shape = target.dims();
    let keys = match &mask {
        Some(mask) => errors.mask_fill(mask.clone().equal_elem(0.0), LAST),
        None => errors,
    };
    let order = keys.argsort_descending(PIXELS);
    let sorted = |x: Tensor<3>| -> Tensor<3, Int> { x.gather(PIXELS, order.clone()).int() };
    let foreground = sorted(target.clone());
    let counted = match &mask {
        Some(mask) => sorted(mask.clone().without_autodiff()),
        None => foreground.ones_like(),
    };
    let background = counted - foreground.clone();
    let total = foreground.clone().sum_dim(PIXELS).expand(shape);
    let intersection = total.clone() - foreground.clone().cumsum(PIXELS);
    let union = total + background.clone().cumsum(PIXELS);
    let before = jaccard_loss(intersection.clone() + foreground, union.clone() - background);
    let steps = jaccard_loss(intersection, union) - before;
    let weights = steps.zeros_like().scatter(PIXELS, order, steps, IndexingUpdateOp::Add);
    match mask {
        Some(mask) => weights * mask.without_autodiff(),
        None => weights,
    }
}

/// `1 - intersection / union`, 0 where both are empty.
fn jaccard_loss(intersection: Tensor<3, Int>, union: Tensor<3, Int>) -> Tensor<3> {
    let nothing = union.clone().equal_elem(0);
    ((intersection.float() / union.clamp_min(1).float()).neg() + 1.0).mask_fill(nothing, 0.0)
}
