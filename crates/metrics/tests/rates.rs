//! Error rates, likelihood ratios and F-beta.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulmo_metrics::{ConfusionCounts, EmptyPolicy, Error};
use serde_json::Value;

/// The reference is rounded to single precision.
const TOLERANCE: f64 = 1e-6;

type Rate = fn(&ConfusionCounts, EmptyPolicy) -> Option<f64>;

const RATES: [(&str, Rate); 9] = [
    ("false_positive_rate", ConfusionCounts::false_positive_rate),
    ("false_negative_rate", ConfusionCounts::false_negative_rate),
    ("false_discovery_rate", ConfusionCounts::false_discovery_rate),
    ("false_omission_rate", ConfusionCounts::false_omission_rate),
    ("positive_likelihood_ratio", ConfusionCounts::positive_likelihood_ratio),
    ("negative_likelihood_ratio", ConfusionCounts::negative_likelihood_ratio),
    ("negative_predictive_value", ConfusionCounts::npv),
    ("fbeta_score 0.5", |counts, policy| counts.fbeta(0.5, policy).unwrap()),
    ("fbeta_score 2.0", |counts, policy| counts.fbeta(2.0, policy).unwrap()),
];

#[test]
fn rates_are_those_of_smp() {
    let counts: Value = serde_json::from_str(include_str!("data/metrics.json")).unwrap();
    let reference: Value = serde_json::from_str(include_str!("data/rates.json")).unwrap();
    let images: Vec<[u64; 4]> = serde_json::from_value(counts["per_image_counts"].clone()).unwrap();
    let images: Vec<ConfusionCounts> =
        images.into_iter().map(|[tp, fp, fn_, tn]| ConfusionCounts::new(tp, fp, fn_, tn)).collect();
    let pooled: ConfusionCounts = images.iter().copied().sum();
    for (name, rate) in RATES {
        let micro = rate(&pooled, EmptyPolicy::One).unwrap();
        let values = images.iter().map(|counts| rate(counts, EmptyPolicy::One).unwrap());
        let imagewise = values.sum::<f64>() / images.len() as f64;
        for (reduction, value) in [("micro", micro), ("micro-imagewise", imagewise)] {
            let expected = reference[reduction][name].as_f64().unwrap();
            assert!((value - expected).abs() < TOLERANCE, "{reduction} {name}: {value} is not {expected}");
        }
    }
}

#[test]
fn a_rate_without_cases_is_worth_what_the_policy_says() {
    for (name, rate) in RATES {
        let none = ConfusionCounts::default();
        assert_eq!(rate(&none, EmptyPolicy::One), Some(1.0), "{name}");
        assert_eq!(rate(&none, EmptyPolicy::Zero), Some(0.0), "{name}");
        assert_eq!(rate(&none, EmptyPolicy::Skip), None, "{name}");
    }
    let certain = ConfusionCounts::new(5, 0, 1, 9);
    assert_eq!(certain.positive_likelihood_ratio(EmptyPolicy::Skip), None);
}

#[test]
fn impossible_betas_are_refused() {
    for beta in [-1.0, f64::NAN, f64::INFINITY, 1e200] {
        let result = ConfusionCounts::new(1, 1, 1, 1).fbeta(beta, EmptyPolicy::One);
        assert!(matches!(result, Err(Error::NotABeta { .. })), "{beta}");
    }
}

proptest! {
    #[test]
    fn a_rate_and_its_complement_make_one(tp in 0_u64..500, fp in 0_u64..500, fn_ in 0_u64..500, tn in 0_u64..500) {
        let counts = ConfusionCounts::new(tp, fp, fn_, tn);
        let skip = EmptyPolicy::Skip;
        for (rate, complement) in [
            (counts.false_positive_rate(skip), counts.specificity(skip)),
            (counts.false_negative_rate(skip), counts.sensitivity(skip)),
            (counts.false_discovery_rate(skip), counts.precision(skip)),
            (counts.false_omission_rate(skip), counts.npv(skip)),
        ] {
            prop_assert_eq!(rate.is_some(), complement.is_some());
            if let (Some(rate), Some(complement)) = (rate, complement) {
                prop_assert!((rate + complement - 1.0).abs() < 1e-12);
            }
        }
        prop_assert_eq!(counts.fbeta(1.0, skip).unwrap(), counts.f1(skip));
        prop_assert_eq!(counts.fbeta(0.0, EmptyPolicy::Zero).unwrap(), counts.precision(EmptyPolicy::Zero).filter(|_| tp > 0).or(Some(0.0)));
    }
}
