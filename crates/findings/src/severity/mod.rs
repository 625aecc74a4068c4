//! Grades of severity, and the scales that give them.

mod assessment;
mod grade;
mod scale;
mod text;

pub use assessment::Severity;
pub use grade::SeverityGrade;
pub use scale::SeverityScale;
