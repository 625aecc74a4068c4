//! How stored values became grey.

/// The shape of a window (DICOM's VOI LUT Function).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowFunction {
    /// A ramp as for integers, half a step down.
    Linear,
    /// A ramp.
    LinearExact,
    /// A logistic curve.
    Sigmoid,
}

/// How stored values became grey values in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Windowing {
    /// By a lookup table of the file: the first of DICOM's VOI LUT Sequence.
    Table,
    /// By a window of the file.
    Window {
        /// Window Center.
        center: f64,
        /// Window Width.
        width: f64,
        /// VOI LUT Function.
        function: WindowFunction,
    },
    /// The whole range that the values can have covers black to white: eight-bit values, colours, or the range that
    /// was declared for raw pixels.
    FullRange,
    /// The image's own range was stretched.
    OwnRange {
        /// The value that became black.
        min: f64,
        /// The value that became white.
        max: f64,
    },
    /// The range that the caller gave was stretched.
    Given {
        /// The value that became black, and all below it.
        low: f64,
        /// The value that became white, and all above it.
        high: f64,
    },
}
