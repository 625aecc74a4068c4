//! Networks on tensors, operation by operation.

use burn::nn::{BatchNorm, GroupNorm, LayerNorm};
use burn::tensor::module::{avg_pool2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Tensor, activation};

use super::{AvgPool, Interpreter, MaxPool};
use crate::norm;
use crate::upsample::{self, Corners};
use crate::{Conv2d, DropConnect, Linear, SpatialDropout};

/// Carries every operation out at once, on the backend where the tensors live, with gradients where they track them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Eager;

impl Interpreter for Eager {
    type Map = Tensor<4>;

    fn conv2d(&mut self, layer: &Conv2d, x: Tensor<4>) -> Tensor<4> {
        layer.forward(x)
    }

    fn linear(&mut self, layer: &Linear, x: Tensor<4>) -> Tensor<4> {
        layer.forward(x)
    }

    fn batch_norm(&mut self, layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
        norm::batch_norm(layer, x)
    }

    fn batch_norm_relu(&mut self, layer: &BatchNorm, x: Tensor<4>) -> Tensor<4> {
        norm::batch_norm_relu(layer, x)
    }

    fn batch_norm_add_relu(&mut self, layer: &BatchNorm, x: Tensor<4>, other: Tensor<4>) -> Tensor<4> {
        norm::batch_norm_add_relu(layer, x, other)
    }

    fn group_norm(&mut self, layer: &GroupNorm, x: Tensor<4>) -> Tensor<4> {
        norm::group_norm(layer, x)
    }

    fn layer_norm(&mut self, layer: &LayerNorm, x: Tensor<4>) -> Tensor<4> {
        layer.forward(x.permute([0, 2, 3, 1])).permute([0, 3, 1, 2])
    }

    fn relu(&mut self, x: Tensor<4>) -> Tensor<4> {
        activation::relu(x)
    }

    fn silu(&mut self, x: Tensor<4>) -> Tensor<4> {
        activation::silu(x)
    }

    fn sigmoid(&mut self, x: Tensor<4>) -> Tensor<4> {
        activation::sigmoid(x)
    }

    fn max_pool(&mut self, pool: MaxPool, x: Tensor<4>) -> Tensor<4> {
        let MaxPool { kernel, stride, padding } = pool;
        let options = MaxPoolOptions::new([kernel; 2]).with_stride([stride; 2]).with_padding([padding; 2]);
        max_pool2d(x, options)
    }

    fn avg_pool(&mut self, pool: AvgPool, x: Tensor<4>) -> Tensor<4> {
        let AvgPool { kernel, stride, padding } = pool;
        let options = AvgPoolOptions::new([kernel; 2])
            .with_stride([stride; 2])
            .with_padding([padding; 2])
            .with_count_include_pad(false);
        avg_pool2d(x, options)
    }

    fn global_average(&mut self, x: Tensor<4>) -> Tensor<4> {
        x.mean_dim(2).mean_dim(3)
    }

    fn global_max(&mut self, x: Tensor<4>) -> Tensor<4> {
        x.max_dim(2).max_dim(3)
    }

    fn concat(&mut self, maps: Vec<Tensor<4>>) -> Tensor<4> {
        Tensor::cat(maps, 1)
    }

    fn add(&mut self, x: Tensor<4>, y: Tensor<4>) -> Tensor<4> {
        x + y
    }

    fn gate(&mut self, x: Tensor<4>, gate: Tensor<4>) -> Tensor<4> {
        x * gate
    }

    fn upsample_nearest(&mut self, x: Tensor<4>, factor: usize) -> Tensor<4> {
        upsample::nearest(x, factor)
    }

    fn upsample_bilinear(&mut self, x: Tensor<4>, factor: usize, corners: Corners) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        upsample::bilinear(x, [factor * height, factor * width], corners)
    }

    fn dropout(&mut self, layer: &SpatialDropout, x: Tensor<4>) -> Tensor<4> {
        layer.forward(x)
    }

    fn drop_connect(&mut self, layer: &DropConnect, x: Tensor<4>) -> Tensor<4> {
        layer.forward(x)
    }
}
