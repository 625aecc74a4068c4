//! Which classes count, and how much.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Between the values of a list, as in `1:3`.
const SEPARATOR: char = ':';
const EQUAL: &str = "equal";
const ALL: &str = "all";

/// A weight for each class, or the same for all; SMP's `class_weights`. Written `1:3` or `equal`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<f32>", into = "Vec<f32>")]
pub struct ClassWeights(Vec<f32>);

impl ClassWeights {
    /// The same weight for all classes.
    pub const fn equal() -> Self {
        Self(Vec::new())
    }

    /// A weight for each class, none for equal weights.
    ///
    /// # Errors
    /// [`Error::ClassWeight`] where a weight is negative or not finite, or all are 0.
    pub fn new(weights: &[f32]) -> Result<Self> {
        let bad = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0));
        let all_zero = !weights.is_empty() && weights.iter().all(|weight| *weight == 0.0);
        match bad.or(all_zero.then_some(0)) {
            Some(class) => Err(Error::ClassWeight { class, weight: weights[class] }),
            None => Ok(Self(weights.to_vec())),
        }
    }

    /// Whether all classes weigh the same.
    pub fn is_equal(&self) -> bool {
        self.0.is_empty()
    }

    /// One weight for each of `classes`.
    ///
    /// # Errors
    /// [`Error::ClassWeightCount`] where there are more or fewer weights, [`Error::SingleLogit`] where there are
    /// weights for a single logit.
    pub fn of(&self, classes: usize) -> Result<Vec<f32>> {
        match self.0.len() {
            0 => Ok(vec![1.0; classes]),
            _ if classes == 1 => Err(Error::SingleLogit),
            weights if weights != classes => Err(Error::ClassWeightCount { weights, classes }),
            _ => Ok(self.0.clone()),
        }
    }
}

impl TryFrom<Vec<f32>> for ClassWeights {
    type Error = Error;

    fn try_from(weights: Vec<f32>) -> Result<Self> {
        Self::new(&weights)
    }
}

impl From<ClassWeights> for Vec<f32> {
    fn from(weights: ClassWeights) -> Self {
        weights.0
    }
}

impl FromStr for ClassWeights {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == EQUAL { Ok(Self::equal()) } else { Self::new(&list(text, "a list of weights like 1:3")?) }
    }
}

impl fmt::Display for ClassWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.0, EQUAL)
    }
}

/// The classes that a loss is averaged over; SMP's `classes`. Written `0:2` or `all`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassSelection(Vec<usize>);

impl ClassSelection {
    /// Every class.
    pub const fn all() -> Self {
        Self(Vec::new())
    }

    /// These classes only.
    ///
    /// # Errors
    /// [`Error::ClassSelection`] where none or one twice is given.
    pub fn only(classes: &[usize]) -> Result<Self> {
        let twice = classes.iter().enumerate().any(|(at, class)| classes[..at].contains(class));
        if classes.is_empty() || twice {
            return Err(Error::ClassSelection { selected: classes.to_vec() });
        }
        Ok(Self(classes.to_vec()))
    }

    /// Whether every class counts.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for ClassSelection {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == ALL { Ok(Self::all()) } else { Self::only(&list(text, "a list of classes like 0:2")?) }
    }
}

impl fmt::Display for ClassSelection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.0, ALL)
    }
}

/// What each of `classes` contributes to a weighted mean over the selected ones; the sum is 1.
pub(crate) fn class_shares(
    classes: usize,
    selection: &ClassSelection,
    weights: &ClassWeights,
) -> Result<Vec<f32>> {
    let mut shares = weights.of(classes)?;
    if !selection.is_all() {
        if classes == 1 {
            return Err(Error::SingleLogit);
        }
        if selection.0.iter().any(|class| *class >= classes) {
            return Err(Error::ClassSelection { selected: selection.0.clone() });
        }
        for (class, share) in shares.iter_mut().enumerate() {
            if !selection.0.contains(&class) {
                *share = 0.0;
            }
        }
    }
    let sum: f32 = shares.iter().sum();
    if sum == 0.0 {
        return Err(Error::NothingWeighs);
    }
    Ok(shares.into_iter().map(|share| share / sum).collect())
}

fn list<T: FromStr>(text: &str, expected: &'static str) -> Result<Vec<T>> {
    text.split(SEPARATOR)
        .map(|part| part.parse().map_err(|_| Error::Unreadable { text: text.to_owned(), expected }))
        .collect()
}

fn write_list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, list: &[T], empty: &str) -> fmt::Result {
    if list.is_empty() {
        return f.write_str(empty);
    }
    let parts: Vec<String> = list.iter().map(T::to_string).collect();
    f.write_str(&parts.join(&SEPARATOR.to_string()))
}
