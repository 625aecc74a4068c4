//! A network as a graph of operations with their parameters.

mod affine;
mod fuse;
mod recorder;

pub(crate) use affine::Affine;
pub(crate) use recorder::Recorder;

use pulmo_kernels::blocked::Activation;
use pulmo_nn::ConvPadding;
use pulmo_nn::interpret::{AvgPool, MapSize, MaxPool};
use pulmo_nn::upsample::Corners;

/// Which node of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) usize);

/// Operations in an order in which each stands behind those it needs, with one input and one output.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) output: NodeId,
}

/// One operation, what it reads and what it makes of it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) inputs: Vec<NodeId>,
    pub(crate) size: MapSize,
}

/// What a node does. Where `relu` is set, `max(x, 0)` follows.
#[derive(Debug)]
pub(crate) enum Op {
    /// The network's input.
    Input,
    /// A convolution; with a second input, that one is added to its result.
    Conv(Conv),
    /// A scale and a shift for each channel.
    Affine { affine: Affine, relu: bool },
    /// Normalisation over groups of channels, then a scale and a shift.
    GroupNorm { groups: usize, epsilon: f32, affine: Affine, relu: bool },
    /// `max(x, 0)` where nothing else could take it in.
    Relu,
    /// The logistic function times its argument, where nothing else could take it in.
    Silu,
    /// The logistic function.
    Sigmoid,
    /// The largest value under each window.
    MaxPool(MaxPool),
    /// The mean under each window.
    AvgPool(AvgPool),
    /// The mean of each channel.
    GlobalAverage,
    /// The channels of all inputs.
    Concat,
    /// The sum of both inputs.
    Add { relu: bool },
    /// The first input times the second, which has one pixel or one channel.
    Gate,
    /// Each pixel repeated.
    Nearest(usize),
    /// Bilinear interpolation to a multiple of the size.
    Bilinear(usize, Corners),
}

/// A convolution with what was folded into it.
#[derive(Debug)]
pub(crate) struct Conv {
    /// `[C_out, C_in / groups, K_h, K_w]` in row-major order.
    pub(crate) weight: Vec<f32>,
    /// Extents of the weight.
    pub(crate) dims: [usize; 4],
    /// `[C_out]`.
    pub(crate) bias: Vec<f32>,
    pub(crate) stride: [usize; 2],
    pub(crate) padding: ConvPadding,
    pub(crate) groups: usize,
    /// `max(scale * x + shift, 0)` of what is read.
    pub(crate) prologue: Option<Affine>,
    pub(crate) activation: Activation,
}

impl Conv {
    /// Whether each output pixel reads only the input pixel at its own place.
    pub(crate) fn is_pointwise(&self) -> bool {
        let padded = self.padding != ConvPadding::symmetric([0, 0]);
        self.dims[2..] == [1, 1] && self.stride == [1, 1] && !padded && self.groups == 1
    }

    /// Whether each channel is convolved by itself.
    pub(crate) fn is_depthwise(&self) -> bool {
        self.groups > 1 && self.groups == self.dims[0] && self.dims[1] == 1
    }

    /// Whether nothing has been taken in behind it that later operations would have to come after.
    pub(crate) fn is_bare(&self) -> bool {
        self.activation == Activation::None
    }
}
