//! The crate's error type.

use std::path::{Path, PathBuf};

/// Why a data set cannot be compiled. A file that cannot be read is no error but a line of the report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A source is neither a folder nor a CSV file.
    #[error("source '{}' is neither a folder nor a CSV manifest; check the path", path.display())]
    NoSource {
        /// What was given.
        path: PathBuf,
    },
    /// There is no source.
    #[error("no source was given; name folders or CSV manifests")]
    NoSources,
    /// A source holds no X-ray, as a drive that is not mounted does.
    #[error("source '{}' holds no X-ray; check the path, and that its drive is there, or leave it out", path.display())]
    EmptySource {
        /// What was given.
        path: PathBuf,
    },
    /// A source's name cannot be part of file names.
    #[error(
        "source name '{name}' must have 1 to 32 letters, digits, '-' or '_'; name the source as NAME=PATH"
    )]
    SourceName {
        /// The name.
        name: String,
    },
    /// Two sources have one name.
    #[error("two sources are called '{name}'; name one of them otherwise, as NAME=PATH")]
    SameName {
        /// The name.
        name: String,
    },
    /// Two files share a source's name and their path in it.
    #[error(
        "source '{name}' lists two different files as '{origin}'; give one of their manifests another source name"
    )]
    SameOrigin {
        /// The source's name.
        name: String,
        /// The path in it.
        origin: String,
    },
    /// A manifest cannot be understood.
    #[error("manifest '{}', line {line}: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// The line, 1 for the header.
        line: u64,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The review cannot be understood.
    #[error("review '{}', line {line}: {reason}", path.display())]
    Review {
        /// The file.
        path: PathBuf,
        /// The line, 1 for the header.
        line: u64,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A word that names no class.
    #[error("'{name}' is no class; use COVID-19, Non-COVID or Normal")]
    Class {
        /// The word.
        name: String,
    },
    /// An option lies outside its range.
    #[error("{name} is {value}; it must lie in {range}")]
    Option {
        /// The option.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The allowed range, in words.
        range: &'static str,
    },
    /// The output folder holds something else.
    #[error(
        "'{}' holds files and no data set that was compiled here; choose a new or an empty folder", path.display()
    )]
    ForeignOutput {
        /// The folder.
        path: PathBuf,
    },
    /// The output folder was compiled at another size.
    #[error("'{}' was compiled at {found} x {found} pixels, not {asked}; choose another folder", path.display())]
    OtherSize {
        /// The folder.
        path: PathBuf,
        /// Its side in pixels.
        found: u32,
        /// The side asked for.
        asked: u32,
    },
    /// The output folder lies in a source, or the reverse.
    #[error("output '{}' and source '{}' lie in each other; choose another output folder", out.display(), path.display())]
    Nested {
        /// The output folder.
        out: PathBuf,
        /// The source.
        path: PathBuf,
    },
    /// Another run is writing the output folder.
    #[error("another run is writing '{}'; wait until it has ended, or choose another folder", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    Core(#[from] pulmo_core::Error),
    /// A picture that an earlier run prepared does not decode.
    #[error("prepared image '{}' was damaged and is removed; run again to make it anew", path.display())]
    Damaged {
        /// The picture, in the output folder.
        path: PathBuf,
    },
    /// A table or a page could not be put together.
    #[error("cannot render {what}: {reason}")]
    Render {
        /// Which.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// The data set's layout cannot be listed.
    #[error(transparent)]
    Data(#[from] pulmo_data::Error),
}

impl Error {
    pub(crate) fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let failed = pulmo_core::Error::file("read", path);
        move |reason| failed(reason).into()
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let failed = pulmo_core::Error::file("write", path);
        move |reason| failed(reason).into()
    }
}

/// The crate's result type.
pub type Result<T> = std::result::Result<T, Error>;
