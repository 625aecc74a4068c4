//! The losses by name.

use std::fmt;

use burn::tensor::Tensor;

use super::fields::{Field, Fields};
use crate::{
    BinaryBatch, CrossEntropy, Dice, Error, Focal, Jaccard, Loss, LovaszHinge, LovaszSoftmax, Mcc,
    MulticlassBatch, Presence, Result, SoftBce, Tversky,
};

macro_rules! terms {
    ($($(#[$doc:meta])* $name:literal => $loss:ident),+ $(,)?) => {
        /// Any of the losses.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Term {
            $($(#[$doc])* $loss($loss),)+
        }

        $(impl From<$loss> for Term {
            fn from(loss: $loss) -> Self {
                Self::$loss(loss)
            }
        })+

        impl Term {
            /// The names of all losses.
            pub const NAMES: &[&str] = &[$($name),+];

            /// The loss with its default options.
            pub(super) fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$loss($loss::default())),)+
                    _ => None,
                }
            }

            /// The name in the text of a loss.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$loss(_) => $name,)+
                }
            }

            /// Visits every option by name.
            pub(super) fn fields(&mut self, visit: &mut dyn FnMut(&'static str, &mut dyn Field)) {
                match self {
                    $(Self::$loss(loss) => loss.fields(visit),)+
                }
            }
        }
    };
}

terms! {
    /// Pixel cross-entropy.
    "ce" => CrossEntropy,
    /// Soft Dice.
    "dice" => Dice,
    /// Soft Jaccard.
    "jaccard" => Jaccard,
    /// Tversky and focal Tversky.
    "tversky" => Tversky,
    /// Focal loss.
    "focal" => Focal,
    /// Lovász SoftMax.
    "lovasz" => LovaszSoftmax,
    /// Lovász hinge.
    "lovasz_hinge" => LovaszHinge,
    /// Matthews' correlation.
    "mcc" => Mcc,
    /// Binary cross-entropy.
    "bce" => SoftBce,
    /// Whether an image has any foreground.
    "presence" => Presence,
}

impl Term {
    pub(super) fn validate(&self, channels: usize) -> Result<()> {
        let refuse = |needed| Err(Error::Channels { what: self.name(), found: channels, needed });
        match self {
            _ if channels == 0 => refuse("at least 1"),
            Self::CrossEntropy(_) | Self::LovaszSoftmax(_) if channels < 2 => refuse("at least 2"),
            Self::LovaszHinge(_) | Self::Mcc(_) | Self::SoftBce(_) | Self::Presence(_) if channels > 2 => {
                refuse("1 or 2")
            }
            Self::CrossEntropy(loss) => loss.class_weights.of(channels).map(drop),
            Self::Dice(Dice { options })
            | Self::Jaccard(Jaccard { options })
            | Self::Tversky(Tversky { options, .. }) => options.validate(channels),
            Self::Focal(loss) => loss.validate(channels),
            Self::LovaszSoftmax(_)
            | Self::LovaszHinge(_)
            | Self::Mcc(_)
            | Self::SoftBce(_)
            | Self::Presence(_) => Ok(()),
        }
    }
}

impl Loss<MulticlassBatch> for Term {
    fn forward(&self, batch: &MulticlassBatch) -> Result<Tensor<1>> {
        match self {
            Self::CrossEntropy(loss) => loss.forward(batch),
            Self::Dice(loss) => loss.forward(batch),
            Self::Jaccard(loss) => loss.forward(batch),
            Self::Tversky(loss) => loss.forward(batch),
            Self::Focal(loss) => loss.forward(batch),
            Self::LovaszSoftmax(loss) => loss.forward(batch),
            Self::LovaszHinge(loss) => loss.forward(&batch.foreground()?),
            Self::Mcc(loss) => loss.forward(&batch.foreground()?),
            Self::SoftBce(loss) => loss.forward(&batch.foreground()?),
            Self::Presence(loss) => loss.forward(&batch.foreground()?),
        }
    }
}

impl Loss<BinaryBatch> for Term {
    fn forward(&self, batch: &BinaryBatch) -> Result<Tensor<1>> {
        match self {
            Self::CrossEntropy(_) | Self::LovaszSoftmax(_) => {
                Err(Error::Channels { what: self.name(), found: 1, needed: "at least 2" })
            }
            Self::Dice(loss) => loss.forward(batch),
            Self::Jaccard(loss) => loss.forward(batch),
            Self::Tversky(loss) => loss.forward(batch),
            Self::Focal(loss) => loss.forward(batch),
            Self::LovaszHinge(loss) => loss.forward(batch),
            Self::Mcc(loss) => loss.forward(batch),
            Self::SoftBce(loss) => loss.forward(batch),
            Self::Presence(loss) => loss.forward(batch),
        }
    }
}

/// The name, and options that differ from the default: `tversky(alpha=0.3,beta=0.7)`.
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut defaults = Vec::new();
        if let Some(mut default) = Self::named(self.name()) {
            default.fields(&mut |_, field| defaults.push(field.write()));
        }
        let mut defaults = defaults.into_iter();
        let mut changed = Vec::new();
        self.clone().fields(&mut |name, field| {
            let value = field.write();
            if defaults.next().as_ref() != Some(&value) {
                changed.push(format!("{name}={value}"));
            }
        });
        f.write_str(self.name())?;
        if changed.is_empty() { Ok(()) } else { write!(f, "({})", changed.join(",")) }
    }
}
