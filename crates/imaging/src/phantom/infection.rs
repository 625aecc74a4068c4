//! Opacities of known extent.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::PhantomInfection;
use super::anatomy::Anatomy;
use super::field::{Field, Point, centre, smoothstep};
use super::noise::Fractal;
use crate::mask::Mask;

/// Where each kind of opacity may begin, as points of the standard chest:
/// mostly peripheral and low.
const RIGHT_SITES: [Point; 6] =
    [(0.205, 0.640), (0.225, 0.520), (0.300, 0.655), (0.260, 0.390), (0.370, 0.600), (0.330, 0.260)];
const LEFT_SITES: [Point; 6] =
    [(0.805, 0.660), (0.780, 0.530), (0.765, 0.690), (0.740, 0.400), (0.690, 0.500), (0.670, 0.260)];

/// Half the width, in units of the strength, over which the border of a patch
/// and of a diffuse opacity fades.
const PATCH_FADE: f32 = 0.36;
const DIFFUSE_FADE: f32 = 0.16;

/// How much noise there is in the strength.
const PATCH_NOISE: f32 = 0.42;
const DIFFUSE_NOISE: f32 = 0.24;

/// What the drawing needs of an infection.
pub(super) struct Opacities {
    pub(super) mask: Mask,
    /// Fraction of the air that is replaced, in [0, 1].
    pub(super) filling: Field,
}

/// Draws the infection in the lungs `right` and `left`.
pub(super) fn opacities(
    kind: PhantomInfection,
    anatomy: &Anatomy,
    rng: &mut ChaCha8Rng,
    (right, left): (&Mask, &Mask),
) -> Opacities {
    let (width, height) = right.size();
    let size = width as usize;
    let texture = Fractal::new(rng, 9, 4);
    let density = match kind {
        PhantomInfection::Focal { .. } => rng.random_range(0.75..0.95),
        _ => rng.random_range(0.50..0.75),
    };
    let (fade, noise) = match kind {
        PhantomInfection::Diffuse { .. } => (DIFFUSE_FADE, DIFFUSE_NOISE),
        _ => (PATCH_FADE, PATCH_NOISE),
    };
    let one_sided = rng.random_bool(0.5);
    let sites = sites(kind, anatomy, rng, one_sided);
    let bears = |x: u32, y: u32| match kind {
        PhantomInfection::None => false,
        PhantomInfection::Focal { .. } if one_sided => right.get(x, y),
        PhantomInfection::Focal { .. } => left.get(x, y),
        _ => right.get(x, y) || left.get(x, y),
    };
    let strength = Field::from_fn(size, |p| strength(kind, anatomy, &sites, p) + noise * texture.at(p));

    let value = |x: u32, y: u32| strength.values()[y as usize * size + x as usize];
    let mut candidates: Vec<f32> =
        Mask::trusted_from_fn(width, height, bears).pixels().map(|(x, y)| value(x, y)).collect();
    candidates.sort_by(|a, b| b.total_cmp(a));
    let wanted = f64::from(kind.fraction_hint()) * (right.area() + left.area()) as f64;
    let count = (wanted.round() as usize).min(candidates.len());
    let border = if count == 0 { f32::INFINITY } else { candidates[count - 1] };

    let mask = Mask::trusted_from_fn(width, height, |x, y| bears(x, y) && value(x, y) >= border);
    let mut filling = Field::zero(size);
    for (i, slot) in filling.values_mut().iter_mut().enumerate() {
        let (x, y) = (i % size, i / size);
        if border.is_finite() && bears(x as u32, y as u32) {
            let over = value(x as u32, y as u32) - border;
            let grain = 0.85 + 0.22 * texture.at(centre(size, x, y));
            *slot = density * grain * smoothstep(-fade, fade, over);
        }
    }
    Opacities { mask, filling }
}

/// Centres and radii of the patches.
fn sites(
    kind: PhantomInfection,
    anatomy: &Anatomy,
    rng: &mut ChaCha8Rng,
    one_sided: bool,
) -> Vec<(Point, f32)> {
    let mut chosen = Vec::new();
    match kind {
        PhantomInfection::Patchy { .. } => {
            for table in [RIGHT_SITES, LEFT_SITES] {
                for (i, site) in table.into_iter().enumerate() {
                    let likely = if i < 3 { 0.85 } else { 0.3 };
                    if rng.random_bool(likely) {
                        chosen.push((site, rng.random_range(0.07..0.13)));
                    }
                }
            }
            chosen.push((RIGHT_SITES[0], 0.10));
        }
        PhantomInfection::Focal { .. } => {
            let table = if one_sided { RIGHT_SITES } else { LEFT_SITES };
            chosen.push((table[rng.random_range(0..table.len())], 0.14));
        }
        PhantomInfection::None | PhantomInfection::Diffuse { .. } => {}
    }
    for (site, _) in &mut chosen {
        *site = anatomy.place(*site);
        site.0 += rng.random_range(-0.02..0.02);
        site.1 += rng.random_range(-0.03..0.03);
    }
    chosen
}

/// How readily a point is infected; only comparisons matter.
fn strength(kind: PhantomInfection, anatomy: &Anatomy, sites: &[(Point, f32)], p: Point) -> f32 {
    match kind {
        PhantomInfection::None => 0.0,
        PhantomInfection::Diffuse { .. } => {
            let (x, y) = anatomy.standard(p);
            2.2 * y + 1.3 * (x - 0.5).abs()
        }
        PhantomInfection::Patchy { .. } | PhantomInfection::Focal { .. } => sites
            .iter()
            .map(|&(site, radius)| 1.0 - (p.0 - site.0).hypot(1.2 * (p.1 - site.1)) / radius)
            .fold(f32::MIN, f32::max),
    }
}
