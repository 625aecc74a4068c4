//! The tables of a data set: what is in it, what was left out, and what is alike.

use std::path::Path;

use pulmo_data::Part;

use crate::duplicates::Likeness;
use crate::error::Result;
use crate::found::ClassLabel;
use crate::place::file_name;
use crate::record::{Facts, MaskFacts};
use crate::selection::{Fate, Item, Selection};
use crate::write::{csv_bytes, slashed, write_if_changed};

pub(crate) const MANIFEST: &str = "manifest.csv";
pub(crate) const LEFT_OUT: &str = "left-out.csv";
pub(crate) const DUPLICATES: &str = "duplicates.csv";

const MANIFEST_COLUMNS: [&str; 25] = [
    "id",
    "image",
    "class",
    "split",
    "lung_mask",
    "infection_mask",
    "source",
    "origin",
    "sha256",
    "format",
    "bits",
    "width",
    "height",
    "mean",
    "std",
    "near_white",
    "near_black",
    "snr",
    "view",
    "transfer_syntax",
    "flags",
    "decision",
    "lung_convention",
    "licence",
    "warnings",
];
const LEFT_OUT_COLUMNS: [&str; 8] =
    ["source", "origin", "class", "reason", "detail", "id", "duplicate_of", "duplicate_origin"];
const DUPLICATE_COLUMNS: [&str; 9] =
    ["group", "likeness", "id", "source", "origin", "class", "split", "kept", "correlation"];

/// Writes all tables.
pub(crate) fn write(out: &Path, selection: &Selection<'_>) -> Result<()> {
    let kept = selection.items.iter().filter_map(manifest_row);
    write_if_changed(&out.join(MANIFEST), &csv_bytes(&MANIFEST_COLUMNS, kept)?)?;
    let left_out = selection.items.iter().filter_map(|item| left_out_row(item, selection));
    write_if_changed(&out.join(LEFT_OUT), &csv_bytes(&LEFT_OUT_COLUMNS, left_out)?)?;
    let mut alike = Vec::new();
    for (number, group) in groups(selection).iter().enumerate() {
        alike.extend(
            group
                .members
                .iter()
                .enumerate()
                .map(|(at, member)| duplicate_row(number + 1, at, member, selection)),
        );
    }
    write_if_changed(&out.join(DUPLICATES), &csv_bytes(&DUPLICATE_COLUMNS, alike)?)
}

fn manifest_row(item: &Item<'_>) -> Option<[String; 25]> {
    let (Fate::Kept { class, split }, Some(facts)) = (&item.fate, item.facts()) else { return None };
    let name = file_name(item, facts);
    let folders = Part::LungSegmentation.class_folders(Path::new(""), *split, *class);
    let dicom = facts.dicom.as_ref();
    Some([
        facts.id().to_owned(),
        slashed(&folders.images.join(&name)),
        class.to_string(),
        split.to_string(),
        presence(&facts.lung),
        presence(&facts.infection),
        item.found.source.clone(),
        item.found.origin.clone(),
        facts.sha256.clone(),
        facts.format.clone(),
        facts.bits.clone(),
        facts.width.to_string(),
        facts.height.to_string(),
        format!("{:.4}", facts.mean),
        format!("{:.4}", facts.std),
        format!("{:.4}", facts.near_white),
        format!("{:.4}", facts.near_black),
        facts.snr.map_or_else(String::new, |snr| format!("{snr:.2}")),
        dicom.map_or_else(String::new, |dicom| dicom.view.clone()),
        dicom.map_or_else(String::new, |dicom| dicom.transfer_syntax.clone()),
        flags(item),
        item.decision.map_or_else(String::new, |decision| decision.to_string()),
        item.found.lung_convention.clone(),
        item.found.licence.clone(),
        warnings(facts),
    ])
}

fn left_out_row(item: &Item<'_>, selection: &Selection<'_>) -> Option<[String; 8]> {
    let other = match &item.fate {
        Fate::Duplicate { of, .. } => selection.items.get(*of),
        _ => None,
    };
    let (reason, detail) = reason(item)?;
    Some([
        item.found.source.clone(),
        item.found.origin.clone(),
        class_name(&item.found.class),
        reason,
        detail,
        item.facts().map_or_else(String::new, |facts| facts.id().to_owned()),
        other.and_then(Item::facts).map_or_else(String::new, |facts| facts.id().to_owned()),
        other.map_or_else(String::new, |other| format!("{}: {}", other.found.source, other.found.origin)),
    ])
}

/// Why a file is left out, in a word or two and at length; `None` if it is not.
pub(crate) fn reason(item: &Item<'_>) -> Option<(String, String)> {
    let (reason, detail) = match &item.fate {
        Fate::Kept { .. } => return None,
        Fate::Unreadable(reason) => ("unreadable", reason.clone()),
        Fate::OtherView(view) => ("not frontal", format!("the DICOM file says that the view is {view}")),
        Fate::NoClass(reason) => ("no class", reason.clone()),
        Fate::Duplicate { likeness: Likeness::Exact, .. } => ("exact duplicate", String::new()),
        Fate::Duplicate { .. } => ("near duplicate", String::new()),
        Fate::Flagged => ("flagged", long_flags(item)),
        Fate::Dropped => ("dropped by review", long_flags(item)),
    };
    Some((reason.to_owned(), detail))
}

/// Images that are alike: a group of duplicates, or two that are only similar.
pub(crate) struct Group {
    pub(crate) members: Vec<Member>,
}

pub(crate) struct Member {
    /// Place among the items.
    pub(crate) item: usize,
    pub(crate) likeness: Likeness,
    /// Correlation with the first member at the size compiled to, where it was computed.
    pub(crate) correlation: Option<f64>,
}

/// Groups of exact and near duplicates, the one that stands for the others first; then pairs of similar images of
/// different groups.
pub(crate) fn groups(selection: &Selection<'_>) -> Vec<Group> {
    let duplicates = &selection.duplicates;
    let mut groups = Vec::new();
    let mut members_of = vec![Vec::new(); selection.images.len()];
    for (place, &first) in duplicates.group.iter().enumerate() {
        members_of[first].push(place);
    }
    for mut members in members_of.into_iter().filter(|members| members.len() > 1) {
        let kept = |place: usize| matches!(selection.items[selection.images[place]].fate, Fate::Kept { .. });
        members.sort_by_key(|&place| (!kept(place), place));
        let first = members[0];
        let member = |place: usize| {
            let same = duplicates.first_of_exact[place] == duplicates.first_of_exact[first];
            Member {
                item: selection.images[place],
                likeness: if same { Likeness::Exact } else { Likeness::Near },
                correlation: if same {
                    Some(1.0)
                } else {
                    duplicates.between(first, place).map(|pair| pair.correlation)
                },
            }
        };
        groups.push(Group { members: members.into_iter().map(member).collect() });
    }
    let similar = duplicates.pairs.iter().filter(|pair| {
        pair.likeness == Likeness::Similar && duplicates.group[pair.first] != duplicates.group[pair.second]
    });
    groups.extend(similar.map(|pair| {
        let member = |place: usize, correlation| Member {
            item: selection.standing_for(place),
            likeness: Likeness::Similar,
            correlation: Some(correlation),
        };
        Group { members: vec![member(pair.first, 1.0), member(pair.second, pair.correlation)] }
    }));
    groups
}

/// The row of a group's member, by its place; the others of a group are like its first.
fn duplicate_row(number: usize, at: usize, member: &Member, selection: &Selection<'_>) -> [String; 9] {
    let item = &selection.items[member.item];
    let (split, kept) = match &item.fate {
        Fate::Kept { split, .. } => (split.to_string(), "yes"),
        _ => (item.found.split.map_or_else(String::new, |split| split.to_string()), "no"),
    };
    [
        number.to_string(),
        if at == 0 { "first".to_owned() } else { member.likeness.to_string() },
        item.facts().map_or_else(String::new, |facts| facts.id().to_owned()),
        item.found.source.clone(),
        item.found.origin.clone(),
        class_name(&item.found.class),
        split,
        kept.to_owned(),
        member.correlation.map_or_else(String::new, |correlation| format!("{correlation:.4}")),
    ]
}

pub(crate) fn class_name(class: &ClassLabel) -> String {
    match class {
        ClassLabel::Known(class) => class.to_string(),
        ClassLabel::Unknown(word) => word.clone(),
        ClassLabel::Missing => String::new(),
    }
}

/// Names of the flags.
fn flags(item: &Item<'_>) -> String {
    item.flags.iter().map(|flag| flag.name()).collect::<Vec<_>>().join("; ")
}

/// The flags with their figures.
pub(crate) fn long_flags(item: &Item<'_>) -> String {
    item.flags.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn presence(mask: &MaskFacts) -> String {
    if mask.prepared().is_some() { "yes" } else { "no" }.to_owned()
}

/// The decoder's warnings and what is wrong with masks.
fn warnings(facts: &Facts) -> String {
    let mut warnings = facts.warnings.clone();
    for (kind, mask) in [("lung mask", &facts.lung), ("infection mask", &facts.infection)] {
        if let MaskFacts::Unusable(reason) = mask {
            warnings.push(format!("{kind} left out: {reason}"));
        }
    }
    warnings.join("; ")
}
