//! Hila and the vessels that branch from them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::anatomy::Anatomy;
use super::field::{Blend, Field, Pen, Point, bell};

const RIGHT_HILUM: Point = (0.415, 0.465);
const LEFT_HILUM: Point = (0.600, 0.445);
const HILUM_ABOVE: f32 = 0.03;
const HILUM_BELOW: f32 = 0.04;
const HILUM_HALF_WIDTH: f32 = 0.030;
const HILUM_ATTENUATION: f32 = 0.14;
const TRUNKS: usize = 8;
const TRUNK_HALF_WIDTH: f32 = 0.0085;
const TRUNK_ATTENUATION: f32 = 0.13;
const GENERATIONS: usize = 5;
const STEP: f32 = 0.016;
const STEPS_PER_GENERATION: usize = 4;

struct Branch {
    from: Point,
    angle: f32,
    half_width: f32,
    generation: usize,
}

/// The attenuation of hila and vessels, for the whole picture; lungs show it.
pub(super) fn vessels(anatomy: &Anatomy, rng: &mut ChaCha8Rng, size: usize) -> Field {
    let mut field = Field::zero(size);
    for (hilum, outward) in [(RIGHT_HILUM, std::f32::consts::PI), (LEFT_HILUM, 0.0)] {
        let mut branches: Vec<Branch> = (0..TRUNKS)
            .map(|i| {
                let spread = (i as f32 + 0.5) / TRUNKS as f32 - 0.5;
                Branch {
                    from: anatomy.place(hilum),
                    angle: outward + spread * 2.5 + rng.random_range(-0.15..0.15),
                    half_width: TRUNK_HALF_WIDTH * rng.random_range(0.7..1.1),
                    generation: 0,
                }
            })
            .collect();
        let (x, y) = hilum;
        let ends = [(x, y - HILUM_ABOVE), (x, y + HILUM_BELOW)].map(|p| anatomy.place(p));
        draw(&mut field, &ends, HILUM_HALF_WIDTH, HILUM_ATTENUATION);
        while let Some(branch) = branches.pop() {
            grow(&mut field, rng, branch, &mut branches);
        }
    }
    field
}

fn draw(field: &mut Field, points: &[Point], half_width: f32, amplitude: f32) {
    let pen = Pen { half_width, amplitude, blend: Blend::Max };
    field.stroke(points, pen, bell, |_| 1.0);
}

fn grow(field: &mut Field, rng: &mut ChaCha8Rng, branch: Branch, next: &mut Vec<Branch>) {
    let mut points = vec![branch.from];
    let (mut at, mut angle) = (branch.from, branch.angle);
    for _ in 0..STEPS_PER_GENERATION {
        angle += rng.random_range(-0.16..0.16);
        at = (at.0 + STEP * angle.cos(), at.1 + STEP * angle.sin());
        points.push(at);
    }
    let strength = TRUNK_ATTENUATION * (branch.half_width / TRUNK_HALF_WIDTH).powf(0.8);
    draw(field, &points, branch.half_width, strength);
    if branch.generation + 1 < GENERATIONS {
        let fork = rng.random_range(0.25..0.55);
        for turn in [-0.6 * fork, fork] {
            next.push(Branch {
                from: at,
                angle: angle + turn,
                half_width: branch.half_width * rng.random_range(0.62..0.82),
                generation: branch.generation + 1,
            });
        }
    }
}
