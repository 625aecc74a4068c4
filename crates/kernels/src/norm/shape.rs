//! What is normalised together.

use crate::{Error, Result};

/// Which elements share their mean and variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pooling {
    /// A channel of all images: batch normalisation.
    Batch,
    /// That many groups of consecutive channels in each image: group normalisation.
    Groups(usize),
}

/// A tensor `[N, C, ...]` and what of it is normalised together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NormShape {
    batch: usize,
    channels: usize,
    plane: usize,
    pooling: Pooling,
}

impl NormShape {
    /// `batch` images of `channels` channels of `plane` elements.
    ///
    /// # Errors
    /// [`Error::Zero`] for an empty tensor or no groups, [`Error::Groups`] where groups are not equally large,
    /// [`Error::TooLarge`].
    pub fn new(batch: usize, channels: usize, plane: usize, pooling: Pooling) -> Result<Self> {
        let groups = if let Pooling::Groups(groups) = pooling { groups } else { 1 };
        let sizes = [("batch", batch), ("channels", channels), ("plane", plane), ("groups", groups)];
        if let Some(&(name, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(Error::Zero { name });
        }
        if !channels.is_multiple_of(groups) {
            return Err(Error::Groups { groups, channels });
        }
        let elements = batch.checked_mul(channels).and_then(|planes| planes.checked_mul(plane));
        if elements.is_none_or(|elements| elements > isize::MAX as usize / size_of::<f32>()) {
            return Err(Error::TooLarge { name: "input" });
        }
        Ok(Self { batch, channels, plane, pooling })
    }

    /// Elements of the tensor.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.batch * self.channels * self.plane
    }

    /// Never: a shape has at least one element.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// Number of channels.
    #[must_use]
    pub const fn channels(&self) -> usize {
        self.channels
    }

    /// Pairs of mean and variance: `C` of a batch normalisation, `N * groups` of a group normalisation.
    #[must_use]
    pub const fn units(&self) -> usize {
        match self.pooling {
            Pooling::Batch => self.channels,
            Pooling::Groups(groups) => self.batch * groups,
        }
    }

    /// Elements that share a mean.
    #[must_use]
    pub const fn unit_len(&self) -> usize {
        self.len() / self.units()
    }

    pub(super) const fn plane(&self) -> usize {
        self.plane
    }

    /// The planes of a unit as `(index, channel)`, plane `index` being elements `index * plane..`.
    pub(super) fn planes(self, unit: usize) -> impl Iterator<Item = (usize, usize)> {
        let (first, step, count) = match self.pooling {
            Pooling::Batch => (unit, self.channels, self.batch),
            Pooling::Groups(groups) => {
                let channels = self.channels / groups;
                (unit * channels, 1, channels)
            }
        };
        (0..count).map(move |i| first + i * step).map(move |index| (index, index % self.channels))
    }
}
