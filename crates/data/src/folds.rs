//! Cross-validation folds, and single splits.

use std::collections::BTreeMap;
use std::path::Path;

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use crate::case::{Case, Class};
use crate::error::{Error, Result};
use crate::groups::Groups;
use crate::index::Index;
use crate::random::{Purpose, stream};
use crate::stratify::draw;

/// Number of folds of Tahir et al. 2021.
pub const DEFAULT_FOLDS: usize = 5;

/// Which fold each case is held out in. The JSON form may be written by hand to bring folds of your own:
///
/// ```
/// let text = r#"{"k": 2, "seed": 0, "assignment": {"Train/Normal/a": 0, "Train/Normal/b": 1}}"#;
/// let folds: pulmo_data::Folds = serde_json::from_str(text)?;
/// assert_eq!(folds.fold_of("Train/Normal/b"), Some(1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FoldFile", into = "FoldFile")]
pub struct Folds {
    k: usize,
    seed: u64,
    assignment: BTreeMap<String, usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FoldFile {
    k: usize,
    seed: u64,
    assignment: BTreeMap<String, usize>,
}

impl Folds {
    /// Divides the cases into `k` folds in which every class has its share as far as groups allow; a group never
    /// straddles folds. The same arguments give the same folds.
    ///
    /// # Errors
    /// `k` is below 2 or above the number of groups.
    pub fn stratified(index: &Index, k: usize, seed: u64, groups: &Groups) -> Result<Self> {
        let cases = index.cases();
        let mut members = groups.members(cases);
        if k < 2 || k > members.len() {
            return Err(Error::InvalidFolds { folds: k, groups: members.len() });
        }
        members.shuffle(&mut stream(Purpose::Folds, seed, 0, 0));
        members.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let mut loads = vec![ClassLoad::default(); k];
        let mut assignment = BTreeMap::new();
        for group in members {
            let added = ClassLoad::of(group.iter().filter_map(|&position| cases.get(position)));
            let fold = lightest(&loads, &added);
            if let Some(load) = loads.get_mut(fold) {
                load.add(&added);
            }
            let ids = group.iter().filter_map(|&position| cases.get(position)).map(Case::id);
            assignment.extend(ids.map(|id| (id.to_owned(), fold)));
        }
        Ok(Self { k, seed, assignment })
    }

    /// Number of folds.
    #[must_use]
    pub const fn k(&self) -> usize {
        self.k
    }

    /// The seed the folds were made with.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The fold that holds a case out, counted from 0.
    #[must_use]
    pub fn fold_of(&self, id: &str) -> Option<usize> {
        self.assignment.get(id).copied()
    }

    /// The cases to train on and those held out in `fold`, both in index order.
    ///
    /// # Errors
    /// There is no such fold, or a case of the index is in none.
    pub fn split(&self, index: &Index, fold: usize) -> Result<(Index, Index)> {
        if fold >= self.k {
            return Err(Error::NoSuchFold { fold, folds: self.k });
        }
        if let Some(case) = index.cases().iter().find(|case| self.fold_of(case.id()).is_none()) {
            return Err(Error::CaseWithoutFold { id: case.id().to_owned() });
        }
        let held_out = |case: &Case| self.fold_of(case.id()) == Some(fold);
        Ok((index.filter(|case| !held_out(case)), index.filter(held_out)))
    }

    /// Reads a fold file.
    ///
    /// # Errors
    /// The file cannot be read, is no fold file, or names a fold that does not exist.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| fold_file(path, &error))?;
        serde_json::from_str(&text).map_err(|error| fold_file(path, &error))
    }

    /// Writes a fold file, one line per case, whole or not at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let text = serde_json::to_string_pretty(self).map_err(|error| fold_file(path, &error))?;
        Ok(pulmo_core::files::write(path, (text + "\n").as_bytes())?)
    }
}

impl TryFrom<FoldFile> for Folds {
    type Error = Error;

    fn try_from(file: FoldFile) -> Result<Self> {
        let FoldFile { k, seed, assignment } = file;
        if k < 2 || k > assignment.len() {
            return Err(Error::InvalidFolds { folds: k, groups: assignment.len() });
        }
        match assignment.values().find(|fold| **fold >= k) {
            Some(&fold) => Err(Error::NoSuchFold { fold, folds: k }),
            None => Ok(Self { k, seed, assignment }),
        }
    }
}

impl From<Folds> for FoldFile {
    fn from(folds: Folds) -> Self {
        Self { k: folds.k, seed: folds.seed, assignment: folds.assignment }
    }
}

fn fold_file(path: &Path, reason: &impl ToString) -> Error {
    Error::FoldFile { path: path.to_owned(), reason: reason.to_string() }
}

/// Splits an index in two, `(rest, held_out)`, with `fraction` of every class held out, reproducibly.
///
/// The held-out number is rounded to the nearest whole case; both sides keep the index's order.
///
/// # Errors
/// `fraction` does not lie strictly between 0 and 1, or rounding leaves one side empty.
pub fn stratified_split(index: &Index, fraction: f64, seed: u64) -> Result<(Index, Index)> {
    let size = index.len();
    let invalid = Error::InvalidFraction { fraction, cases: size };
    if !(fraction > 0.0 && fraction < 1.0) {
        return Err(invalid);
    }
    if size == 0 {
        return Err(Error::EmptyIndex);
    }
    let held = (size as f64 * fraction).round() as usize;
    if held == 0 || held == size {
        return Err(invalid);
    }
    let drawn = draw(Purpose::HeldOut, index.cases(), held, seed)?;
    let mut is_held = vec![false; size];
    for position in drawn {
        if let Some(slot) = is_held.get_mut(position) {
            *slot = true;
        }
    }
    let side = |wanted: bool| {
        let cases = index.cases().iter().zip(&is_held);
        Index::from_cases(cases.filter(|(_, held)| **held == wanted).map(|(case, _)| case.clone()).collect())
    };
    Ok((side(false)?, side(true)?))
}

/// Cases per class in a fold or group.
#[derive(Debug, Clone, Copy, Default)]
struct ClassLoad {
    counts: [u64; Class::ALL.len()],
}

impl ClassLoad {
    fn of<'a>(cases: impl Iterator<Item = &'a Case>) -> Self {
        let mut load = Self::default();
        for case in cases {
            load.counts[case.class().position()] += 1;
        }
        load
    }

    fn add(&mut self, other: &Self) {
        for (count, added) in self.counts.iter_mut().zip(other.counts) {
            *count += added;
        }
    }

    fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Cases of the classes in `added` that are here already, weighted by how many are added.
    fn crowding(&self, added: &Self) -> u64 {
        self.counts.iter().zip(added.counts).map(|(here, added)| here * added).sum()
    }
}

/// The fold with the fewest cases of the group's classes; of equal ones the smallest, then the first.
fn lightest(loads: &[ClassLoad], added: &ClassLoad) -> usize {
    let key = |fold: &usize| loads.get(*fold).map(|load| (load.crowding(added), load.total()));
    (0..loads.len()).min_by_key(key).unwrap_or(0)
}
