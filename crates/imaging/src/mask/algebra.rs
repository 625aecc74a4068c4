//! Set operations on masks of one size.

use super::Mask;
use crate::error::Result;
use crate::size::check_same;

impl Mask {
    fn combined(&self, other: &Self, what: &'static str, rule: impl Fn(bool, bool) -> bool) -> Result<Self> {
        check_same(what, self.size(), other.size())?;
        let bits = std::iter::zip(&self.bits, &other.bits).map(|(&a, &b)| rule(a, b)).collect();
        Ok(Self::trusted(self.width, self.height, bits))
    }

    /// Pixels set in both masks.
    ///
    /// # Errors
    ///
    /// The masks differ in size.
    pub fn and(&self, other: &Self) -> Result<Self> {
        self.combined(other, "intersection of masks", |a, b| a && b)
    }

    /// Pixels set in either mask.
    ///
    /// # Errors
    ///
    /// The masks differ in size.
    pub fn or(&self, other: &Self) -> Result<Self> {
        self.combined(other, "union of masks", |a, b| a || b)
    }

    /// Pixels set in this mask and not in the other.
    ///
    /// # Errors
    ///
    /// The masks differ in size.
    pub fn minus(&self, other: &Self) -> Result<Self> {
        self.combined(other, "difference of masks", |a, b| a && !b)
    }

    /// Pixels not set in this mask.
    #[must_use]
    pub fn not(&self) -> Self {
        let bits = self.bits.iter().map(|&b| !b).collect();
        Self::trusted(self.width, self.height, bits)
    }

    /// Number of pixels set in both masks.
    ///
    /// # Errors
    ///
    /// The masks differ in size.
    pub fn overlap(&self, other: &Self) -> Result<u64> {
        check_same("overlap of masks", self.size(), other.size())?;
        let both = std::iter::zip(&self.bits, &other.bits).filter(|&(&a, &b)| a && b);
        Ok(both.count() as u64)
    }

    /// Dice similarity coefficient in [0, 1]: twice the overlap over the sum of
    /// the areas; 1 where both masks are empty.
    ///
    /// # Errors
    ///
    /// The masks differ in size.
    pub fn dice(&self, other: &Self) -> Result<f64> {
        let overlap = self.overlap(other)?;
        let sum = self.area() + other.area();
        if sum == 0 {
            return Ok(1.0);
        }
        Ok(2.0 * overlap as f64 / sum as f64)
    }
}
