//! How many bits a weight takes in a file.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How the weights of convolutions and linear layers are stored. Normalisations and biases stay at 32 bits, since small
/// variances underflow; every network computes in 32 bits once it is loaded.
///
/// ```
/// use pulmo_segmentation::weights::Precision;
///
/// assert_eq!("byte".parse::<Precision>()?, Precision::Byte);
/// # Ok::<(), pulmo_segmentation::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: exact.
    Full,
    /// 16 bits, to 11 binary digits.
    Half,
    /// 8 bits and a scale for every output channel, which keeps its largest weight: half the size of
    /// [`Half`](Self::Half). Ours.
    ///
    /// Beside each tensor `<key>` of `i8` in [-127, 127] lies `<key>.scale` of `f32`, one for each element of its first
    /// axis, that it is to be multiplied by.
    Byte,
}

impl Precision {
    /// All, the exact one first.
    pub const ALL: [Self; 3] = [Self::Full, Self::Half, Self::Byte];

    /// `full`, `half` or `byte`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Half => "half",
            Self::Byte => "byte",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Precision {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|precision| precision.as_str() == name)
            .ok_or_else(|| Error::UnknownPrecision { name: name.to_owned() })
    }
}
