//! Synthetic chest phantoms whose masks are known exactly.
//!
//! A phantom is drawn as attenuation: the trunk's thickness, less the air in
//! the lungs, plus spine, ribs, clavicles, hila and vessels, heart and abdomen;
//! infection replaces air. Attenuation then becomes grey values, with noise.
//! The model is ours and is no simulation of X-ray physics.

mod anatomy;
mod bones;
mod field;
mod infection;
mod noise;
mod outline;
mod render;
mod spec;
mod vessels;

pub use spec::{PhantomInfection, PhantomSpec};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::Result;
use crate::lungs::{InfectionMask, LungMask, LungPair};
use crate::mask::Mask;
use crate::xray::ChestXray;
use anatomy::Anatomy;
use field::{Field, centre};

/// Independent streams of one seed, so that the infection leaves the anatomy
/// and the noise as they are.
#[derive(Clone, Copy)]
enum Stream {
    Anatomy,
    Bones,
    Vessels,
    Infection,
    Tone,
}

/// A synthetic frontal chest X-ray with its exact masks.
#[derive(Debug, Clone, PartialEq)]
pub struct Phantom {
    xray: ChestXray,
    lungs: LungPair,
    infection: InfectionMask,
}

impl Phantom {
    /// Draws the phantom that `spec` describes. The same spec gives the same
    /// phantom; another infection leaves the anatomy as it is.
    ///
    /// # Errors
    ///
    /// None for a valid spec; the types the phantom is made of are checked.
    pub fn generate(spec: &PhantomSpec) -> Result<Self> {
        let stream = |stream: Stream| {
            let mut rng = ChaCha8Rng::seed_from_u64(spec.seed());
            rng.set_stream(stream as u64);
            rng
        };
        let size = spec.size() as usize;
        let mut rng = stream(Stream::Anatomy);
        let anatomy = Anatomy::draw(&mut rng);
        let right = outline::signed_distance(&anatomy.right_lung(&mut rng), size);
        let left = outline::signed_distance(&anatomy.left_lung(&mut rng), size);
        let right_mask = inside(&right, spec.size());
        let left_mask = inside(&left, spec.size()).minus(&right_mask)?;
        let opacities = infection::opacities(
            spec.infection(),
            &anatomy,
            &mut stream(Stream::Infection),
            (&right_mask, &left_mask),
        );
        let scene = render::Scene {
            anatomy: &anatomy,
            right: &right,
            left: &left,
            bones: &bones::bones(&anatomy, &mut stream(Stream::Bones), size),
            vessels: &vessels::vessels(&anatomy, &mut stream(Stream::Vessels), size),
            filling: &opacities.filling,
        };
        let pixels = render::render(&scene, &mut stream(Stream::Tone), size);
        Ok(Self {
            xray: ChestXray::from_pixels(spec.size(), spec.size(), pixels)?,
            lungs: LungPair::new(LungMask::new(right_mask), LungMask::new(left_mask))?,
            infection: InfectionMask::new(opacities.mask),
        })
    }

    /// The X-ray.
    #[must_use]
    pub fn xray(&self) -> &ChestXray {
        &self.xray
    }

    /// The exact lungs, heart excluded.
    #[must_use]
    pub fn lungs(&self) -> &LungPair {
        &self.lungs
    }

    /// The exact infection, within the lungs. Its border is where an opacity
    /// has half its density.
    #[must_use]
    pub fn infection(&self) -> &InfectionMask {
        &self.infection
    }
}

fn inside(distance: &Field, size: u32) -> Mask {
    Mask::trusted_from_fn(size, size, |x, y| distance.at(centre(size as usize, x as usize, y as usize)) > 0.0)
}
