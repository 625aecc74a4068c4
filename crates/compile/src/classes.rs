//! The words by which folders and manifests name classes.

use std::collections::BTreeMap;

use pulmo_data::Class;

use crate::error::{Error, Result};

/// Words that are understood without being told, as [`normalised`] has them.
const KNOWN: [(&str, Class); 10] = [
    ("covid19", Class::Covid19),
    ("covid", Class::Covid19),
    ("noncovid", Class::NonCovid),
    ("pneumonia", Class::NonCovid),
    ("viralpneumonia", Class::NonCovid),
    ("bacterialpneumonia", Class::NonCovid),
    ("normal", Class::Normal),
    ("nofinding", Class::Normal),
    ("healthy", Class::Normal),
    ("negative", Class::Normal),
];

/// What words for classes mean: the usual ones, and those of your sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassWords {
    meanings: BTreeMap<String, Class>,
}

impl Default for ClassWords {
    fn default() -> Self {
        Self { meanings: KNOWN.map(|(word, class)| (word.to_owned(), class)).into() }
    }
}

impl ClassWords {
    /// With one word more, or another meaning for a word; case and punctuation do not matter.
    #[must_use]
    pub fn with(mut self, word: &str, class: Class) -> Self {
        self.meanings.insert(normalised(word), class);
        self
    }

    /// The class that a word names.
    #[must_use]
    pub fn class(&self, word: &str) -> Option<Class> {
        self.meanings.get(&normalised(word)).copied()
    }

    /// The class that a word must name, as on a command line.
    ///
    /// # Errors
    /// [`Error::Class`].
    pub fn expect(&self, word: &str) -> Result<Class> {
        self.class(word).ok_or_else(|| Error::Class { name: word.to_owned() })
    }
}

/// Lower case, letters and digits alone.
pub(crate) fn normalised(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
