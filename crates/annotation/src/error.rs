use std::io;
use std::path::{Path, PathBuf};

use crate::name::{ImageId, ProposerName, Reviewer};

/// What can go wrong in an annotation project.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written, or a text is no SHA-256.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),

    /// There is a project in the folder already.
    #[error("'{}' holds a project already; open it, or give another folder", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
    },

    /// There is no project in the folder.
    #[error("'{}' holds no annotation project; make one first", path.display())]
    NotAProject {
        /// The folder.
        path: PathBuf,
    },

    /// The project was made by another version.
    #[error(
        "the project has schema version {found}, this version of Pulmo reads {supported}; use the version that made it"
    )]
    SchemaVersion {
        /// The project's version.
        found: u32,
        /// The version that can be read.
        supported: u32,
    },

    /// A value of the project's configuration is not usable.
    #[error("configuration: {what} is '{value}', but has to be {requirement}")]
    Config {
        /// Which value.
        what: &'static str,
        /// The value.
        value: String,
        /// What it has to be.
        requirement: String,
    },

    /// A name has characters it must not have, or is empty or too long.
    #[error("{kind} name '{name}' is not allowed; it has to be 1 to 200 bytes: {rule}")]
    Name {
        /// Whose name.
        kind: &'static str,
        /// The name.
        name: String,
        /// What is allowed.
        rule: &'static str,
    },

    /// A file of the project is not what it was when it was recorded.
    #[error("'{}' was changed after the project recorded it (SHA-256 {found}, recorded {recorded}); restore it", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
        /// Its hash now.
        found: String,
        /// The hash on record.
        recorded: String,
    },

    /// A list of the project cannot be parsed.
    #[error("'{}' is damaged ({reason}); restore it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },

    /// An entry of the ledger was changed, removed, moved or inserted.
    #[error(
        "ledger entry {entry} was tampered with: {reason}; nothing from it on can be trusted, restore the ledger from a copy"
    )]
    Tampered {
        /// The entry's sequence number.
        entry: u64,
        /// What does not fit.
        reason: String,
    },

    /// An entry is intact but says what cannot have happened.
    #[error("ledger entry {entry} does not fit the entries before it: {reason}")]
    Contradiction {
        /// The entry's sequence number.
        entry: u64,
        /// What does not fit.
        reason: String,
    },

    /// The step is not due in this state of the project.
    #[error("{reason}")]
    OutOfOrder {
        /// What was asked for, why it cannot be, and what to do.
        reason: String,
    },

    /// Somebody has decided this image in the meantime.
    #[error("image '{image}' was decided by {by} in the meantime; take the next one")]
    AlreadyDecided {
        /// The image.
        image: ImageId,
        /// Who decided it.
        by: Reviewer,
    },

    /// The decision needs a doctor.
    #[error("{reviewer} is not among the project's doctors, who decide the doctor's queue and Stage IV")]
    NotADoctor {
        /// Who asked.
        reviewer: Reviewer,
    },

    /// A decision cannot be undone.
    #[error("there is nothing to undo: {reason}")]
    NothingToUndo {
        /// Why not.
        reason: String,
    },

    /// The project has no such image.
    #[error("the project has no image '{image}'")]
    NoSuchImage {
        /// What was asked for.
        image: String,
    },

    /// A pick that names no network of the panel.
    #[error("proposal {place} was picked, but there are {proposals}")]
    NoSuchProposal {
        /// The place counted from 1.
        place: usize,
        /// How many there are.
        proposals: usize,
    },

    /// A duration that is no duration.
    #[error("{seconds} s was spent on the image; it has to be from 0 to {most} s")]
    Seconds {
        /// The refused value.
        seconds: f64,
        /// The longest time allowed.
        most: f64,
    },

    /// A mask differs in size from its image.
    #[error("the mask of '{image}' has {}x{} pixels, the image {}x{}; they have to agree", found.0, found.1, expected.0, expected.1)]
    MaskSize {
        /// The image.
        image: String,
        /// The mask's width and height.
        found: (u32, u32),
        /// The image's.
        expected: (u32, u32),
    },

    /// A mask is not in the store.
    #[error("the mask store has no mask {digest}")]
    NoSuchMask {
        /// The mask's hash.
        digest: String,
    },

    /// An image is larger than a project takes.
    #[error("image '{}' has {width}x{height} pixels; at most {most} a side are taken, resize it first", path.display())]
    ImageTooLarge {
        /// The file.
        path: PathBuf,
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The largest side.
        most: u32,
    },

    /// Images that the project cannot be made of.
    #[error("{reason}")]
    Images {
        /// What is wrong and what to do.
        reason: String,
    },

    /// Files that the project cannot be made of.
    #[error(
        "{failed} of {total} files cannot be used: {reasons}; leave them out, or compile a clean set of them first"
    )]
    Unusable {
        /// How many cannot be used.
        failed: usize,
        /// How many were looked at.
        total: usize,
        /// Why not, of the first ones.
        reasons: String,
    },

    /// A network could not be trained or did not propose.
    #[error("network {network}: {reason}")]
    Proposer {
        /// The network.
        network: ProposerName,
        /// What it said.
        reason: Box<dyn std::error::Error + Send + Sync>,
    },

    /// An X-ray that cannot be read.
    #[error(transparent)]
    Xray(#[from] pulmo_xray::Error),

    /// What imaging refuses.
    #[error(transparent)]
    Imaging(#[from] pulmo_imaging::Error),

    /// What the data set's tools refuse.
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
}

/// The crate's result.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// For `map_err` on file operations.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let failed = pulmo_core::Error::file(action, path);
        move |reason| Self::Core(failed(reason))
    }

    pub(crate) fn unusable(refused: &[Self], total: usize) -> Self {
        const SHOWN: usize = 10;
        let mut reasons: Vec<String> = refused.iter().take(SHOWN).map(ToString::to_string).collect();
        if refused.len() > SHOWN {
            reasons.push(format!("and {} more", refused.len() - SHOWN));
        }
        Self::Unusable { failed: refused.len(), total, reasons: reasons.join("; ") }
    }

    pub(crate) fn out_of_order(reason: impl Into<String>) -> Self {
        Self::OutOfOrder { reason: reason.into() }
    }
}
