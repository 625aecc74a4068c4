use std::path::PathBuf;

/// What is wrong with a value or a file.
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
    /// A name of no task.
    #[error("unknown task '{name}'; use lung or infection")]
    UnknownTask {
        /// What was given.
        name: String,
    },
    /// A name of no scheme.
    #[error("unknown scheme '{name}'; use parallel or cascaded")]
    UnknownScheme {
        /// What was given.
        name: String,
    },
    /// A SHA-256 digest that is not 64 hexadecimal digits.
    #[error("SHA-256 is {value:?}; it must be 64 hexadecimal digits")]
    DigestInvalid {
        /// The refused value, or the beginning of a long one.
        value: String,
    },
    /// A file or a folder could not be read, written, created or removed. What stood there before is unharmed.
    #[error(
        "cannot {action} {}: {reason}; check that the path exists, that you may {action} it and that the disk has room",
        path.display()
    )]
    File {
        /// What was tried: "read", "write", "create", "remove" or "synchronise".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// A file is not JSON, or does not hold what it should.
    #[error("{} cannot be understood: {reason}; restore it, or remove it and make it again", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Where and why.
        reason: serde_json::Error,
    },
}

impl Error {
    /// For `map_err` on an operation on the file system; `action` as [`Error::File`] has it.
    pub fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |reason| Self::File { action, path, reason }
    }
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;
