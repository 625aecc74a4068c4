//! The segmentation architectures by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// A segmentation architecture, spelled as in SMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Architecture {
    /// U-Net (Ronneberger et al. 2015).
    Unet,
    /// U-Net++ (Zhou et al. 2018).
    UnetPlusPlus,
    /// Feature pyramid network (Lin et al. 2017, Kirillov et al. 2017).
    Fpn,
}

impl Architecture {
    /// Every architecture there is.
    pub const ALL: [Self; 3] = [Self::Unet, Self::UnetPlusPlus, Self::Fpn];

    /// The name as SMP spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unet => "unet",
            Self::UnetPlusPlus => "unetplusplus",
            Self::Fpn => "fpn",
        }
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Architecture {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let lower = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|architecture| architecture.as_str() == lower).ok_or_else(|| {
            Error::UnknownArchitecture {
                name: name.to_owned(),
                known: Self::ALL.map(Self::as_str).join(", "),
            }
        })
    }
}
