//! Masks: construction, algebra, files, contours.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use proptest::prelude::*;
use pulmo_imaging::{Error, InfectionMask, LungMask, Mask, ProbabilityMap};
use support::{any_mask, encoded, mask, two_masks};
use tempfile::TempDir;

#[test]
fn strict_reading_counts_what_is_neither_black_nor_white() {
    let values = [0, 255, 1, 254, 128, 0];
    let error = Mask::from_luma8(3, 2, &values).unwrap_err();
    assert!(matches!(error, Error::NotBinary { others: 3, total: 6 }));
    assert!(error.to_string().contains("3 of 6"));
    let lossy = Mask::from_luma8_lossy(3, 2, &values).unwrap();
    assert_eq!(lossy.bits(), [false, true, false, true, true, false]);
}

#[test]
fn sizes_are_checked() {
    assert!(matches!(Mask::from_bools(2, 2, vec![true]), Err(Error::PixelCount { .. })));
    assert!(Mask::from_fn(0, 5, |_, _| true).is_err());
    assert!(Mask::empty(u32::MAX, u32::MAX).is_err());
    assert!(Mask::from_luma8(1, 1, &[]).is_err());
}

#[test]
fn different_sizes_do_not_combine() {
    let (a, b) = (Mask::empty(3, 4).unwrap(), Mask::empty(4, 3).unwrap());
    assert!(matches!(a.and(&b), Err(Error::SizeMismatch { left: (3, 4), right: (4, 3), .. })));
    assert!(a.or(&b).is_err() && a.minus(&b).is_err() && a.dice(&b).is_err());
    assert!(InfectionMask::new(a).within(&LungMask::new(b)).is_err());
}

#[test]
fn outside_is_clear() {
    let full = Mask::from_fn(3, 2, |_, _| true).unwrap();
    assert!(full.get(2, 1) && !full.get(3, 1) && !full.get(2, 2) && !full.get(u32::MAX, 0));
}

#[test]
fn files_of_every_depth_are_read_strictly() {
    let folder = TempDir::new().unwrap();
    let drawn = mask(&["#..#", ".##.", "...#"]);
    let path = folder.path().join("mask.png");
    let check = |bytes: Vec<u8>| {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(Mask::open(&path).unwrap(), drawn);
    };
    let levels = drawn.to_gray_image();
    check(encoded(levels.clone(), ImageFormat::Png));
    check(encoded(levels.clone(), ImageFormat::Bmp));
    let dynamic = image::DynamicImage::from(levels);
    check(encoded(dynamic.to_rgb8(), ImageFormat::Png));
    check(encoded(dynamic.to_rgba8(), ImageFormat::Png));
    check(encoded(dynamic.to_luma_alpha8(), ImageFormat::Png));
    check(encoded(dynamic.to_luma16(), ImageFormat::Png));

    let red = RgbImage::from_pixel(2, 2, Rgb([255, 0, 0]));
    std::fs::write(&path, encoded(red, ImageFormat::Png)).unwrap();
    let error = Mask::open(&path).unwrap_err();
    assert!(matches!(error.kind(), Error::NotBinary { others: 4, .. }), "{error}");
    assert!(error.to_string().contains("mask.png"));

    let soft = GrayImage::from_fn(2, 1, |x, _| Luma([if x == 0 { 200 } else { 20 }]));
    std::fs::write(&path, encoded(soft, ImageFormat::Png)).unwrap();
    assert!(Mask::open(&path).is_err());
    assert_eq!(Mask::open_lossy(&path).unwrap().bits(), [true, false]);
}

#[test]
fn saving_replaces_and_reads_back() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("mask.png");
    mask(&["##"]).save_png(&path).unwrap();
    let second = mask(&["#.#", ".#."]);
    second.save_png(&path).unwrap();
    assert_eq!(Mask::open(&path).unwrap(), second);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn contour_is_the_ring_of_a_block() {
    let block = mask(&[".....", ".###.", ".###.", ".###.", "....."]);
    let ring: Vec<_> = block.contour().collect();
    assert_eq!(ring, [(1, 1), (2, 1), (3, 1), (1, 2), (3, 2), (1, 3), (2, 3), (3, 3)]);
    let at_the_edge = mask(&["###", "###", "###"]);
    assert_eq!(at_the_edge.contour().count(), 8);
    assert_eq!(Mask::empty(3, 3).unwrap().contour().count(), 0);
}

#[test]
fn threshold_includes_its_value() {
    let map = ProbabilityMap::new(3, 1, vec![0.2, 0.5, 0.8]).unwrap();
    assert_eq!(map.threshold(0.5).bits(), [false, true, true]);
    assert_eq!(map.threshold(0.0).area(), 3);
    assert_eq!(map.threshold(1.1).area(), 0);
    assert_eq!(map.threshold(f32::NAN).area(), 0);
    assert_eq!((map.get(1, 0), map.get(3, 0)), (Some(0.5), None));
    assert!(ProbabilityMap::new(1, 1, vec![1.5]).is_err());
    assert!(ProbabilityMap::new(1, 1, vec![f32::NAN]).is_err());
}

proptest! {
    #[test]
    fn set_algebra_holds((a, b) in two_masks()) {
        let (and, or, minus) = (a.and(&b).unwrap(), a.or(&b).unwrap(), a.minus(&b).unwrap());
        prop_assert_eq!(and.area() + or.area(), a.area() + b.area());
        prop_assert_eq!(&minus.or(&and).unwrap(), &a);
        prop_assert!(minus.and(&b).unwrap().is_empty());
        prop_assert_eq!(a.not().and(&b.not()).unwrap(), or.not());
        prop_assert_eq!(a.not().not(), a.clone());
        prop_assert_eq!(a.overlap(&b).unwrap(), and.area());
    }

    #[test]
    fn dice_is_symmetric_and_bounded((a, b) in two_masks()) {
        let dice = a.dice(&b).unwrap();
        prop_assert_eq!(dice, b.dice(&a).unwrap());
        prop_assert!((0.0..=1.0).contains(&dice));
        prop_assert_eq!(a.dice(&a).unwrap(), 1.0);
        prop_assert_eq!(dice == 1.0, a == b);
    }

    #[test]
    fn luma_round_trips(a in any_mask()) {
        let levels = a.to_gray_image();
        prop_assert_eq!(Mask::from_luma8(a.width(), a.height(), levels.as_raw()).unwrap(), a);
    }

    #[test]
    fn contour_pixels_touch_a_clear_one(a in any_mask()) {
        let contour: Vec<_> = a.contour().collect();
        for (x, y) in a.pixels() {
            let enclosed = [(-1, 0), (1, 0), (0, -1), (0, 1)].into_iter().all(|(dx, dy)| {
                match (x.checked_add_signed(dx), y.checked_add_signed(dy)) {
                    (Some(nx), Some(ny)) => a.get(nx, ny),
                    _ => false,
                }
            });
            prop_assert_eq!(contour.contains(&(x, y)), !enclosed);
        }
        prop_assert!(contour.iter().all(|&(x, y)| a.get(x, y)));
    }

    #[test]
    fn infection_within_lungs_is_their_intersection((a, b) in two_masks()) {
        let clipped = InfectionMask::new(a.clone()).within(&LungMask::new(b.clone())).unwrap();
        prop_assert_eq!(clipped.as_mask(), &a.and(&b).unwrap());
    }
}
