//! Checks on sequences that belong together.

use crate::error::{Error, Result};

pub(crate) fn check_lengths(
    first: &'static str,
    first_len: usize,
    second: &'static str,
    second_len: usize,
) -> Result<()> {
    if first_len == second_len {
        return Ok(());
    }
    Err(Error::LengthMismatch { first, first_len, second, second_len })
}

pub(crate) fn check_finite(what: &'static str, values: &[f64]) -> Result<()> {
    match values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((position, &value)) => Err(Error::NotFinite { what, position, value }),
    }
}
