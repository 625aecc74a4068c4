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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use burn::tensor::Device;

    use super::*;

    #[derive(Module, Debug)]
    struct Pair {
        a: Param<Tensor<1>>,
        b: Param<Tensor<2>>,
    }

    /// Gradients 3 and [[0, -4], [12, 0]], of norm 13.
    fn adjusted(summed: usize, clipping: Option<Clipping>) -> Vec<f32> {
        let device = Device::flex().autodiff();
        let pair = Pair {
            a: Param::from_tensor(Tensor::ones([1], &device)),
            b: Param::from_tensor(Tensor::ones([2, 2], &device)),
        };
        let weights = Tensor::<2>::from_floats([[0.0, -4.0], [12.0, 0.0]], &device);
        let loss = pair.a.val().mul_scalar(3.0).sum() + (pair.b.val() * weights).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &pair);
        let adjusted = adjust(&pair, gradients, summed, clipping);
        let mut values = adjusted.get::<1>(pair.a.id).unwrap().try_into_vec_as::<f32>().unwrap();
        values.extend(adjusted.get::<2>(pair.b.id).unwrap().try_into_vec_as::<f32>().unwrap());
        values
    }

    fn assert_close(found: &[f32], expected: [f32; 5]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }

    #[test]
    fn the_norm_is_over_all_parameters_and_of_the_mean() {
        assert_close(&adjusted(1, None), [3.0, 0.0, -4.0, 12.0, 0.0]);
        assert_close(&adjusted(2, None), [1.5, 0.0, -2.0, 6.0, 0.0]);
        assert_close(&adjusted(1, Some(Clipping::Norm(1.3))), [0.3, 0.0, -0.4, 1.2, 0.0]);
        assert_close(&adjusted(4, Some(Clipping::Norm(1.3))), [0.3, 0.0, -0.4, 1.2, 0.0]);
        assert_close(&adjusted(2, Some(Clipping::Norm(6.6))), [1.5, 0.0, -2.0, 6.0, 0.0]);
        assert_close(&adjusted(2, Some(Clipping::Value(1.75))), [1.5, 0.0, -1.75, 1.75, 0.0]);
    }
}
