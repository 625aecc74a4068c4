//! A source of X-rays.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use pulmo_data::Class;

use crate::error::{Error, Result};

const LONGEST_NAME: usize = 32;

/// A folder or a CSV manifest of X-rays, with a name that becomes part of file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: String,
    path: PathBuf,
    class: Option<Class>,
}

impl Source {
    /// A source called `name`.
    ///
    /// # Errors
    /// [`Error::SourceName`]: the name has not 1 to 32 letters, digits, `-` or `_`.
    pub fn new(name: &str, path: impl Into<PathBuf>) -> Result<Self> {
        Ok(Self { name: source_name(name)?, path: path.into(), class: None })
    }

    /// With a class for X-rays that neither a folder's name nor a manifest gives one.
    #[must_use]
    pub fn with_class(self, class: Class) -> Self {
        Self { class: Some(class), ..self }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder or manifest.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The class of X-rays without one.
    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.class
    }
}

impl FromStr for Source {
    type Err = Error;

    /// `NAME=PATH`, or `PATH`, whose last part becomes the name.
    fn from_str(text: &str) -> Result<Self> {
        match text.split_once('=') {
            Some((name, path)) => Self::new(name, path),
            None => {
                let stem = Path::new(text).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
                let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
                Self::new(&stem.chars().map(allowed).take(LONGEST_NAME).collect::<String>(), text)
            }
        }
    }
}

/// A name that can be part of a file name.
pub(crate) fn source_name(name: &str) -> Result<String> {
    let fits = (1..=LONGEST_NAME).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if fits { Ok(name.to_owned()) } else { Err(Error::SourceName { name: name.to_owned() }) }
}
