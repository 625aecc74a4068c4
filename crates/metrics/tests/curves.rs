//! ROC and precision-recall curves.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulmo_metrics::{Error, PrecisionRecallCurve, RocCurve};

/// Scores on a coarse grid, so that ties are common, with both kinds of case.
fn cases() -> impl Strategy<Value = Vec<(f64, bool)>> {
    proptest::collection::vec((0_u8..12, any::<bool>()), 2..60)
        .prop_map(|cases| {
            cases.into_iter().map(|(score, label)| (f64::from(score) / 8.0, label)).collect::<Vec<_>>()
        })
        .prop_filter("one-sided", |cases| cases.iter().any(|case| case.1) && cases.iter().any(|case| !case.1))
}

fn roc(cases: &[(f64, bool)]) -> RocCurve {
    let (scores, labels): (Vec<f64>, Vec<bool>) = cases.iter().copied().unzip();
    RocCurve::new(&scores, &labels).unwrap()
}

fn average_precision(cases: &[(f64, bool)]) -> f64 {
    let (scores, labels): (Vec<f64>, Vec<bool>) = cases.iter().copied().unzip();
    PrecisionRecallCurve::new(&scores, &labels).unwrap().average_precision()
}

#[test]
fn areas_of_worked_examples() {
    let cases = [(0.1, false), (0.4, false), (0.35, true), (0.8, true)];
    assert_eq!(roc(&cases).area(), 0.75);
    assert!((average_precision(&cases) - 0.833_333_333_333).abs() < 1e-9);
    let tied = [(0.5, true), (0.5, false), (0.5, false)];
    assert_eq!(roc(&tied).area(), 0.5);
    assert!((average_precision(&tied) - 1.0 / 3.0).abs() < 1e-12);
}

#[test]
fn youden_picks_the_separating_threshold() {
    let cases = [(0.9, true), (0.7, true), (0.6, false), (0.3, true), (0.2, false), (0.1, false)];
    assert_eq!(roc(&cases).youden_threshold(), 0.7);
}

#[test]
fn impossible_curves_are_refused() {
    assert!(matches!(RocCurve::new(&[0.1], &[]), Err(Error::LengthMismatch { .. })));
    assert!(matches!(RocCurve::new(&[], &[]), Err(Error::OneSided { .. })));
    assert!(matches!(RocCurve::new(&[0.1, 0.2], &[true, true]), Err(Error::OneSided { positives: 2, .. })));
    assert!(matches!(
        RocCurve::new(&[0.1, f64::NAN], &[true, false]),
        Err(Error::NotFinite { position: 1, .. })
    ));
    assert!(matches!(PrecisionRecallCurve::new(&[0.1], &[false]), Err(Error::OneSided { .. })));
    assert_eq!(PrecisionRecallCurve::new(&[0.1], &[true]).unwrap().average_precision(), 1.0);
}

proptest! {
    #[test]
    fn area_is_the_chance_of_ranking_a_pair_rightly(cases in cases()) {
        let mut sum = 0.0;
        let mut pairs = 0.0;
        for positive in cases.iter().filter(|case| case.1) {
            for negative in cases.iter().filter(|case| !case.1) {
                pairs += 1.0;
                sum += if positive.0 > negative.0 { 1.0 } else if positive.0 == negative.0 { 0.5 } else { 0.0 };
            }
        }
        prop_assert!((roc(&cases).area() - sum / pairs).abs() < 1e-12);
    }

    #[test]
    fn average_precision_agrees_with_counting_at_every_threshold(cases in cases()) {
        let mut thresholds: Vec<f64> = cases.iter().map(|case| case.0).collect();
        thresholds.sort_by(|a, b| b.total_cmp(a));
        thresholds.dedup();
        let positives = cases.iter().filter(|case| case.1).count() as f64;
        let (mut recall, mut expected) = (0.0, 0.0);
        for threshold in thresholds {
            let called: Vec<_> = cases.iter().filter(|case| case.0 >= threshold).collect();
            let hits = called.iter().filter(|case| case.1).count() as f64;
            expected += (hits / positives - recall) * hits / called.len() as f64;
            recall = hits / positives;
        }
        prop_assert!((average_precision(&cases) - expected).abs() < 1e-12);
    }

    #[test]
    fn order_and_monotone_changes_do_not_matter(cases in cases(), rotation in 0_usize..60) {
        let mut moved: Vec<_> = cases.iter().map(|(score, label)| (score.powi(3) * 5.0 - 2.0, *label)).collect();
        let places = rotation % moved.len();
        moved.rotate_left(places);
        prop_assert_eq!(roc(&moved).area(), roc(&cases).area());
        prop_assert!((average_precision(&moved) - average_precision(&cases)).abs() < 1e-12);
    }

    #[test]
    fn negated_scores_invert_the_area(cases in cases()) {
        let negated: Vec<_> = cases.iter().map(|(score, label)| (-score, *label)).collect();
        prop_assert!((roc(&cases).area() + roc(&negated).area() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn perfect_scores_have_area_one(labels in proptest::collection::vec(any::<bool>(), 2..40)) {
        prop_assume!(labels.contains(&true) && labels.contains(&false));
        let scores: Vec<f64> = labels.iter().map(|&label| f64::from(u8::from(label))).collect();
        prop_assert_eq!(RocCurve::new(&scores, &labels).unwrap().area(), 1.0);
        let curve = PrecisionRecallCurve::new(&scores, &labels).unwrap();
        prop_assert_eq!(curve.average_precision(), 1.0);
        prop_assert_eq!(RocCurve::new(&scores, &labels).unwrap().youden_threshold(), 1.0);
    }

    #[test]
    fn curves_run_from_corner_to_corner(cases in cases()) {
        let curve = roc(&cases);
        let points: Vec<(f64, f64)> = curve.points().iter().map(|point| (point.false_positive_rate, point.true_positive_rate)).collect();
        prop_assert_eq!(points.first(), Some(&(0.0, 0.0)));
        prop_assert_eq!(points.last(), Some(&(1.0, 1.0)));
        prop_assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1));
    }
}
