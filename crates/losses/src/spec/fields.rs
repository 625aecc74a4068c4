//! Options of losses by name, for reading and writing alike.

use crate::{
    ClassSelection, ClassWeights, CrossEntropy, Dice, EmptyClassPolicy, Error, Focal, Fraction, Jaccard,
    LovaszHinge, LovaszSoftmax, Mcc, NonNegative, OverlapOptions, Positive, Presence, Reduction, Result,
    Share, SoftBce, Tversky,
};

const NONE: &str = "none";

/// The value of an option as text.
pub(super) trait Field {
    fn read(&mut self, text: &str) -> Result<()>;
    fn write(&self) -> String;
}

macro_rules! fields_of_text {
    ($($type:ty),+) => {
        $(impl Field for $type {
            fn read(&mut self, text: &str) -> Result<()> {
                *self = text.parse()?;
                Ok(())
            }

            fn write(&self) -> String {
                self.to_string()
            }
        })+
    };
}

fields_of_text!(
    ClassSelection,
    ClassWeights,
    EmptyClassPolicy,
    Fraction,
    NonNegative,
    Positive,
    Reduction,
    Share
);

impl Field for bool {
    fn read(&mut self, text: &str) -> Result<()> {
        let unreadable = || Error::Unreadable { text: text.to_owned(), expected: "true or false" };
        *self = text.parse().map_err(|_| unreadable())?;
        Ok(())
    }

    fn write(&self) -> String {
        self.to_string()
    }
}

macro_rules! optional_fields {
    ($($type:ty),+) => {
        $(impl Field for Option<$type> {
            fn read(&mut self, text: &str) -> Result<()> {
                *self = if text == NONE { None } else { Some(text.parse()?) };
                Ok(())
            }

            fn write(&self) -> String {
                self.as_ref().map_or(NONE.to_owned(), ToString::to_string)
            }
        })+
    };
}

optional_fields!(Positive, Share);

/// What to do with each option.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&'static str, &mut dyn Field);

/// A loss with options.
pub(super) trait Fields {
    fn fields(&mut self, visit: Visit<'_>);
}

macro_rules! fields {
    ($($loss:ty { $($name:literal => $field:ident),* })+) => {
        $(impl Fields for $loss {
            fn fields(&mut self, visit: Visit<'_>) {
                $(visit($name, &mut self.$field);)*
            }
        })+
    };
}

fields! {
    CrossEntropy { "weights" => class_weights, "smoothing" => label_smoothing }
    OverlapOptions {
        "empty" => empty, "log" => log_loss, "smooth" => smooth, "eps" => epsilon, "classes" => classes,
        "weights" => class_weights, "per_image" => per_image
    }
    Focal {
        "gamma" => gamma, "alpha" => alpha, "normalized" => normalized, "threshold" => reduced_threshold,
        "weights" => class_weights, "reduction" => reduction
    }
    LovaszSoftmax { "per_image" => per_image, "empty" => empty }
    LovaszHinge { "per_image" => per_image, "empty" => empty }
    Mcc { "eps" => epsilon }
    Presence { "sharpness" => sharpness }
    SoftBce { "smoothing" => smoothing, "pos_weight" => pos_weight, "reduction" => reduction }
}

impl Fields for Dice {
    fn fields(&mut self, visit: Visit<'_>) {
        self.options.fields(visit);
    }
}

impl Fields for Jaccard {
    fn fields(&mut self, visit: Visit<'_>) {
        self.options.fields(visit);
    }
}

impl Fields for Tversky {
    fn fields(&mut self, visit: Visit<'_>) {
        visit("alpha", &mut self.alpha);
        visit("beta", &mut self.beta);
        visit("gamma", &mut self.gamma);
        self.options.fields(visit);
    }
}
