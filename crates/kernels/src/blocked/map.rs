//! Views of blocked maps in memory that the caller owns.

use std::marker::PhantomData;

use super::shape::{BLOCK, MapShape};
use crate::check::check_lengths;
use crate::{Error, Result};

/// Where the images of a view lie: image `n` starts at `n * image_stride`.
///
/// Views are made for memory of `(images - 1) * image_stride + shape.image_len()` elements at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extent {
    shape: MapShape,
    images: usize,
    image_stride: usize,
}

impl Extent {
    fn new(shape: MapShape, images: usize, len: usize) -> Result<Self> {
        check_lengths(&[("map", shape.len(images)?, len)])?;
        Ok(Self { shape, images, image_stride: shape.image_len() })
    }

    /// The view of some channels, and the element it starts at.
    fn window(self, first: usize, channels: usize) -> Result<(Self, usize)> {
        let end = first.checked_add(channels).filter(|&end| end <= self.shape.channels() && channels > 0);
        let whole_blocks = first.is_multiple_of(BLOCK)
            && (channels.is_multiple_of(BLOCK) || end == Some(self.shape.channels()));
        if end.is_none() || !whole_blocks {
            return Err(Error::Window { first, channels, available: self.shape.channels() });
        }
        let start = first / BLOCK * self.shape.plane_len();
        Ok((Self { shape: self.shape.with_channels(channels), ..self }, start))
    }

    fn pixel(&self, image: usize, block: usize) -> usize {
        debug_assert!(image < self.images && block < self.shape.blocks());
        image * self.image_stride + block * self.shape.plane_len() + self.shape.interior()
    }
}

/// `images` blocked maps to read from.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a> {
    extent: Extent,
    start: *const f32,
    lent: PhantomData<&'a [f32]>,
}

// SAFETY: a `Map` is a shared borrow of plain numbers.
unsafe impl Send for Map<'_> {}
// SAFETY: as for `Send`.
unsafe impl Sync for Map<'_> {}

impl<'a> Map<'a> {
    /// The maps held by `data`, one after the other.
    ///
    /// # Errors
    /// [`Error::Length`] unless `data` holds exactly `shape.len(images)` elements.
    pub fn new(shape: MapShape, images: usize, data: &'a [f32]) -> Result<Self> {
        let extent = Extent::new(shape, images, data.len())?;
        Ok(Self { extent, start: data.as_ptr(), lent: PhantomData })
    }

    /// Channels `first..first + channels` of each image, without copying.
    ///
    /// # Errors
    /// [`Error::Window`] unless the window starts at a multiple of 16 and ends at one or at the last channel.
    pub fn window(self, first: usize, channels: usize) -> Result<Self> {
        let (extent, start) = self.extent.window(first, channels)?;
        // SAFETY: the window's first block is one of the map's, so the element lies within the borrowed slice.
        Ok(Self { extent, start: unsafe { self.start.add(start) }, ..self })
    }

    /// The layout of each image.
    #[must_use]
    pub fn shape(&self) -> MapShape {
        self.extent.shape
    }

    /// Images.
    #[must_use]
    pub fn images(&self) -> usize {
        self.extent.images
    }

    pub(crate) fn image_stride(&self) -> usize {
        self.extent.image_stride
    }

    /// Pixel (0, 0) of a block. Every pixel of the block, the halo's included, can be read relative to it.
    pub(crate) fn pixel(&self, image: usize, block: usize) -> *const f32 {
        // SAFETY: callers ask for images and blocks of the map alone, so the element lies within the borrowed slice.
        unsafe { self.start.add(self.extent.pixel(image, block)) }
    }
}

/// `images` blocked maps to write to.
#[derive(Debug)]
pub struct MapMut<'a> {
    extent: Extent,
    start: *mut f32,
    lent: PhantomData<&'a mut [f32]>,
}

// SAFETY: a `MapMut` is an exclusive borrow of plain numbers.
unsafe impl Send for MapMut<'_> {}
// SAFETY: shared, it gives addresses alone; whoever writes through them vouches for exclusive use.
unsafe impl Sync for MapMut<'_> {}

impl<'a> MapMut<'a> {
    /// The maps held by `data`, one after the other.
    ///
    /// # Errors
    /// [`Error::Length`] unless `data` holds exactly `shape.len(images)` elements.
    pub fn new(shape: MapShape, images: usize, data: &'a mut [f32]) -> Result<Self> {
        let extent = Extent::new(shape, images, data.len())?;
        Ok(Self { extent, start: data.as_mut_ptr(), lent: PhantomData })
    }

    /// Channels `first..first + channels` of each image: an operation's output can be part of a wider map.
    ///
    /// # Errors
    /// [`Error::Window`] unless the window starts at a multiple of 16 and ends at one or at the last channel.
    pub fn window(self, first: usize, channels: usize) -> Result<Self> {
        let (extent, start) = self.extent.window(first, channels)?;
        // SAFETY: the window's first block is one of the map's, so the element lies within the borrowed slice.
        Ok(Self { extent, start: unsafe { self.start.add(start) }, ..self })
    }

    /// The same maps to read from.
    #[must_use]
    pub fn as_map(&self) -> Map<'_> {
        Map { extent: self.extent, start: self.start, lent: PhantomData }
    }

    /// The same maps to read from while they are written, for operations that read a pixel before they write it.
    pub(crate) fn alias<'b>(&self) -> Map<'b>
    where
        'a: 'b,
    {
        Map { extent: self.extent, start: self.start, lent: PhantomData }
    }

    /// The layout of each image.
    #[must_use]
    pub fn shape(&self) -> MapShape {
        self.extent.shape
    }

    /// Images.
    #[must_use]
    pub fn images(&self) -> usize {
        self.extent.images
    }

    /// Sets the halo to zero. Operations write pixels alone, so once is enough until the memory is used for another
    /// layout.
    pub fn clear_halo(&mut self) {
        let shape = self.shape();
        let (halo, row_len, plane_len) = (shape.halo(), shape.row_len(), shape.plane_len());
        let (edge, side) = (halo * row_len, halo * BLOCK);
        if halo == 0 {
            return;
        }
        for image in 0..self.images() {
            for block in 0..shape.blocks() {
                let start = image * self.extent.image_stride + block * plane_len;
                // SAFETY: a block's plane lies within the slice lent to `new`, which is borrowed mutably.
                let plane = unsafe { std::slice::from_raw_parts_mut(self.start.add(start), plane_len) };
                // The right side of a row and the left side of the next lie next to each other.
                plane[..edge + side].fill(0.0);
                for row in 1..shape.height() {
                    let at = edge + row * row_len;
                    plane[at - side..at + side].fill(0.0);
                }
                plane[plane_len - edge - side..].fill(0.0);
            }
        }
    }

    /// Pixel (0, 0) of a block. Every pixel of the block can be written relative to it by whoever has it to himself.
    pub(crate) fn pixel(&self, image: usize, block: usize) -> *mut f32 {
        // SAFETY: callers ask for images and blocks of the map alone, so the element lies within the borrowed slice.
        unsafe { self.start.add(self.extent.pixel(image, block)) }
    }
}
