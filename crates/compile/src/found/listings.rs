//! Files that are listed more than once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Found;
use crate::error::{Error, Result};

/// Drops listings that repeat an earlier one of their file, and gives every other an origin of its own.
///
/// # Errors
/// [`Error::SameOrigin`]: two files share source and origin.
pub(super) fn told_apart(all: Vec<Found>) -> Result<Vec<Found>> {
    let mut listings: BTreeMap<PathBuf, Vec<Found>> = BTreeMap::new();
    let mut files: BTreeMap<(String, String), PathBuf> = BTreeMap::new();
    let mut origins = BTreeSet::new();
    let mut kept = Vec::with_capacity(all.len());
    for mut found in all {
        let file = real(&found.image);
        let earlier = listings.entry(file.clone()).or_default();
        if earlier.iter().any(|earlier| says_the_same(earlier, &found)) {
            continue;
        }
        let place = (found.source.clone(), found.origin.clone());
        if *files.entry(place).or_insert_with(|| file.clone()) != file {
            return Err(Error::SameOrigin { name: found.source, origin: found.origin });
        }
        earlier.push(found.clone());
        let (origin, mut listing) = (found.origin.clone(), earlier.len());
        while !origins.insert((found.source.clone(), found.origin.clone())) {
            found.origin = format!("{origin} (listing {listing})");
            listing += 1;
        }
        kept.push(found);
    }
    Ok(kept)
}

/// Whether two listings of one file agree in all that a source says of it.
fn says_the_same(one: &Found, other: &Found) -> bool {
    let mask = |path: &Option<PathBuf>| path.as_deref().map(real);
    (&one.class, one.split, &one.lung_convention, &one.licence)
        == (&other.class, other.split, &other.lung_convention, &other.licence)
        && mask(&one.lung) == mask(&other.lung)
        && mask(&one.infection) == mask(&other.infection)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
