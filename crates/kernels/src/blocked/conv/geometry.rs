//! What a convolution reads and writes.

use super::tile::groups;
use crate::blocked::map::{Map, MapMut};
use crate::blocked::shape::BLOCK;
use crate::{Conv2dShape, Error, Isa, Result};

/// A block of input channels: of which source, where in it, and how many channels come before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct InBlock {
    pub(super) source: usize,
    pub(super) block: usize,
    pub(super) channels: usize,
    pub(super) before: usize,
}

/// Output blocks that are computed together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub(super) first: usize,
    pub(super) blocks: usize,
}

/// A convolution's sizes, without those of the maps.
#[derive(Debug, Clone)]
pub(super) struct Geometry {
    pub(super) sources: Vec<usize>,
    pub(super) in_blocks: Vec<InBlock>,
    pub(super) in_channels: usize,
    pub(super) out_channels: usize,
    pub(super) groups: Vec<Group>,
    pub(super) kernel: [usize; 2],
    pub(super) stride: [usize; 2],
    /// Above and to the left.
    pub(super) padding: [usize; 2],
    /// Below and to the right.
    behind: [usize; 2],
}

impl Geometry {
    pub(super) fn new(shape: &Conv2dShape, behind: [usize; 2], sources: &[usize], isa: Isa) -> Self {
        let mut in_blocks = Vec::new();
        let mut before = 0;
        for (source, &channels) in sources.iter().enumerate() {
            for block in 0..channels.div_ceil(BLOCK) {
                let channels = (channels - block * BLOCK).min(BLOCK);
                in_blocks.push(InBlock { source, block, channels, before });
                before += channels;
            }
        }
        let mut first = 0;
        let groups = groups(isa, shape.out_channels.div_ceil(BLOCK))
            .into_iter()
            .map(|blocks| {
                first += blocks;
                Group { first: first - blocks, blocks }
            })
            .collect();
        Self {
            sources: sources.to_vec(),
            in_blocks,
            in_channels: shape.in_channels,
            out_channels: shape.out_channels,
            groups,
            kernel: shape.kernel,
            stride: shape.stride,
            padding: shape.padding,
            behind,
        }
    }

    /// The widest padding: the halo that a source needs.
    pub(super) fn halo(&self) -> usize {
        self.padding.into_iter().chain(self.behind).max().unwrap_or(0)
    }

    pub(super) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    pub(super) fn out_blocks(&self) -> usize {
        self.out_channels.div_ceil(BLOCK)
    }

    /// Multiply-adds for `pixels` output pixels.
    pub(super) fn macs(&self, pixels: usize) -> usize {
        pixels * self.in_channels * self.out_channels * self.taps()
    }

    /// Rows and columns of the output for sources of `size`.
    fn out_size(&self, size: [usize; 2]) -> Result<[usize; 2]> {
        let mut out = [0; 2];
        for (axis, name) in ["rows", "columns"].into_iter().enumerate() {
            let kernel = self.kernel[axis];
            // Maps are addressable and paddings below the kernel's size, which is that of weights in memory.
            let padded = self.padding[axis] + size[axis] + self.behind[axis];
            let room =
                padded.checked_sub(kernel).ok_or(Error::KernelTooLarge { axis: name, padded, kernel })?;
            out[axis] = room / self.stride[axis] + 1;
        }
        Ok(out)
    }

    /// Checks that the maps belong to this convolution.
    pub(super) fn check(
        &self,
        sources: &[Source<'_>],
        residual: Option<&Map<'_>>,
        output: &MapMut<'_>,
    ) -> Result<()> {
        let same = |name, expected, actual| match expected == actual {
            true => Ok(()),
            false => Err(Error::Mismatch { name, expected, actual }),
        };
        same("number of sources", self.sources.len(), sources.len())?;
        let Some(first) = sources.first() else {
            return Err(Error::Zero { name: "number of sources" });
        };
        let (size, needed) = (first.size(), self.halo());
        for (source, &channels) in sources.iter().zip(&self.sources) {
            same("channels of a source", channels, source.map.shape().channels())?;
            same("images of a source", output.images(), source.map.images())?;
            same("height of a source", size[0], source.size()[0])?;
            same("width of a source", size[1], source.size()[1])?;
            let halo = source.map.shape().halo();
            let needed = if source.upsampled { needed.div_ceil(2) } else { needed };
            if halo < needed {
                return Err(Error::Halo { halo, needed });
            }
        }
        let out = self.out_size(size)?;
        let matches = |shape: crate::blocked::MapShape| {
            same("output channels", self.out_channels, shape.channels())?;
            same("output height", out[0], shape.height())?;
            same("output width", out[1], shape.width())
        };
        matches(output.shape())?;
        if let Some(residual) = residual {
            same("images of the residual", output.images(), residual.images())?;
            matches(residual.shape())?;
        }
        Ok(())
    }
}

/// One of the maps that a convolution reads as if their channels were concatenated.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub(super) map: Map<'a>,
    pub(super) upsampled: bool,
}

impl<'a> Source<'a> {
    /// The map as it is.
    #[must_use]
    pub fn new(map: Map<'a>) -> Self {
        Self { map, upsampled: false }
    }

    /// The map with each pixel doubled in both directions, without writing that out.
    #[must_use]
    pub fn upsampled(map: Map<'a>) -> Self {
        Self { map, upsampled: true }
    }

    pub(super) fn size(&self) -> [usize; 2] {
        let (shape, factor) = (self.map.shape(), if self.upsampled { 2 } else { 1 });
        [factor * shape.height(), factor * shape.width()]
    }
}
