//! Images that show no chest.

use rand::{Rng, RngExt};

use crate::case::Class;
use crate::error::Result;
use crate::random::{Purpose, stream};
use crate::sample::{Sample, checked_size};

/// Most rectangles of a picture.
const MAX_RECTANGLES: usize = 6;

/// `count` images that show no chest, with empty masks, for networks to learn that there is not always a lung: in turn
/// one grey, noise, a gradient, stripes, rectangles. Ours; neither the paper nor SMP has them.
///
/// The same count, size and seed always draw the same images.
///
/// # Errors
/// `size` is out of range.
pub fn decoys(count: usize, size: usize, seed: u64) -> Result<Vec<Sample>> {
    let size = checked_size(size)?;
    (0..count)
        .map(|index| {
            let mut rng = stream(Purpose::Decoy, seed, 0, index as u64);
            let xray = match index % 5 {
                0 => flat(&mut rng, size),
                1 => noise(&mut rng, size),
                2 => gradient(&mut rng, size),
                3 => stripes(&mut rng, size),
                _ => rectangles(&mut rng, size),
            };
            let empty = vec![0; size * size];
            Sample::new(format!("decoy-{index}"), Class::Normal, size, xray, empty.clone(), empty)
        })
        .collect()
}

/// Black and white are drawn as often as all greys between them: they are what broken exports hold.
fn flat(rng: &mut impl Rng, size: usize) -> Vec<u8> {
    let grey = match rng.random_range(0..4) {
        0 => 0,
        1 => u8::MAX,
        _ => rng.random(),
    };
    vec![grey; size * size]
}

fn noise(rng: &mut impl Rng, size: usize) -> Vec<u8> {
    let (one, other): (u8, u8) = (rng.random(), rng.random());
    let range = one.min(other)..=one.max(other);
    (0..size * size).map(|_| rng.random_range(range.clone())).collect()
}

fn gradient(rng: &mut impl Rng, size: usize) -> Vec<u8> {
    let (start, end) = (rng.random_range(0.0..255.0_f32), rng.random_range(0.0..255.0_f32));
    along(rng, size, |along| start + (end - start) * along)
}

fn stripes(rng: &mut impl Rng, size: usize) -> Vec<u8> {
    let (dark, light) = (rng.random_range(0.0..255.0_f32), rng.random_range(0.0..255.0_f32));
    let waves = rng.random_range(1.0..24.0_f32) * std::f32::consts::TAU;
    along(rng, size, |along| dark + (light - dark) * (0.5 + 0.5 * (along * waves).sin()))
}

/// Grey values of a position along a drawn direction, 0 to 1 from one end of the picture to the other.
fn along(rng: &mut impl Rng, size: usize, grey: impl Fn(f32) -> f32) -> Vec<u8> {
    let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
    let centred = |at: usize| (at as f32 + 0.5) / size as f32 - 0.5;
    let reach = sin.abs() + cos.abs();
    (0..size * size)
        .map(|at| {
            grey((centred(at % size) * cos + centred(at / size) * sin) / reach + 0.5).clamp(0.0, 255.0) as u8
        })
        .collect()
}

fn rectangles(rng: &mut impl Rng, size: usize) -> Vec<u8> {
    let mut xray = flat(rng, size);
    for _ in 0..rng.random_range(1..=MAX_RECTANGLES) {
        let (x, y) = (rng.random_range(0..size), rng.random_range(0..size));
        let (right, bottom) = (rng.random_range(x..size), rng.random_range(y..size));
        let grey = rng.random();
        for row in xray.chunks_exact_mut(size).take(bottom + 1).skip(y) {
            row[x..=right].fill(grey);
        }
    }
    xray
}
