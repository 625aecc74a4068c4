//! Names of reviewers, networks and images.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Longest name in bytes.
pub const MAX_NAME: usize = 200;

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $kind:literal, $rule:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Checks a name.
            ///
            /// # Errors
            /// It is empty, longer than [`MAX_NAME`] bytes, or has a character that is not allowed.
            pub fn new(name: impl Into<String>) -> Result<Self> {
                let name = name.into();
                let allowed: fn(&str) -> bool = $allowed;
                if name.is_empty() || name.len() > MAX_NAME || !allowed(&name) {
                    let shown = name.chars().take(MAX_NAME).collect();
                    return Err(Error::Name { kind: $kind, name: shown, rule: $rule });
                }
                Ok(Self(name))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $type {
            type Err = Error;

            fn from_str(name: &str) -> Result<Self> {
                Self::new(name)
            }
        }

        impl TryFrom<String> for $type {
            type Error = Error;

            fn try_from(name: String) -> Result<Self> {
                Self::new(name)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }
    };
}

name!(
    /// Who decides: a person's name.
    Reviewer,
    "reviewer",
    "printable characters, no blank at either end, none of = + - @ in front",
    printable
);
name!(
    /// An image's name, unique in its project.
    ImageId,
    "image",
    "printable characters, no blank at either end, none of = + - @ in front",
    printable
);
name!(
    /// The name of a network that proposes masks, which may also name a folder.
    ProposerName,
    "network",
    "letters, digits and - _ + . but no dot in front",
    |name| {
        !name.starts_with('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+.".contains(&b))
    }
);

/// Names also stand in tables, where a spreadsheet takes those signs in front for a formula.
fn printable(name: &str) -> bool {
    name.trim() == name && !name.starts_with(['=', '+', '-', '@']) && !name.chars().any(char::is_control)
}
