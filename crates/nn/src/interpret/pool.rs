//! The windows of poolings.

/// A maximum over square windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxPool {
    /// Side of the window in pixels.
    pub kernel: usize,
    /// Step of the window in pixels.
    pub stride: usize,
    /// Rows and columns on each side that are no candidates.
    pub padding: usize,
}

impl MaxPool {
    /// Maximum over 3x3 at stride 2, padded by 1: halves even sizes exactly.
    pub const HALVING: Self = Self { kernel: 3, stride: 2, padding: 1 };
}

/// A mean over square windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AvgPool {
    /// Side of the window in pixels.
    pub kernel: usize,
    /// Step of the window in pixels.
    pub stride: usize,
    /// Rows and columns on each side that do not count.
    pub padding: usize,
}

impl AvgPool {
    /// Mean over 2x2 at stride 2: halves even sizes.
    pub const HALVING: Self = Self { kernel: 2, stride: 2, padding: 0 };
    /// Mean over 3x3 at stride 1, padded by 1: keeps the size.
    pub const SMOOTHING: Self = Self { kernel: 3, stride: 1, padding: 1 };
}
