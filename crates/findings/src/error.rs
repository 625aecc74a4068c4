use crate::{Percent, Probability};

/// Why a finding could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A percentage outside `[0, 100]`, or not a number.
    #[error(
        "percentage is {value}; it must lie in [0, 100]; a ratio in [0, 1] must be multiplied by 100 first"
    )]
    PercentOutOfRange {
        /// The refused value.
        value: f64,
    },
    /// A probability outside `[0, 1]`, or not a number.
    #[error("probability is {value}; it must lie in [0, 1]; apply a sigmoid to logits first")]
    ProbabilityOutOfRange {
        /// The refused value.
        value: f64,
    },
    /// A fraction of the lung pixels outside `(0, 1]`, or not a number.
    #[error("fraction of the lung pixels is {value}; it must lie in (0, 1]; use 0.01 for the top 1 %")]
    FractionOutOfRange {
        /// The refused value.
        value: f64,
    },
    /// Every threshold calls too many negative cases positive.
    #[error(
        "no threshold has a specificity of {asked}; the highest score belongs to a negative case, and the most that is reached is {found}; ask for that"
    )]
    SpecificityNotReached {
        /// The least specificity that was asked for.
        asked: Percent,
        /// The highest one that a threshold has.
        found: Percent,
    },
    /// Every threshold misses too many cases or calls too many positive.
    #[error(
        "no threshold has both a sensitivity and a specificity of {asked}; the nearest has {sensitivity} and {specificity}; ask for the smaller of these"
    )]
    BothNotReached {
        /// What both were asked to reach.
        asked: Percent,
        /// The sensitivity at the threshold where the smaller of the two is the largest.
        sensitivity: Percent,
        /// The specificity there.
        specificity: Percent,
    },
    /// More infected pixels than the lung has.
    #[error(
        "{infected_px} infected pixels in a lung of {area_px}; infection must be clipped to the lung first"
    )]
    InfectionExceedsLung {
        /// The lung's pixels.
        area_px: u64,
        /// The infected pixels claimed.
        infected_px: u64,
    },
    /// Two pictures of one X-ray whose sizes differ.
    #[error(
        "{what} is {width} x {height} pixels, but the lungs are {lung_width} x {lung_height}; resize it to the lungs' size first"
    )]
    SizeMismatch {
        /// What was given along with the lungs.
        what: &'static str,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// The lungs' width in pixels.
        lung_width: u32,
        /// The lungs' height in pixels.
        lung_height: u32,
    },
    /// A severity scale whose bounds do not ascend.
    #[error(
        "severity scale \"{name}\" has the bounds {floor}, {mild_below}, {moderate_below}, {severe_below}; each must be larger than the one before it"
    )]
    ScaleNotAscending {
        /// The scale's name.
        name: String,
        /// Below this there is no severity.
        floor: Percent,
        /// Upper bound of mild.
        mild_below: Percent,
        /// Upper bound of moderate.
        moderate_below: Percent,
        /// Upper bound of severe.
        severe_below: Percent,
    },
    /// A severity scale without a name.
    #[error("the severity scale's name is empty; name it so that reports can say which scale graded them")]
    ScaleUnnamed,
    /// A geographic extent score above 4.
    #[error("geographic extent score is {value}; a lung's score lies in 0..=4")]
    ExtentOutOfRange {
        /// The refused value.
        value: u8,
    },
    /// A set from which no threshold can be chosen.
    #[error(
        "the set has {positives} positive and {negatives} negative cases; choosing a threshold needs at least one of each"
    )]
    OneClassOnly {
        /// Cases labelled positive.
        positives: usize,
        /// Cases labelled negative.
        negatives: usize,
    },
    /// A detection whose stored verdict contradicts its score and threshold.
    #[error(
        "detection says positive = {positive}, but its score {score} and threshold {threshold} say otherwise; recompute it from the score"
    )]
    ContradictoryDetection {
        /// The stored verdict.
        positive: bool,
        /// The stored score.
        score: Probability,
        /// The stored threshold.
        threshold: Probability,
    },
    /// A mask operation failed.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
}

/// The result of making a finding.
pub type Result<T> = std::result::Result<T, Error>;
