//! Near-duplicate X-rays.

use rayon::prelude::*;

use crate::cache::SampleCache;
use crate::error::{Error, Result};
use crate::groups::Groups;
use crate::sample::Sample;

/// Side length at which X-rays are compared, in pixels.
const THUMBNAIL: usize = 48;
/// Correlation from which two X-rays are taken for one picture.
pub const NEAR_DUPLICATE_CORRELATION: f32 = 0.98;

/// Groups the X-rays whose grey values, averaged down to 48 x 48 pixels, correlate at least by `threshold` (0..=1;
/// [`NEAR_DUPLICATE_CORRELATION`] is usual), directly or through others. Ours; every pair is compared, so 4000 X-rays
/// take eight million comparisons.
///
/// # Errors
/// `threshold` lies outside 0..=1.
pub fn near_duplicates(cache: &SampleCache, threshold: f32) -> Result<Groups> {
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Error::InvalidCorrelation { threshold });
    }
    let thumbnails: Vec<Vec<f32>> = cache.samples().par_iter().map(standardised).collect();
    let pairs: Vec<(usize, usize)> = thumbnails
        .par_iter()
        .enumerate()
        .flat_map_iter(|(first, one)| {
            let later = thumbnails.iter().enumerate().skip(first + 1);
            later.filter(|(_, other)| dot(one, other) >= threshold).map(move |(second, _)| (first, second))
        })
        .collect();
    let roots = joined(cache.len(), &pairs);
    let name = |position: usize| cache.get(position).map(|sample| sample.id().to_owned());
    let mut sizes = vec![0_usize; roots.len()];
    for &root in &roots {
        sizes[root] += 1;
    }
    let grouped = roots.iter().enumerate().filter(|(_, root)| sizes[**root] > 1);
    Ok(grouped.filter_map(|(position, &root)| Some((name(position)?, name(root)?))).collect())
}

/// The first position of the group of each position; pairs come in order of their first member.
fn joined(len: usize, pairs: &[(usize, usize)]) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..len).collect();
    for &(first, second) in pairs {
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

/// Thumbnail with mean 0 and length 1; a blank X-ray becomes 0 and resembles nothing.
fn standardised(sample: &Sample) -> Vec<f32> {
    let mut thumbnail = thumbnail(sample);
    let mean = thumbnail.iter().sum::<f32>() / thumbnail.len() as f32;
    for value in &mut thumbnail {
        *value -= mean;
    }
    let length = dot(&thumbnail, &thumbnail).sqrt();
    let scale = if length > f32::EPSILON { length.recip() } else { 0.0 };
    for value in &mut thumbnail {
        *value *= scale;
    }
    thumbnail
}

/// Means over cells; a sample smaller than the thumbnail stays as it is.
fn thumbnail(sample: &Sample) -> Vec<f32> {
    let size = sample.size();
    let side = size.min(THUMBNAIL);
    let cell = |at: usize| at * side / size;
    let mut sums = vec![0.0_f32; side * side];
    let mut numbers = vec![0.0_f32; side * side];
    for (offset, &value) in sample.xray().iter().enumerate() {
        let place = cell(offset / size) * side + cell(offset % size);
        sums[place] += f32::from(value);
        numbers[place] += 1.0;
    }
    sums.into_iter().zip(numbers).map(|(sum, number)| sum / number).collect()
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
