//! The encoders by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

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
}

impl EncoderName {
    /// Every encoder there is.
    pub const ALL: [Self; 5] =
        [Self::ResNet18, Self::ResNet34, Self::ResNet50, Self::ResNet101, Self::ResNet152];

    /// The name as SMP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResNet18 => "resnet18",
            Self::ResNet34 => "resnet34",
            Self::ResNet50 => "resnet50",
            Self::ResNet101 => "resnet101",
            Self::ResNet152 => "resnet152",
        }
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
