use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// How severe the infection is, by the infected share of both lungs: one of
/// the grades of a [`SeverityScale`](crate::SeverityScale).
///
/// A grade knows its name and its rank, which counts from 0 for the lowest
/// grade. Grades are compared by rank, and only with grades of a scale that
/// names its grades alike. Serialised as the name.
///
/// ```
/// use pulmo_findings::{Percent, SeverityScale};
///
/// let scale = SeverityScale::quartiles();
/// let grade = scale.grade(Percent::new(30.0)?);
/// assert_eq!((grade.name(), grade.rank(), grade.of()), ("moderate", 2, 5));
/// assert!(grade > scale.grade(Percent::ZERO));
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SeverityGrade {
    /// Those of the whole scale, the lowest first; never empty.
    names: Arc<[String]>,
    rank: usize,
}

impl SeverityGrade {
    /// The grade of this rank, or the highest there is.
    pub(crate) fn new(names: Arc<[String]>, rank: usize) -> Self {
        let rank = rank.min(names.len().saturating_sub(1));
        Self { names, rank }
    }

    /// The grade's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.get(self.rank).map_or("", String::as_str)
    }

    /// How many grades of the scale are lower.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// How many grades the scale has.
    #[must_use]
    pub fn of(&self) -> usize {
        self.names.len()
    }

    /// Every grade of the scale, the lowest first.
    pub fn all(&self) -> impl Iterator<Item = Self> + use<> {
        let names = Arc::clone(&self.names);
        (0..names.len()).map(move |rank| Self { names: Arc::clone(&names), rank })
    }
}

impl PartialOrd for SeverityGrade {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.names == other.names).then(|| self.rank.cmp(&other.rank))
    }
}

impl fmt::Display for SeverityGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for SeverityGrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({} of {})", self.name(), self.rank, self.of())
    }
}

impl Serialize for SeverityGrade {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
