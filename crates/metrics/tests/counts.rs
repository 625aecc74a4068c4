//! Confusion counts and their figures.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use pulmo_metrics::{ConfusionCounts, EmptyPolicy, Error, Metric, SegmentationMetrics};

fn counts() -> impl Strategy<Value = ConfusionCounts> {
    (0_u64..500, 0_u64..500, 0_u64..500, 0_u64..500)
        .prop_map(|(tp, fp, fn_, tn)| ConfusionCounts::new(tp, fp, fn_, tn))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn masks_of_different_length_are_refused() {
    let error = ConfusionCounts::from_masks(&[true], &[1_u8, 0]).unwrap_err();
    assert!(matches!(error, Error::LengthMismatch { first_len: 1, second_len: 2, .. }));
    assert_eq!(ConfusionCounts::from_masks::<u8, u8>(&[], &[]).unwrap(), ConfusionCounts::default());
}

#[test]
fn nothing_at_all_is_worth_what_the_policy_says() {
    for metric in Metric::ALL {
        let none = ConfusionCounts::default();
        assert_eq!(none.figure(metric, EmptyPolicy::One), Some(1.0), "{metric}");
        assert_eq!(none.figure(metric, EmptyPolicy::Zero), Some(0.0), "{metric}");
        assert_eq!(none.figure(metric, EmptyPolicy::Skip), None, "{metric}");
    }
}

#[test]
fn empty_against_empty_leaves_only_what_negatives_define() {
    let empty = ConfusionCounts::new(0, 0, 0, 9);
    for metric in Metric::ALL {
        let expected = match metric {
            Metric::Accuracy | Metric::Specificity | Metric::Npv => Some(1.0),
            _ => None,
        };
        assert_eq!(empty.figure(metric, EmptyPolicy::Skip), expected, "{metric}");
    }
}

#[test]
fn a_worked_example() {
    let counts = ConfusionCounts::new(6, 2, 1, 11);
    let figure = |metric| counts.figure(metric, EmptyPolicy::Skip).unwrap();
    for (metric, expected) in [
        (Metric::Accuracy, 17.0 / 20.0),
        (Metric::Iou, 6.0 / 9.0),
        (Metric::Dsc, 12.0 / 15.0),
        (Metric::Precision, 6.0 / 8.0),
        (Metric::Sensitivity, 6.0 / 7.0),
        (Metric::Specificity, 11.0 / 13.0),
        (Metric::F1, 12.0 / 15.0),
        (Metric::BalancedAccuracy, (6.0 / 7.0 + 11.0 / 13.0) / 2.0),
        (Metric::Mcc, 64.0 / (8.0_f64 * 7.0 * 13.0 * 12.0).sqrt()),
        (Metric::Npv, 11.0 / 12.0),
    ] {
        assert!(close(figure(metric), expected), "{metric}");
    }
}

#[test]
fn sums_saturate() {
    let full = ConfusionCounts::new(u64::MAX, 1, u64::MAX, 1);
    let sum = full + full;
    assert_eq!((sum.tp(), sum.fp(), sum.total()), (u64::MAX, 2, u64::MAX));
    assert!(sum.mcc(EmptyPolicy::Skip).unwrap().is_finite());
}

#[test]
fn counts_have_stable_names_in_files() {
    let json = serde_json::to_string(&ConfusionCounts::new(1, 2, 3, 4)).unwrap();
    assert_eq!(json, r#"{"tp":1,"fp":2,"fn":3,"tn":4}"#);
}

#[test]
fn imagewise_means_leave_out_undefined_images() {
    let metrics: SegmentationMetrics = [
        ConfusionCounts::new(3, 1, 0, 0),
        ConfusionCounts::new(0, 0, 0, 4),
        ConfusionCounts::new(1, 1, 0, 2),
    ]
    .into_iter()
    .collect();
    let iou = |policy| metrics.imagewise(policy).iou.unwrap();
    assert_eq!((iou(EmptyPolicy::Skip).mean, iou(EmptyPolicy::Skip).n), (0.625, 2));
    assert!(close(iou(EmptyPolicy::Skip).std.unwrap(), 0.125 * 2.0_f64.sqrt()));
    assert_eq!((iou(EmptyPolicy::One).mean, iou(EmptyPolicy::One).n), (0.75, 3));
    assert!(close(iou(EmptyPolicy::Zero).mean, 1.25 / 3.0));
    assert_eq!(metrics.values(Metric::Iou, EmptyPolicy::Skip), [0.75, 0.5]);
    let single: SegmentationMetrics = [ConfusionCounts::new(1, 0, 0, 0)].into_iter().collect();
    assert_eq!(single.imagewise(EmptyPolicy::One).iou.unwrap().std, None);
    assert!(SegmentationMetrics::new().imagewise(EmptyPolicy::One).iou.is_none());
}

proptest! {
    #[test]
    fn counting_agrees_with_the_definition(masks in proptest::collection::vec((any::<bool>(), any::<bool>()), 0..200)) {
        let (prediction, target): (Vec<bool>, Vec<bool>) = masks.iter().copied().unzip();
        let bytes: Vec<u8> = target.iter().map(|&set| if set { 255 } else { 0 }).collect();
        let counts = ConfusionCounts::from_masks(&prediction, &bytes).unwrap();
        let number = |cell: (bool, bool)| masks.iter().filter(|pair| **pair == cell).count() as u64;
        let expected = ConfusionCounts::new(
            number((true, true)), number((true, false)), number((false, true)), number((false, false)),
        );
        prop_assert_eq!(counts, expected);
        prop_assert_eq!(counts.total(), masks.len() as u64);
    }

    #[test]
    fn dice_follows_from_iou(counts in counts()) {
        let pair = counts.iou(EmptyPolicy::Skip).zip(counts.dsc(EmptyPolicy::Skip));
        if let Some((iou, dsc)) = pair {
            prop_assert!(close(dsc, 2.0 * iou / (1.0 + iou)));
        } else {
            prop_assert_eq!(counts.tp() + counts.fp() + counts.fn_(), 0);
        }
    }

    #[test]
    fn f1_is_the_harmonic_mean(tp in 1_u64..500, fp in 0_u64..500, fn_ in 0_u64..500) {
        let counts = ConfusionCounts::new(tp, fp, fn_, 0);
        let (precision, recall) = (counts.precision(EmptyPolicy::Skip).unwrap(), counts.sensitivity(EmptyPolicy::Skip).unwrap());
        prop_assert!(close(counts.f1(EmptyPolicy::Skip).unwrap(), 2.0 * precision * recall / (precision + recall)));
    }

    #[test]
    fn swapping_the_kinds_swaps_the_figures(counts in counts()) {
        let swapped = ConfusionCounts::new(counts.tn(), counts.fn_(), counts.fp(), counts.tp());
        let policy = EmptyPolicy::Skip;
        prop_assert_eq!(counts.sensitivity(policy), swapped.specificity(policy));
        prop_assert_eq!(counts.precision(policy), swapped.npv(policy));
        prop_assert_eq!(counts.accuracy(policy), swapped.accuracy(policy));
        let mcc = counts.mcc(policy).zip(swapped.mcc(policy));
        prop_assert!(mcc.is_none_or(|(a, b)| close(a, b)));
    }

    #[test]
    fn matthews_is_the_correlation_of_the_two_labelings(counts in (1_u64..40, 1_u64..40, 1_u64..40, 1_u64..40)) {
        let (tp, fp, fn_, tn) = counts;
        let label = |prediction: f64, target: f64, n: u64| std::iter::repeat_n((prediction, target), n as usize);
        let (x, y): (Vec<f64>, Vec<f64>) = label(1.0, 1.0, tp).chain(label(1.0, 0.0, fp)).chain(label(0.0, 1.0, fn_)).chain(label(0.0, 0.0, tn)).unzip();
        let mcc = ConfusionCounts::new(tp, fp, fn_, tn).mcc(EmptyPolicy::Skip).unwrap();
        prop_assert!((mcc - pulmo_metrics::pearson(&x, &y).unwrap().value).abs() < 1e-9);
    }

    #[test]
    fn merging_is_associative_and_commutative(a in counts(), b in counts(), c in counts()) {
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a.merge(b), b.merge(a));
        prop_assert_eq!(a + ConfusionCounts::default(), a);
        let pooled = [a, b, c].into_iter().collect::<SegmentationMetrics>().pooled();
        prop_assert_eq!(pooled, a + b + c);
    }

    #[test]
    fn figures_lie_in_their_range(counts in counts()) {
        for metric in Metric::ALL {
            for policy in [EmptyPolicy::One, EmptyPolicy::Zero] {
                let value = counts.figure(metric, policy).unwrap();
                let low = if metric == Metric::Mcc { -1.0 } else { 0.0 };
                prop_assert!((low..=1.0).contains(&value), "{} {}", metric, value);
            }
        }
    }
}
