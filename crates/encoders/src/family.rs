//! Which family an encoder belongs to, and what makes it within the family.

use burn::prelude::Device;

use crate::densenet::{self, DenseNet};
use crate::inception_v4::{self, InceptionV4};
use crate::resnet::{self, BlockKind, ResNet};
use crate::{Encoder, EncoderName};

/// A family with the plan of one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    ResNet(resnet::Plan),
    DenseNet(densenet::Plan),
    InceptionV4,
}

impl Family {
    pub(crate) fn of(name: EncoderName) -> Self {
        let resnet = |kind, blocks| Self::ResNet(resnet::Plan { kind, blocks });
        let densenet = |stem, growth, layers| Self::DenseNet(densenet::Plan { stem, growth, layers });
        match name {
            EncoderName::ResNet18 => resnet(BlockKind::Basic, [2, 2, 2, 2]),
            EncoderName::ResNet34 => resnet(BlockKind::Basic, [3, 4, 6, 3]),
            EncoderName::ResNet50 => resnet(BlockKind::Bottleneck, [3, 4, 6, 3]),
            EncoderName::ResNet101 => resnet(BlockKind::Bottleneck, [3, 4, 23, 3]),
            EncoderName::ResNet152 => resnet(BlockKind::Bottleneck, [3, 8, 36, 3]),
            EncoderName::DenseNet121 => densenet(64, 32, [6, 12, 24, 16]),
            EncoderName::DenseNet161 => densenet(96, 48, [6, 12, 36, 24]),
            EncoderName::DenseNet169 => densenet(64, 32, [6, 12, 32, 32]),
            EncoderName::DenseNet201 => densenet(64, 32, [6, 12, 48, 32]),
            EncoderName::InceptionV4 => Self::InceptionV4,
        }
    }

    /// Channels at strides 2, 4, 8, 16 and 32.
    pub(crate) fn stage_channels(self) -> [usize; 5] {
        match self {
            Self::ResNet(plan) => plan.stage_channels(),
            Self::DenseNet(plan) => plan.stage_channels(),
            Self::InceptionV4 => inception_v4::STAGE_CHANNELS,
        }
    }

    /// The key of the first convolution's weight, without a prefix.
    pub(crate) fn input_weight(self) -> &'static str {
        match self {
            Self::ResNet(_) => "conv1.weight",
            Self::DenseNet(_) => "features.conv0.weight",
            Self::InceptionV4 => "features.0.conv.weight",
        }
    }

    /// A network with stages up to stride `2^depth`.
    pub(crate) fn init(self, in_channels: usize, depth: usize, device: &Device) -> Encoder {
        match self {
            Self::ResNet(plan) => Encoder::ResNet(ResNet::new(plan, in_channels, depth, device)),
            Self::DenseNet(plan) => Encoder::DenseNet(DenseNet::new(plan, in_channels, depth, device)),
            Self::InceptionV4 => Encoder::InceptionV4(InceptionV4::new(in_channels, depth, device)),
        }
    }
}
