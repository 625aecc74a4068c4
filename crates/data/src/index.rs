//! A list of cases that can be filtered and counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::case::{Case, Class, Split};
use crate::error::{Error, Result};
use crate::groups::Groups;
use crate::random::Purpose;
use crate::stratify;

/// Cases in a fixed order: by split, class and file name where they come from the published layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    cases: Vec<Case>,
    expected: Vec<(Split, Class)>,
    unmatched_masks: Vec<PathBuf>,
}

impl Index {
    /// An index over cases of your own, in the order given.
    ///
    /// # Errors
    /// Two cases carry the same id.
    pub fn from_cases(cases: Vec<Case>) -> Result<Self> {
        let expected: BTreeSet<(Split, Class)> =
            cases.iter().map(|case| (case.split(), case.class())).collect();
        Self { cases, expected: expected.into_iter().collect(), unmatched_masks: Vec::new() }.validated()
    }

    /// An index in which every class that occurs should occur in every split that does.
    pub(crate) fn complete(cases: Vec<Case>, unmatched_masks: Vec<PathBuf>) -> Result<Self> {
        let splits: BTreeSet<Split> = cases.iter().map(Case::split).collect();
        let classes: BTreeSet<Class> = cases.iter().map(Case::class).collect();
        let expected = splits.into_iter().flat_map(|split| classes.iter().map(move |&class| (split, class)));
        let expected = expected.collect();
        Self { cases, expected, unmatched_masks }.validated()
    }

    /// The groups that the cases name, such as patients.
    #[must_use]
    pub fn groups(&self) -> Groups {
        Groups::by_key(&self.cases, |case| case.group().map(str::to_owned))
    }

    pub(crate) const fn empty() -> Self {
        Self { cases: Vec::new(), expected: Vec::new(), unmatched_masks: Vec::new() }
    }

    pub(crate) fn extend(&mut self, split: Split, class: Class, cases: Vec<Case>, unmatched: Vec<PathBuf>) {
        self.cases.extend(cases);
        self.expected.push((split, class));
        self.unmatched_masks.extend(unmatched);
    }

    pub(crate) fn validated(self) -> Result<Self> {
        let mut seen = BTreeSet::new();
        match self.cases.iter().find(|case| !seen.insert(case.id())) {
            Some(repeated) => Err(Error::DuplicateId { id: repeated.id().to_owned() }),
            None => Ok(self),
        }
    }

    /// The cases in order.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// Number of cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// Whether there is no case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// The cases of one split.
    #[must_use]
    pub fn split(&self, split: Split) -> Self {
        self.restricted(|group| group.0 == split)
    }

    /// The cases of one class.
    #[must_use]
    pub fn class(&self, class: Class) -> Self {
        self.restricted(|group| group.1 == class)
    }

    /// The cases that `keep` accepts, order unchanged.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&Case) -> bool) -> Self {
        Self {
            cases: self.cases.iter().filter(|case| keep(case)).cloned().collect(),
            expected: self.expected.clone(),
            unmatched_masks: Vec::new(),
        }
    }

    /// `n` cases drawn without replacement so that each class keeps its share (largest remainder), order unchanged.
    /// The same `n` and `seed` always draw the same cases.
    ///
    /// # Errors
    /// `n` exceeds the number of cases.
    pub fn subset(&self, n: usize, seed: u64) -> Result<Self> {
        let drawn = stratify::draw(Purpose::Subset, &self.cases, n, seed)?;
        let cases = drawn.into_iter().filter_map(|position| self.cases.get(position).cloned()).collect();
        Ok(Self { cases, expected: Vec::new(), unmatched_masks: Vec::new() })
    }

    /// Number of cases per split and class.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.cases.iter().map(|case| (case.split(), case.class())).collect()
    }

    /// The split and class folders that should hold cases.
    pub(crate) fn expected(&self) -> &[(Split, Class)] {
        &self.expected
    }

    /// Mask files for which there is no image; empty after [`filter`](Self::filter) and [`subset`](Self::subset).
    pub fn unmatched_masks(&self) -> impl Iterator<Item = &Path> {
        self.unmatched_masks.iter().map(PathBuf::as_path)
    }

    fn restricted(&self, keep: impl Fn((Split, Class)) -> bool) -> Self {
        let mut restricted = self.filter(|case| keep((case.split(), case.class())));
        restricted.expected.retain(|group| keep(*group));
        restricted
    }
}

/// Number of cases per split and class; its `Display` is one line per split.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    cells: BTreeMap<(Split, Class), usize>,
}

impl Counts {
    /// Number of cases of a class in a split.
    #[must_use]
    pub fn get(&self, split: Split, class: Class) -> usize {
        self.cells.get(&(split, class)).copied().unwrap_or(0)
    }

    /// Number of cases in a split.
    #[must_use]
    pub fn split(&self, split: Split) -> usize {
        Class::ALL.into_iter().map(|class| self.get(split, class)).sum()
    }

    /// Number of cases of a class.
    #[must_use]
    pub fn class(&self, class: Class) -> usize {
        Split::ALL.into_iter().map(|split| self.get(split, class)).sum()
    }

    /// Number of cases.
    #[must_use]
    pub fn total(&self) -> usize {
        self.cells.values().sum()
    }
}

impl FromIterator<(Split, Class)> for Counts {
    fn from_iter<I: IntoIterator<Item = (Split, Class)>>(groups: I) -> Self {
        let mut cells = BTreeMap::new();
        for group in groups {
            *cells.entry(group).or_insert(0) += 1;
        }
        Self { cells }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, split) in Split::ALL.into_iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            write!(f, "{split}: {}", self.split(split))?;
            for (place, class) in Class::ALL.into_iter().enumerate() {
                let separator = if place == 0 { " (" } else { ", " };
                write!(f, "{separator}{class} {}", self.get(split, class))?;
            }
            write!(f, ")")?;
        }
        Ok(())
    }
}
