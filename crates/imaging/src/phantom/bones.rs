//! Ribs, clavicles, spine and shoulder blades.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::anatomy::Anatomy;
use super::field::{Blend, Field, Pen, Point, bell, smoothstep};
use super::outline::smooth;

const RIBS: usize = 10;
const FIRST_RIB: f32 = 0.125;
const RIB_SPACING: f32 = 0.061;
const RIB_HALF_WIDTH: f32 = 0.0125;
const ANTERIOR_RIB_HALF_WIDTH: f32 = 0.0138;
const CLAVICLE_HALF_WIDTH: f32 = 0.014;
const SCAPULA_HALF_WIDTH: f32 = 0.012;
const POSTERIOR_RIB: f32 = 0.105;
const ANTERIOR_RIB: f32 = 0.060;
const CLAVICLE: f32 = 0.15;
const SCAPULA: f32 = 0.05;
const POINTS_PER_RIB: usize = 24;

/// The part of an anterior rib that is bone and not cartilage.
const BONY_PART: f32 = 0.8;

/// A flat bone: fairly even, with denser rims.
fn cortical(distance: f32) -> f32 {
    let body = smoothstep(1.25, 0.85, distance);
    let rim = bell((distance - 0.85) / 0.28);
    0.62 * body + 0.38 * rim
}

/// The attenuation of all bones.
pub(super) fn bones(anatomy: &Anatomy, rng: &mut ChaCha8Rng, size: usize) -> Field {
    let mut total = Field::zero(size);
    let spacing = RIB_SPACING * rng.random_range(0.96..1.04);
    let slope = rng.random_range(0.085..0.125);
    for rib in 0..RIBS {
        let start = FIRST_RIB + rib as f32 * spacing;
        for side in [-1.0, 1.0] {
            let wobble = rng.random_range(-0.004..0.004);
            let strength = rng.random_range(0.9..1.1);
            add_rib(&mut total, anatomy, start + wobble, side, slope, strength);
        }
    }
    for side in [-1.0, 1.0] {
        let lift = rng.random_range(-0.015..0.01);
        add_clavicle(&mut total, anatomy, side, lift);
        add_scapula(&mut total, anatomy, side);
    }
    total
}

/// A rib from the spine out and down to the chest wall, then forward, down and
/// back towards the middle, where it becomes cartilage and fades.
fn add_rib(total: &mut Field, anatomy: &Anatomy, start: f32, side: f32, slope: f32, strength: f32) {
    let lateral_y = start + slope;
    let wall = Anatomy::cage_half_width(lateral_y);
    let along = |i: usize| i as f32 / (POINTS_PER_RIB - 1) as f32;
    let posterior: Vec<Point> = (0..POINTS_PER_RIB)
        .map(|i| {
            let angle = along(i) * std::f32::consts::FRAC_PI_2;
            let x = 0.035 + (wall - 0.035) * angle.sin();
            let y = start - 0.018 * (2.0 * angle).sin() + slope * (1.0 - angle.cos());
            anatomy.place((0.5 + side * x, y))
        })
        .collect();
    let anterior: Vec<Point> = (0..POINTS_PER_RIB)
        .map(|i| {
            let angle = along(i) * 1.25;
            let x = wall * (0.35 + 0.65 * angle.cos());
            let y = lateral_y + 1.15 * slope * angle.sin();
            anatomy.place((0.5 + side * x, y))
        })
        .collect();
    total.stroke(&posterior, bone(RIB_HALF_WIDTH, POSTERIOR_RIB * strength), cortical, even);
    total.stroke(&anterior, bone(ANTERIOR_RIB_HALF_WIDTH, ANTERIOR_RIB * strength), cortical, |along| {
        (1.0 - (along / BONY_PART).powi(2)).max(0.0)
    });
}

/// No fading.
fn even(_along: f32) -> f32 {
    1.0
}

fn bone(half_width: f32, amplitude: f32) -> Pen {
    Pen { half_width, amplitude, blend: Blend::Add }
}

fn add_clavicle(total: &mut Field, anatomy: &Anatomy, side: f32, lift: f32) {
    let control = [
        (0.045, 0.215),
        (0.120, 0.185 + 0.5 * lift),
        (0.210, 0.165 + lift),
        (0.300, 0.130 + lift),
        (0.385, 0.125 + lift),
    ];
    let placed = control.map(|(x, y)| anatomy.place((0.5 + side * x, y)));
    let pen = bone(CLAVICLE_HALF_WIDTH, CLAVICLE);
    total.stroke(&smooth(&placed, false), pen, cortical, even);
}

/// The medial border and the spine of the shoulder blade.
fn add_scapula(total: &mut Field, anatomy: &Anatomy, side: f32) {
    let border =
        [(0.290, 0.185), (0.325, 0.260), (0.345, 0.340), (0.375, 0.420), (0.405, 0.350), (0.425, 0.240)];
    let placed = border.map(|(x, y)| anatomy.place((0.5 + side * x, y)));
    let pen = bone(SCAPULA_HALF_WIDTH, SCAPULA);
    total.stroke(&smooth(&placed, false), pen, bell, even);
}

/// The attenuation of the spine at a point of the standard chest: vertebral
/// bodies with brighter end plates and darker discs.
pub(super) fn spine((x, y): Point) -> f32 {
    const HALF_WIDTH: f32 = 0.036;
    const VERTEBRA: f32 = 0.056;
    const BODY: f32 = 0.10;
    let across = smoothstep(1.6, 0.6, (x - 0.5).abs() / HALF_WIDTH);
    let phase = (y / VERTEBRA).rem_euclid(1.0);
    let from_disc = phase.min(1.0 - phase);
    let disc = bell(from_disc / 0.10);
    let plate = bell((from_disc - 0.17) / 0.06);
    let pedicle = bell((((x - 0.5).abs() / HALF_WIDTH) - 0.62).hypot((phase - 0.45) / 0.5) / 0.2);
    BODY * across * (1.0 - 0.45 * disc + 0.25 * plate + 0.30 * pedicle)
}
