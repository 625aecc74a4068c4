//! The chosen threshold against trying every one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_findings::{Error, OperatingPoint, Percent, Probability, choose_threshold, choose_threshold_at};

type Cases = Vec<(Probability, bool)>;

fn cases(pairs: &[(f64, bool)]) -> Cases {
    pairs.iter().map(|&(score, positive)| (Probability::new(score).unwrap(), positive)).collect()
}

/// Sensitivity and specificity of `score >= threshold`.
fn rates(cases: &Cases, threshold: f64) -> (f64, f64) {
    let share = |class: bool| {
        let of_class: Vec<_> = cases.iter().filter(|case| case.1 == class).collect();
        let right = of_class.iter().filter(|case| (case.0.get() >= threshold) == class).count();
        right as f64 / of_class.len() as f64
    };
    (share(true), share(false))
}

/// Few distinct scores, so that ties happen.
fn two_class_cases() -> impl Strategy<Value = Cases> {
    let pair = (0_u8..=12, any::<bool>()).prop_map(|(score, positive)| (f64::from(score) / 12.0, positive));
    prop::collection::vec(pair, 0..30).prop_map(|mut pairs| {
        pairs.push((0.5, true));
        pairs.push((0.5, false));
        cases(&pairs)
    })
}

proptest! {
    #[test]
    fn no_threshold_does_better(cases in two_class_cases()) {
        let choice = choose_threshold(&cases).unwrap();
        let (sensitivity, specificity) = rates(&cases, choice.threshold().get());
        prop_assert_eq!((choice.sensitivity(), choice.specificity()), (sensitivity, specificity));
        for step in 0..=240 {
            let (other_sensitivity, other_specificity) = rates(&cases, f64::from(step) / 240.0);
            let (j, other_j) = (sensitivity + specificity, other_sensitivity + other_specificity);
            prop_assert!(other_j <= j + 1e-9);
            if (other_j - j).abs() < 1e-9 {
                prop_assert!(other_sensitivity <= sensitivity + 1e-9);
            }
        }
    }

    #[test]
    fn the_threshold_lies_midway_between_neighbours(cases in two_class_cases()) {
        let threshold = choose_threshold(&cases).unwrap().threshold().get();
        let scores = || cases.iter().map(|case| case.0.get());
        let below = scores().filter(|&score| score < threshold).max_by(f64::total_cmp);
        let above = scores().filter(|&score| score >= threshold).min_by(f64::total_cmp);
        match (below, above) {
            (Some(below), Some(above)) => prop_assert!((threshold - f64::midpoint(below, above)).abs() < 1e-12),
            _ => prop_assert_eq!(threshold, 0.0),
        }
    }

    #[test]
    fn no_threshold_as_specific_is_more_sensitive(cases in two_class_cases(), percent in 0_u8..=100) {
        let asked = Percent::new(f64::from(percent)).unwrap();
        let every = || (0..=240).map(|step| rates(&cases, f64::from(step) / 240.0));
        let enough = |specificity: f64| specificity * 100.0 >= asked.get();
        match choose_threshold_at(OperatingPoint::SensitiveAt { specificity: asked }, &cases) {
            Ok(choice) => {
                let (sensitivity, specificity) = rates(&cases, choice.threshold().get());
                prop_assert_eq!((choice.sensitivity(), choice.specificity()), (sensitivity, specificity));
                prop_assert!(enough(specificity));
                for (other, its_specificity) in every().filter(|rates| enough(rates.1)) {
                    prop_assert!(other <= sensitivity);
                    // Above the highest score everything is negative, which is no rule.
                    prop_assert!(other < sensitivity || other == 0.0 || its_specificity <= specificity);
                }
            }
            Err(Error::SpecificityNotReached { .. }) => {
                prop_assert!(every().all(|rates| !enough(rates.1) || rates.0 == 0.0));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn the_middle_of_the_thresholds_at_which_both_reach_it_is_taken(cases in two_class_cases(), percent in 1_u8..=100) {
        let least = Percent::new(f64::from(percent)).unwrap();
        let steps = || (0..=2400).map(|step| f64::from(step) / 2400.0);
        let smaller = |threshold| {
            let (sensitivity, specificity) = rates(&cases, threshold);
            sensitivity.min(specificity)
        };
        let enough: Vec<f64> = steps().filter(|&threshold| smaller(threshold) * 100.0 >= least.get()).collect();
        match choose_threshold_at(OperatingPoint::BothReach { least }, &cases) {
            Ok(choice) => {
                let threshold = choice.threshold().get();
                prop_assert_eq!((choice.sensitivity(), choice.specificity()), rates(&cases, threshold));
                let middle = f64::midpoint(enough[0], enough[enough.len() - 1]);
                prop_assert!((threshold - middle).abs() < 1e-3, "{threshold} of {middle}");
            }
            Err(Error::BothNotReached { asked, sensitivity, specificity }) => {
                prop_assert!(enough.is_empty());
                prop_assert_eq!(asked, least);
                let nearest = sensitivity.get().min(specificity.get());
                prop_assert!(steps().all(|threshold| smaller(threshold) * 100.0 <= nearest + 1e-9));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn the_order_of_cases_does_not_matter(mut cases in two_class_cases()) {
        let choice = choose_threshold(&cases).unwrap();
        cases.reverse();
        prop_assert_eq!(choose_threshold(&cases).unwrap(), choice);
    }
}

#[test]
fn of_equal_thresholds_the_more_sensitive_is_taken() {
    // Between 0.2 and 0.4, and between 0.6 and 0.8, J is 0.5.
    let choice = choose_threshold(&cases(&[(0.2, false), (0.4, true), (0.6, false), (0.8, true)])).unwrap();
    assert!((choice.threshold().get() - 0.3).abs() < 1e-12);
    assert_eq!((choice.sensitivity(), choice.specificity()), (1.0, 0.5));
}

#[test]
fn where_both_have_to_reach_a_figure_neither_end_of_the_room_is_taken() {
    // Above 0.1 one of three is missed, from 0.5 up at most one of three is a false alarm.
    let cases = cases(&[(0.1, true), (0.2, false), (0.5, false), (0.6, false), (0.8, true), (0.9, true)]);
    let at = |point| choose_threshold_at(point, &cases);
    let least = |percent| OperatingPoint::BothReach { least: Percent::new(percent).unwrap() };
    let middle = at(least(60.0)).unwrap();
    assert!((middle.threshold().get() - 0.65).abs() < 1e-12, "{middle:?}");
    assert_eq!((middle.sensitivity(), middle.specificity()), (2.0 / 3.0, 1.0));
    assert!((at(OperatingPoint::Youden).unwrap().threshold().get() - 0.7).abs() < 1e-12);
    let error = at(least(70.0)).unwrap_err().to_string();
    assert!(error.contains("70.0 %") && error.contains("66.7 %"), "{error}");
}

#[test]
fn scores_that_mislead_call_everything_positive() {
    let choice = choose_threshold(&cases(&[(0.1, true), (0.9, false)])).unwrap();
    assert_eq!((choice.threshold().get(), choice.youden_j()), (0.0, 0.0));
}

#[test]
fn neighbouring_floats_are_still_separated() {
    let (below, above) = (0.3_f64, 0.3_f64.next_up());
    let choice = choose_threshold(&cases(&[(below, false), (above, true)])).unwrap();
    assert_eq!(choice.youden_j(), 1.0);
    assert_eq!(choice.threshold().get(), above);
}

#[test]
fn a_specificity_that_no_threshold_has_is_refused_with_the_one_there_is() {
    let cases = cases(&[(0.1, false), (0.2, true), (0.9, false)]);
    let at = |percent| {
        choose_threshold_at(
            OperatingPoint::SensitiveAt { specificity: Percent::new(percent).unwrap() },
            &cases,
        )
    };
    assert_eq!(at(50.0).unwrap().sensitivity(), 1.0);
    let error = at(97.0).unwrap_err().to_string();
    assert!(error.contains("97.0 %") && error.contains("50.0 %"), "{error}");
}

#[test]
fn one_class_alone_is_refused() {
    for (pairs, counts) in [(vec![], (0, 0)), (vec![(0.5, true)], (1, 0)), (vec![(0.5, false); 2], (0, 2))] {
        let error = choose_threshold(&cases(&pairs)).unwrap_err();
        assert!(
            matches!(error, Error::OneClassOnly { positives, negatives } if (positives, negatives) == counts)
        );
    }
}
