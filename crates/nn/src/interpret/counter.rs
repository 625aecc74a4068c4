//! Networks on sizes alone: what they cost.

use burn::nn::{BatchNorm, GroupNorm, LayerNorm};

use super::{AvgPool, Interpreter, MaxPool};
use crate::upsample::Corners;
use crate::{Conv2d, DropConnect, Linear, SpatialDropout};

/// Channels, rows and columns of a feature map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapSize {
    /// Number of channels.
    pub channels: usize,
    /// Number of rows.
    pub height: usize,
    /// Number of columns.
    pub width: usize,
}

/// Counts the multiply-adds of a network's convolutions and linear layers for one image, computing nothing and drawing
/// no weights.
///
/// Biases, normalisations, activations, poolings and interpolations are not counted, as is usual.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counter {
    multiply_adds: u64,
}

impl Counter {
    /// The multiply-adds so far.
    pub fn multiply_adds(&self) -> u64 {
        self.multiply_adds
    }
}

/// Positions of a window of `kernel` along `size` pixels with `padding` in all.
fn positions(size: usize, kernel: usize, stride: usize, padding: usize) -> usize {
    (size + padding).checked_sub(kernel).map_or(0, |room| room / stride.max(1) + 1)
}

fn pooled(x: MapSize, kernel: usize, stride: usize, padding: usize) -> MapSize {
    let side = |size| positions(size, kernel, stride, 2 * padding);
    MapSize { channels: x.channels, height: side(x.height), width: side(x.width) }
}

fn enlarged(x: MapSize, factor: usize) -> MapSize {
    MapSize { channels: x.channels, height: factor * x.height, width: factor * x.width }
}

impl Interpreter for Counter {
    type Map = MapSize;

    fn conv2d(&mut self, layer: &Conv2d, x: MapSize) -> MapSize {
        let [out_channels, in_group, rows, columns] = layer.weight.lazy_shape().dims();
        let ([stride_y, stride_x], padding) = (layer.stride(), layer.padding());
        let [padding_y, padding_x] = [0, 1].map(|axis| padding.before[axis] + padding.after[axis]);
        let y = MapSize {
            channels: out_channels,
            height: positions(x.height, rows, stride_y, padding_y),
            width: positions(x.width, columns, stride_x, padding_x),
        };
        let per_pixel = out_channels * in_group * rows * columns;
        self.multiply_adds += (per_pixel * y.height * y.width) as u64;
        y
    }

    fn linear(&mut self, layer: &Linear, x: MapSize) -> MapSize {
        let [out_channels, in_channels] = layer.weight.lazy_shape().dims();
        self.multiply_adds += (out_channels * in_channels) as u64;
        MapSize { channels: out_channels, ..x }
    }

    fn batch_norm(&mut self, _: &BatchNorm, x: MapSize) -> MapSize {
        x
    }

    fn group_norm(&mut self, _: &GroupNorm, x: MapSize) -> MapSize {
        x
    }

    fn layer_norm(&mut self, _: &LayerNorm, x: MapSize) -> MapSize {
        x
    }

    fn relu(&mut self, x: MapSize) -> MapSize {
        x
    }

    fn silu(&mut self, x: MapSize) -> MapSize {
        x
    }

    fn sigmoid(&mut self, x: MapSize) -> MapSize {
        x
    }

    fn max_pool(&mut self, pool: MaxPool, x: MapSize) -> MapSize {
        pooled(x, pool.kernel, pool.stride, pool.padding)
    }

    fn avg_pool(&mut self, pool: AvgPool, x: MapSize) -> MapSize {
        pooled(x, pool.kernel, pool.stride, pool.padding)
    }

    fn global_average(&mut self, x: MapSize) -> MapSize {
        MapSize { height: 1, width: 1, ..x }
    }

    fn global_max(&mut self, x: MapSize) -> MapSize {
        MapSize { height: 1, width: 1, ..x }
    }

    fn concat(&mut self, maps: Vec<MapSize>) -> MapSize {
        let channels = maps.iter().map(|map| map.channels).sum();
        let [height, width] = maps.first().map_or([0, 0], |map| [map.height, map.width]);
        MapSize { channels, height, width }
    }

    fn add(&mut self, x: MapSize, _: MapSize) -> MapSize {
        x
    }

    fn gate(&mut self, x: MapSize, _: MapSize) -> MapSize {
        x
    }

    fn upsample_nearest(&mut self, x: MapSize, factor: usize) -> MapSize {
        enlarged(x, factor)
    }

    fn upsample_bilinear(&mut self, x: MapSize, factor: usize, _: Corners) -> MapSize {
        enlarged(x, factor)
    }

    fn dropout(&mut self, _: &SpatialDropout, x: MapSize) -> MapSize {
        x
    }

    fn drop_connect(&mut self, _: &DropConnect, x: MapSize) -> MapSize {
        x
    }
}
