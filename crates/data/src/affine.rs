//! One inverse-mapped affine pass over X-ray and masks.

use crate::sample::Sample;

/// What was drawn for one sample.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw {
    /// Counter-clockwise as displayed, in radians.
    pub(crate) rotation: f32,
    /// Right and down, as fractions of the side length.
    pub(crate) shift: (f32, f32),
    /// Magnification.
    pub(crate) scale: f32,
    /// Mirror left and right.
    pub(crate) flip: bool,
}

/// The map from an output position to the input position it shows, about the image's centre.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Affine {
    matrix: [[f32; 2]; 2],
    shift: (f32, f32),
    size: usize,
    identity: bool,
}

impl Affine {
    pub(crate) fn new(size: usize, draw: Draw) -> Self {
        let (sin, cos) = draw.rotation.sin_cos();
        let scale = draw.scale.recip();
        let mirror = if draw.flip { -1.0 } else { 1.0 };
        let side = size as f32;
        let shift = (draw.shift.0 * side, draw.shift.1 * side);
        Self {
            matrix: [[mirror * cos * scale, -mirror * sin * scale], [sin * scale, cos * scale]],
            shift,
            size,
            identity: !draw.flip && draw.rotation == 0.0 && draw.scale == 1.0 && shift == (0.0, 0.0),
        }
    }

    /// X-ray in 0..=1, lung mask and infection mask after the map.
    pub(crate) fn resample(&self, sample: &Sample) -> (Vec<f32>, Vec<u8>, Vec<u8>) {
        if self.identity {
            let xray = sample.xray().iter().map(|&value| to_unit(f32::from(value)));
            return (xray.collect(), sample.lung().to_vec(), sample.infection().to_vec());
        }
        let pixels = self.size * self.size;
        let mut xray = Vec::with_capacity(pixels);
        let mut lung = Vec::with_capacity(pixels);
        let mut infection = Vec::with_capacity(pixels);
        for row in 0..self.size {
            for column in 0..self.size {
                let (x, y) = self.source(column, row);
                xray.push(to_unit(self.bilinear(sample.xray(), x, y)));
                let nearest = self.nearest(x, y);
                lung.push(at(sample.lung(), nearest));
                infection.push(at(sample.infection(), nearest));
            }
        }
        (xray, lung, infection)
    }

    /// Input position, in pixels from the upper left corner, shown at the centre of an output pixel.
    fn source(&self, column: usize, row: usize) -> (f32, f32) {
        let centre = self.size as f32 / 2.0;
        let x = column as f32 + 0.5 - centre - self.shift.0;
        let y = row as f32 + 0.5 - centre - self.shift.1;
        let [[a, b], [c, d]] = self.matrix;
        (a * x + b * y + centre, c * x + d * y + centre)
    }

    fn offset(&self, column: isize, row: isize) -> Option<usize> {
        let column = usize::try_from(column).ok().filter(|&column| column < self.size)?;
        let row = usize::try_from(row).ok().filter(|&row| row < self.size)?;
        Some(row * self.size + column)
    }

    fn nearest(&self, x: f32, y: f32) -> Option<usize> {
        self.offset(x.floor() as isize, y.floor() as isize)
    }

    fn bilinear(&self, values: &[u8], x: f32, y: f32) -> f32 {
        let (left, top) = ((x - 0.5).floor(), (y - 0.5).floor());
        let (right_share, lower_share) = (x - 0.5 - left, y - 0.5 - top);
        let (column, row) = (left as isize, top as isize);
        let value = |column, row| f32::from(at(values, self.offset(column, row)));
        let upper = mix(value(column, row), value(column + 1, row), right_share);
        let lower = mix(value(column, row + 1), value(column + 1, row + 1), right_share);
        mix(upper, lower, lower_share)
    }
}

/// The value at an offset; outside the frame 0.
fn at(values: &[u8], offset: Option<usize>) -> u8 {
    offset.and_then(|offset| values.get(offset)).copied().unwrap_or(0)
}

fn mix(from: f32, to: f32, share: f32) -> f32 {
    from + (to - from) * share
}

fn to_unit(value: f32) -> f32 {
    value / f32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::case::Class;
    use proptest::prelude::*;

    const STILL: Draw = Draw { rotation: 0.0, shift: (0.0, 0.0), scale: 1.0, flip: false };

    fn sample(size: usize, seed: usize) -> Sample {
        let xray: Vec<u8> = (0..size * size).map(|at| ((at * 37 + seed * 11) % 256) as u8).collect();
        let lung: Vec<u8> = xray.iter().map(|value| value % 2).collect();
        let infection: Vec<u8> = xray.iter().map(|value| u8::from(value % 5 == 0)).collect();
        Sample::new("test", Class::Normal, size, xray, lung, infection).unwrap()
    }

    fn moved(sample: &Sample, from: impl Fn(usize, usize) -> Option<(usize, usize)>) -> (Vec<f32>, Vec<u8>) {
        let size = sample.size();
        (0..size * size)
            .map(|offset| match from(offset % size, offset / size) {
                Some((x, y)) => {
                    (to_unit(f32::from(sample.xray()[y * size + x])), sample.lung()[y * size + x])
                }
                None => (0.0, 0),
            })
            .unzip()
    }

    fn assert_same(actual: (Vec<f32>, Vec<u8>, Vec<u8>), expected: &(Vec<f32>, Vec<u8>)) {
        assert_eq!(actual.1, expected.1);
        for (actual, expected) in actual.0.iter().zip(&expected.0) {
            assert!((actual - expected).abs() < 1e-4, "{actual} is not {expected}");
        }
    }

    #[test]
    fn a_flip_mirrors_columns() {
        let sample = sample(16, 3);
        let flipped = Affine::new(16, Draw { flip: true, ..STILL }).resample(&sample);
        assert_same(flipped, &moved(&sample, |x, y| Some((15 - x, y))));
    }

    #[test]
    fn a_quarter_turn_is_counter_clockwise() {
        let sample = sample(16, 5);
        let rotation = std::f32::consts::FRAC_PI_2;
        let turned = Affine::new(16, Draw { rotation, ..STILL }).resample(&sample);
        assert_same(turned, &moved(&sample, |x, y| Some((15 - y, x))));
    }

    #[test]
    fn doubling_shows_each_centre_pixel_four_times_in_the_masks() {
        let sample = sample(16, 7);
        let doubled = Affine::new(16, Draw { scale: 2.0, ..STILL }).resample(&sample);
        assert_eq!(doubled.1, moved(&sample, |x, y| Some((4 + x / 2, 4 + y / 2))).1);
    }

    proptest! {
        #[test]
        fn whole_pixel_shifts_move_everything_alike(right in -8_i32..8, down in -8_i32..8, seed in 0_usize..100) {
            let sample = sample(16, seed);
            let shift = (right as f32 / 16.0, down as f32 / 16.0);
            let shifted = Affine::new(16, Draw { shift, ..STILL }).resample(&sample);
            let inside = |value: i32| usize::try_from(value).ok().filter(|&value| value < 16);
            let expected = moved(&sample, |x, y| Some((inside(x as i32 - right)?, inside(y as i32 - down)?)));
            assert_same(shifted, &expected);
        }

        #[test]
        fn turning_forth_and_back_keeps_the_centre(angle in -0.5_f32..0.5) {
            let forth = Affine::new(16, Draw { rotation: angle, scale: 1.25, ..STILL });
            let back = Affine::new(16, Draw { rotation: -angle, scale: 0.8, ..STILL });
            let (x, y) = forth.source(11, 6);
            let [[a, b], [c, d]] = back.matrix;
            let (x, y) = (x - 8.0, y - 8.0);
            prop_assert!((a * x + b * y + 8.0 - 11.5).abs() < 1e-4);
            prop_assert!((c * x + d * y + 8.0 - 6.5).abs() < 1e-4);
        }
    }
}
