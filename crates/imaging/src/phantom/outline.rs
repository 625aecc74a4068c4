//! Smooth closed outlines and the distance to them.

use super::field::{Field, Point, distance_to_segment};

/// Straight pieces per control point.
const PIECES: usize = 8;

/// Grid on which distances are computed; finer pictures interpolate.
const LARGEST_GRID: usize = 256;

/// Joins control points by a Catmull-Rom spline; `closed` joins the ends too.
pub(super) fn smooth(control: &[Point], closed: bool) -> Vec<Point> {
    let count = control.len();
    let point = |i: isize| {
        let last = count as isize - 1;
        let i = if closed { i.rem_euclid(count as isize) } else { i.clamp(0, last) };
        control[i as usize]
    };
    let spans = if closed { count } else { count - 1 };
    let mut out = Vec::with_capacity(spans * PIECES + 1);
    for span in 0..spans as isize {
        let [p0, p1, p2, p3] = [-1, 0, 1, 2].map(|o| point(span + o));
        for piece in 0..PIECES {
            let t = piece as f32 / PIECES as f32;
            out.push((catmull_rom(p0.0, p1.0, p2.0, p3.0, t), catmull_rom(p0.1, p1.1, p2.1, p3.1, t)));
        }
    }
    out.push(if closed { out[0] } else { control[count - 1] });
    out
}

fn catmull_rom(p0: f32, p1: f32, p2: f32, p3: f32, t: f32) -> f32 {
    0.5 * (2.0 * p1
        + (p2 - p0) * t
        + (2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3) * t * t
        + (3.0 * p1 - p0 - 3.0 * p2 + p3) * t * t * t)
}

/// The distance to a closed outline, positive inside and negative outside, for
/// a picture of `size` pixels per side.
pub(super) fn signed_distance(outline: &[Point], size: usize) -> Field {
    Field::from_fn(size.min(LARGEST_GRID), |p| {
        let mut nearest = f32::MAX;
        let mut inside = false;
        for pair in outline.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            nearest = nearest.min(distance_to_segment(p, a, b));
            let crosses = (a.1 > p.1) != (b.1 > p.1);
            if crosses && p.0 < a.0 + (p.1 - a.1) / (b.1 - a.1) * (b.0 - a.0) {
                inside = !inside;
            }
        }
        if inside { nearest } else { -nearest }
    })
}
