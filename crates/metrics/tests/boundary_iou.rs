//! Boundary IoU against the authors' program (boundary-iou-api, on OpenCV 4) and against its definition.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulmo_metrics::{BoundaryIou, MaskMetric, MaskPair, Metric};
use serde::Deserialize;

/// Two masks of ellipses, each with centre and radii, and the authors' counts of boundary pixels.
#[derive(Deserialize)]
struct Reference {
    name: String,
    width: usize,
    height: usize,
    truth: Vec<[i64; 4]>,
    prediction: Vec<[i64; 4]>,
    intersection: u64,
    union: u64,
}

fn ellipses(width: usize, height: usize, shapes: &[[i64; 4]]) -> Vec<bool> {
    let is_in = |x: i64, y: i64, [cx, cy, rx, ry]: [i64; 4]| {
        (x - cx).pow(2) * ry.pow(2) + (y - cy).pow(2) * rx.pow(2) <= (rx * ry).pow(2)
    };
    let pixels = (0..height as i64).flat_map(|y| (0..width as i64).map(move |x| (x, y)));
    pixels.map(|(x, y)| shapes.iter().any(|shape| is_in(x, y, *shape))).collect()
}

fn boundary_iou(width: usize, height: usize, prediction: &[bool], truth: &[bool]) -> f64 {
    BoundaryIou.of_image(&MaskPair::new(width, height, prediction, truth).unwrap()).unwrap()
}

#[test]
fn values_are_the_authors() {
    let cases: Vec<Reference> = serde_json::from_str(include_str!("data/boundary_iou.json")).unwrap();
    assert_eq!(cases.len(), 7);
    for Reference { name, width, height, truth, prediction, intersection, union } in cases {
        let [truth, prediction] = [truth, prediction].map(|shapes| ellipses(width, height, &shapes));
        let value = boundary_iou(width, height, &prediction, &truth);
        assert_eq!(value, intersection as f64 / union as f64, "{name}");
    }
}

#[test]
fn empty_masks_and_those_that_fill_the_image() {
    let (empty, full) = ([false; 36], [true; 36]);
    assert_eq!(boundary_iou(6, 6, &empty, &empty), 1.0);
    assert_eq!(boundary_iou(6, 6, &empty, &full), 0.0);
    assert_eq!(boundary_iou(6, 6, &full, &empty), 0.0);
    assert_eq!(boundary_iou(6, 6, &full, &full), 1.0);
    // The image's edge is a boundary: of a full mask its frame.
    let frame: Vec<bool> = (0..36).map(|at| at % 6 == 0 || at % 6 == 5 || !(6..30).contains(&at)).collect();
    assert_eq!(boundary_iou(6, 6, &frame, &full), 1.0);
    assert_eq!(boundary_iou(1, 1, &[true], &[true]), 1.0);
    assert_eq!(boundary_iou(0, 0, &[], &[]), 1.0);
}

#[test]
fn an_outline_that_is_off_costs_more_than_it_costs_iou() {
    let [truth, moved] = [96, 99].map(|x| ellipses(200, 200, &[[x, 100, 60, 80]]));
    let iou = Metric::Iou.of_image(&MaskPair::new(200, 200, &moved, &truth).unwrap()).unwrap();
    let boundary = boundary_iou(200, 200, &moved, &truth);
    assert!(iou > 0.9 && boundary < 0.6, "IoU {iou}, boundary IoU {boundary}");
}

/// By definition: pixels of the mask from which one outside of it or of the image is at most `reach` away.
fn boundary(mask: &[bool], width: i64, height: i64, reach: i64) -> Vec<bool> {
    let is_set = |x: i64, y: i64| {
        (0..width).contains(&x) && (0..height).contains(&y) && mask[(y * width + x) as usize]
    };
    let is_boundary = |x: i64, y: i64| {
        let mut square = (y - reach..=y + reach).flat_map(|y| (x - reach..=x + reach).map(move |x| (x, y)));
        is_set(x, y) && square.any(|(x, y)| !is_set(x, y))
    };
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| is_boundary(x, y)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Most pixels are set, so that some lie inside.
    #[test]
    fn it_is_what_its_definition_says(
        wide in 1_usize..=120,
        mut pixels in proptest::collection::vec((proptest::bool::weighted(0.95), proptest::bool::weighted(0.95)), 120 * 6),
    ) {
        pixels.truncate(wide * 6);
        let (prediction, truth): (Vec<bool>, Vec<bool>) = pixels.into_iter().unzip();
        let reach = ((0.02 * (wide as f64).hypot(6.0)).round() as i64).max(1);
        let [found, expected] = [&prediction, &truth].map(|mask| boundary(mask, wide as i64, 6, reach));
        let number = |both: fn(bool, bool) -> bool| found.iter().zip(&expected).filter(|pair| both(*pair.0, *pair.1)).count();
        let (overlap, all) = (number(|a, b| a && b), number(|a, b| a || b));
        let value = if all == 0 { 1.0 } else { overlap as f64 / all as f64 };
        prop_assert_eq!(boundary_iou(wide, 6, &prediction, &truth), value);
        prop_assert_eq!(boundary_iou(wide, 6, &truth, &prediction), value);
    }
}
