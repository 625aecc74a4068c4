use std::borrow::Cow;

use crate::RelativePath;

/// What a file of a case holds, and how a summary lists it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FileKind {
    /// The column of the CSV summary that holds its path.
    pub column: Cow<'static, str>,
    /// The text of its link on the HTML page.
    pub label: Cow<'static, str>,
    /// What the file holds, in a few words.
    pub about: Cow<'static, str>,
    /// Whether it is the picture that the page shows of the case, not a link alone.
    pub is_picture: bool,
}

impl FileKind {
    /// A file that the page links to.
    #[must_use]
    pub fn link(
        column: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        about: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { column: column.into(), label: label.into(), about: about.into(), is_picture: false }
    }

    /// A picture that the page shows, and links to. It shows the first one of each case.
    #[must_use]
    pub fn picture(
        column: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        about: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { is_picture: true, ..Self::link(column, label, about) }
    }
}

/// The files written of one X-ray, relative to the summary's folder, in the order in which a summary lists them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFiles(Vec<(FileKind, RelativePath)>);

impl CaseFiles {
    /// These and another one.
    #[must_use]
    pub fn with(mut self, kind: FileKind, path: RelativePath) -> Self {
        self.0.push((kind, path));
        self
    }

    /// The files.
    pub fn iter(&self) -> impl Iterator<Item = (&FileKind, &RelativePath)> {
        self.0.iter().map(|(kind, path)| (kind, path))
    }

    /// The file that a column of the CSV summary holds.
    #[must_use]
    pub fn in_column(&self, column: &str) -> Option<&RelativePath> {
        self.iter().find(|(kind, _)| kind.column == column).map(|(_, path)| path)
    }

    /// The picture that the page shows.
    #[must_use]
    pub fn picture(&self) -> Option<&RelativePath> {
        self.iter().find(|(kind, _)| kind.is_picture).map(|(_, path)| path)
    }
}

impl FromIterator<(FileKind, RelativePath)> for CaseFiles {
    fn from_iter<I: IntoIterator<Item = (FileKind, RelativePath)>>(files: I) -> Self {
        Self(files.into_iter().collect())
    }
}
