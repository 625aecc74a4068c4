//! Painting pixels.

use image::{Rgb, RgbImage};

use crate::grey::{Grey, to_u8};
use crate::mask::Mask;

/// One pixel of line thickness for this many pixels of the shorter side.
const SIDE_PER_LINE_PIXEL: u32 = 256;

/// How thick contours are on a picture of this size, in pixels.
pub(super) fn line_thickness(width: u32, height: u32) -> u32 {
    (width.min(height) / SIDE_PER_LINE_PIXEL).max(1)
}

/// Copies `image` to the picture's top left.
pub(super) fn grey(picture: &mut RgbImage, image: &Grey) {
    let width = image.width() as usize;
    for (y, row) in (0..).zip(image.pixels().chunks_exact(width)) {
        for (x, &value) in (0..).zip(row) {
            picture.put_pixel(x, y, Rgb([to_u8(value); 3]));
        }
    }
}

/// Lays `colour` over the mask's pixels; `opacity` in [0, 1].
pub(super) fn fill(picture: &mut RgbImage, mask: &Mask, colour: Rgb<u8>, opacity: f32) {
    for (x, y) in mask.pixels() {
        let under = picture.get_pixel(x, y).0;
        let mixed = std::array::from_fn(|c| {
            let (below, above) = (f32::from(under[c]), f32::from(colour.0[c]));
            (below + (above - below) * opacity).round() as u8
        });
        picture.put_pixel(x, y, Rgb(mixed));
    }
}

/// Draws the mask's boundary, centred on the boundary pixels and never outside
/// the mask's own area of the picture.
pub(super) fn contour(picture: &mut RgbImage, mask: &Mask, colour: Rgb<u8>, thickness: u32) {
    let before = (thickness - 1) / 2;
    let after = thickness / 2;
    for (x, y) in mask.contour() {
        let (right, bottom) = ((x + after).min(mask.width() - 1), (y + after).min(mask.height() - 1));
        for py in y.saturating_sub(before)..=bottom {
            for px in x.saturating_sub(before)..=right {
                picture.put_pixel(px, py, colour);
            }
        }
    }
}
