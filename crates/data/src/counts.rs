//! Numbers of cases per split and class.

use std::collections::BTreeMap;
use std::fmt;

use crate::case::{Class, Split};

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
