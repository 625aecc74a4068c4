//! X-rays that look like one that networks learned from.

use std::path::Path;

use pulmo_data::{Index, NEAR_DUPLICATE_CORRELATION, Needs, SampleCache, Split, Thumbnail};
use rayon::prelude::*;

use crate::{Error, Result};

/// Side length at which X-rays are loaded, in pixels; thumbnails are made of it.
const SIZE: usize = 96;

/// The X-ray of a data set that one resembles most.
#[derive(Debug, Clone, PartialEq)]
pub struct Closest {
    /// Its name in the data set.
    pub id: String,
    /// Correlation of both thumbnails, -1 to 1.
    pub correlation: f32,
}

impl Closest {
    /// Whether both are one X-ray, as data sets tell near-duplicates.
    #[must_use]
    pub fn is_near_duplicate(&self) -> bool {
        self.correlation >= NEAR_DUPLICATE_CORRELATION
    }
}

/// For each X-ray of `scored` the closest one among the training and validation images of `trained_on`.
pub(super) fn closest(
    scored: &Index,
    trained_on: &Path,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<Vec<Closest>> {
    let seen = Index::open(trained_on)?.filter(|case| case.split() != Split::Test);
    if seen.is_empty() {
        return Err(Error::NothingToCompare { data: trained_on.into() });
    }
    let seen = named_thumbnails(&seen, progress)?;
    let scored = named_thumbnails(scored, |_, _| ())?;
    let closest = scored.par_iter().filter_map(|(_, thumbnail)| {
        let alike = seen.iter().map(|(id, other)| (id, thumbnail.correlation(other)));
        let (id, correlation) = alike.max_by(|one, other| one.1.total_cmp(&other.1))?;
        Some(Closest { id: id.clone(), correlation })
    });
    Ok(closest.collect())
}

fn named_thumbnails(
    index: &Index,
    progress: impl Fn(usize, usize) + Sync,
) -> Result<Vec<(String, Thumbnail)>> {
    let cache = SampleCache::load_with(index, Needs::NONE, SIZE, progress)?;
    let named = cache.samples().iter().map(|sample| {
        let thumbnail = Thumbnail::new(sample.size(), sample.xray());
        (sample.id().to_owned(), thumbnail)
    });
    Ok(named.collect())
}
