//! Phantoms: exact masks, plausible grey values, reproducibility.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_imaging::{LungPair, Mask, Phantom, PhantomInfection, PhantomSpec, SplitNote};

fn phantom(size: u32, seed: u64, infection: PhantomInfection) -> Phantom {
    let spec = PhantomSpec::new(size, seed).unwrap().with_infection(infection).unwrap();
    Phantom::generate(&spec).unwrap()
}

fn kinds(fraction_hint: f32) -> [PhantomInfection; 3] {
    [
        PhantomInfection::Patchy { fraction_hint },
        PhantomInfection::Focal { fraction_hint },
        PhantomInfection::Diffuse { fraction_hint },
    ]
}

fn mean(phantom: &Phantom, of: &Mask) -> f32 {
    let pixels = phantom.xray().pixels();
    let width = phantom.xray().width();
    let sum: f32 = of.pixels().map(|(x, y)| pixels[(y * width + x) as usize]).sum();
    sum / of.area() as f32
}

#[test]
fn specs_are_checked() {
    assert!(PhantomSpec::new(31, 0).is_err() && PhantomSpec::new(4097, 0).is_err());
    let spec = PhantomSpec::new(64, 0).unwrap();
    for bad in [0.0, -0.1, 1.1, f32::NAN] {
        for kind in kinds(bad) {
            assert!(spec.with_infection(kind).is_err(), "{bad}");
        }
    }
    assert!(spec.with_infection(PhantomInfection::None).is_ok());
}

#[test]
fn the_same_spec_gives_the_same_phantom() {
    let kind = PhantomInfection::Patchy { fraction_hint: 0.3 };
    assert_eq!(phantom(96, 5, kind), phantom(96, 5, kind));
    assert_ne!(phantom(96, 5, kind).xray(), phantom(96, 6, kind).xray());
}

#[test]
fn an_infection_changes_the_lungs_alone() {
    let clear = phantom(128, 11, PhantomInfection::None);
    assert!(clear.infection().as_mask().is_empty());
    for kind in kinds(0.1) {
        let ill = phantom(128, 11, kind);
        assert_eq!(ill.lungs(), clear.lungs());
        let lungs = clear.lungs().both();
        let mut changed = 0;
        for (i, (a, b)) in std::iter::zip(clear.xray().pixels(), ill.xray().pixels()).enumerate() {
            if a != b {
                changed += 1;
                assert!(lungs.as_mask().bits()[i], "{kind:?} changed pixel {i} outside the lungs");
            }
        }
        assert!(changed > 0);
    }
}

#[test]
fn one_lung_alone_bears_a_focal_infection() {
    for seed in 0..6 {
        let ill = phantom(96, seed, PhantomInfection::Focal { fraction_hint: 0.1 });
        let right = ill.infection().as_mask().overlap(ill.lungs().right().as_mask()).unwrap();
        let left = ill.infection().as_mask().overlap(ill.lungs().left().as_mask()).unwrap();
        assert!((right == 0) != (left == 0), "{right} and {left}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn masks_and_grey_values_are_those_of_a_chest(
        seed in any::<u64>(), size in 48_u32..200, kind in 0_usize..3, hint in 0.05_f32..0.45,
    ) {
        let drawn = phantom(size, seed, kinds(hint)[kind]);
        let lungs = drawn.lungs().both();
        prop_assert!((0.14..0.36).contains(&lungs.as_mask().area_fraction()));
        prop_assert_eq!(drawn.lungs().note(), SplitNote::TwoLungs);
        let split = LungPair::split(&lungs);
        prop_assert_eq!(&split, drawn.lungs());
        prop_assert!(drawn.lungs().right().as_mask().area() > drawn.lungs().left().as_mask().area());

        let infection = drawn.infection().as_mask();
        prop_assert!(infection.minus(lungs.as_mask()).unwrap().is_empty());
        let fraction = infection.area() as f64 / lungs.as_mask().area() as f64;
        let reachable = if kind == 1 { 0.35 } else { 0.45 };
        prop_assert!(fraction <= f64::from(hint) + 0.01);
        prop_assert!(fraction >= f64::from(hint).min(reachable) - 0.01, "{} for {}", fraction, hint);

        let clear = lungs.as_mask().minus(infection).unwrap();
        let healthy = mean(&drawn, &clear);
        prop_assert!(mean(&drawn, infection) > healthy + 0.05, "opacities are brighter");
        prop_assert!(mean(&drawn, &lungs.as_mask().not()) > healthy + 0.1, "lungs are darker");
    }
}

#[test]
fn phantoms_raise_no_quality_warning() {
    for seed in 0..4 {
        let drawn = phantom(256, seed, PhantomInfection::None);
        assert!(drawn.xray().warnings().is_empty(), "{:?}", drawn.xray().warnings());
    }
}
