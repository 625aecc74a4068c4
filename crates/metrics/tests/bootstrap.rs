//! Bootstrap intervals of pooled figures and of areas under curves.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pulmo_metrics::{
    ConfusionCounts, EmptyPolicy, Error, Metric, PrecisionRecallCurve, RocCurve, SegmentationMetrics,
    bootstrap_pearson, pearson,
};
use support::uniform;

const RESAMPLES: usize = 1000;

#[test]
fn pooled_figures_vary_with_the_images_drawn() {
    let images = |count: u64| (0..count).map(|i| ConfusionCounts::new(10 + i % 7, 3, 2 + i % 5, 50));
    let few: SegmentationMetrics = images(20).collect();
    let many: SegmentationMetrics = images(320).collect();
    let estimate = |set: &SegmentationMetrics, seed| {
        set.pooled_estimate(Metric::Iou, EmptyPolicy::Skip, seed, RESAMPLES).unwrap()
    };
    let (one, other) = (estimate(&few, 1), estimate(&many, 1));
    assert_eq!(Some(one.value), few.micro(EmptyPolicy::Skip).iou);
    assert_eq!((one.n, other.n), (20, 320));
    assert!(one.interval.contains(one.value) && other.interval.contains(other.value));
    let ratio = one.interval.width() / other.interval.width();
    assert!((ratio / 4.0 - 1.0).abs() < 0.2, "sixteen times the images narrow the interval {ratio} times");
    assert_eq!(one, estimate(&few, 1));
    assert_ne!(one.interval, estimate(&few, 2).interval);
}

#[test]
fn pooled_figures_that_cannot_be_estimated_are_refused() {
    let estimate = |images: &[ConfusionCounts], resamples| {
        let set: SegmentationMetrics = images.iter().copied().collect();
        set.pooled_estimate(Metric::Iou, EmptyPolicy::Skip, 0, resamples)
    };
    let empty = ConfusionCounts::new(0, 0, 0, 9);
    assert!(matches!(estimate(&[], RESAMPLES), Err(Error::TooFew { .. })));
    assert!(matches!(estimate(&[ConfusionCounts::new(1, 1, 1, 1)], 39), Err(Error::TooFew { .. })));
    assert_eq!(estimate(&[empty; 4], RESAMPLES), Err(Error::Undefined { what: "iou" }));
    assert!(estimate(&[empty, empty, empty, ConfusionCounts::new(3, 1, 0, 5)], RESAMPLES).is_ok());
}

/// Two normal-like scores whose areas have a known standard error (Hanley and McNeil 1982).
#[test]
fn the_interval_of_an_area_is_that_of_its_standard_error() {
    let noise = uniform("bootstrap-scores", 4000);
    let labels: Vec<bool> = (0..1000).map(|case| case % 2 == 0).collect();
    let scores: Vec<f64> = noise
        .chunks(4)
        .zip(&labels)
        .map(|(noise, label)| {
            noise.iter().map(|u| f64::from(*u)).sum::<f64>() + if *label { 0.6 } else { 0.0 }
        })
        .collect();
    let area = RocCurve::area_estimate(&scores, &labels, 5, RESAMPLES).unwrap();
    assert_eq!(area.value, RocCurve::new(&scores, &labels).unwrap().area());
    let a = area.value;
    let (q1, q2) = (a / (2.0 - a), 2.0 * a * a / (1.0 + a));
    let variance = (a * (1.0 - a) + 499.0 * (q1 - a * a) + 499.0 * (q2 - a * a)) / (500.0 * 500.0);
    let expected = 2.0 * 1.96 * variance.sqrt();
    assert!(
        (area.interval.width() / expected - 1.0).abs() < 0.15,
        "{} not {expected}",
        area.interval.width()
    );

    let precision = PrecisionRecallCurve::average_precision_estimate(&scores, &labels, 5, RESAMPLES).unwrap();
    assert_eq!(precision.value, PrecisionRecallCurve::new(&scores, &labels).unwrap().average_precision());
    assert!(precision.interval.contains(precision.value) && precision.n == 1000);
}

#[test]
fn areas_without_a_curve_are_refused() {
    assert!(matches!(
        RocCurve::area_estimate(&[0.1, 0.2], &[true, true], 0, RESAMPLES),
        Err(Error::OneSided { .. })
    ));
    assert!(matches!(RocCurve::area_estimate(&[0.1], &[], 0, RESAMPLES), Err(Error::LengthMismatch { .. })));
    let negatives = PrecisionRecallCurve::average_precision_estimate(&[0.1], &[false], 0, RESAMPLES);
    assert!(matches!(negatives, Err(Error::OneSided { .. })));
    assert!(matches!(RocCurve::area_estimate(&[0.1, 0.2], &[true, false], 0, 3), Err(Error::TooFew { .. })));
}

/// Of pairs near the normal distribution, for which Fisher's interval is made, both intervals agree.
#[test]
fn the_interval_of_a_correlation_is_fishers_where_that_holds() {
    let noise = uniform("correlated-pairs", 12 * 400);
    let sums: Vec<f64> =
        noise.chunks(6).map(|noise| noise.iter().map(|u| f64::from(*u)).sum::<f64>()).collect();
    let x: Vec<f64> = sums.iter().step_by(2).copied().collect();
    let y: Vec<f64> = sums.chunks(2).map(|pair| pair[0] + 0.8 * pair[1]).collect();
    let (fisher, drawn) = (pearson(&x, &y).unwrap(), bootstrap_pearson(&x, &y, 3, RESAMPLES).unwrap());
    assert_eq!((drawn.value, drawn.n), (fisher.value, 400));
    assert!((drawn.interval.low - fisher.interval.low).abs() < 0.015, "{drawn} {fisher}");
    assert!((drawn.interval.high - fisher.interval.high).abs() < 0.015, "{drawn} {fisher}");
    assert_eq!(drawn, bootstrap_pearson(&x, &y, 3, RESAMPLES).unwrap());
    assert_ne!(drawn.interval, bootstrap_pearson(&x, &y, 4, RESAMPLES).unwrap().interval);
}

#[test]
fn the_correlation_of_a_few_pairs_is_drawn_or_refused() {
    // Many draws of these do not vary; a line stays a line in all others.
    let line = bootstrap_pearson(&[0.0, 0.0, 0.0, 1.0], &[2.0, 2.0, 2.0, 5.0], 0, 40).unwrap();
    assert!((line.interval.low - 1.0).abs() < 1e-12 && line.interval.high <= 1.0, "{line}");
    let y = [1.0, 2.0, 3.0, 5.0];
    assert!(matches!(bootstrap_pearson(&y[..3], &y[..3], 0, RESAMPLES), Err(Error::TooFew { .. })));
    assert!(matches!(bootstrap_pearson(&y, &y, 0, 39), Err(Error::TooFew { .. })));
    assert!(matches!(bootstrap_pearson(&[1.0; 4], &y, 0, RESAMPLES), Err(Error::Constant { what: "x" })));
    assert!(matches!(bootstrap_pearson(&y, &y[1..], 0, RESAMPLES), Err(Error::LengthMismatch { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn areas_stay_in_their_range(cases in prop::collection::vec((0_u8..6, any::<bool>()), 2..30), seed: u64) {
        let scores: Vec<f64> = cases.iter().map(|(score, _)| f64::from(*score)).collect();
        let labels: Vec<bool> = cases.iter().map(|(_, label)| *label).collect();
        prop_assume!(labels.contains(&true) && labels.contains(&false));
        let area = RocCurve::area_estimate(&scores, &labels, seed, 60).unwrap();
        let precision = PrecisionRecallCurve::average_precision_estimate(&scores, &labels, seed, 60).unwrap();
        for interval in [area.interval, precision.interval] {
            prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0 + 1e-12);
        }
    }
}
