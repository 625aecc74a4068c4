//! Pairs of X-rays that look alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_data::{SimilarPair, Thumbnail, joined, similar_pairs};

const SIZE: usize = 96;

/// A smooth picture of a few random waves, with random noise on top.
fn picture(waves: &[(f32, f32)], noise: f32, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let pixels = (0..SIZE * SIZE).map(|at| {
        let (x, y) = ((at % SIZE) as f32 / SIZE as f32, (at / SIZE) as f32 / SIZE as f32);
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (state >> 8) as f32 / (1 << 24) as f32 - 0.5;
        let sum: f32 = waves.iter().map(|(a, b)| (a * 9.0 * x + b * 9.0 * y).sin()).sum();
        (128.0 + 90.0 * sum / waves.len() as f32 + noise * grain).clamp(0.0, 255.0) as u8
    });
    pixels.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_pair_is_lost_to_the_first_comparison(
        kinds in prop::collection::vec(prop::collection::vec((0.0_f32..1.0, 0.0_f32..1.0), 2..4), 1..4),
        copies in prop::collection::vec((any::<prop::sample::Index>(), 0.0_f32..120.0, any::<u32>()), 2..14),
        threshold in 0.0_f32..=1.0,
    ) {
        let thumbnails: Vec<Thumbnail> = copies
            .iter()
            .map(|(kind, noise, seed)| Thumbnail::new(SIZE, &picture(&kinds[kind.index(kinds.len())], *noise, *seed)))
            .chain([Thumbnail::new(SIZE, &vec![7; SIZE * SIZE])])
            .collect();
        let mut expected = Vec::new();
        for (first, one) in thumbnails.iter().enumerate() {
            for (second, other) in thumbnails.iter().enumerate().skip(first + 1) {
                let correlation = one.correlation(other);
                if correlation >= threshold {
                    expected.push(SimilarPair { first, second, correlation });
                }
            }
        }
        prop_assert_eq!(similar_pairs(&thumbnails, threshold).unwrap(), expected);
    }

    #[test]
    fn joining_is_what_walking_the_pairs_is(pairs in prop::collection::vec((0_usize..12, 0_usize..12), 0..14)) {
        let groups = joined(10, pairs.iter().copied());
        let mut expected: Vec<usize> = (0..10).collect();
        for _ in 0..10 {
            for &(a, b) in pairs.iter().filter(|(a, b)| *a < 10 && *b < 10) {
                let low = expected[a].min(expected[b]);
                (expected[a], expected[b]) = (low, low);
            }
        }
        prop_assert_eq!(groups, expected);
    }
}
