//! What an infection network sees.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// The two ways of putting lung and infection network together that Tahir et al. 2021 compare.
///
/// ```
/// use pulmo_core::Scheme;
///
/// assert_eq!("cascaded".parse::<Scheme>()?, Scheme::Cascaded);
/// assert_eq!(Scheme::default(), Scheme::Parallel);
/// # Ok::<(), pulmo_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Both networks see the whole X-ray: the paper's main configuration.
    #[default]
    Parallel,
    /// The infection network sees the X-ray masked by the lung network's output, black outside the lungs.
    Cascaded,
}

impl Scheme {
    /// Both, the paper's main one first.
    pub const ALL: [Self; 2] = [Self::Parallel, Self::Cascaded];

    /// `parallel` or `cascaded`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parallel => "parallel",
            Self::Cascaded => "cascaded",
        }
    }

    /// Whether it is the default, which a manifest need not name.
    #[must_use]
    pub fn is_parallel(&self) -> bool {
        *self == Self::Parallel
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scheme {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|scheme| scheme.as_str() == name)
            .ok_or_else(|| Error::UnknownScheme { name: name.to_owned() })
    }
}
