use pulmo_findings::{Severity, SeverityGrade};

use crate::{CaseReport, Summary};

/// How many colours the style sheet has for grades, `--grade-0` for the lowest.
const COLOURS: usize = 5;

/// The colour of a grade, as CSS: the lowest grade of a scale has the first colour and the highest the last, whatever their
/// number.
pub(super) fn colour(grade: &SeverityGrade) -> String {
    let steps = (COLOURS - 1) * grade.rank();
    let above = grade.of().saturating_sub(1).max(1);
    let (whole, rest) = (steps / above, steps % above);
    if rest == 0 {
        return format!("var(--grade-{whole})");
    }
    let share = 100 * rest / above;
    format!("color-mix(in oklab, var(--grade-{whole}), var(--grade-{}) {share}%)", whole + 1)
}

/// A grade on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grade {
    pub(super) name: String,
    /// As CSS.
    pub(super) colour: String,
    /// Whether its name says nothing without the word severity before it.
    pub(super) is_bare: bool,
}

impl Grade {
    pub(super) fn of(grade: &SeverityGrade) -> Self {
        let name = grade.name().to_owned();
        let is_bare = name.eq_ignore_ascii_case("none") || !name.contains(char::is_alphabetic);
        Self { name, colour: colour(grade), is_bare }
    }
}

/// Every grade of the scales that graded the cases, scale by scale.
pub(super) struct Grades<'a>(Vec<(&'a str, SeverityGrade)>);

impl<'a> Grades<'a> {
    pub(super) fn of(summary: &'a Summary) -> Self {
        let mut all: Vec<(&str, SeverityGrade)> = Vec::new();
        for severity in summary.reports().filter_map(CaseReport::severity) {
            let grade = (severity.scale(), severity.grade().clone());
            if !all.contains(&grade) {
                all.extend(severity.grade().all().map(|grade| (severity.scale(), grade)));
            }
        }
        Self(all)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(&'a str, SeverityGrade)> {
        self.0.iter()
    }

    /// The place of a severity's grade among all, or `no-lungs`.
    pub(super) fn id(&self, severity: Option<&Severity>) -> String {
        let Some(severity) = severity else { return "no-lungs".to_owned() };
        let its =
            |(scale, grade): &(&str, SeverityGrade)| *scale == severity.scale() && grade == severity.grade();
        self.0.iter().position(its).map_or_else(String::new, |place| place.to_string())
    }
}

#[cfg(test)]
mod tests {
    use pulmo_findings::SeverityScale;

    use super::colour;

    fn colours(scale: &str) -> Vec<String> {
        let scale: SeverityScale = scale.parse().unwrap_or_default();
        scale.grades().map(|grade| colour(&grade)).collect()
    }

    #[test]
    fn colours_span_the_style_sheets_from_the_first_to_the_last() {
        let each = ["var(--grade-0)", "var(--grade-1)", "var(--grade-2)", "var(--grade-3)", "var(--grade-4)"];
        assert_eq!(colours("pulmo-25-50-75"), each);
        assert_eq!(colours("low<10,high"), [each[0], each[4]]);
        let six = colours("a<1,b<2,c<3,d<4,e<5,f");
        assert_eq!((six[0].as_str(), six[5].as_str()), (each[0], each[4]));
        assert_eq!(six[1], "color-mix(in oklab, var(--grade-0), var(--grade-1) 80%)");
        assert_eq!(six[4], "color-mix(in oklab, var(--grade-3), var(--grade-4) 20%)");
    }
}
