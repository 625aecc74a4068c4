//! Confidence intervals, estimates and correlation.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulmo_metrics::{
    ConfusionCounts, DetectionIntervals, DetectionMetrics, Error, Estimate, Interval, IntervalMethod, Metric,
    bootstrap_mean, paper_half_width, paper_interval, pearson, wilson,
};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 5e-5
}

#[test]
fn the_papers_interval_is_the_normal_approximation() {
    let interval = paper_interval(0.8, 400).unwrap();
    assert!(close(interval.low, 0.7608) && close(interval.high, 0.8392));
    assert_eq!(paper_interval(1.0, 5).unwrap().width(), 0.0);
    assert_eq!(paper_interval(0.99, 10).unwrap().high, 1.0);
    for m in [-0.1, 1.1, f64::NAN] {
        assert!(matches!(paper_half_width(m, 10), Err(Error::NotAProportion { .. })));
    }
    assert!(matches!(paper_interval(0.5, 0), Err(Error::TooFew { .. })));
}

#[test]
fn wilsons_interval_matches_published_figures() {
    for (successes, trials, low, high) in
        [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
    {
        let interval = wilson(successes, trials).unwrap();
        assert!(close(interval.low, low) && close(interval.high, high), "{interval:?}");
    }
    assert!(matches!(wilson(0, 0), Err(Error::TooFew { .. })));
    assert!(matches!(wilson(3, 2), Err(Error::TooManySuccesses { .. })));
}

#[test]
fn the_bootstrap_finds_the_standard_error() {
    let values: Vec<f64> = (0..400).map(|i| f64::from(i % 20) / 20.0).collect();
    let estimate = bootstrap_mean(&values, 3, 4000).unwrap();
    let deviation = (values.iter().map(|v| (v - 0.475).powi(2)).sum::<f64>() / 400.0).sqrt();
    let expected = 2.0 * 1.96 * deviation / 20.0;
    assert!((estimate.value - 0.475).abs() < 1e-12);
    assert!((estimate.interval.width() / expected - 1.0).abs() < 0.06);
    assert_eq!(estimate, bootstrap_mean(&values, 3, 4000).unwrap());
    assert_ne!(estimate.interval, bootstrap_mean(&values, 4, 4000).unwrap().interval);
}

#[test]
fn impossible_bootstraps_are_refused() {
    assert!(matches!(bootstrap_mean(&[], 0, 100), Err(Error::TooFew { .. })));
    assert!(matches!(bootstrap_mean(&[1.0], 0, 39), Err(Error::TooFew { needed: 40, .. })));
    assert!(matches!(bootstrap_mean(&[1.0, f64::NAN], 0, 100), Err(Error::NotFinite { position: 1, .. })));
}

#[test]
fn estimates_read_as_in_papers() {
    let estimate = |low, high| Estimate {
        value: 0.88123,
        n: 228,
        interval: Interval { low, high, method: IntervalMethod::Wilson },
    };
    assert_eq!(estimate(0.8634, 0.8951).to_string(), "0.8812 (95 % CI 0.86-0.90, n = 228)");
    assert_eq!(estimate(0.8801, 0.88251).to_string(), "0.8812 (95 % CI 0.8801-0.8825, n = 228)");
}

#[test]
fn detection_intervals_rest_on_their_own_denominators() {
    let counts = ConfusionCounts::new(90, 5, 10, 195);
    let metrics = DetectionMetrics::new(counts, DetectionIntervals::Wilson);
    let figures = metrics.figures();
    assert_eq!(figures.sensitivity.unwrap().interval, wilson(90, 100).unwrap());
    assert_eq!(figures.specificity.unwrap().interval, wilson(195, 200).unwrap());
    assert_eq!(figures.precision.unwrap().interval, wilson(90, 95).unwrap());
    assert_eq!(figures.npv.unwrap().interval, wilson(195, 205).unwrap());
    assert_eq!(figures.accuracy.unwrap().interval, wilson(285, 300).unwrap());
    assert_eq!(figures.accuracy.unwrap().n, 300);
    assert_eq!(figures.balanced_accuracy.unwrap().interval.method, IntervalMethod::Newcombe);
    assert_eq!(figures.mcc.unwrap().interval.method, IntervalMethod::Fisher);
    let iou = wilson(90, 105).unwrap();
    let f1 = figures.f1.unwrap().interval;
    assert!((f1.low - 2.0 * iou.low / (1.0 + iou.low)).abs() < 1e-12);
    let json = serde_json::to_string(&metrics).unwrap();
    assert!(json.contains(r#""intervals":"wilson""#) && json.contains(r#""method":"newcombe""#), "{json}");
}

#[test]
fn figures_without_cases_have_no_estimate() {
    for intervals in [DetectionIntervals::Paper, DetectionIntervals::Wilson] {
        let none = DetectionMetrics::new(ConfusionCounts::default(), intervals);
        assert!(none.figures().iter().all(|(_, figure)| figure.is_none()));
        let negatives = DetectionMetrics::new(ConfusionCounts::new(0, 1, 0, 9), intervals);
        assert!(negatives.figures().sensitivity.is_none());
        assert_eq!(negatives.figures().specificity.unwrap().value, 0.9);
    }
}

#[test]
fn correlation_of_a_worked_example() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let y = [2.0, 1.0, 4.0, 3.0, 6.0, 5.0];
    let estimate = pearson(&x, &y).unwrap();
    assert!((estimate.value - 14.5 / 17.5).abs() < 1e-12);
    assert!(close(estimate.interval.low, 0.0519) && close(estimate.interval.high, 0.9807), "{estimate:?}");
    assert_eq!(estimate.n, 6);
}

#[test]
fn sequences_without_a_correlation_are_refused() {
    assert!(matches!(pearson(&[1.0], &[1.0, 2.0]), Err(Error::LengthMismatch { .. })));
    assert!(matches!(
        pearson(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]),
        Err(Error::TooFew { needed: 4, found: 3, .. })
    ));
    assert!(matches!(pearson(&[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]), Err(Error::Constant { what: "x" })));
    assert!(matches!(pearson(&[1.0, f64::INFINITY], &[1.0, 2.0]), Err(Error::NotFinite { position: 1, .. })));
    assert!(pearson(&[], &[]).is_err());
}

proptest! {
    #[test]
    fn wilsons_limits_enclose_the_proportion(successes in 0_u64..300, failures in 0_u64..300) {
        prop_assume!(successes + failures > 0);
        let interval = wilson(successes, successes + failures).unwrap();
        prop_assert!(interval.contains(successes as f64 / (successes + failures) as f64));
        prop_assert!(0.0 <= interval.low && interval.low < interval.high && interval.high <= 1.0);
        let mirrored = wilson(failures, successes + failures).unwrap();
        prop_assert!((mirrored.low - (1.0 - interval.high)).abs() < 1e-12);
    }

    #[test]
    fn every_detection_interval_encloses_its_figure(tp in 0_u64..200, fp in 0_u64..200, fn_ in 0_u64..200, tn in 0_u64..200) {
        for intervals in [DetectionIntervals::Paper, DetectionIntervals::Wilson] {
            let metrics = DetectionMetrics::new(ConfusionCounts::new(tp, fp, fn_, tn), intervals);
            for (metric, figure) in metrics.figures().iter() {
                if let Some(estimate) = figure {
                    let slack = 1e-9;
                    let Interval { low, high, .. } = estimate.interval;
                    prop_assert!(low - slack <= estimate.value && estimate.value <= high + slack, "{} {:?}", metric, estimate);
                    let least = if metric == Metric::Mcc { -1.0 } else { 0.0 };
                    prop_assert!(least <= low + slack && high <= 1.0 + slack, "{} {:?}", metric, estimate);
                }
            }
        }
    }

    #[test]
    fn correlation_ignores_scale_and_order(
        pairs in proptest::collection::vec((-1.0_f64..1.0, -1.0_f64..1.0), 5..30), scale in 0.1_f64..1e6, shift in -10.0_f64..10.0,
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let r = pearson(&x, &y).unwrap();
        let scaled: Vec<f64> = x.iter().map(|x| x * scale + shift).collect();
        prop_assert!((pearson(&scaled, &y).unwrap().value - r.value).abs() < 1e-6);
        let negated: Vec<f64> = x.iter().map(|x| -x).collect();
        prop_assert!((pearson(&negated, &y).unwrap().value + r.value).abs() < 1e-9);
        prop_assert!((pearson(&y, &x).unwrap().value - r.value).abs() < 1e-9);
        prop_assert!(r.interval.contains(r.value));
        prop_assert!((pearson(&x, &x).unwrap().value - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_bootstrap_stays_within_the_sample(values in proptest::collection::vec(0.0_f64..1.0, 1..20), seed: u64) {
        let estimate = bootstrap_mean(&values, seed, 100).unwrap();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        prop_assert!(least <= estimate.interval.low + 1e-12 && estimate.interval.high <= most + 1e-12);
    }
}
