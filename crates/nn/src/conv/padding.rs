//! Zeros around a map.

/// Rows and columns of zeros that a convolution assumes around its input, in pixels, `[rows, columns]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConvPadding {
    /// Above and to the left.
    pub before: [usize; 2],
    /// Below and to the right.
    pub after: [usize; 2],
}

impl ConvPadding {
    /// As much on both sides.
    pub const fn symmetric(padding: [usize; 2]) -> Self {
        Self { before: padding, after: padding }
    }

    /// TensorFlow's "same" padding of sizes that `stride` divides: `kernel - stride` in all, an odd one behind.
    pub fn same(kernel: [usize; 2], stride: [usize; 2]) -> Self {
        let whole = [0, 1].map(|axis| kernel[axis].saturating_sub(stride[axis]));
        Self { before: whole.map(|whole| whole / 2), after: whole.map(|whole| whole.div_ceil(2)) }
    }

    /// Whether there is as much on both sides.
    pub fn is_symmetric(&self) -> bool {
        self.before == self.after
    }

    /// `(before, after)` of rows and of columns.
    pub(crate) fn pairs(&self) -> [(usize, usize); 2] {
        [0, 1].map(|axis| (self.before[axis], self.after[axis]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_is_tensorflows() {
        let same = |kernel, stride| {
            let padding = ConvPadding::same([kernel; 2], [stride; 2]);
            (padding.before[0], padding.after[1])
        };
        assert_eq!([same(3, 1), same(3, 2), same(5, 1), same(5, 2)], [(1, 1), (0, 1), (2, 2), (1, 2)]);
        assert_eq!([same(1, 1), same(1, 2)], [(0, 0), (0, 0)]);
    }
}
