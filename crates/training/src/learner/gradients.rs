//! Gradients between the backward passes and the optimiser.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::Clipping;

/// PyTorch's: added to the norm before the limit is divided by it.
const NORM_EPSILON: f64 = 1e-6;

/// The mean of `summed` gradients per parameter of `module`, clipped.
pub(super) fn adjust<M: Module>(
    module: &M,
    gradients: GradientsParams,
    summed: usize,
    clipping: Option<Clipping>,
) -> GradientsParams {
    let share = 1.0 / summed.max(1) as f64;
    let (factor, limit) = match clipping {
        None if summed <= 1 => return gradients,
        None => (None, None),
        Some(Clipping::Value(limit)) => (None, Some(limit)),
        Some(Clipping::Norm(limit)) => (factor(module, &gradients, share, limit), None),
    };
    let mut adjust = Adjust { gradients, share, factor, limit };
    module.visit(&mut adjust);
    adjust.gradients
}

/// What brings the norm of all gradients, times `share`, down to `limit`: `[1]`, at most 1.
fn factor<M: Module>(module: &M, gradients: &GradientsParams, share: f64, limit: f64) -> Option<Tensor<1>> {
    let mut squares = Squares { gradients, sum: None };
    module.visit(&mut squares);
    let norm = squares.sum?.sqrt().mul_scalar(share).add_scalar(NORM_EPSILON);
    Some(norm.recip().mul_scalar(limit).clamp_max(1.0))
}

/// Sums the squares of gradients.
struct Squares<'a> {
    gradients: &'a GradientsParams,
    sum: Option<Tensor<1>>,
}

impl ModuleVisitor for Squares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(gradient) = self.gradients.get::<D>(param.id) else { return };
        let square = gradient.square().sum();
        self.sum = Some(match self.sum.take() {
            Some(sum) => sum.add(square),
            None => square,
        });
    }
}

struct Adjust {
    gradients: GradientsParams,
    share: f64,
    factor: Option<Tensor<1>>,
    limit: Option<f64>,
}

impl ModuleVisitor for Adjust {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(mut gradient) = self.gradients.remove::<D>(param.id) else { return };
        if self.share != 1.0 {
            gradient = gradient.mul_scalar(self.share);
        }
        if let Some(factor) = &self.factor {
            gradient = gradient.mul(factor.clone().reshape([1; D]));
        }
        if let Some(limit) = self.limit {
            gradient = gradient.clamp(-limit, limit);
        }
        self.gradients.register(param.id, gradient);
    }
}
