//! Where things are in a chest.
//!
//! Coordinates are fractions of the picture's side, x to the image's right and
//! y down, in the usual display: the patient's right is on the image's left.
//! The proportions are ours, drawn after standard frontal radiographs.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::field::{Point, smoothstep};
use super::outline::smooth;

/// The right lung from the apex down the lateral wall, along the diaphragm and
/// up the mediastinum.
const RIGHT_LUNG: [Point; 16] = [
    (0.375, 0.165),
    (0.310, 0.215),
    (0.255, 0.310),
    (0.215, 0.420),
    (0.185, 0.540),
    (0.165, 0.650),
    (0.150, 0.760),
    (0.185, 0.735),
    (0.250, 0.695),
    (0.320, 0.690),
    (0.395, 0.725),
    (0.408, 0.640),
    (0.405, 0.540),
    (0.425, 0.440),
    (0.440, 0.320),
    (0.430, 0.205),
];

/// The left lung, likewise; the heart leaves its notch in the medial border.
const LEFT_LUNG: [Point; 17] = [
    (0.625, 0.160),
    (0.690, 0.210),
    (0.745, 0.305),
    (0.785, 0.415),
    (0.815, 0.535),
    (0.835, 0.650),
    (0.852, 0.785),
    (0.820, 0.760),
    (0.785, 0.740),
    (0.755, 0.742),
    (0.735, 0.690),
    (0.700, 0.600),
    (0.640, 0.510),
    (0.588, 0.440),
    (0.585, 0.385),
    (0.592, 0.330),
    (0.570, 0.215),
];

/// Half-width of the trunk by height: neck, shoulders, armpits, waist.
const TRUNK: [Point; 8] = [
    (0.00, 0.125),
    (0.06, 0.135),
    (0.11, 0.230),
    (0.16, 0.400),
    (0.24, 0.475),
    (0.45, 0.455),
    (0.70, 0.430),
    (1.00, 0.440),
];

/// The trunk narrows to this half-width of lung-bearing chest.
const CHEST_HALF_WIDTH: f32 = 0.36;

/// One drawn anatomy.
#[derive(Debug, Clone)]
pub(super) struct Anatomy {
    warp: Warp,
    /// Horizontal scale of the soft tissue around the lungs.
    girth: f32,
    /// Height added to the heart's side of the left lung's border.
    heart: f32,
}

/// The placement of a chest in the picture.
#[derive(Debug, Clone, Copy)]
struct Warp {
    centre: Point,
    scale: Point,
    shear: f32,
}

impl Warp {
    fn apply(&self, (x, y): Point) -> Point {
        let (dx, dy) = (x - 0.5, y - 0.45);
        (self.centre.0 + self.scale.0 * dx + self.shear * dy, self.centre.1 + self.scale.1 * dy)
    }
}

impl Anatomy {
    pub(super) fn draw(rng: &mut ChaCha8Rng) -> Self {
        Self {
            warp: Warp {
                centre: (rng.random_range(0.485..0.515), rng.random_range(0.44..0.49)),
                scale: (rng.random_range(1.02..1.20), rng.random_range(1.00..1.17)),
                shear: rng.random_range(-0.03..0.03),
            },
            girth: rng.random_range(0.94..1.08),
            heart: rng.random_range(-0.012..0.03),
        }
    }

    /// A point of the standard chest, placed in the picture.
    pub(super) fn place(&self, p: Point) -> Point {
        self.warp.apply(p)
    }

    /// A point of the picture in the standard chest.
    pub(super) fn standard(&self, (x, y): Point) -> Point {
        let dy = (y - self.warp.centre.1) / self.warp.scale.1;
        let dx = (x - self.warp.centre.0 - self.warp.shear * dy) / self.warp.scale.0;
        (0.5 + dx, 0.45 + dy)
    }

    /// The closed outline of the right lung.
    pub(super) fn right_lung(&self, rng: &mut ChaCha8Rng) -> Vec<Point> {
        self.lung(&RIGHT_LUNG, rng)
    }

    /// The closed outline of the left lung.
    pub(super) fn left_lung(&self, rng: &mut ChaCha8Rng) -> Vec<Point> {
        self.lung(&LEFT_LUNG, rng)
    }

    fn lung(&self, control: &[Point], rng: &mut ChaCha8Rng) -> Vec<Point> {
        const JITTER: f32 = 0.006;
        let mut jitter = || rng.random_range(-JITTER..JITTER);
        let placed: Vec<Point> = control
            .iter()
            .map(|&(x, y)| {
                let near_heart = smoothstep(0.36, 0.62, y) * smoothstep(0.80, 0.70, x);
                let moved = if x > 0.5 { self.heart * near_heart } else { 0.0 };
                self.place((x + moved + jitter(), y + jitter()))
            })
            .collect();
        smooth(&placed, true)
    }

    /// Half-width of the trunk at a height of the standard chest.
    pub(super) fn trunk_half_width(&self, y: f32) -> f32 {
        const ROUNDING: [f32; 5] = [-0.03, -0.015, 0.0, 0.015, 0.03];
        let rounded = ROUNDING.map(|offset| angular_half_width(y + offset));
        let width = rounded.iter().sum::<f32>() / ROUNDING.len() as f32;
        width * (1.0 + (self.girth - 1.0) * smoothstep(0.1, 0.25, y))
    }

    /// Half-width of the rib cage at a height of the standard chest.
    pub(super) fn cage_half_width(y: f32) -> f32 {
        let t = ((y - 0.10) / 0.62).clamp(0.0, 1.0);
        CHEST_HALF_WIDTH * t.powf(0.42)
    }
}

/// Half-width of the trunk, straight between the table's heights.
fn angular_half_width(y: f32) -> f32 {
    let above = TRUNK.iter().rev().find(|p| p.0 <= y).unwrap_or(&TRUNK[0]);
    let below = TRUNK.iter().find(|p| p.0 > y).unwrap_or(above);
    if below.0 <= above.0 {
        return above.1;
    }
    above.1 + (below.1 - above.1) * (y - above.0) / (below.0 - above.0)
}
