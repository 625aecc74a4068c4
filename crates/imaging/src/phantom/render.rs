//! From anatomy to grey values.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::anatomy::Anatomy;
use super::bones::spine;
use super::field::{Field, Point, bell, centre, smoothstep};
use super::noise::{Fractal, normal};

/// Attenuation of the trunk where it is thickest.
const TRUNK: f32 = 0.60;

/// Attenuation that the air of a fully deep lung takes away.
const AIR: f32 = 0.47;

/// Distance from the lung's border over which the lung deepens.
const LUNG_DEEPENS: f32 = 0.085;

const HEART: f32 = 0.13;
const ABDOMEN: f32 = 0.17;
const TRACHEA: f32 = 0.13;
const GRAIN: f32 = 0.004;
const STOMACH_GAS: f32 = 0.13;

/// Everything that is drawn.
pub(super) struct Scene<'a> {
    pub(super) anatomy: &'a Anatomy,
    pub(super) right: &'a Field,
    pub(super) left: &'a Field,
    pub(super) bones: &'a Field,
    pub(super) vessels: &'a Field,
    pub(super) filling: &'a Field,
}

/// Contrast and exposure of one picture.
struct Tone {
    middle: f32,
    contrast: f32,
    air: f32,
    stomach_gas: f32,
}

/// Draws the grey values in [0, 1], row-major.
pub(super) fn render(scene: &Scene<'_>, rng: &mut ChaCha8Rng, size: usize) -> Vec<f32> {
    let tone = Tone {
        middle: rng.random_range(0.40..0.50),
        contrast: rng.random_range(4.0..5.2),
        air: AIR * rng.random_range(0.9..1.1),
        stomach_gas: STOMACH_GAS * rng.random_range(-0.6_f32..1.0).max(0.0),
    };
    let soft = Fractal::new(rng, 4, 4);
    let fine = Fractal::new(rng, 40, 3);
    let mut pixels = Vec::with_capacity(size * size);
    for y in 0..size {
        for x in 0..size {
            let p = centre(size, x, y);
            let i = y * size + x;
            let (trunk, covered) = trunk(scene.anatomy, p);
            let lung = scene.right.at(p).max(scene.left.at(p));
            let depth = lung_depth(lung);
            let air = tone.air * depth * (1.0 - scene.filling.values()[i]);
            let shown_in_lung = smoothstep(-0.01, 0.02, lung);
            let vessels = scene.vessels.values()[i] * (0.15 + 0.85 * shown_in_lung);
            let bones = scene.bones.values()[i] * (0.55 + 0.45 * shown_in_lung);
            let gas = tone.stomach_gas * stomach(scene.anatomy, p, &soft);
            let texture = 0.03 * soft.at(p) + 0.024 * fine.at(p) * shown_in_lung;
            let tissue = trunk + organs(scene.anatomy, p, lung) - air - gas + vessels + bones + texture;
            let grey = 1.0 / (1.0 + (-tone.contrast * (tissue - tone.middle)).exp());
            let background = 0.02 + 0.01 * soft.at(p);
            let seen = background + (grey - background) * covered;
            pixels.push((seen + GRAIN * normal(rng)).clamp(0.0, 1.0));
        }
    }
    pixels
}

/// The trunk's attenuation at a point, and how far it covers the point.
fn trunk(anatomy: &Anatomy, p: Point) -> (f32, f32) {
    let (x, y) = anatomy.standard(p);
    let half_width = anatomy.trunk_half_width(y.max(0.0));
    let across = (x - 0.5).abs() / half_width;
    let rim = smoothstep(1.0, 0.97, across);
    let depth = (1.0 - across.min(1.0).powf(2.6)).sqrt();
    let thicker_below = 0.86 + 0.20 * smoothstep(0.05, 0.9, y);
    (TRUNK * thicker_below * (0.30 + 0.70 * depth), rim)
}

/// The gas under the left dome of the diaphragm, in [0, 1].
fn stomach(anatomy: &Anatomy, p: Point, soft: &Fractal) -> f32 {
    let (x, y) = anatomy.standard(p);
    let distance = ((x - 0.70) / 0.075).hypot((y - 0.835) / 0.035);
    smoothstep(1.2, 0.7, distance + 0.4 * soft.at((2.0 * x - 1.0, y)))
}

/// How deep the lung is, in [0, 1], from the distance to its border.
fn lung_depth(distance: f32) -> f32 {
    let t = (distance / LUNG_DEEPENS).clamp(0.0, 1.0);
    let edge = smoothstep(-0.002, 0.004, distance);
    edge * (0.42 + 0.58 * (1.0 - (1.0 - t).powi(2)))
}

/// Mediastinum, heart, abdomen, spine and trachea.
fn organs(anatomy: &Anatomy, p: Point, lung: f32) -> f32 {
    let (x, y) = anatomy.standard(p);
    let outside_lung = smoothstep(0.006, -0.004, lung);
    let mediastinum = 0.05 * smoothstep(0.11, 0.04, (x - 0.5).abs()) * smoothstep(0.12, 0.25, y);
    let heart_at = ((x - 0.575) / 0.165).hypot((y - 0.615) / 0.165);
    let heart = HEART * smoothstep(1.1, 0.6, heart_at) * outside_lung;
    let dome = 0.70 + 0.03 * smoothstep(0.45, 0.75, x) + 0.35 * (x - 0.5).abs().powi(2);
    let abdomen = ABDOMEN * smoothstep(dome - 0.02, dome + 0.10, y) * outside_lung;
    let windpipe = bell((x - 0.497) / 0.020) * smoothstep(0.40, 0.30, y);
    let spine_shown = 1.0 - 0.35 * smoothstep(0.35, 0.5, y);
    mediastinum + heart + abdomen + spine((x, y)) * spine_shown - TRACHEA * windpipe
}
