//! Losses as text, in recipes and on command lines.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_losses::{
    ClassSelection, ClassWeights, CrossEntropy, Dice, EmptyClassPolicy, Error, Focal, LovaszHinge,
    OverlapOptions, SegmentationLoss, Term, Tversky,
};

fn parse(text: &str) -> SegmentationLoss {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn text_says_what_code_says() {
    let options = OverlapOptions {
        empty: EmptyClassPolicy::Counted,
        smooth: 1.0.try_into().unwrap(),
        classes: ClassSelection::only(&[1]).unwrap(),
        class_weights: ClassWeights::new(&[0.0, 2.5]).unwrap(),
        per_image: true,
        ..OverlapOptions::default()
    };
    let tversky = Tversky { options, ..Tversky::new(0.3, 0.7).unwrap() };
    let focal = Focal::default().with_gamma(1.5).unwrap().with_alpha(0.25).unwrap();
    let sum = SegmentationLoss::new(CrossEntropy::default()).plus(0.25, tversky).unwrap();
    let sum = sum.plus(3.0, focal).unwrap().plus(1.0, LovaszHinge::default()).unwrap();
    let text = "ce+0.25*tversky(alpha=0.3,beta=0.7,empty=counted,smooth=1,classes=1,weights=0:2.5,per_image=true)\
                +3*focal(gamma=1.5,alpha=0.25)+lovasz_hinge";
    assert_eq!(parse(text), sum);
    assert_eq!(sum.to_string(), text);
    assert_eq!(
        parse(" ce + 0.25 * tversky( beta = 0.7 , alpha = .3)+ dice()").to_string(),
        "ce+0.25*tversky(alpha=0.3,beta=0.7)+dice"
    );
}

#[test]
fn every_name_is_a_loss() {
    for name in Term::NAMES {
        assert_eq!(parse(name).to_string(), *name);
        assert_eq!(parse(name).terms()[0].1.name(), *name);
    }
}

#[test]
fn text_that_is_no_loss_is_refused_with_a_remedy() {
    for (text, message) in [
        ("", "without gaps"),
        ("ce+", "without gaps"),
        ("ce)", "paired parentheses"),
        ("dice(smooth=1", "paired parentheses"),
        ("dice(smooth=1)x", "ends where it has to"),
        ("dice(smooth)", "option=value"),
        ("dice(smooth=1,smooth=2)", "each option once"),
        ("dise", "there is no loss 'dise'; there are ce, dice, jaccard"),
        ("focal(gama=2)", "focal has no option 'gama'; it has gamma, alpha"),
        ("focal(gamma=-1)", "gamma of focal: -1 is not usable; it has to be finite and at least 0"),
        ("focal(alpha=nan)", "alpha of focal"),
        ("focal(alpha=x)", "'x' is not a number"),
        ("ce(smoothing=1)", "at least 0 and below 1"),
        ("ce(weights=0:0)", "not all 0"),
        ("ce(weights=1:-3)", "weight -3 of class 1"),
        ("dice(classes=1:1)", "each once"),
        ("dice(log=yes)", "'yes' is not true or false"),
        ("dice(empty=maybe)", "'maybe' is not zero_loss or counted"),
        ("bce(reduction=none)", "mean or sum"),
        ("0*dice", "finite and above 0"),
        ("inf*dice", "finite and above 0"),
        ("-1*dice", "finite and above 0"),
        ("half*dice", "'half' is not a number"),
    ] {
        let error = text.parse::<SegmentationLoss>().expect_err(text).to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
}

#[test]
fn losses_are_held_against_the_number_of_channels() {
    let refusal = |text: &str, channels| parse(text).validate(channels).unwrap_err();
    assert!(matches!(refusal("ce", 1), Error::Channels { what: "ce", found: 1, .. }));
    assert!(matches!(refusal("lovasz", 1), Error::Channels { .. }));
    assert!(matches!(refusal("dice+bce", 3), Error::Channels { what: "bce", found: 3, .. }));
    assert!(matches!(refusal("dice", 0), Error::Channels { .. }));
    assert!(matches!(refusal("dice(classes=2)", 2), Error::ClassSelection { .. }));
    assert!(matches!(refusal("dice(classes=0)", 1), Error::SingleLogit));
    assert!(matches!(refusal("focal(weights=1:2)", 1), Error::SingleLogit));
    assert_eq!(refusal("ce(weights=1:2:3)", 2), Error::ClassWeightCount { weights: 3, classes: 2 });
    assert_eq!(refusal("jaccard(classes=0,weights=0:1)", 2), Error::NothingWeighs);
    for name in Term::NAMES {
        assert_eq!(parse(name).validate(2), Ok(()), "{name}");
    }
}

#[test]
fn recipes_hold_text_and_earlier_recipes_are_read() {
    let loss = parse("ce(weights=1:3)+0.5*dice(empty=counted)");
    let json = serde_json::to_string(&loss).unwrap();
    assert_eq!(json, r#""ce(weights=1:3)+0.5*dice(empty=counted)""#);
    assert_eq!(serde_json::from_str::<SegmentationLoss>(&json).unwrap(), loss);

    let earlier = |weights: &str, dice: &str, empty: &str| {
        let json = format!(
            r#"{{"cross_entropy": {{"class_weights": {weights}, "label_smoothing": 0.0}},
                 "dice_weight": {dice}, "dice": {{"empty": "{empty}"}}}}"#
        );
        serde_json::from_str::<SegmentationLoss>(&json)
    };
    assert_eq!(earlier("[]", "0.0", "zero_loss").unwrap(), SegmentationLoss::default());
    assert_eq!(earlier("[1.0, 3.0]", "0.5", "counted").unwrap(), loss);
    for bad in [earlier("[-1.0]", "0.5", "counted"), earlier("[]", "-0.5", "counted")] {
        assert!(bad.is_err());
    }
    assert!(
        serde_json::from_str::<SegmentationLoss>(r#""cee""#)
            .unwrap_err()
            .to_string()
            .contains("there are ce")
    );
}

#[test]
fn code_cannot_make_what_text_cannot() {
    assert!(CrossEntropy::weighted(&[1.0, f32::NAN]).is_err());
    assert!(CrossEntropy::default().with_label_smoothing(1.0).is_err());
    assert!(SegmentationLoss::default().plus(f32::NAN, Dice::default()).is_err());
    assert!(Tversky::new(f32::INFINITY, 0.5).is_err());
    assert!(Tversky::default().with_gamma(0.0).is_err());
    assert!(Focal::default().with_alpha(1.5).is_err());
    assert!(ClassSelection::only(&[]).is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same(
        weight in 1e-6_f32..1e6, alpha in 0_f32..10.0, gamma in 0.01_f32..10.0, smooth in 0_f32..1e4, weights in prop::collection::vec(0.1_f32..9.0, 2..4)
    ) {
        let options = OverlapOptions {
            smooth: smooth.try_into().unwrap(),
            class_weights: ClassWeights::new(&weights).unwrap(),
            ..OverlapOptions::default()
        };
        let tversky = Tversky { options, ..Tversky::new(alpha, 0.7).unwrap().with_gamma(gamma).unwrap() };
        let loss = SegmentationLoss::default().plus(weight, tversky).unwrap();
        prop_assert_eq!(parse(&loss.to_string()), loss);
    }

    #[test]
    fn no_text_panics(text in "[a-z_0-9.+*(),=: é]{0,40}") {
        let _ = text.parse::<SegmentationLoss>();
    }
}
