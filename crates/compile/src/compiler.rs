//! The whole way from sources to a data set.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use pulmo_core::files;
use rayon::prelude::*;

use crate::claim::{Claim, Marker, NAME};
use crate::classes::ClassWords;
use crate::duplicates::Duplicates;
use crate::error::{Error, Result};
use crate::found::{self, Found};
use crate::journal::{Journal, Records};
use crate::options::Options;
use crate::page;
use crate::place::place;
use crate::prepare::{prepare, stamps};
use crate::record::{Content, Facts, MaskFacts, READ_AS, Record};
use crate::review::{Question, Review};
use crate::selection::{Fate, Item, Selection};
use crate::source::Source;
use crate::store::Store;
use crate::summary::Summary;
use crate::tables;
use crate::write::write_if_changed;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// So many of so many files are read.
    Reading {
        /// Files read, in this run or an earlier one.
        done: usize,
        /// All files.
        total: usize,
    },
    /// All files are read; they are compared.
    Comparing,
    /// The data set is written.
    Writing,
}

/// Compiles sources into one data set.
#[derive(Debug, Clone)]
pub struct Compiler {
    sources: Vec<Source>,
    words: ClassWords,
    options: Options,
    out: PathBuf,
}

impl Compiler {
    /// A compiler of `sources` into the folder `out`.
    ///
    /// # Errors
    /// An option lies outside its range.
    pub fn new(sources: Vec<Source>, out: impl Into<PathBuf>, options: Options) -> Result<Self> {
        Ok(Self { sources, words: ClassWords::default(), options: options.checked()?, out: out.into() })
    }

    /// With other words for classes.
    #[must_use]
    pub fn with_words(self, words: ClassWords) -> Self {
        Self { words, ..self }
    }

    /// Reads all files that are new or changed since the last run, compares all, and writes the data set with its
    /// tables and its page. A file that cannot be read is part of the report. Interrupted, the next run goes on where
    /// this one stopped; run again, nothing changes.
    ///
    /// # Errors
    /// A source, a manifest or the review cannot be understood, or the output cannot be written.
    pub fn run(&self, progress: &(dyn Fn(Progress) + Sync)) -> Result<Summary> {
        self.check_nesting()?;
        let found = found::find(&self.sources, &self.words)?;
        let _claim = self.claim_output()?;
        // Before anything is read or written: a review that cannot be understood must not be lost.
        let review = Review::read(&self.out, &self.words)?;
        let store = Store::in_output(&self.out);
        let (journal, known) = Journal::open(&self.out)?;
        let records = self.read_all(&found, &known, &journal, &store, progress)?;
        drop(known);
        progress(Progress::Comparing);
        let compare = |images: &[&Facts]| Duplicates::find(images, &store, &self.options);
        let selection = Selection::make(&found, &records, compare, &review, &self.options)?;
        progress(Progress::Writing);
        place(&self.out, &selection, &store)?;
        tables::write(&self.out, &selection)?;
        // What a person saved meanwhile counts from the next run on, and stays.
        Review::read(&self.out, &self.words)?.write(&self.out, &questions(&selection))?;
        let summary = Summary::of(&selection);
        write_if_changed(&self.out.join(page::FILE), page::render(&selection, &summary)?.as_bytes())?;
        journal.finish(&records)?;
        let wanted = pictures(&records);
        store.keep_only(|sha256| wanted.contains(sha256))?;
        Ok(summary)
    }

    /// The page that a run writes.
    #[must_use]
    pub fn page(&self) -> PathBuf {
        self.out.join(page::FILE)
    }

    /// The review that a run writes and reads.
    #[must_use]
    pub fn review(&self) -> PathBuf {
        self.out.join(Review::FILE)
    }

    fn read_all(
        &self,
        found: &[Found],
        known: &Records,
        journal: &Journal,
        store: &Store,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Vec<Record>> {
        let (done, total) = (AtomicUsize::new(0), found.len());
        found
            .par_iter()
            .map(|found| {
                let key = (found.source.clone(), found.origin.clone());
                let record = match known.get(&key).filter(|record| is_current(record, found, store)) {
                    Some(record) => record.clone(),
                    None => {
                        let record = prepare(found, self.options.size, store)?;
                        if known.get(&key) != Some(&record) {
                            journal.append(&record)?;
                        }
                        record
                    }
                };
                progress(Progress::Reading { done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
                Ok(record)
            })
            .collect()
    }

    /// Makes the output folder, or checks that it is one of ours, and holds it until the claim is dropped.
    fn claim_output(&self) -> Result<Claim> {
        files::create_folder(&self.out)?;
        if Marker::read(&self.out).is_none() {
            Claim::check_empty(&self.out)?;
        }
        let claim = Claim::take(&self.out)?;
        files::sweep(&self.out)?;
        match Marker::read(&self.out) {
            Some(marker) if marker.compiled_by != NAME => {
                Err(Error::ForeignOutput { path: self.out.clone() })
            }
            Some(marker) if marker.size != self.options.size => {
                Err(Error::OtherSize { path: self.out.clone(), found: marker.size, asked: self.options.size })
            }
            Some(_) => Ok(claim),
            None => {
                Marker { compiled_by: NAME.to_owned(), size: self.options.size }.write(&self.out)?;
                Ok(claim)
            }
        }
    }

    /// A source must not lie in the output, which changes, nor the output in a folder that is searched.
    fn check_nesting(&self) -> Result<()> {
        let full = |path: &Path| std::path::absolute(path).map_err(Error::read(path));
        let real = |path: &Path| path.canonicalize().or_else(|_| full(path));
        // Made absolute first: a bare name has an empty parent.
        let out = full(&self.out)?;
        let out = match out.parent().zip(out.file_name()).filter(|_| !out.exists()) {
            Some((parent, name)) => real(parent)?.join(name),
            None => real(&out)?,
        };
        for source in &self.sources {
            let path = real(source.path())?;
            if path.starts_with(&out) || (path.is_dir() && out.starts_with(&path)) {
                return Err(Error::Nested { out: self.out.clone(), path: source.path().to_owned() });
            }
        }
        Ok(())
    }
}

/// Whether what was read still holds: the files are as they were and their pictures there. What could not be read is
/// tried again.
fn is_current(record: &Record, found: &Found, store: &Store) -> bool {
    let there = match &record.content {
        Content::Image(facts) => sha256s(facts).all(|sha256| store.has(sha256)),
        Content::OtherView(_) => true,
        Content::Unreadable(_) => false,
    };
    there && record.read_as == READ_AS && record.stamps == stamps(found)
}

fn sha256s(facts: &Facts) -> impl Iterator<Item = &str> {
    let masks = [&facts.lung, &facts.infection].into_iter().filter_map(MaskFacts::prepared);
    std::iter::once(facts.sha256.as_str()).chain(masks)
}

fn pictures(records: &[Record]) -> BTreeSet<&str> {
    let facts = records.iter().filter_map(|record| match &record.content {
        Content::Image(facts) => Some(facts),
        _ => None,
    });
    facts.flat_map(|facts| sha256s(facts)).collect()
}

/// What a person is asked: first about flagged images, then about near duplicates.
fn questions(selection: &Selection<'_>) -> Vec<Question> {
    let asked = |duplicates: bool| {
        let items = selection.items.iter().filter(|item| item.is_asked());
        items.filter(move |item| matches!(item.fate, Fate::Duplicate { .. }) == duplicates)
    };
    asked(false).chain(asked(true)).filter_map(|item| question(item, selection)).collect()
}

fn question(item: &Item<'_>, selection: &Selection<'_>) -> Option<Question> {
    let mut reasons = vec![tables::long_flags(item)];
    if let Fate::Duplicate { of, .. } = &item.fate {
        let other = &selection.items[*of];
        reasons.push(format!("near duplicate of {}: {}", other.found.source, other.found.origin));
    }
    reasons.retain(|reason| !reason.is_empty());
    Some(Question {
        id: item.facts()?.id().to_owned(),
        source: item.found.source.clone(),
        origin: item.found.origin.clone(),
        class: tables::class_name(&item.found.class),
        reasons: reasons.join("; "),
    })
}
