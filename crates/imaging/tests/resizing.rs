//! Resizing of images, probabilities and masks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proptest::prelude::*;
use pulmo_imaging::{ChestXray, Grey, Mask, ProbabilityMap};
use support::any_mask;

fn map(width: u32, height: u32, values: &[f32]) -> ProbabilityMap {
    ProbabilityMap::new(width, height, values.to_vec()).unwrap()
}

#[test]
fn bilinear_has_half_pixel_centres() {
    let up = map(2, 1, &[0.0, 1.0]).resized(4, 1);
    assert_eq!(up.values(), [0.0, 0.25, 0.75, 1.0]);
    let down = map(4, 1, &[0.0, 0.2, 0.6, 1.0]).resized(2, 1);
    for (value, expected) in std::iter::zip(down.values(), [0.1, 0.8]) {
        assert!((value - expected).abs() < 1e-6, "{value} against {expected}");
    }
    let both = map(2, 2, &[0.0, 1.0, 1.0, 0.0]).resized(1, 1);
    assert_eq!(both.values(), [0.5]);
}

#[test]
fn antialiasing_averages_fine_stripes() {
    let stripes = (0..64 * 64).map(|i| (i % 2) as f32).collect();
    let small = ChestXray::from_pixels(64, 64, stripes).unwrap().resized(8, 8);
    assert!(small.pixels().iter().all(|v| (v - 0.5).abs() < 0.05), "{:?}", small.pixels());
}

#[test]
fn antialiasing_keeps_the_mean_and_the_orientation() {
    let ramp: Vec<f32> = (0..90 * 60).map(|i| (i % 90) as f32 / 100.0).collect();
    let mean = ramp.iter().sum::<f32>() / ramp.len() as f32;
    let small = Grey::new(90, 60, ramp).unwrap().resized(30, 20);
    let small_mean = small.pixels().iter().sum::<f32>() / small.pixels().len() as f32;
    assert!((mean - small_mean).abs() < 1e-3);
    assert!(small.pixels()[0] < small.pixels()[29]);
    assert!((small.pixels()[10] - small.pixels()[10 + 19 * 30]).abs() < 1e-6);
}

#[test]
fn sides_are_brought_into_range() {
    let one = Grey::new(2, 2, vec![0.5; 4]).unwrap().resized(0, 0);
    assert_eq!((one.width(), one.height()), (1, 1));
    let strip = map(1, 1, &[0.5]).resized(u32::MAX, 1);
    assert_eq!(strip.width(), pulmo_imaging::MAX_SIDE);
    let strip = Mask::from_fn(1, 1, |_, _| true).unwrap().resized_nearest(u32::MAX, 0);
    assert_eq!(strip.size(), (pulmo_imaging::MAX_SIDE, 1));
    assert_eq!(strip.area(), u64::from(pulmo_imaging::MAX_SIDE));
}

fn any_values() -> impl Strategy<Value = (u32, u32, Vec<f32>)> {
    (1_u32..20, 1_u32..20).prop_flat_map(|(w, h)| {
        prop::collection::vec(0.0_f32..=1.0, (w * h) as usize).prop_map(move |v| (w, h, v))
    })
}

proptest! {
    #[test]
    fn resized_values_stay_between_the_extremes(
        (w, h, values) in any_values(), to_w in 1_u32..40, to_h in 1_u32..40,
    ) {
        let low = values.iter().copied().fold(1.0, f32::min) - 1e-5;
        let high = values.iter().copied().fold(0.0, f32::max) + 1e-5;
        let bilinear = map(w, h, &values).resized(to_w, to_h);
        prop_assert_eq!(bilinear.values().len(), (to_w * to_h) as usize);
        prop_assert!(bilinear.values().iter().all(|v| (low..=high).contains(v)));
        let smooth = Grey::new(w, h, values).unwrap().resized(to_w, to_h);
        prop_assert_eq!(smooth.pixels().len(), (to_w * to_h) as usize);
        prop_assert!(smooth.pixels().iter().all(|v| (low..=high).contains(v)));
    }

    #[test]
    fn the_same_size_is_an_exact_copy((w, h, values) in any_values()) {
        prop_assert_eq!(map(w, h, &values).resized(w, h), map(w, h, &values));
        let grey = Grey::new(w, h, values).unwrap();
        prop_assert_eq!(grey.resized(w, h), grey);
    }

    #[test]
    fn whole_multiples_of_a_mask_come_back(a in any_mask(), k in 1_u32..5) {
        let large = a.resized_nearest(a.width() * k, a.height() * k);
        prop_assert_eq!(large.area(), a.area() * u64::from(k * k));
        prop_assert_eq!(large.resized_nearest(a.width(), a.height()), a);
    }
}
