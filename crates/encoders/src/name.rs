//! Encoders by name.

use std::fmt;
use std::str::FromStr;

use crate::{EncoderName, Error};

impl EncoderName {
    /// The key of the first convolution's weight in the encoder's own state dict, for example `conv1.weight`.
    pub fn input_weight(self) -> &'static str {
        self.family().input_weight()
    }

    /// The key, in the encoder's own state dict, of a tensor that a published ImageNet network has under `key`; `None`
    /// for one of its classifier, which the encoder does not have.
    pub fn key_of_published(self, key: &str) -> Option<String> {
        let family = self.family();
        (!key.starts_with(family.classifier())).then(|| family.key_of_published(key))
    }
}

impl fmt::Display for EncoderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EncoderName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let lower = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|encoder| encoder.as_str() == lower).ok_or_else(|| Error::UnknownEncoder {
            name: name.to_owned(),
            known: Self::ALL.map(Self::as_str).join(", "),
        })
    }
}
