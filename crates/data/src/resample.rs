//! Masks brought to training size.

use pulmo_imaging::Mask;

/// Share of an output pixel that must be covered for it to belong to the mask.
const MIN_COVERAGE: f64 = 0.5;

/// Weights of the source cells under one output cell, summing to 1.
struct Cover {
    start: usize,
    weights: Vec<f64>,
}

/// A mask as it is trained on, `size x size`: a pixel is set where the mask covers at least half of its area. The aspect
/// ratio is not kept.
///
/// # Errors
/// `size` is 0 or larger than [`pulmo_imaging::MAX_SIDE`].
pub fn resized_mask(source: &Mask, size: u32) -> pulmo_imaging::Result<Mask> {
    let is_set = |x: usize, y: usize| source.get(x as u32, y as u32);
    let bits = mask(source.width() as usize, source.height() as usize, size as usize, is_set);
    Mask::from_bools(size, size, bits.into_iter().map(|bit| bit == 1).collect())
}

/// A `width x height` mask as `size x size` values 0 or 1: a pixel is set where the mask covers at least half of its
/// area. For enlargements by a whole factor that is the nearest neighbour.
pub(crate) fn mask(
    width: usize,
    height: usize,
    size: usize,
    is_set: impl Fn(usize, usize) -> bool,
) -> Vec<u8> {
    let columns = covers(width, size);
    let mut covered = vec![0.0_f64; size * size];
    let mut line = vec![0.0_f64; size];
    let rows = covers(height, size);
    for y in 0..height {
        for (value, cover) in line.iter_mut().zip(&columns) {
            *value = cover
                .weights
                .iter()
                .zip(cover.start..)
                .map(|(weight, x)| if is_set(x, y) { *weight } else { 0.0 })
                .sum();
        }
        for (target, cover) in covered.chunks_exact_mut(size).zip(&rows) {
            let weight = y.checked_sub(cover.start).and_then(|place| cover.weights.get(place));
            if let Some(weight) = weight {
                for (sum, value) in target.iter_mut().zip(&line) {
                    *sum += weight * value;
                }
            }
        }
    }
    covered.into_iter().map(|share| u8::from(share >= MIN_COVERAGE - f64::from(f32::EPSILON))).collect()
}

fn covers(source: usize, target: usize) -> Vec<Cover> {
    let scale = source as f64 / target as f64;
    (0..target)
        .map(|cell| {
            let low = cell as f64 * scale;
            let high = ((cell + 1) as f64 * scale).min(source as f64);
            let start = low.floor() as usize;
            let end = (high.ceil() as usize).clamp(start + 1, source.max(start + 1));
            let weights = (start..end)
                .map(|at| ((at + 1) as f64).min(high) - (at as f64).max(low))
                .map(|overlap| overlap.max(0.0) / (high - low))
                .collect();
            Cover { start, weights }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::mask;
    use proptest::prelude::*;

    fn resized(source: &[u8], width: usize, size: usize) -> Vec<u8> {
        mask(width, source.len() / width, size, |x, y| source[y * width + x] == 1)
    }

    #[test]
    fn half_covered_pixels_are_set_and_less_are_not() {
        let source = [1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1];
        assert_eq!(resized(&source, 4, 2), [1, 0, 1, 1]);
    }

    proptest! {
        #[test]
        fn same_size_is_the_identity(source in proptest::collection::vec(0_u8..2, 81)) {
            prop_assert_eq!(resized(&source, 9, 9), source);
        }

        #[test]
        fn enlarging_by_a_whole_factor_repeats_pixels(source in proptest::collection::vec(0_u8..2, 25), factor in 2_usize..5) {
            let size = 5 * factor;
            let expected: Vec<u8> = (0..size * size).map(|at| source[(at / size / factor) * 5 + (at % size) / factor]).collect();
            prop_assert_eq!(resized(&source, 5, size), expected);
        }

        #[test]
        fn shrinking_agrees_with_counting(source in proptest::collection::vec(0_u8..2, 12 * 12), factor in prop::sample::select(vec![2_usize, 3, 4, 6])) {
            let size = 12 / factor;
            let expected: Vec<u8> = (0..size * size).map(|at| {
                let set: usize = (0..factor * factor).map(|inner| {
                    let (x, y) = ((at % size) * factor + inner % factor, (at / size) * factor + inner / factor);
                    usize::from(source[y * 12 + x])
                }).sum();
                u8::from(2 * set >= factor * factor)
            }).collect();
            prop_assert_eq!(resized(&source, 12, size), expected);
        }

        #[test]
        fn full_and_empty_masks_stay_so(width in 1_usize..40, height in 1_usize..40, size in 1_usize..40) {
            prop_assert!(mask(width, height, size, |_, _| true).iter().all(|&value| value == 1));
            prop_assert!(mask(width, height, size, |_, _| false).iter().all(|&value| value == 0));
        }
    }
}
