//! Memory that many maps share.

use std::ops::Range;

use super::map::{Map, MapMut};
use super::shape::{BLOCK, MapShape};
use crate::scratch::Line;
use crate::{Error, Result};

/// One allocation on a cache line's boundary, for maps at offsets of the caller's choice.
#[derive(Debug)]
pub struct Arena {
    lines: Vec<Line>,
}

impl Arena {
    /// Zeros for at least `len` elements.
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { lines: vec![Line::ZERO; len.div_ceil(BLOCK)] }
    }

    /// The elements.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        Line::flatten(&self.lines)
    }

    /// The elements, to be written.
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [f32] {
        Line::flatten_mut(&mut self.lines)
    }

    /// The map at `offset` to write to.
    ///
    /// # Errors
    /// [`Error::Range`] where the map does not fit the arena, [`Error::Zero`] for no image.
    pub fn map_mut(&mut self, shape: MapShape, images: usize, offset: usize) -> Result<MapMut<'_>> {
        let range = range(shape, images, offset, self.as_slice().len())?;
        MapMut::new(shape, images, &mut self.as_mut_slice()[range])
    }

    /// The map at `offset` to read from.
    ///
    /// # Errors
    /// As [`Self::map_mut`].
    pub fn map(&self, shape: MapShape, images: usize, offset: usize) -> Result<Map<'_>> {
        let range = range(shape, images, offset, self.as_slice().len())?;
        Map::new(shape, images, &self.as_slice()[range])
    }

    /// The map at `offset` to write to, and the rest of the arena to read from.
    ///
    /// # Errors
    /// As [`Self::map_mut`].
    pub fn split(&mut self, shape: MapShape, images: usize, offset: usize) -> Result<(MapMut<'_>, Rest<'_>)> {
        let range = range(shape, images, offset, self.as_slice().len())?;
        let (before, rest) = self.as_mut_slice().split_at_mut(range.start);
        let (output, after) = rest.split_at_mut(range.len());
        Ok((MapMut::new(shape, images, output)?, Rest { before, after, after_start: range.end }))
    }
}

/// An arena without the map that is being written.
#[derive(Debug, Clone, Copy)]
pub struct Rest<'a> {
    before: &'a [f32],
    after: &'a [f32],
    after_start: usize,
}

impl<'a> Rest<'a> {
    /// The map at `offset` of the arena.
    ///
    /// # Errors
    /// [`Error::Range`] where the map does not fit the arena or overlaps the map being written.
    pub fn map(&self, shape: MapShape, images: usize, offset: usize) -> Result<Map<'a>> {
        let (slice, start) = match offset.checked_sub(self.after_start) {
            Some(start) => (self.after, start),
            None => (self.before, offset),
        };
        let range = range(shape, images, start, slice.len())?;
        Map::new(shape, images, &slice[range])
    }
}

fn range(shape: MapShape, images: usize, offset: usize, available: usize) -> Result<Range<usize>> {
    let len = shape.len(images)?;
    let end = offset.checked_add(len).filter(|&end| end <= available);
    end.map(|end| offset..end).ok_or(Error::Range { offset, len, available })
}
