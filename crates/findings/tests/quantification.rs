//! Areas and infected shares against counting pixel by pixel.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use pulmo_findings::{Error, LungFinding, Quantification};
use pulmo_imaging::{InfectionMask, LungMask, LungPair, Mask};

fn mask(width: u32, bits: &[bool]) -> Mask {
    Mask::from_bools(width, bits.len() as u32 / width, bits.to_vec()).unwrap()
}

/// A width and, for every pixel, which lung it is in (0 none, 1 right, 2 left)
/// and whether it is infected.
fn pictures() -> impl Strategy<Value = (u32, Vec<(u8, bool)>)> {
    (1_u32..24, 1_u32..24).prop_flat_map(|(width, height)| {
        let pixels = prop::collection::vec((0_u8..3, any::<bool>()), (width * height) as usize);
        (Just(width), pixels)
    })
}

proptest! {
    #[test]
    fn counts_agree_with_counting_by_hand((width, pixels) in pictures()) {
        let of = |test: &dyn Fn(&(u8, bool)) -> bool| pixels.iter().map(test).collect::<Vec<_>>();
        let lung = |side: u8| LungMask::new(mask(width, &of(&|pixel| pixel.0 == side)));
        let pair = LungPair::new(lung(1), lung(2)).unwrap();
        let infection = InfectionMask::new(mask(width, &of(&|pixel| pixel.1)));
        let quantification = Quantification::measure(&pair, &infection).unwrap();

        let count = |test: &dyn Fn(&(u8, bool)) -> bool| of(test).iter().filter(|&&bit| bit).count() as u64;
        let (right, left, both) = (quantification.right(), quantification.left(), quantification.both());
        prop_assert_eq!(right.area_px(), count(&|pixel| pixel.0 == 1));
        prop_assert_eq!(right.infected_px(), count(&|pixel| pixel.0 == 1 && pixel.1));
        prop_assert_eq!(left.area_px(), count(&|pixel| pixel.0 == 2));
        prop_assert_eq!(left.infected_px(), count(&|pixel| pixel.0 == 2 && pixel.1));
        prop_assert_eq!(both.area_px(), count(&|pixel| pixel.0 != 0));
        prop_assert_eq!(both.infected_px(), count(&|pixel| pixel.0 != 0 && pixel.1));
        for finding in [right, left, &both] {
            prop_assert_eq!(finding.infected().is_some(), finding.is_present());
        }
    }

    #[test]
    fn the_share_of_both_lies_between_the_lungs(
        right_area in 1_u64..1_000_000, left_area in 1_u64..1_000_000,
        right_share in 0.0..=1.0_f64, left_share in 0.0..=1.0_f64,
    ) {
        let lung = |area: u64, share: f64| LungFinding::new(area, (area as f64 * share) as u64).unwrap();
        let both = Quantification::new(lung(right_area, right_share), lung(left_area, left_share));
        let share = |finding: &LungFinding| finding.infected().unwrap().get();
        let (low, high) = (share(both.right()).min(share(both.left())), share(both.right()).max(share(both.left())));
        prop_assert!((low - 1e-9..=high + 1e-9).contains(&share(&both.both())));
    }

    #[test]
    fn more_infection_than_lung_is_refused(area: u64, infected: u64) {
        prop_assert_eq!(LungFinding::new(area, infected).is_ok(), infected <= area);
    }
}

#[test]
fn sizes_must_agree() {
    let lungs = LungPair::split(&LungMask::new(Mask::empty(8, 6).unwrap()));
    let infection = InfectionMask::new(Mask::empty(6, 8).unwrap());
    let error = Quantification::measure(&lungs, &infection).unwrap_err();
    assert!(matches!(error, Error::SizeMismatch { width: 6, height: 8, lung_width: 8, lung_height: 6, .. }));
}

#[test]
fn the_largest_areas_do_not_overflow() {
    let lung = LungFinding::new(u64::MAX, u64::MAX).unwrap();
    let both = Quantification::new(lung, lung).both();
    assert!(both.infected_px() <= both.area_px());
}

#[test]
fn json_carries_the_percentage_and_trusts_only_the_areas() {
    let finding = LungFinding::new(8, 2).unwrap();
    let json = serde_json::to_string(&finding).unwrap();
    assert_eq!(json, r#"{"area_px":8,"infected_px":2,"infected_percent":25.0}"#);
    let lie = json.replace("25.0", "99.0");
    assert_eq!(serde_json::from_str::<LungFinding>(&lie).unwrap(), finding);
    assert!(serde_json::from_str::<LungFinding>(r#"{"area_px":2,"infected_px":8}"#).is_err());
}
