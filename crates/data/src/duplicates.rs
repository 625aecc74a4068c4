//! Near-duplicate X-rays.

use rayon::prelude::*;

use crate::cache::SampleCache;
use crate::error::{Error, Result};
use crate::groups::{Groups, joined};

/// Side length at which X-rays are compared, in pixels.
const THUMBNAIL: usize = 48;
/// Side length of the first comparison, in pixels.
const COARSE: usize = 8;
/// Correlation from which two X-rays are taken for one picture.
pub const NEAR_DUPLICATE_CORRELATION: f32 = 0.98;

/// Groups the X-rays whose grey values, averaged down to 48 x 48 pixels, correlate at least by `threshold` (0..=1;
/// [`NEAR_DUPLICATE_CORRELATION`] is usual), directly or through others. Ours.
///
/// # Errors
/// `threshold` lies outside 0..=1.
pub fn near_duplicates(cache: &SampleCache, threshold: f32) -> Result<Groups> {
    let thumbnails: Vec<Thumbnail> =
        cache.samples().par_iter().map(|sample| Thumbnail::new(sample.size(), sample.xray())).collect();
    let pairs = similar_pairs(&thumbnails, threshold)?;
    let roots = joined(cache.len(), pairs.iter().map(|pair| (pair.first, pair.second)));
    let name = |position: usize| cache.get(position).map(|sample| sample.id().to_owned());
    let mut sizes = vec![0_usize; roots.len()];
    for &root in &roots {
        sizes[root] += 1;
    }
    let grouped = roots.iter().enumerate().filter(|(_, root)| sizes[**root] > 1);
    Ok(grouped.filter_map(|(position, &root)| Some((name(position)?, name(root)?))).collect())
}

/// Two X-rays that look alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimilarPair {
    /// Position of the first.
    pub first: usize,
    /// Position of the second, which is larger.
    pub second: usize,
    /// Correlation of their thumbnails.
    pub correlation: f32,
}

/// The pairs whose thumbnails correlate at least by `threshold` (0..=1), in order of their positions.
///
/// Every pair is compared: first at 8 x 8 pixels, which can only bring two pictures closer, then at full size.
///
/// # Errors
/// `threshold` lies outside 0..=1.
pub fn similar_pairs(thumbnails: &[Thumbnail], threshold: f32) -> Result<Vec<SimilarPair>> {
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Error::InvalidCorrelation { threshold });
    }
    let pairs = thumbnails.par_iter().enumerate().flat_map_iter(|(first, one)| {
        let later = thumbnails.iter().enumerate().skip(first + 1);
        later.filter(move |(_, other)| one.may_reach(other, threshold)).filter_map(move |(second, other)| {
            let correlation = one.correlation(other);
            (correlation >= threshold).then_some(SimilarPair { first, second, correlation })
        })
    });
    Ok(pairs.collect())
}

/// An X-ray at 48 x 48 pixels (or its own size, if that is smaller), with mean 0 and length 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail {
    values: Vec<f32>,
    /// Orthogonal projection onto 8 x 8 cells; empty for small pictures.
    coarse: Vec<f32>,
}

impl Thumbnail {
    /// The thumbnail of a `size x size` X-ray of grey values 0..=255. A blank one resembles nothing.
    #[must_use]
    pub fn new(size: usize, xray: &[u8]) -> Self {
        let values = standardised(cell_means(size, xray));
        let coarse = if size < THUMBNAIL { Vec::new() } else { projected(&values) };
        Self { values, coarse }
    }

    /// Correlation with another thumbnail, in -1..=1.
    #[must_use]
    pub fn correlation(&self, other: &Self) -> f32 {
        dot(&self.values, &other.values)
    }

    /// False only where the correlation lies below `threshold`: a projection shortens distances, and the squared
    /// distance of two vectors of length 1 is twice what their correlation lacks of 1.
    fn may_reach(&self, other: &Self, threshold: f32) -> bool {
        const ROUNDING: f32 = 1e-4;
        let distance = dot(&self.coarse, &self.coarse) + dot(&other.coarse, &other.coarse)
            - 2.0 * dot(&self.coarse, &other.coarse);
        distance <= 2.0 * (1.0 - threshold) + ROUNDING
    }
}

/// Means over cells, scaled so that the projection keeps lengths of what is constant in each cell.
fn projected(values: &[f32]) -> Vec<f32> {
    const CELL: usize = THUMBNAIL / COARSE;
    let mut sums = vec![0.0_f32; COARSE * COARSE];
    for (at, value) in values.iter().enumerate() {
        sums[at / THUMBNAIL / CELL * COARSE + at % THUMBNAIL / CELL] += value / CELL as f32;
    }
    sums
}

/// Mean 0 and length 1; a blank X-ray becomes 0.
fn standardised(mut values: Vec<f32>) -> Vec<f32> {
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    for value in &mut values {
        *value -= mean;
    }
    let length = dot(&values, &values).sqrt();
    let scale = if length > f32::EPSILON { length.recip() } else { 0.0 };
    for value in &mut values {
        *value *= scale;
    }
    values
}

/// Means over cells; an X-ray smaller than the thumbnail stays as it is.
fn cell_means(size: usize, xray: &[u8]) -> Vec<f32> {
    let side = size.min(THUMBNAIL);
    let cell = |at: usize| at * side / size;
    let mut sums = vec![0.0_f32; side * side];
    let mut numbers = vec![0.0_f32; side * side];
    for (offset, &value) in xray.iter().take(size * size).enumerate() {
        let place = cell(offset / size) * side + cell(offset % size);
        sums[place] += f32::from(value);
        numbers[place] += 1.0;
    }
    sums.into_iter().zip(numbers).map(|(sum, number)| sum / number.max(1.0)).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0_f32; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f32>() + rest
}
