//! Square scalar fields over the unit square.

/// A point in the unit square, `x` to the right and `y` down.
pub(super) type Point = (f32, f32);

/// How a stroke meets what is there.
#[derive(Debug, Clone, Copy)]
pub(super) enum Blend {
    Add,
    Max,
}

/// Width, strength and blending of a stroke.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub(super) half_width: f32,
    pub(super) amplitude: f32,
    pub(super) blend: Blend,
}

/// A square grid of values, sampled at pixel centres of the unit square.
#[derive(Debug, Clone)]
pub(super) struct Field {
    size: usize,
    values: Vec<f32>,
}

impl Field {
    pub(super) fn zero(size: usize) -> Self {
        Self { size, values: vec![0.0; size * size] }
    }

    pub(super) fn from_fn(size: usize, mut value: impl FnMut(Point) -> f32) -> Self {
        let mut values = Vec::with_capacity(size * size);
        for y in 0..size {
            for x in 0..size {
                values.push(value(centre(size, x, y)));
            }
        }
        Self { size, values }
    }

    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    pub(super) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The value at a point, bilinear between pixel centres, clamped outside.
    pub(super) fn at(&self, (x, y): Point) -> f32 {
        let last = (self.size - 1) as f32;
        let scale = self.size as f32;
        let (fx, fy) = ((x * scale - 0.5).clamp(0.0, last), (y * scale - 0.5).clamp(0.0, last));
        let (x0, y0) = (fx as usize, fy as usize);
        let (x1, y1) = ((x0 + 1).min(self.size - 1), (y0 + 1).min(self.size - 1));
        let (wx, wy) = (fx - x0 as f32, fy - y0 as f32);
        let row = |y: usize| {
            let (a, b) = (self.values[y * self.size + x0], self.values[y * self.size + x1]);
            a + (b - a) * wx
        };
        row(y0) + (row(y1) - row(y0)) * wy
    }

    /// Draws a stroke along `points`: `profile` gives the value for a distance
    /// in units of the half-width, `fading` a factor for the part of the way
    /// along, in [0, 1]. Strokes narrower than a pixel are drawn a pixel wide
    /// and paler.
    pub(super) fn stroke(
        &mut self,
        points: &[Point],
        pen: Pen,
        profile: impl Fn(f32) -> f32,
        fading: impl Fn(f32) -> f32,
    ) {
        const REACH: f32 = 1.6;
        const HALF_PIXEL: f32 = 0.5;
        let drawn = pen.half_width.max(HALF_PIXEL / self.size as f32);
        let amplitude = pen.amplitude * pen.half_width / drawn;
        let reach = REACH * drawn;
        let low = |axis: fn(&Point) -> f32| points.iter().map(axis).fold(f32::MAX, f32::min);
        let high = |axis: fn(&Point) -> f32| points.iter().map(axis).fold(f32::MIN, f32::max);
        let columns = self.span(low(|p| p.0) - reach, high(|p| p.0) + reach);
        let rows = self.span(low(|p| p.1) - reach, high(|p| p.1) + reach);

        let mut nearest = vec![(reach, 0.0); columns.len() * rows.len()];
        let pieces = points.len().saturating_sub(1) as f32;
        for (piece, pair) in points.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            for y in self.span(a.1.min(b.1) - reach, a.1.max(b.1) + reach) {
                for x in self.span(a.0.min(b.0) - reach, a.0.max(b.0) + reach) {
                    let distance = distance_to_segment(centre(self.size, x, y), a, b);
                    let slot = &mut nearest[(y - rows.start) * columns.len() + x - columns.start];
                    if distance < slot.0 {
                        *slot = (distance, (piece as f32 + HALF_PIXEL) / pieces);
                    }
                }
            }
        }
        for y in rows.clone() {
            for x in columns.clone() {
                let (distance, along) = nearest[(y - rows.start) * columns.len() + x - columns.start];
                if distance < reach {
                    let value = amplitude * fading(along) * profile(distance / drawn);
                    let slot = &mut self.values[y * self.size + x];
                    *slot = match pen.blend {
                        Blend::Add => *slot + value,
                        Blend::Max => slot.max(value),
                    };
                }
            }
        }
    }

    fn span(&self, from: f32, to: f32) -> std::ops::Range<usize> {
        let scale = self.size as f32;
        let first = (from * scale).floor().max(0.0) as usize;
        let end = ((to * scale).ceil().max(0.0) as usize).min(self.size);
        first.min(end)..end
    }
}

/// The centre of pixel (x, y) of a grid with `size` pixels per side.
pub(super) fn centre(size: usize, x: usize, y: usize) -> Point {
    let scale = 1.0 / size as f32;
    ((x as f32 + 0.5) * scale, (y as f32 + 0.5) * scale)
}

/// The distance from `p` to the segment from `a` to `b`.
pub(super) fn distance_to_segment(p: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length2 = dx * dx + dy * dy;
    let t =
        if length2 > 0.0 { (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (p.0 - a.0 - t * dx).hypot(p.1 - a.1 - t * dy)
}

/// 0 below `low`, 1 above `high`, smooth between.
pub(super) fn smoothstep(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// 1 at 0, falling like a bell.
pub(super) fn bell(distance: f32) -> f32 {
    (-2.0 * distance * distance).exp()
}
