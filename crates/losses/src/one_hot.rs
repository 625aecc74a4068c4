//! Class indices as one channel per class.

use burn::tensor::{Int, Tensor};

/// Targets `[N, H, W]` as `[N, C, H, W]` of 0 and 1. An index outside `0..classes` is 0 in every channel.
pub(crate) fn one_hot(target: Tensor<3, Int>, classes: usize) -> Tensor<4> {
    let [n, h, w] = target.dims();
    let device = target.device();
    let class = Tensor::<1, Int>::arange(0..classes as i64, &device)
        .reshape([1, classes, 1, 1])
        .expand([n, classes, h, w]);
    target.reshape([n, 1, h, w]).expand([n, classes, h, w]).equal(class).float()
}
