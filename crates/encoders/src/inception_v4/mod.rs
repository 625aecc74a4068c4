//! Inception v4 (Szegedy et al. 2017), as in SMP.
//!
//! SMP pads every 3x3 convolution and every pooling by 1, where the paper's stem has "valid" ones; so each stage
//! halves the size exactly.

mod conv;
mod inception;
mod reduction;
mod stem;

use burn::module::Module;
use burn::prelude::Device;
use pulmo_nn::{Interpreter, keyed};

use crate::family::Family;
use crate::{Encoder, Preprocessing};
use conv::BasicConv;
use inception::{FourBranches, InceptionC};
use reduction::{ReductionA, ReductionB};
use stem::{Mixed3a, Mixed4a, Mixed5a};

/// The block behind which each feature is taken, at strides 2, 4, 8, 16 and 32.
const TAPS: [usize; 5] = [2, 4, 8, 14, 21];

/// The one size of this family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InceptionV4Size;

impl Family for InceptionV4Size {
    fn stage_channels(&self) -> [usize; 5] {
        [64, 192, 384, 1024, 1536]
    }

    fn init(&self, in_channels: usize, depth: usize, device: &Device) -> Encoder {
        Encoder::InceptionV4(InceptionV4::new(in_channels, depth, device))
    }

    fn input_weight(&self) -> &'static str {
        "features.0.conv.weight"
    }

    fn classifier(&self) -> &'static str {
        "last_linear."
    }

    fn preprocessing(&self) -> Preprocessing {
        Preprocessing::SYMMETRIC
    }
}

/// Inception v4 without its classifier.
///
/// A shallower network has no parameters for the stages it leaves out; that is ours.
#[derive(Module, Debug)]
pub struct InceptionV4 {
    features: Vec<Block>,
}

keyed!(InceptionV4 { features });

#[derive(Module, Debug)]
#[expect(clippy::large_enum_variant, reason = "a network has at most 22 of them")]
enum Block {
    Conv(BasicConv),
    Mixed3a(Mixed3a),
    Mixed4a(Mixed4a),
    Mixed5a(Mixed5a),
    InceptionA(FourBranches),
    ReductionA(ReductionA),
    InceptionB(FourBranches),
    ReductionB(ReductionB),
    InceptionC(InceptionC),
}

keyed!(
    enum Block {
        Conv,
        Mixed3a,
        Mixed4a,
        Mixed5a,
        InceptionA,
        ReductionA,
        InceptionB,
        ReductionB,
        InceptionC,
    }
);

impl Block {
    /// The block at `index` of the network: stem, 4 x A, reduction, 7 x B, reduction, 3 x C.
    fn at(index: usize, in_channels: usize, device: &Device) -> Self {
        let conv = |from, to, stride| Self::Conv(BasicConv::new(from, to, [3, 3], stride, device));
        match index {
            0 => conv(in_channels, 32, 2),
            1 => conv(32, 32, 1),
            2 => conv(32, 64, 1),
            3 => Self::Mixed3a(Mixed3a::new(device)),
            4 => Self::Mixed4a(Mixed4a::new(device)),
            5 => Self::Mixed5a(Mixed5a::new(device)),
            6..=9 => Self::InceptionA(FourBranches::inception_a(device)),
            10 => Self::ReductionA(ReductionA::new(device)),
            11..=17 => Self::InceptionB(FourBranches::inception_b(device)),
            18 => Self::ReductionB(ReductionB::new(device)),
            _ => Self::InceptionC(InceptionC::new(device)),
        }
    }

    fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> I::Map {
        match self {
            Self::Conv(block) => block.forward(ops, x),
            Self::Mixed3a(block) => block.forward(ops, x),
            Self::Mixed4a(block) => block.forward(ops, x),
            Self::Mixed5a(block) => block.forward(ops, x),
            Self::InceptionA(block) => block.forward(ops, x),
            Self::ReductionA(block) => block.forward(ops, x),
            Self::InceptionB(block) => block.forward(ops, x),
            Self::ReductionB(block) => block.forward(ops, x),
            Self::InceptionC(block) => block.forward(ops, x),
        }
    }
}

impl InceptionV4 {
    /// A network with stages up to stride `2^depth`.
    fn new(in_channels: usize, depth: usize, device: &Device) -> Self {
        let deepest = TAPS.iter().take(depth).next_back().copied().unwrap_or_default();
        Self { features: (0..=deepest).map(|index| Block::at(index, in_channels, device)).collect() }
    }

    /// `[N, C, H, W]` to the pyramid at strides 1, 2, 4, ...
    pub fn forward<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> Vec<I::Map> {
        let mut features = vec![x.clone()];
        let mut y = x;
        for (index, block) in self.features.iter().enumerate() {
            y = block.forward(ops, y);
            if TAPS.contains(&index) {
                features.push(y.clone());
            }
        }
        features
    }
}
