//! Synthetic chest phantoms whose masks are known exactly.

mod spec;

pub use spec::{PhantomInfection, PhantomSpec};

use crate::error::Result;
use crate::lungs::{InfectionMask, LungMask, LungPair};
use crate::mask::Mask;
use crate::xray::ChestXray;

/// A synthetic frontal chest X-ray with its exact masks.
#[derive(Debug, Clone, PartialEq)]
pub struct Phantom {
    xray: ChestXray,
    lungs: LungPair,
    infection: InfectionMask,
}

impl Phantom {
    /// Draws the phantom that `spec` describes. The same spec always gives the
    /// same phantom.
    ///
    /// # Errors
    ///
    /// None for a valid spec; the types the phantom is made of are checked.
    pub fn generate(spec: &PhantomSpec) -> Result<Self> {
        let n = spec.size();
        let s = f64::from(n);
        let ell = |cx: f64, x: u32, y: u32| {
            let (x, y) = (f64::from(x) / s, f64::from(y) / s);
            ((x - cx) / 0.14).powi(2) + ((y - 0.48) / 0.3).powi(2) < 1.0
        };
        let right = Mask::from_fn(n, n, |x, y| ell(0.3, x, y))?;
        let left = Mask::from_fn(n, n, |x, y| ell(0.7, x, y))?;
        let inf = match spec.infection() {
            PhantomInfection::None => Mask::empty(n, n)?,
            _ => Mask::from_fn(n, n, |x, y| ell(0.3, x, y) && f64::from(y) / s > 0.5)?,
        };
        let lungs = LungPair::new(LungMask::new(right), LungMask::new(left))?;
        let both = lungs.both();
        let px = both.as_mask().bits().iter().map(|&b| if b { 0.2 } else { 0.7 }).collect();
        Ok(Self { xray: ChestXray::from_pixels(n, n, px)?, lungs, infection: InfectionMask::new(inf) })
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

    /// The exact infection, within the lungs.
    #[must_use]
    pub fn infection(&self) -> &InfectionMask {
        &self.infection
    }
}
