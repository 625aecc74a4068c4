//! The encoders there are: the table that names, networks and everything about them are made from.

use burn::module::Module;
use pulmo_nn::{Interpreter, keyed};
use serde::{Deserialize, Serialize};

use crate::densenet::DenseNetSize;
use crate::efficientnet::EfficientNetSize;
use crate::family::Family;
use crate::inception_v4::InceptionV4Size;
use crate::resnet::ResNetSize;

macro_rules! zoo {
    ($(
        $(#[$family_doc:meta])*
        $family:ident($module:ident) {
            $($(#[$doc:meta])* $member:ident = $name:literal: $size:expr;)+
        }
    )+) => {
        /// An encoder family and size, spelled as in SMP.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum EncoderName {
            $($($(#[$doc])* #[serde(rename = $name)] $member,)+)+
        }

        impl EncoderName {
            /// Every encoder there is.
            pub const ALL: [Self; [$($($name),+),+].len()] = [$($(Self::$member),+),+];

            /// The name as SMP spells it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$member => $name,)+)+
                }
            }

            /// What the encoder says about itself.
            pub(crate) fn family(self) -> &'static dyn Family {
                match self {
                    $($(Self::$member => {
                        const SIZE: &dyn Family = &$size;
                        SIZE
                    })+)+
                }
            }
        }

        /// An encoder of any family, made by [`EncoderConfig`](crate::EncoderConfig).
        #[derive(Module, Debug)]
        #[expect(clippy::large_enum_variant, reason = "a program has a handful of them")]
        pub enum Encoder {
            $($(#[$family_doc])* $family(crate::$module::$family),)+
        }
        keyed!(enum Encoder { $($family),+ });

        impl Encoder {
            /// The feature pyramid of `[N, C, H, W]` as `ops` understands it: the input, then one map for each stride 2,
            /// 4, 8, ...
            pub fn forward_with<I: Interpreter>(&self, ops: &mut I, x: I::Map) -> Vec<I::Map> {
                match self {
                    $(Self::$family(network) => network.forward(ops, x),)+
                }
            }
        }
    };
}

zoo! {
    /// A residual network.
    ResNet(resnet) {
        /// ResNet-18 (He et al. 2016): basic blocks 2, 2, 2, 2.
        ResNet18 = "resnet18": ResNetSize::basic([2, 2, 2, 2]);
        /// ResNet-34: basic blocks 3, 4, 6, 3.
        ResNet34 = "resnet34": ResNetSize::basic([3, 4, 6, 3]);
        /// ResNet-50: bottleneck blocks 3, 4, 6, 3.
        ResNet50 = "resnet50": ResNetSize::bottleneck([3, 4, 6, 3]);
        /// ResNet-101: bottleneck blocks 3, 4, 23, 3.
        ResNet101 = "resnet101": ResNetSize::bottleneck([3, 4, 23, 3]);
        /// ResNet-152: bottleneck blocks 3, 8, 36, 3.
        ResNet152 = "resnet152": ResNetSize::bottleneck([3, 8, 36, 3]);
    }
    /// A densely connected network.
    DenseNet(densenet) {
        /// DenseNet-121 (Huang et al. 2017): 6, 12, 24, 16 layers of growth 32.
        DenseNet121 = "densenet121": DenseNetSize { stem: 64, growth: 32, layers: [6, 12, 24, 16] };
        /// DenseNet-161: 6, 12, 36, 24 layers of growth 48.
        DenseNet161 = "densenet161": DenseNetSize { stem: 96, growth: 48, layers: [6, 12, 36, 24] };
        /// DenseNet-169: 6, 12, 32, 32 layers of growth 32.
        DenseNet169 = "densenet169": DenseNetSize { stem: 64, growth: 32, layers: [6, 12, 32, 32] };
        /// DenseNet-201: 6, 12, 48, 32 layers of growth 32.
        DenseNet201 = "densenet201": DenseNetSize { stem: 64, growth: 32, layers: [6, 12, 48, 32] };
    }
    /// Inception v4.
    InceptionV4(inception_v4) {
        /// Inception v4 (Szegedy et al. 2017).
        InceptionV4 = "inceptionv4": InceptionV4Size;
    }
    /// A network of mobile blocks.
    EfficientNet(efficientnet) {
        /// EfficientNet-B0 (Tan & Le 2019).
        EfficientNetB0 = "efficientnet-b0": EfficientNetSize::B0;
    }
}
