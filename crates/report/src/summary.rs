use crate::{CaseReport, RelativePath};

/// The files made of one X-ray, relative to the summary's folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFiles {
    /// The X-ray with the lungs and the infection drawn in.
    pub overlay: Option<RelativePath>,
    /// The lung mask.
    pub lung_mask: Option<RelativePath>,
    /// The infection mask.
    pub infection_mask: Option<RelativePath>,
    /// The report as JSON.
    pub report: Option<RelativePath>,
}

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
}

/// The outcomes of many X-rays, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    title: String,
    cases: Vec<CaseOutcome>,
}

impl Summary {
    const TITLE: &'static str = "Chest X-ray findings";

    /// A summary of `cases`.
    #[must_use]
    pub fn new(cases: Vec<CaseOutcome>) -> Self {
        Self { title: Self::TITLE.to_owned(), cases }
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
