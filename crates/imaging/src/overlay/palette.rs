//! Colours of the overlay, told apart with any common colour vision (Okabe and
//! Ito, "Color Universal Design", 2008).

use image::Rgb;

/// The patient's right lung: sky blue.
pub const RIGHT_LUNG: Rgb<u8> = Rgb([86, 180, 233]);

/// The patient's left lung: yellow.
pub const LEFT_LUNG: Rgb<u8> = Rgb([240, 228, 66]);

/// Infection: vermilion.
pub const INFECTION: Rgb<u8> = Rgb([213, 94, 0]);

/// The panel below the X-ray.
pub const PANEL: Rgb<u8> = Rgb([22, 24, 28]);

/// Text on the panel.
pub const TEXT: Rgb<u8> = Rgb([236, 238, 240]);

/// How much of the infection's colour covers the X-ray, in [0, 1].
pub const INFECTION_OPACITY: f32 = 0.35;
