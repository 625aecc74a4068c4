//! Choices that a loss has to make.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// What a class without a single target pixel contributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyClassPolicy {
    /// No loss at all, whatever is predicted: SMP's choice.
    #[default]
    ZeroLoss,
    /// The full loss as soon as anything is predicted. An overlap loss has a gradient there only if its `smooth` is
    /// above 0.
    Counted,
}

/// Pixels that do not count; SMP's `ignore_index`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ignore {
    /// Every pixel counts.
    #[default]
    Nothing,
    /// Pixels with this label do not count.
    Label(i64),
}

/// From the losses of pixels to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Sum,
}

macro_rules! words {
    ($name:ident, $expected:literal, $($word:literal => $value:ident),+) => {
        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($word => Ok(Self::$value),)+
                    _ => Err(Error::Unreadable { text: text.to_owned(), expected: $expected }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$value => $word),+ })
            }
        }
    };
}

words!(EmptyClassPolicy, "zero_loss or counted", "zero_loss" => ZeroLoss, "counted" => Counted);
words!(Reduction, "mean or sum", "mean" => Mean, "sum" => Sum);
