//! What a metric is measured in, and which values are better.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a metric's values are measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// A share in 0..=1, shown in percent.
    Share,
    /// A number without a unit, such as a correlation or a ratio.
    Number,
    /// Differences of percentages.
    PercentagePoints,
    /// Lengths or areas in pixels of the image.
    Pixels,
    /// Lengths in millimetres; they need the pixels' spacing.
    Millimetres,
}

impl Unit {
    /// Its name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Number => "number",
            Self::PercentagePoints => "percentage_points",
            Self::Pixels => "pixels",
            Self::Millimetres => "millimetres",
        }
    }

    /// What stands after a value in a table for readers.
    #[must_use]
    pub const fn symbol(self) -> Option<&'static str> {
        match self {
            Self::Share => Some("%"),
            Self::Number => None,
            Self::PercentagePoints => Some("points"),
            Self::Pixels => Some("px"),
            Self::Millimetres => Some("mm"),
        }
    }

    /// A value as a number for readers, without the symbol: `97.99` of a share of 0.9799.
    ///
    /// ```
    /// use pulmo_metrics::Unit;
    ///
    /// assert_eq!(Unit::Share.digits(0.9799), "97.99");
    /// assert_eq!(Unit::Share.shown(0.9799), "97.99 %");
    /// assert_eq!(Unit::Share.signed(0.06), "+6.00");
    /// assert_eq!(Unit::Millimetres.shown(3.456), "3.46 mm");
    /// assert_eq!(Unit::Number.shown(0.91234), "0.9123");
    /// ```
    #[must_use]
    pub fn digits(self, value: f64) -> String {
        format!("{:.*}", self.decimals(), self.scale() * value)
    }

    /// A difference of two values with its sign, without the symbol.
    #[must_use]
    pub fn signed(self, difference: f64) -> String {
        format!("{:+.*}", self.decimals(), self.scale() * difference)
    }

    /// A value for readers, with the symbol.
    #[must_use]
    pub fn shown(self, value: f64) -> String {
        let digits = self.digits(value);
        match self.symbol() {
            Some(symbol) => format!("{digits} {symbol}"),
            None => digits,
        }
    }

    const fn scale(self) -> f64 {
        match self {
            Self::Share => 100.0,
            _ => 1.0,
        }
    }

    const fn decimals(self) -> usize {
        match self {
            Self::Number => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which values of a metric are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Higher ones, as of an overlap.
    #[serde(rename = "higher")]
    HigherIsBetter,
    /// Lower ones, as of a distance.
    #[serde(rename = "lower")]
    LowerIsBetter,
}

/// `higher` or `lower`.
impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::HigherIsBetter => "higher",
            Self::LowerIsBetter => "lower",
        })
    }
}
