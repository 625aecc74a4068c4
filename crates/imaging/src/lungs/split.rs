//! Telling the right lung from the left one.

use std::collections::VecDeque;

use super::SplitNote;
use super::seam::vertical_seam;
use crate::components::{Component, Connectivity, Labels, label};
use crate::mask::Mask;

/// Components below this fraction of the largest one are extras (ours).
const MIN_LUNG_FRACTION: f64 = 0.1;

/// Two components whose columns overlap by more than this fraction of the
/// narrower one lie above each other and not side by side (ours).
const MAX_COLUMN_OVERLAP: f64 = 0.5;

/// A component spans the midline if each side holds at least this fraction of
/// its area (ours).
const MIN_SIDE_FRACTION: f64 = 0.2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Unknown,
    Right,
    Left,
}

/// Splits `mask` into the patient's right lung, the left lung, and how.
pub(super) fn split(mask: &Mask) -> (Mask, Mask, SplitNote) {
    let labels = label(mask, Connectivity::Eight);
    let sorted = labels.by_area();
    let Some(main) = sorted.first() else {
        return (mask.clone(), mask.clone(), SplitNote::None);
    };
    let smaller_half = smaller_half(&labels, main);
    let spans = smaller_half as f64 >= MIN_SIDE_FRACTION * main.area() as f64;
    let partner = sorted
        .iter()
        .skip(1)
        .find(|c| c.area() as f64 >= MIN_LUNG_FRACTION * main.area() as f64 && side_by_side(main, c));

    let mut sides = vec![Side::Unknown; mask.bits().len()];
    let note = match partner {
        Some(partner) if !(spans && smaller_half > partner.area()) => {
            let main_is_right = main.centroid().0 <= partner.centroid().0;
            let (right, left) = if main_is_right { (main, partner) } else { (partner, main) };
            assign(&mut sides, &labels, right, Side::Right);
            assign(&mut sides, &labels, left, Side::Left);
            SplitNote::TwoLungs
        }
        _ if spans => {
            cut(&mut sides, &labels, main);
            SplitNote::Touching
        }
        _ => {
            let centre = f64::from(mask.width() - 1) / 2.0;
            let (side, note) = if main.centroid().0 <= centre {
                (Side::Right, SplitNote::OnlyRight)
            } else {
                (Side::Left, SplitNote::OnlyLeft)
            };
            assign(&mut sides, &labels, main, side);
            note
        }
    };
    spread_to_extras(&mut sides, &labels, mask);
    let only = |side| {
        let bits = sides.iter().map(|&s| s == side).collect();
        Mask::trusted(mask.width(), mask.height(), bits)
    };
    (only(Side::Right), only(Side::Left), note)
}

/// The smaller of the component's areas left and right of the image's midline.
fn smaller_half(labels: &Labels, component: &Component) -> u64 {
    let b = component.bounding_box();
    let midline = labels.width() / 2;
    let on_image_left = (b.y_min..=b.y_max)
        .flat_map(|y| (b.x_min..midline.min(b.x_max + 1)).map(move |x| (x, y)))
        .filter(|&(x, y)| labels.get(x, y) == component.label())
        .count() as u64;
    on_image_left.min(component.area() - on_image_left)
}

fn side_by_side(a: &Component, b: &Component) -> bool {
    let (a, b) = (a.bounding_box(), b.bounding_box());
    let common = (a.x_max.min(b.x_max) + 1).saturating_sub(a.x_min.max(b.x_min));
    f64::from(common) <= MAX_COLUMN_OVERLAP * f64::from(a.width().min(b.width()))
}

fn assign(sides: &mut [Side], labels: &Labels, component: &Component, side: Side) {
    for (slot, &l) in std::iter::zip(sides, labels.labels()) {
        if l == component.label() {
            *slot = side;
        }
    }
}

/// Cuts a component that spans the midline along the seam of fewest pixels.
fn cut(sides: &mut [Side], labels: &Labels, component: &Component) {
    let bounds = component.bounding_box();
    let seam = vertical_seam(&labels.mask_of(&[component.label()]), bounds);
    let width = labels.width() as usize;
    for (&border, y) in std::iter::zip(&seam, bounds.y_min..) {
        for x in bounds.x_min..=bounds.x_max {
            if labels.get(x, y) == component.label() {
                let side = if x < border { Side::Right } else { Side::Left };
                sides[y as usize * width + x as usize] = side;
            }
        }
    }
}

/// Gives every component without a side the side of the nearest pixel with
/// one, by growing all sides over the image at once.
fn spread_to_extras(sides: &mut [Side], labels: &Labels, mask: &Mask) {
    let (width, height) = (mask.width() as usize, mask.height() as usize);
    let mut component_side = vec![Side::Unknown; labels.components().len() + 1];
    let mut reached = sides.to_vec();
    let mut frontier: VecDeque<usize> = (0..reached.len()).filter(|&i| reached[i] != Side::Unknown).collect();
    while let Some(i) = frontier.pop_front() {
        let (x, y) = (i % width, i / width);
        for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
            for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                let n = ny * width + nx;
                if reached[n] == Side::Unknown {
                    reached[n] = reached[i];
                    frontier.push_back(n);
                    let owner = &mut component_side[labels.labels()[n] as usize];
                    if *owner == Side::Unknown {
                        *owner = reached[i];
                    }
                }
            }
        }
    }
    for ((slot, &set), &l) in sides.iter_mut().zip(mask.bits()).zip(labels.labels()) {
        if set && *slot == Side::Unknown {
            *slot = component_side[l as usize];
        }
    }
}
