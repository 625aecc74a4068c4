//! What holds for every loss.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::prelude::*;
use proptest::prelude::*;
use pulmo_losses::{
    BinaryBatch, CrossEntropy, EmptyClassPolicy, Error, Ignore, Loss, LovaszHinge, LovaszSoftmax,
    MulticlassBatch, SegmentationLoss,
};
use support::{Case, uniform};

/// Losses that two-class logits can be trained by.
const LOSSES: [&str; 25] = [
    "ce",
    "ce(weights=1:3)",
    "dice",
    "dice(log=true)",
    "dice(empty=counted,smooth=1)",
    "dice(classes=1,per_image=true)",
    "jaccard(classes=1,smooth=1)",
    "jaccard(empty=counted)",
    "tversky(alpha=0.3,beta=0.7)",
    "tversky(alpha=0.3,beta=0.7,gamma=0.75)",
    "tversky(gamma=2,classes=1,log=true)",
    "tversky(alpha=0.3,beta=0.7,gamma=0.75,empty=counted,smooth=1,per_image=true)",
    "focal",
    "focal(gamma=0.5,alpha=0.25)",
    "focal(gamma=0)",
    "focal(gamma=2,threshold=0.5)",
    "lovasz",
    "lovasz(empty=counted,per_image=true)",
    "lovasz_hinge",
    "lovasz_hinge(empty=zero_loss,per_image=true)",
    "mcc",
    "bce(pos_weight=3)",
    "presence",
    "presence(sharpness=0.5)",
    "ce+0.5*dice+0.1*lovasz",
];
/// Certain logits: `exp(-40)` is far below what single precision can add to 1.
const CERTAIN: f32 = 20.0;
/// Far beyond any logit of a trained network.
const EXTREME: f32 = 80.0;

fn loss(text: &str) -> SegmentationLoss {
    text.parse().unwrap()
}

/// Two classes, the second present in every image.
fn cases() -> impl Strategy<Value = Case> {
    (1_usize..3, 1_usize..6, 1_usize..6).prop_flat_map(|(n, h, w)| {
        let pixels = n * h * w;
        let logits = prop::collection::vec(-6_f32..6.0, 2 * pixels);
        let labels = prop::collection::vec(0_i64..2, pixels);
        (logits, labels).prop_map(move |(logits, mut labels)| {
            labels.chunks_mut(h * w).for_each(|image| image[0] = 1);
            Case { shape: [n, 2, h, w], logits, labels }
        })
    })
}

/// Logits that give every pixel its own label, times `certainty`.
fn right(case: &Case, certainty: f32) -> Case {
    let [_, _, h, w] = case.shape;
    let sign = |label: i64| if label == 1 { certainty } else { -certainty };
    let logits = case
        .labels
        .chunks(h * w)
        .flat_map(|image| {
            let foreground = image.iter().map(move |label| sign(*label));
            foreground.clone().map(|z| -z).chain(foreground)
        })
        .collect();
    Case { logits, ..case.clone() }
}

/// The pixels of all images turned by `places`, together with their labels.
fn turned(case: &Case, places: usize) -> Case {
    let [_, _, h, w] = case.shape;
    let mut case = case.clone();
    case.logits.chunks_mut(h * w).for_each(|plane| plane.rotate_left(places % (h * w)));
    case.labels.chunks_mut(h * w).for_each(|plane| plane.rotate_left(places % (h * w)));
    case
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_is_below_the_right_answer(case in cases()) {
        for text in LOSSES {
            let loss = loss(text);
            let best = right(&case, CERTAIN).multiclass(|batch| loss.evaluate(batch)).value;
            let other = case.multiclass(|batch| loss.evaluate(batch)).value;
            prop_assert!(best <= other + 1e-6, "{}: {} for the right answer, {} for another", text, best, other);
        }
    }

    #[test]
    fn the_place_of_a_pixel_does_not_matter(case in cases(), places in 0_usize..30) {
        for text in LOSSES {
            let loss = loss(text);
            let before = case.multiclass(|batch| loss.evaluate(batch)).value;
            let after = turned(&case, places).multiclass(|batch| loss.evaluate(batch)).value;
            prop_assert!((before - after).abs() <= 1e-5 * before.abs().max(1.0), "{}: {} and {}", text, before, after);
        }
    }

    #[test]
    fn per_image_is_the_mean_over_images(case in cases(), empty: bool) {
        let [n, classes, h, w] = case.shape;
        let mut case = case;
        if empty {
            case.labels[..h * w].fill(0);
        }
        for options in ["", "empty=counted,smooth=1,", "classes=1,", "log=true,"] {
            for name in ["dice", "jaccard", "tversky"] {
                let together = loss(&format!("{name}({options}per_image=true)"));
                let alone = loss(&format!("{name}({options}per_image=false)"));
                let logits = case.logits.chunks(classes * h * w);
                let images = logits.zip(case.labels.chunks(h * w)).map(|(logits, labels)| {
                    let image = Case { shape: [1, classes, h, w], logits: logits.to_vec(), labels: labels.to_vec() };
                    image.multiclass(|batch| alone.evaluate(batch))
                });
                let images: Vec<_> = images.collect();
                let value = images.iter().map(|image| image.value).sum::<f32>() / n as f32;
                let gradient = images.iter().flat_map(|image| &image.gradient).map(|x| x / n as f32);
                let found = case.multiclass(|batch| together.evaluate(batch));
                prop_assert!((found.value - value).abs() <= 1e-5 * value.max(1.0), "{}: {:?}, not {}", together, found, value);
                for (found, expected) in found.gradient.iter().zip(gradient) {
                    prop_assert!((found - expected).abs() <= 1e-5, "{}: gradient {}, not {}", together, found, expected);
                }
            }
        }
    }

    #[test]
    fn gradients_are_finite_for_extreme_logits(case in cases(), signs in any::<u64>()) {
        let sign = |at: usize| if signs >> (at % 64) & 1 == 1 { EXTREME } else { -EXTREME };
        let wild = Case { logits: (0..case.logits.len()).map(sign).collect(), ..case.clone() };
        for case in [wild, right(&case, EXTREME), right(&case, -EXTREME)] {
            for text in LOSSES {
                let loss = loss(text);
                let result = case.multiclass(|batch| loss.evaluate(batch));
                prop_assert!(result.is_finite(), "{}: {:?}", text, result);
            }
        }
    }

    #[test]
    fn gradients_are_finite_where_a_class_is_empty(case in cases(), label in 0_i64..3, extreme: bool) {
        let mut case = Case { labels: vec![label; case.labels.len()], ..case };
        if extreme {
            case = right(&case, EXTREME);
        }
        for text in LOSSES {
            let loss = loss(text);
            for ignore in [Ignore::Nothing, Ignore::Label(label)] {
                let result = case.multiclass(|batch| loss.evaluate(&batch.clone().ignoring(ignore)));
                prop_assert!(result.is_finite(), "{} with {:?}: {:?}", text, ignore, result);
            }
        }
    }

    #[test]
    fn ignored_pixels_have_no_say(case in cases(), other in -6_f32..6.0) {
        const IGNORED: i64 = 255;
        let mut case = case;
        let last = case.labels.len() - 1;
        case.labels[last] = IGNORED;
        let mut changed = case.clone();
        *changed.logits.last_mut().unwrap() = other;
        for text in LOSSES {
            let loss = loss(text);
            let value = |case: &Case| {
                case.multiclass(|batch| loss.evaluate(&batch.clone().ignoring(Ignore::Label(IGNORED))))
            };
            let (before, after) = (value(&case), value(&changed));
            prop_assert_eq!(before.value, after.value, "{}", text);
            prop_assert_eq!(*after.gradient.last().unwrap(), 0.0, "{}", text);
        }
    }

    /// The gradient is what a small change of one logit does to the loss.
    #[test]
    fn gradients_are_slopes(at in 0_usize..48) {
        const STEP: f32 = 1e-2;
        let logits: Vec<f32> = uniform("slope", 48).iter().map(|u| (u - 0.5) * 6.0).collect();
        let labels = uniform("slope-target", 24).iter().map(|u| i64::from(*u < 0.4)).collect();
        let case = Case { shape: [1, 2, 4, 6], logits, labels };
        for text in LOSSES.into_iter().filter(|text| !text.contains("threshold")) {
            let loss = loss(text);
            let moved = |by: f32| {
                let mut case = case.clone();
                case.logits[at] += by;
                case.multiclass(|batch| loss.evaluate(batch)).value
            };
            let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            let gradient = case.multiclass(|batch| loss.evaluate(batch)).gradient[at];
            prop_assert!((slope - gradient).abs() <= 2e-3, "{}: slope {} and gradient {}", text, slope, gradient);
        }
    }
}

/// Pooled in double precision, image by image and without stable forms.
#[test]
fn presence_is_the_cross_entropy_of_one_pooled_score_per_image() {
    let logits: Vec<f32> = uniform("presence", 24).iter().map(|u| (u - 0.5) * 8.0).collect();
    let mut labels = vec![0; 24];
    labels[3] = 1;
    labels[13] = 9;
    let case = Case { shape: [2, 1, 3, 4], logits, labels };
    for sharpness in [0.25_f64, 2.0, 9.0] {
        let image = |at: usize, ignored: Option<i64>| {
            let pixels: Vec<f64> = std::iter::zip(&case.logits, &case.labels)
                .skip(12 * at)
                .take(12)
                .filter(|(_, label)| Some(**label) != ignored)
                .map(|(z, _)| (f64::from(*z) * sharpness).exp())
                .collect();
            let score = (pixels.iter().sum::<f64>() / pixels.len() as f64).ln() / sharpness;
            1.0 / (1.0 + (-score).exp())
        };
        let loss = loss(&format!("presence(sharpness={sharpness})"));
        for (ignore, label) in [(Ignore::Nothing, None), (Ignore::Label(9), Some(9))] {
            let expected = -f64::midpoint(image(0, label).ln(), (1.0 - image(1, label)).ln());
            let found = case.binary(|batch| loss.evaluate(&batch.clone().ignoring(ignore))).value;
            assert!(
                (f64::from(found) - expected).abs() < 1e-5,
                "{loss}, {ignore:?}: {found}, not {expected}"
            );
        }
    }
}

/// Subgradients of pieces would be wrong where the logit is exactly 0, as after a zero initialisation.
#[test]
fn cross_entropy_of_one_logit_has_its_slope_at_zero() {
    let case = Case { shape: [1, 1, 1, 2], logits: vec![0.0, 0.0], labels: vec![1, 0] };
    let loss = loss("bce");
    assert_eq!(case.binary(|batch| loss.evaluate(batch)).gradient, [-0.25, 0.25]);
}

#[test]
fn an_empty_class_counts_as_its_policy_says() {
    let case = Case { shape: [1, 2, 1, 2], logits: vec![1.0, -1.0, 0.5, 2.0], labels: vec![0, 0] };
    let share = |text: &str| case.multiclass(|batch| loss(text).evaluate(batch)).value;
    for name in ["dice", "jaccard", "tversky"] {
        assert_eq!(share(&format!("{name}(classes=1)")), 0.0);
        assert_eq!(share(&format!("{name}(classes=1,empty=counted)")), 1.0);
    }
    let (none, counted) = (EmptyClassPolicy::ZeroLoss, EmptyClassPolicy::Counted);
    let softmax = |empty| case.value(&LovaszSoftmax { empty, ..LovaszSoftmax::default() });
    let [first, second] = [-0.5_f32, 3.0].map(|z| 1.0 / (1.0 + (-z).exp()));
    let missed = f32::midpoint(first, second);
    let largest_of_what_is_not_there = second;
    assert!((softmax(none) - missed).abs() < 1e-6);
    assert!((softmax(counted) - f32::midpoint(missed, largest_of_what_is_not_there)).abs() < 1e-6);
    let hinge = |empty| case.binary_value(&LovaszHinge { empty, ..LovaszHinge::default() });
    assert_eq!((hinge(none), hinge(counted)), (0.0, 3.0));
}

#[test]
fn batches_that_do_not_fit_are_refused() {
    let device = Device::flex();
    let logits = |shape: [usize; 4]| Tensor::<4>::zeros(shape, &device);
    let target = |shape: [usize; 3]| Tensor::<3, Int>::zeros(shape, &device);
    let multiclass = |z, t| MulticlassBatch::new(logits(z), target(t)).unwrap_err();
    let binary = |z, t| BinaryBatch::new(logits(z), target(t)).unwrap_err();
    for other in [[2, 4, 5], [1, 5, 4], [1, 4, 6]] {
        assert!(matches!(multiclass([1, 2, 4, 5], other), Error::Shape { .. }));
        assert!(matches!(binary([1, 1, 4, 5], other), Error::Shape { .. }));
    }
    assert!(matches!(multiclass([1, 0, 4, 5], [1, 4, 5]), Error::Channels { found: 0, .. }));
    assert!(matches!(multiclass([1, 1, 4, 5], [1, 4, 5]), Error::Channels { found: 1, .. }));
    assert!(matches!(binary([1, 2, 4, 5], [1, 4, 5]), Error::Channels { found: 2, .. }));
    assert!(matches!(multiclass([0, 2, 4, 5], [0, 4, 5]), Error::NoPixel { .. }));

    let three = MulticlassBatch::new(logits([1, 3, 4, 5]), target([1, 4, 5])).unwrap();
    assert!(matches!(three.foreground().unwrap_err(), Error::Channels { found: 3, .. }));
    assert!(matches!(
        CrossEntropy::weighted(&[1.0, 2.0]).unwrap().forward(&three),
        Err(Error::ClassWeightCount { .. })
    ));
    for refused in ["bce", "mcc", "lovasz_hinge", "presence", "dice(classes=3)", "focal(weights=1:2)"] {
        assert!(loss(refused).evaluate(&three).is_err(), "{refused}");
    }
    let one = BinaryBatch::new(logits([1, 1, 4, 5]), target([1, 4, 5])).unwrap();
    for refused in ["ce", "lovasz", "dice(classes=0)", "focal(weights=2)"] {
        assert!(loss(refused).evaluate(&one).is_err(), "{refused}");
    }
}

#[test]
fn a_step_that_cannot_fail_gives_no_number() {
    let device = Device::flex().autodiff();
    let logits = Tensor::<4>::zeros([1, 2, 4, 5], &device).require_grad();
    let value = SegmentationLoss::default().forward(logits.clone(), Tensor::zeros([1, 4, 6], &device));
    value.backward();
    assert!(value.into_scalar::<f32>().is_nan());
    let value = loss("dice(classes=7)").forward(logits, Tensor::zeros([1, 4, 5], &device));
    assert!(value.into_scalar::<f32>().is_nan());
}

#[test]
fn labels_that_are_no_class_are_found_and_do_no_harm() {
    let case = Case { shape: [1, 2, 1, 3], logits: vec![0.5; 6], labels: vec![0, 7, 1] };
    let device = Device::flex();
    let multiclass = MulticlassBatch::new(case.logits(&device), case.labels(&device)).unwrap();
    assert_eq!(multiclass.check_labels(), Err(Error::Label { label: 7, classes: 2 }));
    assert_eq!(multiclass.clone().ignoring(Ignore::Label(7)).check_labels(), Ok(()));
    let one = BinaryBatch::new(Tensor::zeros([1, 1, 1, 3], &device), case.labels(&device)).unwrap();
    assert_eq!(one.check_labels(), Err(Error::Label { label: 7, classes: 2 }));
    for text in LOSSES {
        assert!(case.multiclass(|batch| loss(text).evaluate(batch)).is_finite(), "{text}");
    }
    let without = Case { shape: [1, 2, 1, 2], logits: vec![0.5; 4], labels: vec![0, 1] };
    assert_eq!(case.value(&CrossEntropy::default()), without.value(&CrossEntropy::default()));
}
