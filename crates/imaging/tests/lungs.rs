//! Cleaning lungs and telling right from left.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proptest::prelude::*;
use pulmo_imaging::components::{Connectivity, label};
use pulmo_imaging::{ChestXray, CleanOptions, Error, LungMask, LungPair, Mask, SplitNote};
use support::{any_mask, mask};

fn lungs(rows: &[&str]) -> LungMask {
    LungMask::new(mask(rows))
}

fn ellipse(x: u32, y: u32, cx: f64, rx: f64) -> bool {
    let (dx, dy) = ((f64::from(x) - cx) / rx, (f64::from(y) - 50.0) / 35.0);
    dx * dx + dy * dy <= 1.0
}

#[test]
fn the_patients_right_lung_is_on_the_images_left() {
    let pair = LungPair::split(&lungs(&["##...##", "##...##", "##...##"]));
    assert_eq!(pair.note(), SplitNote::TwoLungs);
    assert_eq!(pair.right().as_mask(), &mask(&["##.....", "##.....", "##....."]));
    assert_eq!(pair.left().as_mask(), &mask(&[".....##", ".....##", ".....##"]));
}

#[test]
fn lungs_off_centre_are_told_apart_by_each_other() {
    let pair = LungPair::split(&lungs(&["......##.##", "......##.##"]));
    assert_eq!(pair.note(), SplitNote::TwoLungs);
    assert_eq!(pair.right().as_mask().area(), 4);
    assert!(pair.right().as_mask().get(6, 0) && pair.left().as_mask().get(10, 0));
}

#[test]
fn a_single_lung_leaves_the_other_empty() {
    let right = LungPair::split(&lungs(&["##.....", "##....."]));
    assert_eq!(right.note(), SplitNote::OnlyRight);
    assert!(right.left().as_mask().is_empty());
    let left = LungPair::split(&lungs(&[".....##", ".....##"]));
    assert_eq!(left.note(), SplitNote::OnlyLeft);
    assert!(left.right().as_mask().is_empty());
    let none = LungPair::split(&lungs(&["....", "...."]));
    assert_eq!(none.note(), SplitNote::None);
    assert!(none.both().as_mask().is_empty());
}

#[test]
fn touching_lungs_are_cut_through_the_bridge() {
    let touching = Mask::from_fn(100, 100, |x, y| {
        ellipse(x, y, 27.0, 20.0) || ellipse(x, y, 73.0, 20.0) || (40..44).contains(&y)
    })
    .unwrap();
    let pair = LungPair::split(&LungMask::new(touching));
    assert_eq!(pair.note(), SplitNote::Touching);
    let right = Mask::from_fn(100, 100, |x, y| ellipse(x, y, 27.0, 20.0)).unwrap();
    let left = Mask::from_fn(100, 100, |x, y| ellipse(x, y, 73.0, 20.0)).unwrap();
    assert!(right.minus(pair.right().as_mask()).unwrap().is_empty());
    assert!(left.minus(pair.left().as_mask()).unwrap().is_empty());
}

#[test]
fn overlapping_lungs_are_cut_near_the_waist() {
    let merged = Mask::from_fn(100, 100, |x, y| ellipse(x, y, 32.0, 22.0) || ellipse(x, y, 68.0, 22.0));
    let pair = LungPair::split(&LungMask::new(merged.unwrap()));
    assert_eq!(pair.note(), SplitNote::Touching);
    let (r, l) = (pair.right().as_mask().area(), pair.left().as_mask().area());
    assert!(r.abs_diff(l) < (r + l) / 20, "{r} against {l}");
}

#[test]
fn small_extras_go_to_the_nearest_lung() {
    let rows = [
        "####.......####",
        "####.......####",
        "####.......####",
        "####.......####",
        "...............",
        "....#..........",
    ];
    let pair = LungPair::split(&lungs(&rows));
    assert!(pair.right().as_mask().get(4, 5));
    assert!(!pair.left().as_mask().get(4, 5));
}

#[test]
fn pieces_of_one_lung_stay_together() {
    let pair = LungPair::split(&lungs(&[
        "###..........",
        "###..........",
        "###..........",
        ".............",
        "###..........",
        "###..........",
    ]));
    assert_eq!(pair.note(), SplitNote::OnlyRight);
    assert_eq!(pair.right().as_mask().area(), 15);
}

#[test]
fn known_lungs_pair_only_apart() {
    let (a, b) = (lungs(&["##.."]), lungs(&[".##."]));
    assert!(matches!(LungPair::new(a.clone(), b), Err(Error::LungsOverlap { pixels: 1 })));
    assert!(LungPair::new(a.clone(), lungs(&["."])).is_err());
    let pair = LungPair::new(a, lungs(&["...#"])).unwrap();
    assert_eq!(pair.note(), SplitNote::TwoLungs);
    assert_eq!(pair.both().as_mask(), &mask(&["##.#"]));
}

#[test]
fn cleaning_keeps_two_lungs_and_fills_them() {
    let noisy = Mask::from_fn(100, 100, |x, y| {
        let hole = x == 27 && y == 50;
        let speck = (x, y) == (50, 5) || (47..53).contains(&x) && (90..96).contains(&y);
        (ellipse(x, y, 27.0, 20.0) && !hole) || ellipse(x, y, 73.0, 18.0) || speck
    })
    .unwrap();
    let clean = LungMask::new(noisy.clone()).cleaned(&CleanOptions::default());
    let expected = Mask::from_fn(100, 100, |x, y| ellipse(x, y, 27.0, 20.0) || ellipse(x, y, 73.0, 18.0));
    assert_eq!(clean.as_mask(), &expected.unwrap());
    let unfilled = LungMask::new(noisy).cleaned(&CleanOptions::default().with_fill_holes(false));
    assert!(!unfilled.as_mask().get(27, 50));
    assert!(CleanOptions::new(-0.1, 0.5).is_err());
    assert!(CleanOptions::new(0.1, f64::NAN).is_err());
}

proptest! {
    #[test]
    fn a_split_is_a_partition(a in any_mask()) {
        let pair = LungPair::split(&LungMask::new(a.clone()));
        let (right, left) = (pair.right().as_mask(), pair.left().as_mask());
        prop_assert!(right.and(left).unwrap().is_empty());
        prop_assert_eq!(&right.or(left).unwrap(), &a);
        prop_assert_eq!(pair.both().into_mask(), a);
        let found = (!right.is_empty(), !left.is_empty());
        let expected = match pair.note() {
            SplitNote::TwoLungs | SplitNote::Touching => (true, true),
            SplitNote::OnlyRight => (true, false),
            SplitNote::OnlyLeft => (false, true),
            _ => (false, false),
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_mirrored_pair_swaps_sides(rx in 10.0_f64..22.0, lx in 10.0_f64..22.0, shift in 0.0_f64..6.0) {
        let draw = |mirror: bool| Mask::from_fn(101, 100, |x, y| {
            let x = if mirror { 100 - x } else { x };
            ellipse(x, y, 25.0 + shift, rx) || ellipse(x, y, 75.0 + shift, lx)
        }).unwrap();
        let pair = LungPair::split(&LungMask::new(draw(false)));
        let mirrored = LungPair::split(&LungMask::new(draw(true)));
        prop_assert_eq!(pair.right().as_mask().area(), mirrored.left().as_mask().area());
        prop_assert_eq!(pair.left().as_mask().area(), mirrored.right().as_mask().area());
    }

    #[test]
    fn cleaning_leaves_at_most_two_lungs_and_is_stable(a in any_mask(), image in 0.0..0.2, largest in 0.0..1.0) {
        let options = CleanOptions::new(image, largest).unwrap();
        let clean = LungMask::new(a).cleaned(&options);
        prop_assert!(label(clean.as_mask(), Connectivity::Eight).components().len() <= 2);
        let unfilled = options.with_fill_holes(false);
        let twice = clean.cleaned(&unfilled).cleaned(&unfilled);
        prop_assert_eq!(&twice, &clean.cleaned(&unfilled));
    }
}

proptest! {
    #[test]
    fn an_x_ray_within_lungs_is_black_elsewhere(lungs in any_mask(), shade in 0.0_f32..=1.0) {
        let pixels = vec![shade; lungs.bits().len()];
        let xray = ChestXray::from_pixels(lungs.width(), lungs.height(), pixels).unwrap();
        let within = xray.within(&LungMask::new(lungs.clone())).unwrap();
        for (&value, &lung) in within.pixels().iter().zip(lungs.bits()) {
            prop_assert_eq!(value, if lung { shade } else { 0.0 });
        }
        prop_assert_eq!(within.warnings(), xray.warnings());
    }
}

#[test]
fn an_x_ray_within_lungs_of_another_size_is_refused() {
    let xray = ChestXray::from_pixels(3, 2, vec![0.5; 6]).unwrap();
    let error = xray.within(&lungs(&["##", "##"])).unwrap_err();
    assert!(matches!(error, Error::SizeMismatch { left: (3, 2), right: (2, 2), .. }), "{error}");
}
