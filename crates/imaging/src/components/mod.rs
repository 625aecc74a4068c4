//! Connected components of masks.
//!
//! [`label`] numbers the components, [`largest`] keeps the biggest ones and
//! [`fill_holes`] closes what a component encloses.

mod labels;
mod union_find;

pub use labels::{BoundingBox, Component, Labels, label};

use crate::mask::Mask;

/// Which neighbours of a pixel are connected to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Connectivity {
    /// The neighbours that share a side.
    Four,
    /// The neighbours that share a side or a corner.
    Eight,
}

impl Connectivity {
    /// The connectivity that the background has under this one, so that a
    /// closed curve always separates inside from outside.
    #[must_use]
    pub fn dual(self) -> Self {
        match self {
            Self::Four => Self::Eight,
            Self::Eight => Self::Four,
        }
    }
}

/// Keeps the `count` largest components.
///
/// Of components of equal area the one met first, row by row, is kept.
#[must_use]
pub fn largest(mask: &Mask, count: usize, connectivity: Connectivity) -> Mask {
    let labels = label(mask, connectivity);
    let kept: Vec<u32> = labels.by_area().iter().take(count).map(|c| c.label()).collect();
    labels.mask_of(&kept)
}

/// Sets every clear pixel that no path of clear pixels joins to the image's
/// edge. `connectivity` is that of the set pixels; the clear ones have its
/// [`dual`](Connectivity::dual).
#[must_use]
pub fn fill_holes(mask: &Mask, connectivity: Connectivity) -> Mask {
    let background = label(&mask.not(), connectivity.dual());
    let (right, bottom) = (mask.width() - 1, mask.height() - 1);
    let outside: Vec<u32> = background
        .components()
        .iter()
        .filter(|c| {
            let b = c.bounding_box();
            b.x_min == 0 || b.y_min == 0 || b.x_max == right || b.y_max == bottom
        })
        .map(Component::label)
        .collect();
    background.mask_of(&outside).not()
}
