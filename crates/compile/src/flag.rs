//! Why an image is put to a person.

use pulmo_data::Class;

use crate::options::Thresholds;
use crate::record::Facts;

/// A reason to look at an image, with the figure that gave it and the limit it went beyond.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Flag {
    /// The grey values hardly differ.
    Empty {
        /// Their standard deviation.
        std: f64,
        /// The limit.
        limit: f64,
    },
    /// The grey values lie close together.
    LowContrast {
        /// Their standard deviation.
        std: f64,
        /// The limit.
        limit: f64,
    },
    /// Much is near white.
    OverExposed {
        /// Share of the pixels with at least 250 of 255.
        share: f64,
        /// The limit.
        limit: f64,
    },
    /// Much is near black.
    UnderExposed {
        /// Share of the pixels with at most 5 of 255.
        share: f64,
        /// The limit.
        limit: f64,
    },
    /// The image has few pixels.
    Tiny {
        /// The shorter side.
        side: u32,
        /// The limit.
        limit: u32,
    },
    /// The image is long and narrow.
    UnusualShape {
        /// The longer side over the shorter.
        ratio: f64,
        /// The limit.
        limit: f64,
    },
    /// Noise is not far below the signal.
    LowSnr {
        /// The signal-to-noise ratio.
        snr: f64,
        /// The limit.
        limit: f64,
    },
    /// A DICOM file says that text is burned in, which may name the patient.
    BurnedIn,
    /// A DICOM file says that it shows another part of the body.
    OtherBodyPart,
    /// A DICOM file says that its pixels are raw ones.
    ForProcessing,
    /// Duplicates are filed under different classes.
    ClassConflict {
        /// The class of a duplicate that is filed under another.
        class: Class,
        /// Its source and its path there.
        other: String,
    },
}

impl Flag {
    /// The flags of an image by itself.
    pub(crate) fn of(facts: &Facts, limits: &Thresholds) -> Vec<Self> {
        let mut flags = Vec::new();
        if facts.std < limits.empty_std {
            flags.push(Self::Empty { std: facts.std, limit: limits.empty_std });
        } else if facts.std < limits.low_contrast_std {
            flags.push(Self::LowContrast { std: facts.std, limit: limits.low_contrast_std });
        }
        if facts.near_white > limits.near_white {
            flags.push(Self::OverExposed { share: facts.near_white, limit: limits.near_white });
        }
        if facts.near_black > limits.near_black {
            flags.push(Self::UnderExposed { share: facts.near_black, limit: limits.near_black });
        }
        if facts.shorter_side() < limits.shorter_side {
            flags.push(Self::Tiny { side: facts.shorter_side(), limit: limits.shorter_side });
        }
        if facts.elongation() > limits.aspect {
            flags.push(Self::UnusualShape { ratio: facts.elongation(), limit: limits.aspect });
        }
        if let Some(snr) = facts.snr.filter(|snr| *snr < limits.snr) {
            flags.push(Self::LowSnr { snr, limit: limits.snr });
        }
        if let Some(dicom) = &facts.dicom {
            flags.extend(dicom.burned_in.then_some(Self::BurnedIn));
            flags.extend(dicom.other_body_part.then_some(Self::OtherBodyPart));
            flags.extend(dicom.for_processing.then_some(Self::ForProcessing));
        }
        flags
    }

    /// A short name, as tables have it.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "empty",
            Self::LowContrast { .. } => "low contrast",
            Self::OverExposed { .. } => "over-exposed",
            Self::UnderExposed { .. } => "under-exposed",
            Self::Tiny { .. } => "tiny",
            Self::UnusualShape { .. } => "unusual shape",
            Self::LowSnr { .. } => "low SNR",
            Self::BurnedIn => "burned-in text",
            Self::OtherBodyPart => "other body part",
            Self::ForProcessing => "raw pixels",
            Self::ClassConflict { .. } => "class conflict",
        }
    }
}

impl std::fmt::Display for Flag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const PERCENT: f64 = 100.0;
        f.write_str(self.name())?;
        match self {
            Self::Empty { std, limit } | Self::LowContrast { std, limit } => {
                write!(f, ": grey values deviate by {std:.4}, below {limit}")
            }
            Self::OverExposed { share, limit } => {
                write!(
                    f,
                    ": {:.1} % of the pixels near white, above {:.0} %",
                    PERCENT * share,
                    PERCENT * limit
                )
            }
            Self::UnderExposed { share, limit } => {
                write!(
                    f,
                    ": {:.1} % of the pixels near black, above {:.0} %",
                    PERCENT * share,
                    PERCENT * limit
                )
            }
            Self::Tiny { side, limit } => write!(f, ": shorter side of {side} pixels, below {limit}"),
            Self::UnusualShape { ratio, limit } => {
                write!(f, ": {ratio:.2} times as long as wide, above {limit}")
            }
            Self::LowSnr { snr, limit } => write!(f, ": signal {snr:.1} times the noise, below {limit}"),
            Self::BurnedIn => f.write_str(": the DICOM file says so; it may name the patient"),
            Self::OtherBodyPart => f.write_str(": the DICOM file says that it shows no chest"),
            Self::ForProcessing => f.write_str(": the DICOM file is meant for processing, not for display"),
            Self::ClassConflict { class, other } => {
                write!(f, ": a duplicate is filed under {class}, {other}; the decision may be a class")
            }
        }
    }
}
