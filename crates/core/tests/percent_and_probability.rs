//! Percentages and probabilities hold only what their names say.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_core::{Error, LungFraction, Percent, Probability, Threshold};

proptest! {
    #[test]
    fn percent_accepts_exactly_its_range(value in prop::num::f64::ANY) {
        prop_assert_eq!(Percent::new(value).is_ok(), (0.0..=100.0).contains(&value));
    }

    #[test]
    fn probability_accepts_exactly_its_range(value in prop::num::f64::ANY) {
        let inside = (0.0..=1.0).contains(&value);
        prop_assert_eq!(Probability::new(value).is_ok(), inside);
        prop_assert_eq!(Threshold::new(value).is_ok(), inside);
        prop_assert_eq!(LungFraction::new(value).is_ok(), inside && value != 0.0);
    }

    #[test]
    fn percent_survives_json(value in 0.0..=100.0_f64) {
        let percent = Percent::new(value).unwrap();
        let json = serde_json::to_string(&percent).unwrap();
        prop_assert_eq!(serde_json::from_str::<Percent>(&json).unwrap(), percent);
    }

    #[test]
    fn ratio_is_a_percentage_unless_it_has_no_meaning(part: u64, whole: u64) {
        match Percent::from_ratio(part, whole) {
            None => prop_assert!(whole == 0 || part > whole),
            Some(percent) => {
                prop_assert!(Percent::new(percent.get()).is_ok());
                let expected = part as f64 / whole as f64;
                prop_assert!((percent.as_fraction() - expected).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn ratios_of_nothing_and_of_everything() {
    assert_eq!(Percent::from_ratio(0, 0), None);
    assert_eq!(Percent::from_ratio(2, 1), None);
    assert_eq!(Percent::from_ratio(0, 5), Some(Percent::ZERO));
    assert_eq!(Percent::from_ratio(u64::MAX, u64::MAX), Some(Percent::FULL));
}

#[test]
fn percent_is_displayed_with_one_decimal_and_no_negative_zero() {
    assert_eq!(Percent::new(12.34).unwrap().to_string(), "12.3 %");
    assert_eq!(Percent::FULL.to_string(), "100.0 %");
    assert_eq!(Percent::new(-0.0).unwrap().to_string(), "0.0 %");
}

#[test]
fn json_out_of_range_is_refused_with_the_reason() {
    let error = serde_json::from_str::<Percent>("100.5").unwrap_err();
    assert!(error.to_string().contains("100.5"), "{error}");
    assert!(serde_json::from_str::<Probability>("-0.1").is_err());
    assert!(serde_json::from_str::<Threshold>("1.1").is_err());
    assert!(serde_json::from_str::<LungFraction>("0.0").is_err());
}

#[test]
fn refusals_name_the_value() {
    let error = Percent::new(f64::NAN).unwrap_err();
    assert!(matches!(error, Error::PercentOutOfRange { value } if value.is_nan()));
    assert!(error.to_string().contains("NaN"));
}

#[test]
fn threshold_is_reached_from_itself_on() {
    let threshold = Threshold::new(0.3).unwrap();
    assert!(threshold.is_reached_by(Probability::new(0.3).unwrap()));
    assert!(!threshold.is_reached_by(Probability::new(0.3_f64.next_down()).unwrap()));
}
