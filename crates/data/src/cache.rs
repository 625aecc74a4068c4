//! All samples of an index, decoded once and held in memory.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};

use pulmo_imaging::ChestXray;
use rayon::prelude::*;

use crate::case::Case;
use crate::decode;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::needs::Needs;
use crate::sample::{Sample, checked_size};

/// Planes per sample: X-ray, lung mask, infection mask.
const PLANES: usize = 3;

/// Samples of one size in the order of the index they were loaded from, one byte per pixel and plane:
/// 3333 samples take 164 MB at 128 pixels and 655 MB at 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCache {
    size: usize,
    samples: Vec<Sample>,
}

impl SampleCache {
    /// Decodes all cases in parallel with both masks; see [`load_with`](Self::load_with).
    ///
    /// # Errors
    /// As [`load_with`](Self::load_with).
    pub fn load(index: &Index, size: usize, progress: impl Fn(usize, usize) + Sync) -> Result<Self> {
        Self::load_with(index, Needs::BOTH, size, progress)
    }

    /// Decodes all cases in parallel and brings them to `size x size`: images antialiased, masks set where at least
    /// half of a pixel is covered. The aspect ratio is not kept. Masks that are not needed stay empty.
    ///
    /// `progress` is called with the number of cases done and the number of all cases, from any thread and not
    /// necessarily in rising order.
    ///
    /// # Errors
    /// The index is empty, the size is out of range, or some case lacks a mask, cannot be decoded or has a mask of
    /// another size than its image.
    pub fn load_with(
        index: &Index,
        needs: Needs,
        size: usize,
        progress: impl Fn(usize, usize) + Sync,
    ) -> Result<Self> {
        Self::load_mapped(index, needs, size, |_, xray| Ok::<_, Infallible>(xray), progress)
    }

    /// As [`load_with`](Self::load_with), with every X-ray changed by `map` at its own size before it is resized: masked
    /// by the lungs, say, as the cascaded scheme of Tahir et al. 2021 wants it.
    ///
    /// # Errors
    /// As [`load_with`](Self::load_with), and where `map` fails.
    pub fn load_mapped<E: Display>(
        index: &Index,
        needs: Needs,
        size: usize,
        map: impl Fn(&Case, ChestXray) -> std::result::Result<ChestXray, E> + Sync,
        progress: impl Fn(usize, usize) + Sync,
    ) -> Result<Self> {
        let size = checked_size(size)?;
        let total = index.len();
        if total == 0 {
            return Err(Error::EmptyIndex);
        }
        let done = AtomicUsize::new(0);
        let loaded: Vec<Result<Sample>> = index
            .cases()
            .par_iter()
            .map(|case| {
                let sample = decode::sample(case, needs, size, |xray| {
                    map(case, xray).map_err(|error| Error::NotMapped {
                        id: case.id().to_owned(),
                        reason: error.to_string(),
                    })
                });
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                sample
            })
            .collect();
        let mut samples = Vec::with_capacity(total);
        let mut failures = Vec::new();
        for result in loaded {
            match result {
                Ok(sample) => samples.push(sample),
                Err(error) => failures.push(error),
            }
        }
        let failed = failures.len();
        match failures.into_iter().next() {
            None => Ok(Self { size, samples }),
            Some(first) => Err(Error::CasesFailed { failed, total, first: Box::new(first) }),
        }
    }

    /// A cache over samples of your own, which must all have one size.
    ///
    /// # Errors
    /// There is no sample, or one has another size than the first.
    pub fn from_samples(samples: Vec<Sample>) -> Result<Self> {
        let size = samples.first().ok_or(Error::EmptyIndex)?.size();
        match samples.iter().find(|sample| sample.size() != size) {
            None => Ok(Self { size, samples }),
            Some(other) => {
                Err(Error::MixedSizes { id: other.id().to_owned(), found: other.size(), expected: size })
            }
        }
    }

    /// The same cache with samples of your own behind the others, such as [`decoys`](crate::decoys()).
    ///
    /// # Errors
    /// One of them has another size.
    pub fn with(mut self, samples: impl IntoIterator<Item = Sample>) -> Result<Self> {
        self.samples.extend(samples);
        Self::from_samples(self.samples)
    }

    /// Side length of every sample in pixels.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Number of samples; at least 1.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there is no sample; a cache always holds one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The samples in index order.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The sample at a position of the index.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<&Sample> {
        self.samples.get(position)
    }

    /// Bytes of pixel data held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.samples.len() * PLANES * self.size * self.size
    }
}
