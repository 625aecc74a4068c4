//! Numbers of a run.

use std::collections::BTreeMap;
use std::fmt;

use pulmo_data::{Class, Counts};

use crate::duplicates::Likeness;
use crate::selection::{Fate, Item, Selection};
use crate::tables;

/// What became of the files, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    files: usize,
    kept: Counts,
    sources: Vec<SourceCounts>,
    reasons: BTreeMap<String, usize>,
    flags: BTreeMap<&'static str, usize>,
    duplicate_groups: usize,
    similar_pairs: usize,
    unconfirmed: usize,
    lung_masks: usize,
    infection_masks: usize,
}

/// What became of a source's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceCounts {
    /// The source.
    pub name: String,
    /// Its files.
    pub files: usize,
    /// Those in the set, by class in the order of [`Class::ALL`].
    pub kept: [usize; 3],
    /// Those left out, by reason.
    pub left_out: BTreeMap<String, usize>,
}

impl Summary {
    pub(crate) fn of(selection: &Selection<'_>) -> Self {
        let items = &selection.items;
        let kept = items.iter().filter_map(|item| match &item.fate {
            Fate::Kept { class, split } => Some((*split, *class)),
            _ => None,
        });
        let mut summary = Self { files: items.len(), kept: kept.collect(), ..Self::default() };
        for item in items {
            summary.add(item);
        }
        for group in tables::groups(selection) {
            match group.members.last() {
                Some(member) if member.likeness == Likeness::Similar => summary.similar_pairs += 1,
                _ => summary.duplicate_groups += 1,
            }
        }
        summary
    }

    fn add(&mut self, item: &Item<'_>) {
        let name = &item.found.source;
        let place = self.sources.iter().position(|source| source.name == *name).unwrap_or_else(|| {
            self.sources.push(SourceCounts { name: name.clone(), ..SourceCounts::default() });
            self.sources.len() - 1
        });
        let source = &mut self.sources[place];
        source.files += 1;
        if let Fate::Kept { class, .. } = &item.fate {
            source.kept[*class as usize] += 1;
            let prepared = |mask: &crate::record::MaskFacts| usize::from(mask.prepared().is_some());
            if let Some(facts) = item.facts() {
                self.lung_masks += prepared(&facts.lung);
                self.infection_masks += prepared(&facts.infection);
            }
        }
        if let Some((reason, _)) = tables::reason(item) {
            *source.left_out.entry(reason.clone()).or_default() += 1;
            *self.reasons.entry(reason).or_default() += 1;
        }
        for flag in &item.flags {
            *self.flags.entry(flag.name()).or_default() += 1;
        }
        self.unconfirmed += usize::from(item.fate == Fate::Flagged);
    }

    /// Files that the sources hold.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files
    }

    /// X-rays in the set, by split and class.
    #[must_use]
    pub fn kept(&self) -> &Counts {
        &self.kept
    }

    /// Sources in the order of their files.
    #[must_use]
    pub fn sources(&self) -> &[SourceCounts] {
        &self.sources
    }

    /// Files left out, by reason: `unreadable`, `not frontal`, `no class`, `exact duplicate`, `near duplicate`,
    /// `flagged`, `dropped by review`.
    #[must_use]
    pub fn left_out(&self, reason: &str) -> usize {
        self.reasons.get(reason).copied().unwrap_or(0)
    }

    /// The reasons for which files were left out, with their numbers.
    pub fn reasons(&self) -> impl Iterator<Item = (&str, usize)> {
        self.reasons.iter().map(|(reason, number)| (reason.as_str(), *number))
    }

    /// Images with a flag, by the flag's name.
    #[must_use]
    pub fn flagged(&self, name: &str) -> usize {
        self.flags.get(name).copied().unwrap_or(0)
    }

    /// The flags that were raised, with their numbers.
    pub fn flags(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.flags.iter().map(|(name, number)| (*name, *number))
    }

    /// Groups of exact and near duplicates.
    #[must_use]
    pub fn duplicate_groups(&self) -> usize {
        self.duplicate_groups
    }

    /// Pairs of images that are similar and no duplicates.
    #[must_use]
    pub fn similar_pairs(&self) -> usize {
        self.similar_pairs
    }

    /// Flagged images on which nobody has decided; they are left out until then.
    #[must_use]
    pub fn unconfirmed(&self) -> usize {
        self.unconfirmed
    }

    /// X-rays in the set with a lung mask.
    #[must_use]
    pub fn lung_masks(&self) -> usize {
        self.lung_masks
    }

    /// X-rays in the set with an infection mask.
    #[must_use]
    pub fn infection_masks(&self) -> usize {
        self.infection_masks
    }

    pub(crate) fn class_total(&self, class: Class) -> usize {
        self.kept.class(class)
    }
}

/// The numbers in words, without a line's end after the last.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} of {} files are in the set", self.kept.total(), self.files)?;
        writeln!(f, "{}", self.kept)?;
        for (reason, number) in &self.reasons {
            writeln!(f, "left out, {reason}: {number}")?;
        }
        write!(
            f,
            "{} groups of duplicates, {} pairs of similar images",
            self.duplicate_groups, self.similar_pairs
        )
    }
}
