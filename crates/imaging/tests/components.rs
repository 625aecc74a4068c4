//! Connected components against a flood fill.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use proptest::prelude::*;
use pulmo_imaging::Mask;
use pulmo_imaging::components::{Connectivity, fill_holes, label, largest};
use support::{any_mask, mask};

/// The pixels reachable from (x, y), by the plainest flood fill.
fn flood(mask: &Mask, x: u32, y: u32, connectivity: Connectivity) -> Vec<(u32, u32)> {
    let mut seen = vec![(x, y)];
    let mut next = 0;
    while next < seen.len() {
        let (x, y) = seen[next];
        next += 1;
        for dy in -1_i32..=1 {
            for dx in -1_i32..=1 {
                let diagonal = dx != 0 && dy != 0;
                if diagonal && connectivity == Connectivity::Four {
                    continue;
                }
                let neighbour = (x.wrapping_add_signed(dx), y.wrapping_add_signed(dy));
                if mask.get(neighbour.0, neighbour.1) && !seen.contains(&neighbour) {
                    seen.push(neighbour);
                }
            }
        }
    }
    seen.sort_unstable_by_key(|&(x, y)| (y, x));
    seen
}

#[test]
fn diagonals_join_under_eight_only() {
    let stairs = mask(&["#..", ".#.", "..#"]);
    assert_eq!(label(&stairs, Connectivity::Four).components().len(), 3);
    assert_eq!(label(&stairs, Connectivity::Eight).components().len(), 1);
}

#[test]
fn a_u_is_one_component() {
    let shape = mask(&["#.#", "#.#", "###"]);
    let labels = label(&shape, Connectivity::Four);
    let [one] = labels.components() else { panic!("{labels:?}") };
    assert_eq!((one.label(), one.area()), (1, 7));
    assert_eq!((one.bounding_box().width(), one.bounding_box().height()), (3, 3));
    assert_eq!(one.centroid(), (1.0, 8.0 / 7.0));
    assert_eq!((labels.get(1, 0), labels.get(0, 0), labels.get(9, 9)), (0, 1, 0));
}

#[test]
fn largest_keeps_the_biggest_first_met() {
    let three = mask(&["##.#.", "....#", "##..."]);
    assert_eq!(largest(&three, 1, Connectivity::Four), mask(&["##...", ".....", "....."]));
    assert_eq!(largest(&three, 2, Connectivity::Four), mask(&["##...", ".....", "##..."]));
    assert!(largest(&three, 0, Connectivity::Eight).is_empty());
}

#[test]
fn holes_fill_and_bays_stay() {
    let ring = mask(&["####.", "#..#.", "####.", "#...."]);
    assert_eq!(fill_holes(&ring, Connectivity::Four), mask(&["####.", "####.", "####.", "#...."]));
    let diamond = mask(&["..#..", ".#.#.", "..#.."]);
    assert_eq!(fill_holes(&diamond, Connectivity::Eight).area(), 5);
    assert_eq!(fill_holes(&diamond, Connectivity::Four), diamond);
}

proptest! {
    #[test]
    fn labels_agree_with_a_flood_fill(a in any_mask(), eight in any::<bool>()) {
        let connectivity = if eight { Connectivity::Eight } else { Connectivity::Four };
        let labels = label(&a, connectivity);
        let mut total = 0;
        for component in labels.components() {
            let own = labels.mask_of(&[component.label()]);
            let pixels: Vec<_> = own.pixels().collect();
            let (x, y) = pixels[0];
            prop_assert_eq!(&flood(&a, x, y, connectivity), &pixels);
            prop_assert_eq!(component.area(), pixels.len() as u64);
            let b = component.bounding_box();
            prop_assert_eq!(b.x_min, pixels.iter().map(|p| p.0).min().unwrap());
            prop_assert_eq!(b.x_max, pixels.iter().map(|p| p.0).max().unwrap());
            prop_assert_eq!(b.y_min, pixels.iter().map(|p| p.1).min().unwrap());
            prop_assert_eq!(b.y_max, pixels.iter().map(|p| p.1).max().unwrap());
            total += component.area();
        }
        prop_assert_eq!(total, a.area());
    }

    #[test]
    fn filling_is_idempotent_and_only_adds(a in any_mask(), eight in any::<bool>()) {
        let connectivity = if eight { Connectivity::Eight } else { Connectivity::Four };
        let filled = fill_holes(&a, connectivity);
        prop_assert!(a.minus(&filled).unwrap().is_empty());
        prop_assert_eq!(&fill_holes(&filled, connectivity), &filled);
        let clear = filled.not();
        for component in label(&clear, connectivity.dual()).components() {
            let b = component.bounding_box();
            prop_assert!(
                b.x_min == 0 || b.y_min == 0 || b.x_max + 1 == a.width() || b.y_max + 1 == a.height()
            );
        }
    }

    #[test]
    fn largest_never_grows_with_fewer(a in any_mask(), n in 0_usize..4) {
        let (few, more) = (largest(&a, n, Connectivity::Eight), largest(&a, n + 1, Connectivity::Eight));
        prop_assert!(few.minus(&more).unwrap().is_empty());
        prop_assert!(more.minus(&a).unwrap().is_empty());
        prop_assert!(label(&more, Connectivity::Eight).components().len() <= n + 1);
    }
}
