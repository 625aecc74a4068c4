//! Planar tensors, their blocked twins and a comparison.

use pulmo_kernels::blocked::{Activation, Arena, BLOCK, Engine, Map, MapMut, MapShape};

/// A planar tensor `[N, C, H, W]`.
#[derive(Debug, Clone)]
pub(crate) struct Planar {
    pub(crate) size: [usize; 4],
    pub(crate) data: Vec<f32>,
}

/// Reproducible numbers in -1..1.
pub(crate) fn numbers(len: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

impl Planar {
    pub(crate) fn random(size: [usize; 4], seed: u64) -> Self {
        Self { size, data: numbers(size.iter().product(), seed) }
    }

    pub(crate) fn at(&self, n: usize, c: usize, y: usize, x: usize) -> f64 {
        let [_, channels, height, width] = self.size;
        f64::from(self.data[((n * channels + c) * height + y) * width + x])
    }

    pub(crate) fn from_fn(size: [usize; 4], f: impl Fn(usize, usize, usize, usize) -> f64) -> Vec<f64> {
        let mut values = Vec::with_capacity(size.iter().product());
        for n in 0..size[0] {
            for c in 0..size[1] {
                for y in 0..size[2] {
                    for x in 0..size[3] {
                        values.push(f(n, c, y, x));
                    }
                }
            }
        }
        values
    }

    pub(crate) fn blocked(&self, engine: Engine, halo: usize) -> Blocked {
        let [images, channels, height, width] = self.size;
        let mut blocked = Blocked::garbage(MapShape::new(channels, height, width, halo).unwrap(), images);
        engine.from_planar(&self.data, &mut blocked.map_mut()).unwrap();
        blocked
    }
}

/// Owned blocked maps.
pub(crate) struct Blocked {
    pub(crate) shape: MapShape,
    pub(crate) images: usize,
    arena: Arena,
}

impl Blocked {
    /// Numbers that would show in any result, with a halo of zeros.
    pub(crate) fn garbage(shape: MapShape, images: usize) -> Self {
        let mut arena = Arena::new(shape.len(images).unwrap());
        arena.as_mut_slice().fill(1e30);
        let mut blocked = Self { shape, images, arena };
        blocked.map_mut().clear_halo();
        blocked
    }

    pub(crate) fn map(&self) -> Map<'_> {
        self.arena.map(self.shape, self.images, 0).unwrap()
    }

    pub(crate) fn map_mut(&mut self) -> MapMut<'_> {
        self.arena.map_mut(self.shape, self.images, 0).unwrap()
    }

    /// The tensor, after a look at the halo and at the lanes that hold no channel.
    pub(crate) fn planar(&self, engine: Engine) -> Vec<f32> {
        let s = self.shape;
        let mut elements = self.arena.as_slice().iter();
        for _ in 0..self.images {
            for block in 0..s.blocks() {
                for y in 0..s.height() + 2 * s.halo() {
                    for x in 0..s.width() + 2 * s.halo() {
                        let inside = (s.halo()..s.halo() + s.height()).contains(&y)
                            && (s.halo()..s.halo() + s.width()).contains(&x);
                        for lane in 0..BLOCK {
                            let value = *elements.next().unwrap();
                            if !inside || block * BLOCK + lane >= s.channels() {
                                assert_eq!(value, 0.0, "block {block}, padded pixel ({y}, {x}), lane {lane}");
                            }
                        }
                    }
                }
            }
        }
        let mut planar = vec![0.0; self.images * s.channels() * s.height() * s.width()];
        engine.to_planar(&self.map(), &mut planar).unwrap();
        planar
    }
}

/// What an activation makes of `value`.
pub(crate) fn activated(activation: Activation, value: f64) -> f64 {
    match activation {
        Activation::Relu => value.max(0.0),
        Activation::Silu => value / (1.0 + (-value).exp()),
        _ => value,
    }
}

/// The largest difference, relative to the largest expected magnitude (1 at least).
pub(crate) fn error(expected: &[f64], actual: &[f32]) -> f64 {
    assert_eq!(expected.len(), actual.len());
    let magnitude = expected.iter().fold(1.0f64, |most, value| most.max(value.abs()));
    let difference = expected.iter().zip(actual).fold(0.0f64, |most, (expected, actual)| {
        let difference = (expected - f64::from(*actual)).abs();
        if difference.is_nan() { f64::INFINITY } else { most.max(difference) }
    });
    difference / magnitude
}
