//! What a phantom looks like.

use crate::error::{Error, Result};

const MIN_SIZE: u32 = 32;
const MAX_SIZE: u32 = 4096;

/// The infection of a phantom. Fractions are of the lungs' area, in (0, 1]; the
/// drawn infection comes close to them and its mask is exact.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum PhantomInfection {
    /// Clear lungs.
    #[default]
    None,
    /// Several ground-glass patches in both lungs, mostly peripheral and low.
    Patchy {
        /// Wanted fraction of the lungs' area.
        fraction_hint: f32,
    },
    /// One dense consolidation in one lung.
    Focal {
        /// Wanted fraction of the lungs' area.
        fraction_hint: f32,
    },
    /// Opacities that grow from the bases of both lungs.
    Diffuse {
        /// Wanted fraction of the lungs' area.
        fraction_hint: f32,
    },
}

impl PhantomInfection {
    /// The wanted fraction of the lungs' area, 0 for none.
    #[must_use]
    pub fn fraction_hint(&self) -> f32 {
        match *self {
            Self::None => 0.0,
            Self::Patchy { fraction_hint }
            | Self::Focal { fraction_hint }
            | Self::Diffuse { fraction_hint } => fraction_hint,
        }
    }
}

/// The description of one phantom: size, seed and infection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhantomSpec {
    size: u32,
    seed: u64,
    infection: PhantomInfection,
}

impl PhantomSpec {
    /// Describes a square phantom of `size` pixels per side without infection.
    /// The seed decides the anatomy and the noise.
    ///
    /// # Errors
    ///
    /// A size outside 32..=4096.
    pub fn new(size: u32, seed: u64) -> Result<Self> {
        if !(MIN_SIZE..=MAX_SIZE).contains(&size) {
            return Err(Error::InvalidOption {
                name: "phantom size",
                value: f64::from(size),
                range: "32..=4096",
            });
        }
        Ok(Self { size, seed, infection: PhantomInfection::None })
    }

    /// Sets the infection.
    ///
    /// # Errors
    ///
    /// A fraction outside (0, 1].
    pub fn with_infection(mut self, infection: PhantomInfection) -> Result<Self> {
        let fraction = infection.fraction_hint();
        let infected = infection != PhantomInfection::None;
        if infected && !(fraction > 0.0 && fraction <= 1.0) {
            return Err(Error::InvalidOption {
                name: "infected fraction",
                value: f64::from(fraction),
                range: "0 (exclusive) to 1",
            });
        }
        self.infection = infection;
        Ok(self)
    }

    /// Pixels per side.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The infection.
    #[must_use]
    pub fn infection(&self) -> PhantomInfection {
        self.infection
    }
}
