use crate::{CaseFiles, CaseReport, FileKind};

/// What became of one X-ray.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseOutcome {
    /// It was analysed.
    Done {
        /// Its report.
        report: Box<CaseReport>,
        /// Its files.
        files: Box<CaseFiles>,
    },
    /// It could not be analysed.
    Failed {
        /// The file, as the user knows it.
        file: String,
        /// Why, in words for the user.
        error: String,
    },
}

impl CaseOutcome {
    /// An analysed X-ray.
    #[must_use]
    pub fn done(report: CaseReport, files: CaseFiles) -> Self {
        Self::Done { report: Box::new(report), files: Box::new(files) }
    }

    /// An X-ray that could not be analysed, and why.
    #[must_use]
    pub fn failed(file: impl Into<String>, error: &dyn std::error::Error) -> Self {
        Self::Failed { file: file.into(), error: error.to_string() }
    }

    /// The file, as the user knows it.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Done { report, .. } => &report.image().file,
            Self::Failed { file, .. } => file,
        }
    }

    /// The report, if there is one.
    #[must_use]
    pub fn report(&self) -> Option<&CaseReport> {
        match self {
            Self::Done { report, .. } => Some(report),
            Self::Failed { .. } => None,
        }
    }

    /// The files that were written, if it was analysed.
    #[must_use]
    pub fn files(&self) -> Option<&CaseFiles> {
        match self {
            Self::Done { files, .. } => Some(files),
            Self::Failed { .. } => None,
        }
    }
}

/// The outcomes of many X-rays, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    title: String,
    cases: Vec<CaseOutcome>,
    kinds: Vec<FileKind>,
}

impl Summary {
    const TITLE: &'static str = "Chest X-ray findings";

    /// A summary of `cases`.
    #[must_use]
    pub fn new(cases: Vec<CaseOutcome>) -> Self {
        Self { title: Self::TITLE.to_owned(), cases, kinds: Vec::new() }
    }

    /// With a column for each of these in the CSV summary, also where no case has such a file.
    #[must_use]
    pub fn with_files(self, kinds: Vec<FileKind>) -> Self {
        Self { kinds, ..self }
    }

    /// Puts `title` at the top of the page.
    #[must_use]
    pub fn with_title(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// The page's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The outcomes.
    #[must_use]
    pub fn cases(&self) -> &[CaseOutcome] {
        &self.cases
    }

    /// What files of a case the CSV summary lists: those it was told of, then others that a case has.
    #[must_use]
    pub fn files(&self) -> Vec<&FileKind> {
        let written = self.cases.iter().filter_map(CaseOutcome::files);
        let all = self.kinds.iter().chain(written.flat_map(|files| files.iter().map(|(kind, _)| kind)));
        all.fold(Vec::new(), |mut distinct: Vec<&FileKind>, kind| {
            if !distinct.iter().any(|other| other.column == kind.column) {
                distinct.push(kind);
            }
            distinct
        })
    }

    /// The reports of the X-rays that were analysed.
    pub fn reports(&self) -> impl Iterator<Item = &CaseReport> {
        self.cases.iter().filter_map(CaseOutcome::report)
    }

    /// How many X-rays could not be analysed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.cases.len() - self.reports().count()
    }
}
