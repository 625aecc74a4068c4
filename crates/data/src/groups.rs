//! Cases that belong together and must stay on one side of a split.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::case::Case;

/// Cases that belong together, such as the X-rays of one patient or near-duplicates. A case that is not mentioned is a
/// group of its own. The JSON form maps ids to names of groups and may be written by hand:
///
/// ```
/// let text = r#"{"Train/Normal/a": "patient 7", "Train/Normal/b": "patient 7"}"#;
/// let groups: pulmo_data::Groups = serde_json::from_str(text)?;
/// assert_eq!(groups.group_of("Train/Normal/b"), Some("patient 7"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Groups {
    group_of: BTreeMap<String, String>,
}

impl Groups {
    /// Every case on its own.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Groups by a key, say the patient's number in the file name; cases without a key stay on their own.
    #[must_use]
    pub fn by_key(cases: &[Case], key: impl Fn(&Case) -> Option<String>) -> Self {
        let keyed = cases.iter().filter_map(|case| Some((case.id().to_owned(), key(case)?)));
        Self { group_of: keyed.collect() }
    }

    /// The group of a case, `None` where it is on its own.
    #[must_use]
    pub fn group_of(&self, id: &str) -> Option<&str> {
        self.group_of.get(id).map(String::as_str)
    }

    /// Those of `cases` that belong together by either, or along a chain of both; a group bears the id of its first case.
    #[must_use]
    pub fn merged(&self, other: &Self, cases: &[Case]) -> Self {
        let groups = self.members(cases).into_iter().chain(other.members(cases));
        let pairs = groups.flat_map(|members| {
            let first = members.first().copied();
            members.into_iter().filter_map(move |member| Some((first?, member)))
        });
        let firsts = joined(cases.len(), pairs);
        let mut sizes = vec![0_usize; cases.len()];
        firsts.iter().for_each(|&first| sizes[first] += 1);
        let id = |position: usize| cases[position].id().to_owned();
        let together = firsts.iter().enumerate().filter(|(_, first)| sizes[**first] > 1);
        together.map(|(position, &first)| (id(position), id(first))).collect()
    }

    /// Positions of the cases of each group, singletons included, in order of their first case.
    pub(crate) fn members(&self, cases: &[Case]) -> Vec<Vec<usize>> {
        let mut place_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (position, case) in cases.iter().enumerate() {
            let place = match self.group_of(case.id()) {
                Some(group) => *place_of.entry(group).or_insert(groups.len()),
                None => groups.len(),
            };
            match groups.get_mut(place) {
                Some(members) => members.push(position),
                None => groups.push(vec![position]),
            }
        }
        groups
    }
}

impl FromIterator<(String, String)> for Groups {
    /// From pairs of case id and group name.
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self { group_of: pairs.into_iter().collect() }
    }
}

/// Joins positions 0..`len` along `pairs` into groups; gives for each position the first one of its group. Pairs with a
/// position beyond are passed over.
#[must_use]
pub fn joined(len: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..len).collect();
    for (first, second) in pairs.into_iter().filter(|(first, second)| first.max(second) < &len) {
        let (a, b) = (root(&mut parents, first), root(&mut parents, second));
        parents[a.max(b)] = a.min(b);
    }
    (0..len).map(|position| root(&mut parents, position)).collect()
}

fn root(parents: &mut [usize], mut position: usize) -> usize {
    while parents[position] != position {
        parents[position] = parents[parents[position]];
        position = parents[position];
    }
    position
}
