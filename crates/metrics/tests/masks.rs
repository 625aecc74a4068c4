//! Metrics of masks: what every one of them keeps to, and scores of images.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_metrics::{
    COUNT_METRICS, ConfusionCounts, Direction, EmptyPolicy, Error, MASK_METRICS, MaskMetric, MaskPair,
    MaskScores, Metric, PixelSpacing, SegmentationMetrics, Unit,
};

/// Those of the tables, and all that follow from counts.
fn every_metric() -> Vec<&'static dyn MaskMetric> {
    let counts = COUNT_METRICS.iter().map(|metric| metric as &dyn MaskMetric);
    let figures = Metric::ALL.iter().map(|metric| metric as &dyn MaskMetric);
    MASK_METRICS.iter().copied().chain(figures).chain(counts).collect()
}

/// Pixels of the image whose shape is wrong, which does not follow from counts; undefined without true pixels.
#[derive(Debug)]
struct FirstRow;

impl MaskMetric for FirstRow {
    fn name(&self) -> &'static str {
        "first_row"
    }
    fn label(&self) -> &'static str {
        "first row"
    }
    fn unit(&self) -> Unit {
        Unit::Pixels
    }
    fn direction(&self) -> Direction {
        Direction::LowerIsBetter
    }
    fn empty_policy(&self) -> EmptyPolicy {
        EmptyPolicy::Skip
    }
    fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64> {
        let row = |mask: &[bool]| mask.iter().take(masks.width()).filter(|set| **set).count() as f64;
        masks.truth().contains(&true).then(|| row(masks.prediction()))
    }
}

fn masks(width: usize, height: usize) -> impl Strategy<Value = (Vec<bool>, Vec<bool>)> {
    let mask = || proptest::collection::vec(any::<bool>(), width * height);
    (mask(), mask())
}

#[test]
fn metrics_of_the_tables_can_be_told_apart() {
    let mut names: Vec<&str> = MASK_METRICS.iter().map(|metric| metric.name()).collect();
    let snake_case =
        |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    // A field of the evaluation's JSON beside the metrics.
    assert!(names.iter().all(|name| snake_case(name) && !name.is_empty() && *name != "pooled"), "{names:?}");
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:?}");
    for (one, other) in MASK_METRICS.iter().zip(MASK_METRICS.iter().skip(1)) {
        assert_ne!(one.label(), other.label());
        assert!(one == one && one != other);
    }
    assert_eq!(serde_json::to_string(MASK_METRICS[2]).unwrap(), r#""dsc""#);
    assert_eq!(MASK_METRICS[0].to_string(), "accuracy");
}

#[test]
fn a_perfect_mask_has_the_best_value_and_a_wrong_one_a_worse() {
    let mut truth = vec![false; 12 * 10];
    for y in 2..8 {
        truth[12 * y + 3..12 * y + 9].fill(true);
    }
    let mut wrong: Vec<bool> = truth.iter().map(|set| !set).collect();
    wrong[12 * 3 + 4] = true;
    wrong[0] = false;
    for metric in every_metric() {
        let of = |prediction: &[bool]| metric.of_image(&MaskPair::new(12, 10, prediction, &truth).unwrap());
        let Some(wrong) = of(&wrong) else { panic!("{metric} of a wrong mask") };
        match (of(&truth), metric.direction()) {
            (Some(perfect), Direction::HigherIsBetter) => assert!(perfect > wrong, "{metric}"),
            (Some(perfect), Direction::LowerIsBetter) => assert!(perfect < wrong, "{metric}"),
            (None, _) => assert_eq!(metric.name(), "positive_likelihood_ratio"),
        }
        if metric.unit() == Unit::Share {
            let best = if metric.direction() == Direction::HigherIsBetter { 1.0 } else { 0.0 };
            assert_eq!(of(&truth), Some(best), "{metric}");
        }
    }
}

#[test]
fn two_empty_masks_agree() {
    let empty = [false; 20];
    let masks = MaskPair::new(5, 4, &empty, &empty).unwrap();
    for metric in every_metric() {
        let value = metric.of_image(&masks);
        match (metric.direction(), metric.empty_policy()) {
            (_, EmptyPolicy::Skip) => {
                assert!(value.is_none() || metric.name().contains("likelihood"), "{metric}")
            }
            (Direction::HigherIsBetter, _) => assert_eq!(value, Some(1.0), "{metric}"),
            (Direction::LowerIsBetter, _) => assert_eq!(value, Some(0.0), "{metric}"),
        }
    }
}

#[test]
fn masks_that_do_not_fill_their_size_are_refused() {
    let (six, four) = ([true; 6], [true; 4]);
    assert!(matches!(MaskPair::new(3, 2, &six, &four), Err(Error::LengthMismatch { .. })));
    let error = MaskPair::new(4, 2, &six, &six).unwrap_err();
    assert_eq!(error, Error::MaskSize { pixels: 6, width: 4, height: 2 });
    assert!(error.to_string().contains("need 8"), "{error}");
    assert!(MaskPair::new(usize::MAX, 2, &six, &six).is_err());
    let none = MaskPair::new(0, 7, &[], &[]).unwrap();
    for metric in every_metric() {
        assert_eq!(metric.of_image(&none), metric.empty_policy().empty(), "{metric}");
    }
    for bad in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        assert!(matches!(PixelSpacing::new(0.2, bad), Err(Error::Spacing { .. })), "{bad}");
    }
    let spacing = PixelSpacing::new(0.14, 0.2).unwrap();
    let pair = MaskPair::new(3, 2, &six, &six).unwrap().with_spacing(spacing);
    assert_eq!(pair.spacing().map(|found| (found.horizontal(), found.vertical())), Some((0.14, 0.2)));
}

#[test]
fn scores_of_images_that_were_stored_are_read_again() {
    let (prediction, truth) = ([true, true, false, false], [true, false, true, false]);
    let pair = MaskPair::new(2, 2, &prediction, &truth).unwrap();
    let scores = MaskScores::by(&[&Metric::Dsc, &FirstRow], &pair);
    let json = serde_json::to_string(&scores).unwrap();
    assert_eq!(json, r#"{"counts":{"tp":1,"fp":1,"fn":1,"tn":1},"values":{"first_row":2.0}}"#);
    let read: MaskScores = serde_json::from_str(&json).unwrap();
    assert_eq!(read, scores);
    assert_eq!((read.value(&Metric::Dsc), read.value(&FirstRow)), (Some(0.5), Some(2.0)));
    // A metric of counts that nobody had asked for follows from them.
    assert_eq!(read.value(&Metric::Iou), Some(1.0 / 3.0));

    // As before there were metrics that do not follow from counts.
    let before = r#"{"counts":{"tp":1,"fp":1,"fn":1,"tn":1}}"#;
    let read: MaskScores = serde_json::from_str(before).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), before);
    assert!(read.measures(&Metric::Dsc) && !read.measures(&FirstRow));
    assert_eq!((read.value(&Metric::Dsc), read.value(&FirstRow)), (Some(0.5), None));
}

#[test]
fn a_mean_is_over_images_that_define_it_and_needs_all_to_be_measured() {
    let score = |prediction: [bool; 4], truth: [bool; 4]| {
        MaskScores::by(&[&FirstRow], &MaskPair::new(2, 2, &prediction, &truth).unwrap())
    };
    let [two, one] =
        [[true, true, false, false], [false, true, true, false]].map(|found| score(found, [true; 4]));
    let undefined = score([true; 4], [false; 4]);
    let mean = |images: &[&MaskScores]| MaskScores::mean(images, &FirstRow, 1, 100).unwrap();
    let found = mean(&[&two, &undefined, &one]).unwrap();
    assert_eq!((found.value, found.n), (1.5, 2));
    assert!(found.interval.low >= 1.0 && found.interval.high <= 2.0);
    assert_eq!(mean(&[&undefined]), None);
    assert_eq!(mean(&[]), None);
    let old = MaskScores::from_counts(*two.counts());
    assert_eq!(mean(&[&two, &old]), None);
    assert_eq!(MaskScores::pooled(&[&two, &one], &FirstRow, 1, 100).unwrap(), None);
    assert!(MaskScores::mean(&[&two], &FirstRow, 1, 3).is_err());
}

#[test]
fn values_are_shown_in_their_unit() {
    for (unit, shown) in [
        (Unit::Share, "12.35 %"),
        (Unit::Number, "0.1235"),
        (Unit::PercentagePoints, "0.12 points"),
        (Unit::Pixels, "0.12 px"),
        (Unit::Millimetres, "0.12 mm"),
    ] {
        assert_eq!(unit.shown(0.123_45), shown, "{unit}");
        assert_eq!(serde_json::to_value(unit).unwrap(), unit.name());
    }
}

proptest! {
    #[test]
    fn values_lie_in_their_range_and_ignore_where_the_image_is_mirrored((prediction, truth) in masks(7, 5)) {
        let pair = MaskPair::new(7, 5, &prediction, &truth).unwrap();
        let mirrored = |mask: &[bool]| mask.chunks(7).flat_map(|row| row.iter().rev().copied()).collect::<Vec<_>>();
        let (left, right) = (mirrored(&prediction), mirrored(&truth));
        let other = MaskPair::new(7, 5, &left, &right).unwrap();
        let transposed = |mask: &[bool]| (0..35).map(|at| mask[7 * (at % 5) + at / 5]).collect::<Vec<_>>();
        let (upright, true_upright) = (transposed(&prediction), transposed(&truth));
        let turned = MaskPair::new(5, 7, &upright, &true_upright).unwrap();
        for metric in every_metric() {
            let value = metric.of_image(&pair);
            prop_assert_eq!(metric.of_image(&other), value, "{}", metric);
            prop_assert_eq!(metric.of_image(&turned), value, "{}", metric);
            if let (Some(value), Unit::Share) = (value, metric.unit()) {
                prop_assert!((0.0..=1.0).contains(&value), "{} {}", metric, value);
            }
            prop_assert!(value.is_none_or(f64::is_finite), "{} {:?}", metric, value);
        }
    }

    #[test]
    fn scores_are_what_the_metrics_say((prediction, truth) in masks(4, 4)) {
        let pair = MaskPair::new(4, 4, &prediction, &truth).unwrap();
        let scores = MaskScores::of(&pair);
        prop_assert_eq!(*scores.counts(), ConfusionCounts::from_masks(&prediction, &truth).unwrap());
        for metric in MASK_METRICS {
            prop_assert!(scores.measures(*metric));
            prop_assert_eq!(scores.value(*metric), metric.of_image(&pair), "{}", metric);
        }
        let json = serde_json::to_string(&scores).unwrap();
        let read: MaskScores = serde_json::from_str(&json).unwrap();
        for metric in MASK_METRICS {
            let (read, value) = (read.value(*metric), scores.value(*metric));
            let close = read.zip(value).is_some_and(|(read, value)| (read - value).abs() < 1e-12);
            prop_assert!(close || read.is_none() && value.is_none(), "{}", metric);
        }
    }

    #[test]
    fn counted_metrics_pool_as_counts_do(images in proptest::collection::vec((0_u64..50, 0_u64..50, 0_u64..50, 1_u64..50), 1..12), seed: u64) {
        let counts: Vec<ConfusionCounts> = images.iter().map(|&(tp, fp, fn_, tn)| ConfusionCounts::new(tp, fp, fn_, tn)).collect();
        let set: SegmentationMetrics = counts.iter().copied().collect();
        let scores: Vec<MaskScores> = counts.into_iter().map(MaskScores::from_counts).collect();
        let images: Vec<&MaskScores> = scores.iter().collect();
        for metric in &Metric::ALL {
            let policy = metric.empty_policy();
            let (mean, pooled) = (MaskScores::mean(&images, metric, seed, 40), MaskScores::pooled(&images, metric, seed, 40));
            prop_assert_eq!(mean.unwrap(), Some(set.imagewise_estimate(*metric, policy, seed, 40).unwrap()));
            prop_assert_eq!(pooled.unwrap(), Some(set.pooled_estimate(*metric, policy, seed, 40).unwrap()));
        }
    }
}
