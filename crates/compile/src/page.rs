//! The page to look at.

use askama::Template;
use pulmo_data::{Class, Split};
use pulmo_report::{RelativePath, STYLE};

use crate::duplicates::Likeness;
use crate::error::{Error, Result};
use crate::record::Facts;
use crate::selection::{Fate, Item, Selection};
use crate::store::Store;
use crate::summary::Summary;
use crate::tables::{self, class_name};

pub(crate) const FILE: &str = "index.html";

/// Groups and pictures that a page shows; the tables have all.
const MOST_SHOWN: usize = 300;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    style: &'static str,
    summary: &'a Summary,
    reasons: Vec<Named>,
    flags: Vec<Named>,
    sources: Vec<SourceRow>,
    splits: Vec<SplitRow>,
    classes: [(Class, usize); 3],
    notices: Vec<String>,
    review: Shown<Card>,
    duplicates: Shown<GroupView>,
    similar: Shown<GroupView>,
    failures: Vec<Failure>,
    tables: [&'static str; 4],
}

struct Named {
    name: String,
    number: usize,
}

struct SourceRow {
    name: String,
    files: usize,
    kept: [usize; 3],
    total: usize,
    left_out: String,
}

struct SplitRow {
    split: Split,
    kept: [usize; 3],
    total: usize,
}

/// Some of a list, with its length.
struct Shown<T> {
    some: Vec<T>,
    all: usize,
}

impl<T> Shown<T> {
    fn of(all: usize, from: impl Iterator<Item = T>) -> Self {
        Self { some: from.take(MOST_SHOWN).collect(), all }
    }

    fn is_cut(&self) -> bool {
        self.some.len() < self.all
    }
}

/// One image with what is to be said of it.
struct Card {
    picture: Option<String>,
    id: String,
    source: String,
    origin: String,
    /// The last part of the origin.
    name: String,
    class: String,
    size: String,
    /// What became of it, with a style's name.
    fate: &'static str,
    style: &'static str,
    lines: Vec<String>,
}

struct GroupView {
    number: usize,
    members: Vec<Card>,
}

struct Failure {
    source: String,
    origin: String,
    reason: String,
}

pub(crate) fn render(selection: &Selection<'_>, summary: &Summary) -> Result<String> {
    let items = &selection.items;
    let flagged: Vec<&Item<'_>> =
        items.iter().filter(|item| item.is_asked() && !is_duplicate(item)).collect();
    let groups = tables::groups(selection);
    let is_similar =
        |group: &tables::Group| group.members.last().is_some_and(|m| m.likeness == Likeness::Similar);
    let view = |similar: bool| {
        let numbered = groups.iter().enumerate().filter(|(_, group)| is_similar(group) == similar);
        Shown::of(
            numbered.clone().count(),
            numbered
                .map(|(at, group)| GroupView::of(at + 1, group, selection))
                .collect::<Vec<_>>()
                .into_iter(),
        )
    };
    let page = Page {
        style: STYLE,
        summary,
        reasons: summary.reasons().map(|(name, number)| Named { name: name.to_owned(), number }).collect(),
        flags: summary.flags().map(|(name, number)| Named { name: name.to_owned(), number }).collect(),
        sources: summary.sources().iter().map(SourceRow::of).collect(),
        splits: Split::ALL.map(|split| SplitRow::of(split, summary)).into(),
        classes: Class::ALL.map(|class| (class, summary.class_total(class))),
        notices: notices(selection),
        review: Shown::of(flagged.len(), flagged.iter().map(|item| Card::of(item, flag_lines(item)))),
        duplicates: view(false),
        similar: view(true),
        failures: items.iter().filter_map(Failure::of).collect(),
        tables: [tables::MANIFEST, crate::review::Review::FILE, tables::DUPLICATES, tables::LEFT_OUT],
    };
    page.render().map_err(|error| Error::Render { what: "the page", reason: error.to_string() })
}

fn is_duplicate(item: &Item<'_>) -> bool {
    matches!(item.fate, Fate::Duplicate { .. })
}

fn flag_lines(item: &Item<'_>) -> Vec<String> {
    item.flags.iter().map(ToString::to_string).collect()
}

impl SourceRow {
    fn of(source: &crate::summary::SourceCounts) -> Self {
        let left_out = source.left_out.iter().map(|(reason, number)| format!("{number} {reason}"));
        Self {
            name: source.name.clone(),
            files: source.files,
            kept: source.kept,
            total: source.kept.iter().sum(),
            left_out: left_out.collect::<Vec<_>>().join(", "),
        }
    }
}

impl SplitRow {
    fn of(split: Split, summary: &Summary) -> Self {
        let kept = Class::ALL.map(|class| summary.kept().get(split, class));
        Self { split, kept, total: kept.iter().sum() }
    }
}

impl Card {
    fn of(item: &Item<'_>, lines: Vec<String>) -> Self {
        let facts = item.facts();
        let picture = facts.and_then(|facts| RelativePath::new(Store::relative(&facts.sha256)).ok());
        let (fate, style) = match &item.fate {
            Fate::Kept { .. } => ("kept", "kept"),
            Fate::Flagged => ("left out until confirmed", "open"),
            Fate::Dropped => ("dropped by review", "dropped"),
            _ => ("left out", "dropped"),
        };
        Self {
            picture: picture.map(|path| path.to_url()),
            id: facts.map_or("", Facts::id).to_owned(),
            source: item.found.source.clone(),
            origin: item.found.origin.clone(),
            name: item.found.origin.rsplit('/').next().unwrap_or_default().to_owned(),
            class: class_name(&item.found.class),
            size: facts
                .map_or_else(String::new, |f| format!("{} \u{d7} {} px, {}", f.width, f.height, f.format)),
            fate,
            style,
            lines,
        }
    }
}

impl GroupView {
    fn of(number: usize, group: &tables::Group, selection: &Selection<'_>) -> Self {
        let card = |(at, member): (usize, &tables::Member)| {
            let item = &selection.items[member.item];
            let mut lines = Vec::new();
            if at > 0 {
                let figure = member.correlation.map(|value| format!(", correlation {value:.4}"));
                lines.push(format!("{}{}", member.likeness, figure.unwrap_or_default()));
            }
            lines.extend(match &item.fate {
                Fate::Kept { split, .. } => Some(split.to_string()),
                _ => item.found.split.map(|split| format!("its source: {split}")),
            });
            lines.extend(flag_lines(item));
            Card::of(item, lines)
        };
        Self { number, members: group.members.iter().enumerate().map(card).collect() }
    }
}

impl Failure {
    fn of(item: &Item<'_>) -> Option<Self> {
        let reason = match &item.fate {
            Fate::Unreadable(reason) => reason.clone(),
            Fate::OtherView(view) => format!("not frontal: the DICOM file says that the view is {view}"),
            Fate::NoClass(reason) => format!("no class: {reason}"),
            _ => return None,
        };
        Some(Self { source: item.found.source.clone(), origin: item.found.origin.clone(), reason })
    }
}

/// What a user of the set should know about it as a whole.
fn notices(selection: &Selection<'_>) -> Vec<String> {
    let kept = || {
        selection.items.iter().filter_map(|item| match &item.fate {
            Fate::Kept { split, .. } => Some((item, *split)),
            _ => None,
        })
    };
    let mut conventions: Vec<&str> = kept()
        .filter(|(item, _)| item.facts().is_some_and(|facts| facts.lung.prepared().is_some()))
        .map(|(item, _)| item.found.lung_convention.as_str())
        .collect();
    conventions.sort_unstable();
    conventions.dedup();
    let mut notices = Vec::new();
    if conventions.len() > 1 {
        let named: Vec<&str> = conventions
            .iter()
            .map(|convention| if convention.is_empty() { "not stated" } else { convention })
            .collect();
        notices.push(format!(
            "Lung masks of different conventions are in the set ({}); see lung_convention in the manifest before training on them together.",
            named.join(", ")
        ));
    }
    let split_of = |place: usize| match &selection.items[selection.standing_for(place)].fate {
        Fate::Kept { split, .. } => Some(*split),
        _ => None,
    };
    let across = selection.duplicates.pairs.iter().filter(|pair| {
        matches!((split_of(pair.first), split_of(pair.second)), (Some(one), Some(other)) if one != other)
    });
    let across = across.count();
    if across > 0 {
        notices.push(format!(
            "Pairs of alike images in different splits, as their sources have them: {across}. Drop one of each where figures on Test must not be flattered."
        ));
    }
    notices
}
