//! Records what a network does instead of doing it.

use burn::module::Param;
use burn::nn::{BatchNorm, GroupNorm, LayerNorm};
use burn::tensor::Tensor;
use pulmo_kernels::blocked::Activation;
use pulmo_nn::interpret::{AvgPool, Counter, MapSize, MaxPool};
use pulmo_nn::upsample::Corners;
use pulmo_nn::{Conv2d, DropConnect, Interpreter, Linear, SpatialDropout};

use super::affine::floats;
use super::{Affine, Conv, Graph, Node, NodeId, Op};
use crate::{Error, Result};

/// A map that has been recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded {
    id: NodeId,
    size: MapSize,
}

/// An interpreter that writes a network's operations down, for one size of the input.
#[derive(Debug)]
pub(crate) struct Recorder {
    nodes: Vec<Node>,
    sizes: Counter,
    failure: Option<Error>,
}

impl Recorder {
    /// A recorder and the input to give to the network.
    pub(crate) fn new(input: MapSize) -> (Self, Recorded) {
        let node = Node { op: Op::Input, inputs: Vec::new(), size: input };
        let recorder = Self { nodes: vec![node], sizes: Counter::default(), failure: None };
        (recorder, Recorded { id: NodeId(0), size: input })
    }

    /// What was recorded on the way to `output`.
    ///
    /// # Errors
    /// Where a parameter could not be read.
    pub(crate) fn finish(self, output: Recorded) -> Result<Graph> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(Graph { nodes: self.nodes, output: output.id }),
        }
    }

    fn record(&mut self, op: Op, inputs: &[Recorded], size: MapSize) -> Recorded {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { op, inputs: inputs.iter().map(|input| input.id).collect(), size });
        Recorded { id, size }
    }

    /// Records an operation with parameters, or remembers why they could not be read.
    fn record_layer(&mut self, op: Result<Op>, x: Recorded, size: MapSize) -> Recorded {
        match op {
            Ok(op) => self.record(op, &[x], size),
            Err(error) => {
                self.failure.get_or_insert(error);
                Recorded { size, ..x }
            }
        }
    }

    /// Remembers that plans have no such operation.
    fn refuse(&mut self, what: &str, x: Recorded, size: MapSize) -> Recorded {
        self.record_layer(Err(Error::Unsupported { what: what.to_owned() }), x, size)
    }
}

fn convolution(layer: &Conv2d) -> Result<Op> {
    let weight = layer.weight.val();
    let dims = weight.dims();
    let bias = match layer.bias.as_ref().map(Param::val) {
        Some(bias) => floats(bias, "convolution bias")?,
        None => vec![0.0; dims[0]],
    };
    Ok(Op::Conv(Conv {
        weight: floats(weight, "convolution weight")?,
        dims,
        bias,
        stride: layer.stride(),
        padding: layer.padding(),
        groups: layer.groups(),
        prologue: None,
        activation: Activation::None,
    }))
}

fn group_normalisation(layer: &GroupNorm) -> Result<Op> {
    let or = |param: &Option<Param<Tensor<1>>>, default, what| match param {
        Some(param) => floats(param.val(), what),
        None => Ok(vec![default; layer.num_channels]),
    };
    let scale = or(&layer.gamma, 1.0, "group normalisation scale")?;
    let shift = or(&layer.beta, 0.0, "group normalisation shift")?;
    Ok(Op::GroupNorm {
        groups: layer.num_groups,
        epsilon: layer.epsilon as f32,
        affine: Affine { scale, shift },
        relu: false,
    })
}

impl Interpreter for Recorder {
    type Map = Recorded;

    fn conv2d(&mut self, layer: &Conv2d, x: Recorded) -> Recorded {
        let size = self.sizes.conv2d(layer, x.size);
        self.record_layer(convolution(layer), x, size)
    }

    fn linear(&mut self, layer: &Linear, x: Recorded) -> Recorded {
        let size = self.sizes.linear(layer, x.size);
        self.refuse("linear layers", x, size)
    }

    fn batch_norm(&mut self, layer: &BatchNorm, x: Recorded) -> Recorded {
        let op = Affine::of(layer).map(|affine| Op::Affine { affine, relu: false });
        self.record_layer(op, x, x.size)
    }

    fn group_norm(&mut self, layer: &GroupNorm, x: Recorded) -> Recorded {
        self.record_layer(group_normalisation(layer), x, x.size)
    }

    fn layer_norm(&mut self, _: &LayerNorm, x: Recorded) -> Recorded {
        self.refuse("layer normalisation", x, x.size)
    }

    fn relu(&mut self, x: Recorded) -> Recorded {
        self.record(Op::Relu, &[x], x.size)
    }

    fn silu(&mut self, x: Recorded) -> Recorded {
        self.record(Op::Silu, &[x], x.size)
    }

    fn sigmoid(&mut self, x: Recorded) -> Recorded {
        self.record(Op::Sigmoid, &[x], x.size)
    }

    fn max_pool(&mut self, pool: MaxPool, x: Recorded) -> Recorded {
        let size = self.sizes.max_pool(pool, x.size);
        self.record(Op::MaxPool(pool), &[x], size)
    }

    fn avg_pool(&mut self, pool: AvgPool, x: Recorded) -> Recorded {
        let size = self.sizes.avg_pool(pool, x.size);
        self.record(Op::AvgPool(pool), &[x], size)
    }

    fn global_average(&mut self, x: Recorded) -> Recorded {
        let size = self.sizes.global_average(x.size);
        self.record(Op::GlobalAverage, &[x], size)
    }

    fn global_max(&mut self, x: Recorded) -> Recorded {
        let size = self.sizes.global_max(x.size);
        self.refuse("global maxima", x, size)
    }

    fn concat(&mut self, maps: Vec<Recorded>) -> Recorded {
        let size = self.sizes.concat(maps.iter().map(|map| map.size).collect());
        self.record(Op::Concat, &maps, size)
    }

    fn add(&mut self, x: Recorded, y: Recorded) -> Recorded {
        self.record(Op::Add { relu: false }, &[x, y], x.size)
    }

    fn gate(&mut self, x: Recorded, gate: Recorded) -> Recorded {
        self.record(Op::Gate, &[x, gate], x.size)
    }

    fn upsample_nearest(&mut self, x: Recorded, factor: usize) -> Recorded {
        let size = self.sizes.upsample_nearest(x.size, factor);
        self.record(Op::Nearest(factor), &[x], size)
    }

    fn upsample_bilinear(&mut self, x: Recorded, factor: usize, corners: Corners) -> Recorded {
        let size = self.sizes.upsample_bilinear(x.size, factor, corners);
        self.record(Op::Bilinear(factor, corners), &[x], size)
    }

    /// Inference drops nothing.
    fn dropout(&mut self, _: &SpatialDropout, x: Recorded) -> Recorded {
        x
    }

    /// Inference drops nothing.
    fn drop_connect(&mut self, _: &DropConnect, x: Recorded) -> Recorded {
        x
    }
}
