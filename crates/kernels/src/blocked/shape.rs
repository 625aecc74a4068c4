//! The layout of a blocked map.

use crate::{Error, Result};

/// Channels in a block: the innermost axis of a blocked map.
pub const BLOCK: usize = 16;

/// One image's map in blocked layout: `[ceil(C / 16), H + 2 halo, W + 2 halo, 16]`.
///
/// The halo is a border of zeros, so that a padded convolution needs no test of position. Lanes beyond the last
/// channel are zero as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MapShape {
    channels: usize,
    height: usize,
    width: usize,
    halo: usize,
}

impl MapShape {
    /// A map of `channels` x `height` x `width` with `halo` zero pixels around it.
    ///
    /// # Errors
    /// [`Error::Zero`] where a size is 0, [`Error::TooLarge`] where the map could not be addressed.
    pub fn new(channels: usize, height: usize, width: usize, halo: usize) -> Result<Self> {
        for (name, size) in [("channels", channels), ("height", height), ("width", width)] {
            if size == 0 {
                return Err(Error::Zero { name });
            }
        }
        let padded = |size: usize| halo.checked_mul(2).and_then(|both| both.checked_add(size));
        padded(height)
            .zip(padded(width))
            .and_then(|(rows, columns)| rows.checked_mul(columns))
            .and_then(|pixels| pixels.checked_mul(channels.checked_next_multiple_of(BLOCK)?))
            .filter(|&elements| elements <= isize::MAX as usize / size_of::<f32>())
            .ok_or(Error::TooLarge { name: "map" })?;
        Ok(Self { channels, height, width, halo })
    }

    /// Channels.
    #[must_use]
    pub const fn channels(&self) -> usize {
        self.channels
    }

    /// Rows, without the halo.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Columns, without the halo.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Zero pixels on each side.
    #[must_use]
    pub const fn halo(&self) -> usize {
        self.halo
    }

    /// Blocks of 16 channels, the last of which may be filled in part.
    #[must_use]
    pub const fn blocks(&self) -> usize {
        self.channels.div_ceil(BLOCK)
    }

    /// Elements of one block's row, halo included.
    #[must_use]
    pub const fn row_len(&self) -> usize {
        (self.width + 2 * self.halo) * BLOCK
    }

    /// Elements of one block, halo included.
    #[must_use]
    pub const fn plane_len(&self) -> usize {
        (self.height + 2 * self.halo) * self.row_len()
    }

    /// Elements of one image.
    #[must_use]
    pub const fn image_len(&self) -> usize {
        self.blocks() * self.plane_len()
    }

    /// Elements of `images` images.
    ///
    /// # Errors
    /// [`Error::Zero`] for no image, [`Error::TooLarge`] where they could not be addressed.
    pub fn len(&self, images: usize) -> Result<usize> {
        if images == 0 {
            return Err(Error::Zero { name: "images" });
        }
        self.image_len()
            .checked_mul(images)
            .filter(|&elements| elements <= isize::MAX as usize / size_of::<f32>())
            .ok_or(Error::TooLarge { name: "map" })
    }

    /// The same map with another number of channels.
    pub(crate) const fn with_channels(self, channels: usize) -> Self {
        Self { channels, ..self }
    }

    /// The element of pixel (0, 0) in a plane.
    pub(crate) const fn interior(&self) -> usize {
        self.halo * (self.row_len() + BLOCK)
    }
}
