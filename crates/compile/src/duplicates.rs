//! Exact and near duplicates among the images of all sources.

use std::collections::BTreeMap;

use pulmo_data::{Thumbnail, joined, similar_pairs};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::options::Options;
use crate::record::Facts;
use crate::store::Store;

/// How two images are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Likeness {
    /// The decoded pixels are the same.
    Exact,
    /// The pictures agree at the size compiled to.
    Near,
    /// They agree at 48 x 48 pixels alone, as follow-ups of one patient do.
    Similar,
}

impl std::fmt::Display for Likeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Similar => "similar",
        })
    }
}

/// Two images that are near duplicates or similar, by their places among the images.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Alike {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) likeness: Likeness,
    /// Correlation at the size compiled to.
    pub(crate) correlation: f64,
}

/// What is alike among images.
#[derive(Debug, Default)]
pub(crate) struct Duplicates {
    /// For each image the place of the first one with its pixels.
    pub(crate) first_of_exact: Vec<usize>,
    /// Near duplicates and similar images, one image for each set of the same pixels.
    pub(crate) pairs: Vec<Alike>,
    /// For each image the place of the first one of its group: exact and near duplicates, directly or through others.
    pub(crate) group: Vec<usize>,
    /// As [`group`](Self::group), with similar images.
    pub(crate) family: Vec<usize>,
}

impl Duplicates {
    /// Compares all images; thumbnails are made of the store's pictures.
    pub(crate) fn find(images: &[&Facts], store: &Store, options: &Options) -> Result<Self> {
        let mut first_with: BTreeMap<&str, usize> = BTreeMap::new();
        let first_of_exact: Vec<usize> = images
            .iter()
            .enumerate()
            .map(|(place, facts)| *first_with.entry(facts.sha256.as_str()).or_insert(place))
            .collect();
        let distinct: Vec<usize> =
            (0..images.len()).filter(|place| first_of_exact[*place] == *place).collect();
        let size = options.size as usize;
        let thumbnails: Vec<Thumbnail> = distinct
            .par_iter()
            .map(|place| Ok(Thumbnail::new(size, &picture(store, &images[*place].sha256, size)?)))
            .collect::<Result<_>>()?;
        let candidates = similar_pairs(&thumbnails, options.similar)?;
        // Those of one first image together, which is decoded once for all of them.
        let by_first: Vec<_> = candidates.chunk_by(|one, next| one.first == next.first).collect();
        let compared: Vec<Vec<Alike>> = by_first
            .into_par_iter()
            .map(|pairs| {
                let Some(pair) = pairs.first() else { return Ok(Vec::new()) };
                let first = distinct[pair.first];
                let one = picture(store, &images[first].sha256, size)?;
                let alike = |second: usize| {
                    let correlation = correlation(&one, &picture(store, &images[second].sha256, size)?);
                    let likeness =
                        if correlation >= options.duplicate { Likeness::Near } else { Likeness::Similar };
                    Ok(Alike { first, second, likeness, correlation })
                };
                pairs.iter().map(|pair| alike(distinct[pair.second])).collect()
            })
            .collect::<Result<_>>()?;
        let pairs = compared.concat();
        let exact = || first_of_exact.iter().copied().zip(0..);
        let near = pairs.iter().filter(|pair| pair.likeness == Likeness::Near);
        let ends = |pair: &Alike| (pair.first, pair.second);
        let group = joined(images.len(), exact().chain(near.map(ends)));
        let family = joined(images.len(), exact().chain(pairs.iter().map(ends)));
        Ok(Self { first_of_exact, pairs, group, family })
    }

    /// The pair of two images, in either order, be they exact duplicates of those that were compared.
    pub(crate) fn between(&self, one: usize, other: usize) -> Option<&Alike> {
        let (a, b) = (self.first_of_exact[one], self.first_of_exact[other]);
        let ends = (a.min(b), a.max(b));
        let at = self.pairs.binary_search_by_key(&ends, |pair| (pair.first, pair.second)).ok()?;
        self.pairs.get(at)
    }
}

/// The grey values of a picture of the store. One that is damaged is removed, so that the next run makes it anew.
fn picture(store: &Store, sha256: &str, size: usize) -> Result<Vec<u8>> {
    let pixels = image::load_from_memory(&store.get(sha256)?).map(|image| image.into_luma8().into_raw());
    match pixels {
        Ok(pixels) if pixels.len() == size * size => Ok(pixels),
        _ => {
            store.remove(sha256)?;
            Err(Error::Damaged { path: Store::relative(sha256) })
        }
    }
}

/// Pearson's correlation of two pictures of one size; 0 where one is blank.
fn correlation(one: &[u8], other: &[u8]) -> f64 {
    let count = one.len() as f64;
    let mean = |values: &[u8]| values.iter().map(|value| f64::from(*value)).sum::<f64>() / count;
    let (a, b) = (mean(one), mean(other));
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for (x, y) in one.iter().zip(other) {
        let (x, y) = (f64::from(*x) - a, f64::from(*y) - b);
        both += x * y;
        first += x * x;
        second += y * y;
    }
    if first > 0.0 && second > 0.0 { both / (first * second).sqrt() } else { 0.0 }
}
