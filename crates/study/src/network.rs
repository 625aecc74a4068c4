//! Networks by name.

use std::fmt;
use std::str::FromStr;

use pulmo_encoders::EncoderName;
use pulmo_segmentation::{Architecture, SegmentationConfig};
use serde::{Deserialize, Serialize};

/// Encoders of Tahir et al. 2021.
const PAPER_ENCODERS: [EncoderName; 5] = [
    EncoderName::ResNet18,
    EncoderName::ResNet50,
    EncoderName::DenseNet121,
    EncoderName::DenseNet161,
    EncoderName::InceptionV4,
];

/// An architecture and an encoder, such as `unet-resnet18`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NetworkName {
    architecture: Architecture,
    encoder: EncoderName,
}

impl NetworkName {
    /// Puts both together.
    #[must_use]
    pub const fn new(architecture: Architecture, encoder: EncoderName) -> Self {
        Self { architecture, encoder }
    }

    /// The fifteen networks of Tahir et al. 2021.
    pub fn paper() -> impl Iterator<Item = Self> {
        Architecture::ALL
            .into_iter()
            .flat_map(|architecture| PAPER_ENCODERS.map(|encoder| Self::new(architecture, encoder)))
    }

    /// The decoder's architecture.
    #[must_use]
    pub const fn architecture(self) -> Architecture {
        self.architecture
    }

    /// The encoder.
    #[must_use]
    pub const fn encoder(self) -> EncoderName {
        self.encoder
    }

    /// The network with SMP's defaults and two classes.
    #[must_use]
    pub fn config(self) -> SegmentationConfig {
        SegmentationConfig::new(self.architecture, self.encoder)
    }
}

impl fmt::Display for NetworkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}-{}", self.architecture, self.encoder))
    }
}

impl FromStr for NetworkName {
    type Err = pulmo_segmentation::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let config: SegmentationConfig = name.parse()?;
        Ok(Self::new(config.architecture, config.encoder.name))
    }
}

impl TryFrom<String> for NetworkName {
    type Error = pulmo_segmentation::Error;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

impl From<NetworkName> for String {
    fn from(name: NetworkName) -> Self {
        name.to_string()
    }
}
