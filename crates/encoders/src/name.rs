//! The encoders by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::family::Family;

/// An encoder family and size, spelled as in SMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum EncoderName {
    /// ResNet-18 (He et al. 2016): basic blocks 2, 2, 2, 2.
    ResNet18,
    /// ResNet-34: basic blocks 3, 4, 6, 3.
    ResNet34,
    /// ResNet-50: bottleneck blocks 3, 4, 6, 3.
    ResNet50,
    /// ResNet-101: bottleneck blocks 3, 4, 23, 3.
    ResNet101,
    /// ResNet-152: bottleneck blocks 3, 8, 36, 3.
    ResNet152,
    /// DenseNet-121 (Huang et al. 2017): 6, 12, 24, 16 layers of growth 32.
    DenseNet121,
    /// DenseNet-161: 6, 12, 36, 24 layers of growth 48.
    DenseNet161,
    /// DenseNet-169: 6, 12, 32, 32 layers of growth 32.
    DenseNet169,
    /// DenseNet-201: 6, 12, 48, 32 layers of growth 32.
    DenseNet201,
    /// Inception v4 (Szegedy et al. 2017).
    InceptionV4,
}

impl EncoderName {
    /// Every encoder there is.
    pub const ALL: [Self; 10] = [
        Self::ResNet18,
        Self::ResNet34,
        Self::ResNet50,
        Self::ResNet101,
        Self::ResNet152,
        Self::DenseNet121,
        Self::DenseNet161,
        Self::DenseNet169,
        Self::DenseNet201,
        Self::InceptionV4,
    ];

    /// The name as SMP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResNet18 => "resnet18",
            Self::ResNet34 => "resnet34",
            Self::ResNet50 => "resnet50",
            Self::ResNet101 => "resnet101",
            Self::ResNet152 => "resnet152",
            Self::DenseNet121 => "densenet121",
            Self::DenseNet161 => "densenet161",
            Self::DenseNet169 => "densenet169",
            Self::DenseNet201 => "densenet201",
            Self::InceptionV4 => "inceptionv4",
        }
    }

    /// The key of the first convolution's weight in the encoder's own state dict, for example `conv1.weight`.
    pub fn input_weight(self) -> &'static str {
        Family::of(self).input_weight()
    }
}

impl fmt::Display for EncoderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EncoderName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let lower = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|encoder| encoder.as_str() == lower).ok_or_else(|| Error::UnknownEncoder {
            name: name.to_owned(),
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}
