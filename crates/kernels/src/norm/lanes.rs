//! The inner loops, over one plane.

use crate::vectorised::vectorised;

/// Sums kept side by side.
const LANES: usize = 16;

/// Sums of `f(i)` over `0..len`, both components, in a fixed order.
#[inline(always)]
fn sums(len: usize, f: impl Fn(usize) -> [f64; 2]) -> [f64; 2] {
    let (mut first, mut second) = ([0f64; LANES], [0f64; LANES]);
    let whole = len / LANES * LANES;
    let mut start = 0;
    while start < whole {
        for lane in 0..LANES {
            let [a, b] = f(start + lane);
            first[lane] += a;
            second[lane] += b;
        }
        start += LANES;
    }
    for lane in 0..len - whole {
        let [a, b] = f(whole + lane);
        first[lane] += a;
        second[lane] += b;
    }
    [first.iter().sum(), second.iter().sum()]
}

vectorised! {
    /// The sums of `x` and of its squares.
    fn moments(x: &[f32]) -> [f64; 2] {
        sums(x.len(), |i| {
            let x = f64::from(x[i]);
            [x, x * x]
        })
    }

    /// `y = x * scale + shift`, at least 0 where `RELU`.
    fn affine<const RELU: bool>(x: &[f32], scale: f64, shift: f64, y: &mut [f32]) {
        for (y, x) in y.iter_mut().zip(x) {
            let z = f64::from(*x) * scale + shift;
            *y = if RELU && z < 0.0 { 0.0 } else { z as f32 };
        }
    }

    /// `y = max(x * scale + shift + other, 0)`.
    fn affine_add_relu(x: &[f32], other: &[f32], scale: f64, shift: f64, y: &mut [f32]) {
        for ((y, x), other) in y.iter_mut().zip(x).zip(other) {
            let z = f64::from(*x) * scale + shift + f64::from(*other);
            *y = if z < 0.0 { 0.0 } else { z as f32 };
        }
    }

    /// The sums of `gradient` and of `gradient * (x - mean)`.
    fn projections(x: &[f32], gradient: &[f32], mean: f64) -> [f64; 2] {
        let x = &x[..gradient.len()];
        sums(gradient.len(), |i| {
            let g = f64::from(gradient[i]);
            [g, g * (f64::from(x[i]) - mean)]
        })
    }

    /// `gradient = 0` where `x * scale + shift <= 0`.
    fn mask_affine(x: &[f32], scale: f64, shift: f64, gradient: &mut [f32]) {
        for (gradient, x) in gradient.iter_mut().zip(x) {
            let z = f64::from(*x) * scale + shift;
            *gradient = if z > 0.0 { *gradient } else { 0.0 };
        }
    }

    /// `gradient = 0` where `y <= 0`.
    fn mask(y: &[f32], gradient: &mut [f32]) {
        for (gradient, y) in gradient.iter_mut().zip(y) {
            *gradient = if *y > 0.0 { *gradient } else { 0.0 };
        }
    }

    /// `gradient = gradient * a + x * b + c`.
    fn combine(x: &[f32], a: f64, b: f64, c: f64, gradient: &mut [f32]) {
        for (gradient, x) in gradient.iter_mut().zip(x) {
            *gradient = (f64::from(*gradient) * a + (f64::from(*x) * b + c)) as f32;
        }
    }

    /// `to = gradient * a + x * b + c`.
    fn combine_into(x: &[f32], gradient: &[f32], a: f64, b: f64, c: f64, to: &mut [f32]) {
        for ((to, gradient), x) in to.iter_mut().zip(gradient).zip(x) {
            *to = (f64::from(*gradient) * a + (f64::from(*x) * b + c)) as f32;
        }
    }
}
