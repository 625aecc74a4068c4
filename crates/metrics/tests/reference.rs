//! Agreement with segmentation_models_pytorch 0.6.0 and with the interval of Tahir et al. 2021.
#![allow(clippy::unwrap_used)]

mod support;

use pulmo_metrics::{
    ConfusionCounts, DetectionIntervals, DetectionMetrics, EmptyPolicy, Figures, SegmentationMetrics,
    paper_half_width,
};
use serde_json::Value;
use support::uniform;

const IMAGES: usize = 6;
const PIXELS: usize = 32 * 48;
/// The reference is rounded to single precision.
const TOLERANCE: f64 = f32::EPSILON as f64;

fn reference() -> Value {
    serde_json::from_str(include_str!("data/metrics.json")).unwrap()
}

fn images() -> SegmentationMetrics {
    let target = uniform("metric-target", IMAGES * PIXELS);
    let flip = uniform("metric-flip", IMAGES * PIXELS);
    let mut target: Vec<bool> = target.into_iter().map(|value| value < 0.4).collect();
    let mut prediction: Vec<bool> =
        target.iter().zip(flip).map(|(target, flip)| target ^ (flip < 0.15)).collect();
    prediction[4 * PIXELS..5 * PIXELS].fill(false);
    target[4 * PIXELS..].fill(false);
    prediction
        .chunks(PIXELS)
        .zip(target.chunks(PIXELS))
        .map(|(prediction, target)| ConfusionCounts::from_masks(prediction, target).unwrap())
        .collect()
}

fn assert_figures(reduction: &str, figures: &Figures<f64>) {
    let expected = &reference()["reductions"][reduction];
    for (name, value) in [
        ("iou_score", figures.iou),
        ("f1_score", figures.f1),
        ("f1_score", figures.dsc),
        ("accuracy", figures.accuracy),
        ("precision", figures.precision),
        ("recall", figures.sensitivity),
        ("sensitivity", figures.sensitivity),
        ("specificity", figures.specificity),
        ("balanced_accuracy", figures.balanced_accuracy),
    ] {
        let expected = expected[name].as_f64().unwrap();
        assert!((value - expected).abs() < TOLERANCE, "{reduction} {name}: {value} is not {expected}");
    }
}

#[test]
fn counts_per_image() {
    let expected: Vec<[u64; 4]> = serde_json::from_value(reference()["per_image_counts"].clone()).unwrap();
    let counts: Vec<[u64; 4]> = images()
        .images()
        .iter()
        .map(|counts| [counts.tp(), counts.fp(), counts.fn_(), counts.tn()])
        .collect();
    assert_eq!(counts, expected);
}

#[test]
fn micro_reduction() {
    let micro = images().micro(EmptyPolicy::One);
    assert_figures("micro", &Figures::from_fn(|metric| micro.get(metric).unwrap()));
}

#[test]
fn micro_imagewise_reduction() {
    let imagewise = images().imagewise(EmptyPolicy::One);
    assert_figures("micro-imagewise", &Figures::from_fn(|metric| imagewise.get(metric).unwrap().mean));
}

#[test]
fn detection_with_the_papers_intervals() {
    let reference = reference();
    let detection = &reference["detection"];
    let count = |name: &str| detection[name].as_u64().unwrap();
    let counts = ConfusionCounts::new(count("tp"), count("fp"), count("fn"), count("tn"));
    let metrics = DetectionMetrics::new(counts, DetectionIntervals::Paper);
    let figures = metrics.figures();
    for (name, estimate) in [
        ("accuracy", figures.accuracy),
        ("precision", figures.precision),
        ("sensitivity", figures.sensitivity),
        ("f1", figures.f1),
        ("specificity", figures.specificity),
    ] {
        let estimate = estimate.unwrap();
        let expected = |key: &str| detection["metrics"][name][key].as_f64().unwrap();
        assert!((estimate.value - expected("value")).abs() < 1e-12, "{name}");
        let half = paper_half_width(estimate.value, counts.total()).unwrap();
        assert!((half - expected("ci95_half_width_N_all")).abs() < 1e-12, "{name}");
        assert!((estimate.interval.low - (estimate.value - half)).abs() < 1e-15, "{name}");
        assert_eq!(estimate.interval.high, (estimate.value + half).min(1.0), "{name}");
    }
}
