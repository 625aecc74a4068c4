use pulmo_core::{Percent, Probability};

/// Why a finding could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
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
    /// A severity scale with a cut-off that is not above the one before it.
    #[error(
        "severity scale \"{scale}\": grade \"{grade}\" ends at {lower} % and the next at {upper} %; each grade has to end above the one before it"
    )]
    ScaleNotAscending {
        /// The scale's name.
        scale: String,
        /// The lower grade.
        grade: String,
        /// Where it ends, in percent.
        lower: f64,
        /// Where the next one ends, in percent.
        upper: f64,
    },
    /// A name that no severity scale can have.
    #[error(
        "a severity scale cannot be named {name:?}; give it a name without '<', ',', ':' and control characters, which reports can state"
    )]
    ScaleName {
        /// The refused name.
        name: String,
    },
    /// A severity scale that goes by the name of another.
    #[error("severity scale \"{name}\" is Pulmo's own and has other grades; choose another name")]
    ScaleNameTaken {
        /// The name.
        name: String,
    },
    /// The name of no severity scale.
    #[error(
        "there is no severity scale \"{name}\"; use {known}, or describe one as in \"none<1,mild<25,severe\"",
        known = crate::SeverityScale::QUARTILES
    )]
    ScaleUnknown {
        /// The name asked for.
        name: String,
    },
    /// A severity scale of one grade.
    #[error("severity scale \"{scale}\" has one grade alone; it needs at least two, as in \"low<10,high\"")]
    ScaleWithoutCutOff {
        /// The scale's name.
        scale: String,
    },
    /// A stored severity scale whose grades do not all end, or the last of which does.
    #[error(
        "severity scale \"{scale}\": every grade but the last needs a \"below\", and the last must have none"
    )]
    ScaleBands {
        /// The scale's name.
        scale: String,
    },
    /// A name that no severity grade can have.
    #[error(
        "severity scale \"{scale}\": a grade cannot be named {name:?}; give it a name without '<', ',', ':' and control characters"
    )]
    GradeName {
        /// The scale's name.
        scale: String,
        /// The refused name.
        name: String,
    },
    /// Two severity grades of one name.
    #[error("severity scale \"{scale}\": two grades are named \"{grade}\"; each needs a name of its own")]
    GradeRepeated {
        /// The scale's name.
        scale: String,
        /// The repeated name.
        grade: String,
    },
    /// A severity grade in a text that does not say where it ends.
    #[error(
        "severity grade \"{grade}\" has no cut-off; every grade but the last needs the percentage that it lies below, as in \"mild<25\""
    )]
    GradeWithoutCutOff {
        /// The grade.
        grade: String,
    },
    /// A last severity grade in a text with an end.
    #[error(
        "the last severity grade, \"{grade}\", has the cut-off \"{cut_off}\"; give the last grade none, as it takes all that is left"
    )]
    LastGradeWithCutOff {
        /// The grade.
        grade: String,
        /// What stood there.
        cut_off: String,
    },
    /// A cut-off in a text that is no percentage.
    #[error(
        "the cut-off of severity grade \"{grade}\" is \"{cut_off}\"; it must be a percentage in [0, 100]"
    )]
    CutOff {
        /// The grade.
        grade: String,
        /// What stood there.
        cut_off: String,
    },
    /// A stored grade that its scale does not have.
    #[error("severity scale \"{scale}\" is not described and \"{grade}\" is no grade of Pulmo's own")]
    GradeUnknown {
        /// The scale's name.
        scale: String,
        /// The grade.
        grade: String,
    },
    /// A stored grade that its scale gives to other shares.
    #[error(
        "severity says \"{grade}\", but scale \"{scale}\" grades {infected} as \"{expected}\"; recompute it from the share"
    )]
    ContradictorySeverity {
        /// The scale's name.
        scale: String,
        /// The share that was graded.
        infected: Percent,
        /// The stored grade.
        grade: String,
        /// The grade that the scale gives.
        expected: crate::SeverityGrade,
    },
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
    /// A value is out of its range.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A mask operation failed.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),
}

/// The result of making a finding.
pub type Result<T> = std::result::Result<T, Error>;
