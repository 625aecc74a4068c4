//! One case of the data set and the names it is filed under.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pulmo_core::Task;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The published division of the data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Split {
    /// For fitting weights.
    Train,
    /// For choosing thresholds and stopping.
    Val,
    /// For reporting only.
    Test,
}

impl Split {
    /// All splits in their usual order.
    pub const ALL: [Self; 3] = [Self::Train, Self::Val, Self::Test];

    /// The split's folder name in the published layout.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Train => "Train",
            Self::Val => "Val",
            Self::Test => "Test",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.folder())
    }
}

impl FromStr for Split {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|split| split.folder().eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::UnknownName { name: name.to_owned(), kind: "split", allowed: "Train, Val, Test" }
        })
    }
}

/// The diagnosis an X-ray is filed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// COVID-19 pneumonia.
    #[serde(rename = "COVID-19")]
    Covid19,
    /// Another pneumonia, viral or bacterial. Its infection masks are empty by the data set's convention.
    #[serde(rename = "Non-COVID")]
    NonCovid,
    /// No finding.
    Normal,
}

impl Class {
    /// All classes in the order of the published layout.
    pub const ALL: [Self; 3] = [Self::Covid19, Self::NonCovid, Self::Normal];

    /// The class's folder name in the published layout.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Covid19 => "COVID-19",
            Self::NonCovid => "Non-COVID",
            Self::Normal => "Normal",
        }
    }

    /// A class by any of its usual names.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match normalised(word).as_str() {
            "covid" | "covid19" => Some(Self::Covid19),
            "noncovid" | "noncovid19" => Some(Self::NonCovid),
            "normal" => Some(Self::Normal),
            _ => None,
        }
    }

    /// The class of a case of which nothing is said.
    pub(crate) fn assumed(has_infection_mask: bool) -> Self {
        if has_infection_mask { Self::Covid19 } else { Self::Normal }
    }

    pub(crate) const fn position(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.folder())
    }
}

impl FromStr for Class {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|class| class.folder().eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::UnknownName {
                name: name.to_owned(),
                kind: "class",
                allowed: "COVID-19, Non-COVID, Normal",
            }
        })
    }
}

/// One X-ray with the masks that belong to it; paths only, nothing decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    id: String,
    class: Class,
    split: Split,
    image: PathBuf,
    lung_mask: Option<PathBuf>,
    infection_mask: Option<PathBuf>,
    group: Option<String>,
}

impl Case {
    /// A case without masks. `id` must be unique within an index; the published layout uses `Split/Class/stem`.
    #[must_use]
    pub fn new(id: impl Into<String>, class: Class, split: Split, image: impl Into<PathBuf>) -> Self {
        Self {
            id: id.into(),
            class,
            split,
            image: image.into(),
            lung_mask: None,
            infection_mask: None,
            group: None,
        }
    }

    /// The same case with a lung mask, a PNG of 0 and 255 in the image's size.
    #[must_use]
    pub fn with_lung_mask(self, path: impl Into<PathBuf>) -> Self {
        Self { lung_mask: Some(path.into()), ..self }
    }

    /// The same case with an infection mask, a PNG of 0 and 255 in the image's size.
    #[must_use]
    pub fn with_infection_mask(self, path: impl Into<PathBuf>) -> Self {
        Self { infection_mask: Some(path.into()), ..self }
    }

    /// The same case in a group, such as its patient's, that no split may divide.
    #[must_use]
    pub fn with_group(self, group: impl Into<String>) -> Self {
        Self { group: Some(group.into()), ..self }
    }

    pub(crate) fn with_class(self, class: Class) -> Self {
        Self { class, ..self }
    }

    /// Unique name, `Train/COVID-19/covid_12` for the published layout.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Diagnosis.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// Division.
    #[must_use]
    pub const fn split(&self) -> Split {
        self.split
    }

    /// The X-ray's file.
    #[must_use]
    pub fn image(&self) -> &Path {
        &self.image
    }

    /// The lung mask's file.
    #[must_use]
    pub fn lung_mask(&self) -> Option<&Path> {
        self.lung_mask.as_deref()
    }

    /// The infection mask's file.
    #[must_use]
    pub fn infection_mask(&self) -> Option<&Path> {
        self.infection_mask.as_deref()
    }

    /// The group that no split may divide, if one is named.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    pub(crate) fn mask(&self, task: Task) -> Option<&Path> {
        match task {
            Task::Lung => self.lung_mask(),
            Task::Infection => self.infection_mask(),
        }
    }
}

/// A name as people write it: its letters and digits alone, in lower case.
pub(crate) fn normalised(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
