use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Severity, SeverityGrade};
use crate::{Error, Percent, Result};

/// The grades of [`SeverityScale::quartiles`], the lowest first.
pub(super) const STANDARD_GRADES: [&str; 5] = ["none", "mild", "moderate", "severe", "critical"];

/// Signs that the text of a scale is written with, and that no name may hold.
const RESERVED: [char; 3] = ['<', ',', ':'];

/// Which grades of severity there are, and where one ends and the next begins,
/// in percent of the lungs.
///
/// The default, [`quartiles`](Self::quartiles), is Pulmo's own choice and has
/// not been validated clinically: put your own in its place where you have one.
/// Each report names the scale that graded it. The names of the default's grades
/// follow the COVID-19 severity work of the group behind Tahir et al. 2021.
///
/// A scale is also read from a text, as on the command line: the grades from
/// the lowest to the highest, separated by commas, each but the last with the
/// percentage that it lies below. A name and a colon may stand in front;
/// without them the scale is named after its cut-offs. The name of a scale that
/// Pulmo knows, such as `pulmo-25-50-75`, stands for that scale.
///
/// ```
/// use pulmo_findings::{Percent, SeverityScale};
///
/// let scale: SeverityScale = "my-hospital: clear<2, slight<30, grave".parse()?;
/// assert_eq!(scale.grade(Percent::new(30.0)?).name(), "grave");
/// assert_eq!(scale.to_string(), "my-hospital: clear<2,slight<30,grave");
///
/// let unnamed: SeverityScale = "low<10,high".parse()?;
/// assert_eq!(unnamed.name(), "cutoffs-10");
/// assert_eq!("pulmo-25-50-75".parse::<SeverityScale>()?, SeverityScale::quartiles());
/// # Ok::<(), pulmo_findings::Error>(())
/// ```
///
/// Serialised as `{name, grades: [{name, below}, ...]}`, the last `below` null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct SeverityScale {
    name: String,
    /// The lowest first; one more than there are cut-offs.
    grades: Arc<[String]>,
    cut_offs: Vec<Percent>,
}

impl SeverityScale {
    /// The name of the default scale.
    pub const QUARTILES: &'static str = "pulmo-25-50-75";

    /// A scale of the grades `below`, the lowest first, each with the
    /// percentage that it lies below, and the grade `last`, for everything from
    /// there on.
    ///
    /// A first percentage of 0 leaves the lowest grade to lungs without any
    /// infection.
    ///
    /// # Errors
    /// [`Error::ScaleName`] and [`Error::GradeName`] for a name that is empty or
    /// holds `<`, `,`, `:` or a control character, [`Error::ScaleNameTaken`] for
    /// the name of a scale of Pulmo's with other grades,
    /// [`Error::ScaleWithoutCutOff`] where `below` is empty,
    /// [`Error::GradeRepeated`] where two grades differ in upper and lower case
    /// at most, [`Error::ScaleNotAscending`] unless each percentage is larger
    /// than the one before it.
    pub fn new<G: Into<String>>(
        name: impl Into<String>,
        below: impl IntoIterator<Item = (G, Percent)>,
        last: impl Into<String>,
    ) -> Result<Self> {
        let name = name.into().trim().to_owned();
        if !is_name(&name) {
            return Err(Error::ScaleName { name });
        }
        let (mut grades, cut_offs): (Vec<String>, Vec<Percent>) =
            below.into_iter().map(|(grade, bound)| (grade.into(), bound)).unzip();
        grades.push(last.into());
        let grades = checked_grades(&name, &grades)?;
        if cut_offs.is_empty() {
            return Err(Error::ScaleWithoutCutOff { scale: name });
        }
        for (below, pair) in grades.iter().zip(cut_offs.windows(2)) {
            if let [lower, upper] = pair
                && lower >= upper
            {
                let (lower, upper) = (lower.get(), upper.get());
                return Err(Error::ScaleNotAscending { scale: name, grade: below.clone(), lower, upper });
            }
        }
        let scale = Self { name, grades: grades.into(), cut_offs };
        if scale.name == Self::QUARTILES && scale != Self::quartiles() {
            return Err(Error::ScaleNameTaken { name: scale.name });
        }
        Ok(scale)
    }

    /// Pulmo's own scale: none below 1 %, mild below 25 %, moderate below 50 %,
    /// severe below 75 %, critical from 75 % on.
    ///
    /// The floor keeps a few stray pixels from counting as disease.
    #[must_use]
    pub fn quartiles() -> Self {
        const CUT_OFFS: [Percent; 4] =
            [Percent::whole(1), Percent::whole(25), Percent::whole(50), Percent::whole(75)];
        Self {
            name: Self::QUARTILES.to_owned(),
            grades: STANDARD_GRADES.map(str::to_owned).into(),
            cut_offs: CUT_OFFS.to_vec(),
        }
    }

    /// The grade of an infected share of both lungs. Exactly 0 % always has the
    /// lowest grade, also where that ends at 0 %.
    #[must_use]
    pub fn grade(&self, infected: Percent) -> SeverityGrade {
        let rank = if infected == Percent::ZERO {
            0
        } else {
            self.cut_offs.iter().take_while(|&&bound| infected >= bound).count()
        };
        SeverityGrade::new(Arc::clone(&self.grades), rank)
    }

    /// The [`grade`](Self::grade), along with what it was graded from and by
    /// which scale.
    #[must_use]
    pub fn assess(&self, infected: Percent) -> Severity {
        Severity::new(self, infected)
    }

    /// The scale's name, never empty.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The grades, the lowest first; at least two.
    pub fn grades(&self) -> impl Iterator<Item = SeverityGrade> {
        SeverityGrade::new(Arc::clone(&self.grades), 0).all()
    }

    /// Where each grade but the highest ends, ascending; a cut-off itself
    /// belongs to the next grade.
    #[must_use]
    pub fn cut_offs(&self) -> &[Percent] {
        &self.cut_offs
    }

    pub(super) fn from_bands(name: String, mut bands: Vec<Band>) -> Result<Self> {
        let last = bands.pop().filter(|band| band.below.is_none());
        let below = bands.into_iter().map(|band| Some((band.name, band.below?))).collect::<Option<Vec<_>>>();
        let (Some(last), Some(below)) = (last, below) else {
            return Err(Error::ScaleBands { scale: name });
        };
        Self::new(name, below, last.name)
    }
}

impl Default for SeverityScale {
    fn default() -> Self {
        Self::quartiles()
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(RESERVED) && !name.chars().any(char::is_control)
}

fn checked_grades(scale: &str, grades: &[String]) -> Result<Vec<String>> {
    let mut checked: Vec<String> = Vec::with_capacity(grades.len());
    for grade in grades.iter().map(|grade| grade.trim()) {
        if !is_name(grade) {
            return Err(Error::GradeName { scale: scale.to_owned(), name: grade.to_owned() });
        }
        if checked.iter().any(|other| other.to_lowercase() == grade.to_lowercase()) {
            return Err(Error::GradeRepeated { scale: scale.to_owned(), grade: grade.to_owned() });
        }
        checked.push(grade.to_owned());
    }
    Ok(checked)
}

/// One grade as stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Band {
    name: String,
    /// Null for the highest.
    below: Option<Percent>,
}

impl Band {
    pub(super) fn all(grades: impl Iterator<Item = SeverityGrade>, cut_offs: &[Percent]) -> Vec<Self> {
        let bounds = cut_offs.iter().copied().map(Some).chain([None]);
        grades.zip(bounds).map(|(grade, below)| Self { name: grade.name().to_owned(), below }).collect()
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    grades: Vec<Band>,
}

impl From<SeverityScale> for Stored {
    fn from(scale: SeverityScale) -> Self {
        Self { grades: Band::all(scale.grades(), &scale.cut_offs), name: scale.name }
    }
}

impl TryFrom<Stored> for SeverityScale {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self> {
        Self::from_bands(stored.name, stored.grades)
    }
}
