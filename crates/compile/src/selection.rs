//! Which files go into the set, and what becomes of the others.

use std::cmp::Reverse;

use pulmo_data::{Class, Split};

use crate::duplicates::{Duplicates, Likeness};
use crate::flag::Flag;
use crate::found::{ClassLabel, Found};
use crate::options::Options;
use crate::record::{Content, Facts, MaskFacts, Record};
use crate::review::{Decision, Review};

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fate {
    Kept {
        class: Class,
        split: Split,
    },
    Unreadable(String),
    OtherView(String),
    NoClass(String),
    /// A duplicate of a file, by its place among all.
    Duplicate {
        of: usize,
        likeness: Likeness,
    },
    /// Flagged, and not kept by a person.
    Flagged,
    /// Dropped by a person.
    Dropped,
}

/// One file with all that was found out.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) found: &'a Found,
    pub(crate) record: &'a Record,
    pub(crate) flags: Vec<Flag>,
    pub(crate) decision: Option<Decision>,
    pub(crate) fate: Fate,
}

impl Item<'_> {
    pub(crate) fn facts(&self) -> Option<&Facts> {
        match &self.record.content {
            Content::Image(facts) => Some(facts),
            _ => None,
        }
    }

    /// Whether a person is asked about it: flagged, or left out for resembling another.
    pub(crate) fn is_asked(&self) -> bool {
        match &self.fate {
            Fate::Duplicate { likeness, .. } => *likeness != Likeness::Exact,
            Fate::Unreadable(_) | Fate::OtherView(_) | Fate::NoClass(_) => false,
            Fate::Kept { .. } | Fate::Flagged | Fate::Dropped => {
                !self.flags.is_empty() || self.decision.is_some()
            }
        }
    }
}

/// All files with their fates, and the images among them that were compared.
#[derive(Debug)]
pub(crate) struct Selection<'a> {
    pub(crate) items: Vec<Item<'a>>,
    /// Places of the images among the items, in the order of `duplicates`.
    pub(crate) images: Vec<usize>,
    pub(crate) duplicates: Duplicates,
}

impl<'a> Selection<'a> {
    /// The item that is in the set for an image or for the pixels of it: itself, or the exact duplicate that stands for
    /// it.
    pub(crate) fn standing_for(&self, image: usize) -> usize {
        let item = self.images[image];
        match &self.items[item].fate {
            Fate::Duplicate { of, likeness: Likeness::Exact } => *of,
            _ => item,
        }
    }

    pub(crate) fn make(
        found: &'a [Found],
        records: &'a [Record],
        duplicates: impl FnOnce(&[&Facts]) -> crate::Result<Duplicates>,
        review: &Review,
        options: &Options,
    ) -> crate::Result<Self> {
        let mut items: Vec<Item<'a>> =
            found.iter().zip(records).map(|(found, record)| item(found, record, review, options)).collect();
        let images: Vec<usize> = (0..items.len())
            .filter(|&place| items[place].facts().is_some() && items[place].found.class.known().is_some())
            .collect();
        let facts: Vec<&Facts> = images.iter().filter_map(|&place| items[place].facts()).collect();
        let duplicates = duplicates(&facts)?;
        drop(facts);
        let splits = Splits::of(&items, &images, &duplicates, options);
        for members in grouped(&duplicates.group) {
            settle(&mut items, &members, &images, &duplicates, &splits);
        }
        Ok(Self { items, images, duplicates })
    }
}

fn item<'a>(found: &'a Found, record: &'a Record, review: &Review, options: &Options) -> Item<'a> {
    let (flags, decision, fate) = match (&record.content, &found.class) {
        (Content::Unreadable(reason), _) => (Vec::new(), None, Fate::Unreadable(reason.clone())),
        (Content::OtherView(view), _) => (Vec::new(), None, Fate::OtherView(view.clone())),
        (Content::Image(_), ClassLabel::Missing) => {
            (Vec::new(), None, Fate::NoClass("its source gives none".into()))
        }
        (Content::Image(_), ClassLabel::Unknown(word)) => {
            (Vec::new(), None, Fate::NoClass(format!("'{word}' is not understood; say which class it is")))
        }
        (Content::Image(facts), ClassLabel::Known(_)) => {
            (Flag::of(facts, &options.thresholds), review.decision(facts.id()), Fate::Flagged)
        }
    };
    Item { found, record, flags, decision, fate }
}

/// Places with the same first place, in order.
fn grouped(firsts: &[usize]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); firsts.len()];
    for (place, &first) in firsts.iter().enumerate() {
        groups[first].push(place);
    }
    groups.retain(|members| !members.is_empty());
    groups
}

/// Decides on a group of duplicates, which may be one image alone: one stands for those of its pixels, and one of these
/// for all.
fn settle(
    items: &mut [Item<'_>],
    members: &[usize],
    images: &[usize],
    duplicates: &Duplicates,
    splits: &Splits,
) {
    let class = |member: usize| items[images[member]].found.class.known();
    let conflicts: Vec<(usize, Flag)> = members
        .iter()
        .filter_map(|&member| {
            let other = members.iter().find(|&&other| class(other) != class(member))?;
            let found = items[images[*other]].found;
            let other = format!("{}: {}", found.source, found.origin);
            Some((images[member], Flag::ClassConflict { class: found.class.known()?, other }))
        })
        .collect();
    for (place, flag) in conflicts {
        items[place].flags.push(flag);
    }
    let best = |of: &[usize]| of.iter().copied().min_by_key(|&member| (rank(&items[images[member]]), member));
    let same_pixels = |member: usize| -> Vec<usize> {
        let first = duplicates.first_of_exact[member];
        members.iter().copied().filter(|&other| duplicates.first_of_exact[other] == first).collect()
    };
    let chosen = best(members);
    let fates: Vec<(usize, Fate)> = members
        .iter()
        .map(|&member| {
            let item = &items[images[member]];
            let stands_for_its_pixels = best(&same_pixels(member)).filter(|delegate| *delegate != member);
            let split = item.found.split.unwrap_or(splits.of_family[member]);
            let kept = |class| Fate::Kept { class, split };
            let filed = || item.found.class.known().map_or(Fate::Flagged, kept);
            let fate = match (stands_for_its_pixels, item.decision, chosen) {
                (Some(delegate), ..) => Fate::Duplicate { of: images[delegate], likeness: Likeness::Exact },
                (None, Some(Decision::Keep), _) => filed(),
                (None, Some(Decision::KeepAs(class)), _) => kept(class),
                (None, Some(Decision::Drop), _) => Fate::Dropped,
                (None, None, Some(chosen)) if chosen != member => {
                    Fate::Duplicate { of: images[chosen], likeness: Likeness::Near }
                }
                (None, None, _) if item.flags.is_empty() => filed(),
                (None, None, _) => Fate::Flagged,
            };
            (images[member], fate)
        })
        .collect();
    for (place, fate) in fates {
        items[place].fate = fate;
    }
}

/// What makes an image stand for its duplicates, the smallest first: not dropped, not flagged, with masks, of a stated
/// split, large.
fn rank(item: &Item<'_>) -> (bool, bool, bool, bool, bool, Reverse<u64>) {
    let facts = item.facts();
    let lacks = |mask: fn(&Facts) -> &MaskFacts| facts.is_none_or(|facts| mask(facts).prepared().is_none());
    let pixels = facts.map_or(0, |facts| u64::from(facts.width) * u64::from(facts.height));
    (
        item.decision == Some(Decision::Drop),
        !item.flags.is_empty() && !item.decision.is_some_and(Decision::keeps),
        lacks(|facts| &facts.infection),
        lacks(|facts| &facts.lung),
        item.found.split.is_none(),
        Reverse(pixels),
    )
}

/// The split of each image whose source states none: that of similar images, else drawn by the smallest hash among
/// them, so that alike images stay on one side and the order of sources changes nothing.
struct Splits {
    of_family: Vec<Split>,
}

impl Splits {
    fn of(items: &[Item<'_>], images: &[usize], duplicates: &Duplicates, options: &Options) -> Self {
        let mut of_family = vec![Split::Train; images.len()];
        for family in grouped(&duplicates.family) {
            let stated = family.iter().find_map(|&member| items[images[member]].found.split);
            let hashes = family.iter().filter_map(|&member| items[images[member]].facts());
            let hash = hashes.map(|facts| facts.sha256.as_str()).min().unwrap_or_default();
            let split = stated.unwrap_or_else(|| drawn(hash, options));
            for member in family {
                of_family[member] = split;
            }
        }
        Self { of_family }
    }
}

fn drawn(sha256: &str, options: &Options) -> Split {
    const DIGITS: usize = 8;
    let number = sha256.get(..DIGITS).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    let place = f64::from(number) / (f64::from(u32::MAX) + 1.0);
    if place < options.test {
        Split::Test
    } else if place < options.test + options.val {
        Split::Val
    } else {
        Split::Train
    }
}
