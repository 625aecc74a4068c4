use std::path::PathBuf;

use pulmo_core::Task;

/// What is wrong with an X-ray that has masks and an orientation other than upright in its file.
pub(crate) const TURNED: &str = "is turned as its file says (Patient Orientation or EXIF), and nothing says whether its \
                                 masks were drawn before or after; save the image upright";

/// What can go wrong while a data set is found, read, split or augmented.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path given as the data set's root does not exist or is no folder.
    #[error("'{}' is not a folder; give the folder that holds the COVID-QU-Ex archive's contents", path.display())]
    NotAFolder {
        /// The path that was given.
        path: PathBuf,
    },

    /// No folder with the published layout lies under the given one.
    #[error(
        "no COVID-QU-Ex data under '{}': expected '{part}/{part}/Train/COVID-19/images' in it, at most {depth} folders down; \
         give the folder the archive was unpacked into",
        path.display()
    )]
    LayoutNotFound {
        /// The path that was searched.
        path: PathBuf,
        /// The part that was looked for.
        part: &'static str,
        /// How many folders deep the search went.
        depth: usize,
    },

    /// A folder without images.
    #[error(
        "no X-rays under '{}': expected a folder 'images' in it, with 'lung masks' or 'infection masks' beside it, \
         or COVID-QU-Ex in its published layout",
        path.display()
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
    },

    /// A manifest that cannot be understood.
    #[error("manifest '{}': {reason}", path.display())]
    Manifest {
        /// The CSV file.
        path: PathBuf,
        /// What is wrong, a line for each line of the file.
        reason: String,
    },

    /// More than one copy of a part lies under the given folder.
    #[error(
        "{count} copies of '{part}' under '{}': '{}' and '{}'; give one of them instead",
        path.display(), first.display(), second.display()
    )]
    Ambiguous {
        /// The path that was searched.
        path: PathBuf,
        /// The part that occurs more than once.
        part: &'static str,
        /// How many copies were found.
        count: usize,
        /// The first copy in path order.
        first: PathBuf,
        /// The second copy in path order.
        second: PathBuf,
    },

    /// A folder could not be listed.
    #[error("folder '{}' cannot be listed ({reason}); check that it exists and that you may read it", path.display())]
    Unlistable {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        reason: std::io::Error,
    },

    /// Two cases carry the same id.
    #[error("case id '{id}' occurs more than once; ids must be unique within an index")]
    DuplicateId {
        /// The repeated id.
        id: String,
    },

    /// The index holds no case.
    #[error("the index holds no case; check the root folder and the split and class filters")]
    EmptyIndex,

    /// More cases were asked for than there are.
    #[error("a subset of {asked} cases was asked for; the index holds {available}")]
    SubsetTooLarge {
        /// How many were asked for.
        asked: usize,
        /// How many there are.
        available: usize,
    },

    /// A side length that cannot be trained on.
    #[error("sample size is {size} pixels; it must lie in {min}..={max}")]
    InvalidSize {
        /// The size that was given.
        size: usize,
        /// The smallest size allowed.
        min: usize,
        /// The largest size allowed.
        max: usize,
    },

    /// A mask that is needed is absent.
    #[error("case '{id}' has no {kind} mask; add the file or do not ask for that mask")]
    MissingMask {
        /// The case.
        id: String,
        /// Which mask is missing.
        kind: Task,
    },

    /// An image or mask of a case could not be decoded.
    #[error("case '{id}': {reason}")]
    Unreadable {
        /// The case.
        id: String,
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: pulmo_xray::Error,
    },

    /// A mask has another size than its image.
    #[error(
        "case '{id}', file '{}': the mask is {} x {} pixels and its image {} x {}; they must agree",
        path.display(), found.0, found.1, expected.0, expected.1
    )]
    SizeMismatch {
        /// The case.
        id: String,
        /// The mask file.
        path: PathBuf,
        /// Width and height of the mask.
        found: (u32, u32),
        /// Width and height of the image.
        expected: (u32, u32),
    },

    /// An X-ray with masks is turned as its file says.
    #[error("case '{id}': image '{}' {TURNED}", path.display())]
    TurnedImage {
        /// The case.
        id: String,
        /// The X-ray's file.
        path: PathBuf,
    },

    /// An X-ray could not be changed as was asked.
    #[error("case '{id}': its X-ray cannot be changed: {reason}")]
    NotMapped {
        /// The case.
        id: String,
        /// Why.
        reason: String,
    },

    /// Some cases could not be loaded.
    #[error("{failed} of {total} cases cannot be loaded; the first: {first}; `check` lists them all")]
    CasesFailed {
        /// How many cases failed.
        failed: usize,
        /// How many cases there are.
        total: usize,
        /// The first failure in index order.
        first: Box<Error>,
    },

    /// A plane of a sample has the wrong number of values.
    #[error("sample '{id}': {plane} has {found} values; {size} x {size} = {expected} are needed")]
    PlaneLength {
        /// The sample.
        id: String,
        /// Which plane.
        plane: &'static str,
        /// How many values it has.
        found: usize,
        /// Side length of the sample.
        size: usize,
        /// How many values it must have.
        expected: usize,
    },

    /// A mask plane holds something other than 0 and 1.
    #[error("sample '{id}': {plane} holds the value {value}; only 0 and 1 are allowed")]
    PlaneNotBinary {
        /// The sample.
        id: String,
        /// Which plane.
        plane: &'static str,
        /// The first value that is neither 0 nor 1.
        value: u8,
    },

    /// Samples of different sizes were put together.
    #[error("sample '{id}' is {found} pixels wide and the first one {expected}; resize them to one size")]
    MixedSizes {
        /// The sample.
        id: String,
        /// Its side length.
        found: usize,
        /// The first sample's side length.
        expected: usize,
    },

    /// An augmentation setting lies outside its range.
    #[error("augmentation setting '{setting}' is {value}; it must lie in {min}..={max}")]
    InvalidAugmentation {
        /// Name of the setting.
        setting: &'static str,
        /// The value that was given.
        value: f32,
        /// The smallest value allowed.
        min: f32,
        /// The largest value allowed.
        max: f32,
    },

    /// The number of folds is impossible.
    #[error(
        "{folds} folds over {groups} groups of cases; use at least 2 and at most as many folds as groups"
    )]
    InvalidFolds {
        /// How many folds were asked for.
        folds: usize,
        /// How many groups there are.
        groups: usize,
    },

    /// A fold that does not exist.
    #[error("fold {fold} was asked for; the folds are 0..{folds}")]
    NoSuchFold {
        /// The fold that was asked for.
        fold: usize,
        /// How many folds there are.
        folds: usize,
    },

    /// A case that the fold file does not mention.
    #[error("case '{id}' is in no fold; add it to the fold file or make the folds anew")]
    CaseWithoutFold {
        /// The case.
        id: String,
    },

    /// A fold file that cannot be read or understood.
    #[error("fold file '{}': {reason}", path.display())]
    FoldFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },

    /// A held-out fraction that leaves one side empty or is no fraction.
    #[error(
        "held-out fraction is {fraction} of {cases} cases; it must lie between 0 and 1 and leave a case on either side"
    )]
    InvalidFraction {
        /// The fraction that was given.
        fraction: f64,
        /// How many cases there are.
        cases: usize,
    },

    /// A correlation threshold outside its range.
    #[error("correlation threshold is {threshold}; it must lie in 0..=1 (0.98 marks near-duplicates)")]
    InvalidCorrelation {
        /// The threshold that was given.
        threshold: f32,
    },

    /// A file could not be written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),

    /// A name that is no split, class or part of the data set.
    #[error("'{name}' is no {kind}; use one of {allowed}")]
    UnknownName {
        /// The name that was given.
        name: String,
        /// What it should have been.
        kind: &'static str,
        /// The names that are understood.
        allowed: &'static str,
    },
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;
