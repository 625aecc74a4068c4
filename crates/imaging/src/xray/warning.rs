//! What a reader of the results should know about the image.

/// Something about an image that the results may suffer from.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ImageWarning {
    /// The image had colours, which became their luma.
    ColourConverted {
        /// Fraction of the pixels that were not grey, in [0, 1].
        coloured_fraction: f64,
    },
    /// The image had transparent pixels, which were laid over black.
    AlphaDropped {
        /// Fraction of the pixels that were not opaque, in [0, 1].
        transparent_fraction: f64,
    },
    /// Values of more than 8 bits were stretched from their own range to
    /// [0, 1], since the bits in use are not known (12 bits are usual).
    Rescaled {
        /// The value that became 0.
        min: f64,
        /// The value that became 1.
        max: f64,
    },
    /// The orientation that the file states (EXIF, or DICOM's Patient
    /// Orientation) was applied.
    Reoriented,
    /// The image has fewer pixels than the networks look at.
    Tiny {
        /// The shorter side in pixels.
        min_side: u32,
    },
    /// All pixels have one value.
    Blank {
        /// The value, in [0, 1].
        value: f32,
    },
    /// The grey values lie close together.
    LowContrast {
        /// Their standard deviation.
        std: f64,
    },
    /// Much of the image is pure white.
    OverExposed {
        /// Fraction of the pixels at 1, in [0, 1].
        fraction: f64,
    },
    /// Much of the image is pure black.
    UnderExposed {
        /// Fraction of the pixels at 0, in [0, 1].
        fraction: f64,
    },
    /// The image is much wider than high or the reverse.
    UnusualShape {
        /// Width over height.
        aspect: f64,
    },
}

impl std::fmt::Display for ImageWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const PERCENT: f64 = 100.0;
        match *self {
            Self::ColourConverted { coloured_fraction } => write!(
                f,
                "colour image converted to grey ({:.1} % of the pixels had a colour)",
                PERCENT * coloured_fraction
            ),
            Self::AlphaDropped { transparent_fraction } => write!(
                f,
                "alpha channel dropped ({:.1} % of the pixels were laid over black)",
                PERCENT * transparent_fraction
            ),
            Self::Rescaled { min, max } => {
                write!(f, "grey values rescaled from the image's own range {min} to {max}")
            }
            Self::Reoriented => f.write_str("image turned as the orientation in its file says"),
            Self::Tiny { min_side } => {
                write!(f, "image is only {min_side} pixels on its shorter side; fine detail is lost")
            }
            Self::Blank { value } => {
                write!(f, "image is blank: every pixel is {value:.2}")
            }
            Self::LowContrast { std } => {
                write!(f, "image has low contrast (grey values deviate by {std:.3} of the full range)")
            }
            Self::OverExposed { fraction } => {
                write!(f, "image is over-exposed ({:.0} % of the pixels are pure white)", PERCENT * fraction)
            }
            Self::UnderExposed { fraction } => {
                write!(f, "image is under-exposed ({:.0} % of the pixels are pure black)", PERCENT * fraction)
            }
            Self::UnusualShape { aspect } => write!(
                f,
                "image is {aspect:.2} times as wide as high; a frontal chest X-ray is nearly square"
            ),
        }
    }
}
