//! An exponential moving average of weights and running statistics.

use std::collections::VecDeque;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;
use pulmo_segmentation::SegmentationModel;

/// A copy of `model` with buffers of its own, which is never trained.
pub(super) fn start(model: &SegmentationModel) -> SegmentationModel {
    model.valid().train().freeze()
}

/// The decay in step `time`, counted from 1: it rises to `decay`.
fn decay_at(decay: f64, time: usize) -> f64 {
    let time = time as f64;
    decay.min((1.0 + time) / (10.0 + time))
}

/// `average` moved towards `model` behind step `time`.
pub(super) fn update(
    average: SegmentationModel,
    model: &SegmentationModel,
    decay: f64,
    time: usize,
) -> SegmentationModel {
    let mut values = Values(VecDeque::new());
    model.visit(&mut values);
    average.map(&mut MoveTowards { values: values.0, share: 1.0 - decay_at(decay, time) })
}

/// The numbers of a module in the order of its parts, flat and without gradients.
struct Values(VecDeque<Tensor<1>>);

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val().without_autodiff();
        let count = value.shape().num_elements();
        self.0.push_back(value.reshape([count]));
    }
}

struct MoveTowards {
    values: VecDeque<Tensor<1>>,
    share: f64,
}

impl ModuleMapper for MoveTowards {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // Both modules are of one configuration, so every part has its partner.
        let Some(value) = self.values.pop_front() else { return param };
        let share = self.share;
        param.map(|average| {
            let autodiff = average.device().is_autodiff();
            let average = average.without_autodiff();
            let difference = value.reshape(average.dims()).sub(average.clone());
            let moved = average.add(difference.mul_scalar(share));
            if autodiff { Tensor::from_inner(moved) } else { moved }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::decay_at;

    #[test]
    fn the_decay_rises_to_its_value() {
        assert_eq!(decay_at(0.99, 1), 2.0 / 11.0);
        assert_eq!(decay_at(0.99, 10), 11.0 / 20.0);
        assert_eq!(decay_at(0.99, 10_000), 0.99);
    }
}
