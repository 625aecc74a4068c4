//! Numbers that can only be what a loss can use.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $requirement:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(pub(crate) f32);

        impl $name {
            /// Checks the value.
            ///
            /// # Errors
            #[doc = concat!("[`Error::OutOfRange`] unless the value is ", $requirement, ".")]
            pub fn new(value: f32) -> Result<Self> {
                let accepts: fn(f32) -> bool = $accepts;
                if value.is_finite() && accepts(value) {
                    Ok(Self(value))
                } else {
                    Err(Error::OutOfRange { value, requirement: $requirement })
                }
            }

            /// The value.
            pub const fn get(self) -> f32 {
                self.0
            }
        }

        impl TryFrom<f32> for $name {
            type Error = Error;

            fn try_from(value: f32) -> Result<Self> {
                Self::new(value)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                let unreadable = || Error::Unreadable { text: text.to_owned(), expected: "a number" };
                Self::new(text.parse().map_err(|_| unreadable())?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number! {
    /// A finite number of at least 0.
    NonNegative, "finite and at least 0", |value| value >= 0.0
}
number! {
    /// A finite number above 0.
    Positive, "finite and above 0", |value| value > 0.0
}
number! {
    /// A share, 0 and 1 included.
    Share, "at least 0 and at most 1", |value| (0.0..=1.0).contains(&value)
}
number! {
    /// A share that leaves something over: below 1.
    Fraction, "at least 0 and below 1", |value| (0.0..1.0).contains(&value)
}
