//! Whether an image has any foreground at all.

use burn::tensor::Tensor;

use crate::soft_bce::binary_cross_entropy;
use crate::{BinaryBatch, Loss, Positive, Result};

/// Between the mean of the logits (towards 0) and their maximum (towards infinity).
const SHARPNESS: f32 = 2.0;
/// Far below any logit, so that ignored pixels have no part in a sum of exponentials.
const IGNORED: f32 = -1e4;

/// Binary cross-entropy of one score per image against whether its mask has any foreground, mean over images.
///
/// The score is `log(mean(exp(r z))) / r` over the image's logits `z` with the sharpness `r`: the log-sum-exp pooling of
/// Pinheiro and Collobert (CVPR 2015). It teaches a segmentation network to leave masks of healthy images wholly empty and
/// to miss no image, which losses over pixels or areas hardly see. It adds no weights. Pulmo's own beside the losses of
/// SMP, to be added to one of those.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Presence {
    /// `r`, 2 where nothing else is said.
    pub sharpness: Positive,
}

impl Default for Presence {
    fn default() -> Self {
        Self { sharpness: Positive(SHARPNESS) }
    }
}

impl Loss<BinaryBatch> for Presence {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        let logits = batch.logits();
        let [n, _, h, w] = logits.dims();
        let rows = |x: Tensor<4>| x.reshape([n, h * w]);
        let (logits, pixels) = match batch.mask() {
            None => (rows(logits), Tensor::full([n, 1], (h * w) as f32, &batch.logits().device())),
            Some(mask) => {
                let ignored = (mask.clone().neg() + 1.0) * IGNORED;
                let logits = rows(logits * mask.clone() + ignored);
                (logits, rows(mask).sum_dim(1).clamp_min(1.0))
            }
        };
        let sharpness = self.sharpness.get();
        let highest = logits.clone().detach().max_dim(1);
        let above = ((logits - highest.clone()) * sharpness).exp().sum_dim(1);
        let score = highest + (above.log() - pixels.log()) / sharpness;
        let present = rows(batch.foreground()).max_dim(1);
        Ok(binary_cross_entropy(score, present, 1.0).mean())
    }
}
