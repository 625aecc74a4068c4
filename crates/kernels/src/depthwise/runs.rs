//! Planes cut by the column stride, so that every tap reads and writes runs of neighbours.

use super::DepthwiseShape;

/// A channel's plane in phases: of each row first the columns 0, s, 2s, ..., then 1, s + 1, ..., for a stride of s.
///
/// What a tap reads for one row of outputs lies together then, whatever the stride.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phases {
    shape: DepthwiseShape,
    /// Elements of one phase of one row.
    phase_len: usize,
}

impl Phases {
    pub(super) fn new(shape: &DepthwiseShape) -> Self {
        Self { shape: *shape, phase_len: shape.size[1].div_ceil(shape.stride[1]) }
    }

    /// Elements of a plane in phases.
    pub(super) fn len(&self) -> usize {
        self.shape.size[0] * self.row_len()
    }

    fn row_len(&self) -> usize {
        self.shape.stride[1] * self.phase_len
    }

    /// Writes `plane` in phases. Places beyond the last column are never read.
    pub(super) fn split(&self, plane: &[f32], phased: &mut [f32]) {
        let rows = plane.chunks_exact(self.shape.size[1]).zip(phased.chunks_exact_mut(self.row_len()));
        for (row, phased) in rows {
            for (phase, to) in phased.chunks_exact_mut(self.phase_len).enumerate() {
                let values = row.iter().skip(phase).step_by(self.shape.stride[1]);
                to.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
            }
        }
    }

    /// Writes a plane in phases back in the order of its columns.
    pub(super) fn join(&self, phased: &[f32], plane: &mut [f32]) {
        let rows = plane.chunks_exact_mut(self.shape.size[1]).zip(phased.chunks_exact(self.row_len()));
        for (row, phased) in rows {
            for (phase, values) in phased.chunks_exact(self.phase_len).enumerate() {
                let places = row.iter_mut().skip(phase).step_by(self.shape.stride[1]);
                places.zip(values).for_each(|(to, value)| *to = *value);
            }
        }
    }

    /// Calls `f(tap, input, output, len)` for every tap and row of outputs: the tap takes `len` elements from `input` on
    /// of the plane in phases to as many from `output` on of the output's plane.
    #[inline(always)]
    pub(super) fn for_each(&self, mut f: impl FnMut(usize, usize, usize, usize)) {
        let DepthwiseShape { size: [height, width], kernel, stride, before, .. } = self.shape;
        let [out_height, out_width] = self.shape.out_size();
        for y in 0..out_height {
            for ky in 0..kernel[0] {
                let row = (y * stride[0] + ky).wrapping_sub(before[0]);
                if row >= height {
                    continue;
                }
                for kx in 0..kernel[1] {
                    // Output x reads column x * s + kx - before: of phase (kx - before) mod s, at x + first.
                    let shift = (before[1] * (stride[1] - 1)) + kx;
                    let (phase, ahead) = (shift % stride[1], shift / stride[1]);
                    let columns = (width - phase.min(width)).div_ceil(stride[1]);
                    let start = before[1].saturating_sub(ahead);
                    let end = (columns + before[1]).saturating_sub(ahead).min(out_width);
                    if start < end {
                        let column = start + ahead - before[1];
                        let input = (row * stride[1] + phase) * self.phase_len + column;
                        f(ky * kernel[1] + kx, input, y * out_width + start, end - start);
                    }
                }
            }
        }
    }
}
