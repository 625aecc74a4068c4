//! Scales as one line of text.

use std::fmt;
use std::str::FromStr;

use super::SeverityScale;
use crate::{Error, Percent, Result};

impl FromStr for SeverityScale {
    type Err = Error;

    /// # Errors
    /// [`Error::ScaleUnknown`] for a name alone that no scale of Pulmo's has,
    /// [`Error::GradeWithoutCutOff`], [`Error::LastGradeWithCutOff`] and
    /// [`Error::CutOff`] for a text of another form, and what
    /// [`new`](Self::new) refuses.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let (name, grades) = match text.split_once(':') {
            Some((name, grades)) => (Some(name.trim()), grades),
            None => (None, text),
        };
        if name.is_none() && !grades.contains(['<', ',']) {
            return known(text);
        }
        let mut below: Vec<&str> = grades.split(',').map(str::trim).collect();
        let last = below.pop().unwrap_or_default();
        if let Some((grade, cut_off)) = last.split_once('<') {
            let (grade, cut_off) = (grade.trim().to_owned(), cut_off.trim().to_owned());
            return Err(Error::LastGradeWithCutOff { grade, cut_off });
        }
        let below = below.into_iter().map(grade).collect::<Result<Vec<_>>>()?;
        if let Some(name) = name {
            return Self::new(name, below, last);
        }
        let bounds: Vec<String> = below.iter().map(|(_, bound)| bound.get().to_string()).collect();
        let scale = Self::new(format!("cutoffs-{}", bounds.join("-")), below, last)?;
        let standard = Self::quartiles();
        let same = scale.grades().eq(standard.grades()) && scale.cut_offs() == standard.cut_offs();
        Ok(if same { standard } else { scale })
    }
}

fn known(name: &str) -> Result<SeverityScale> {
    if name == SeverityScale::QUARTILES {
        return Ok(SeverityScale::quartiles());
    }
    Err(Error::ScaleUnknown { name: name.to_owned() })
}

/// A grade and the percentage that it lies below.
fn grade(text: &str) -> Result<(&str, Percent)> {
    let Some((grade, cut_off)) = text.split_once('<') else {
        return Err(Error::GradeWithoutCutOff { grade: text.to_owned() });
    };
    let number = cut_off.trim().trim_end_matches('%').trim_end();
    let bound = number.parse().ok().and_then(|value| Percent::new(value).ok());
    let refused = || Error::CutOff { grade: grade.trim().to_owned(), cut_off: cut_off.trim().to_owned() };
    Ok((grade, bound.ok_or_else(refused)?))
}

/// The name alone for a scale of Pulmo's, else the name and the grades; reads
/// back as the same scale.
impl fmt::Display for SeverityScale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if self.name() == Self::QUARTILES {
            return Ok(());
        }
        f.write_str(": ")?;
        let bounds = self.cut_offs().iter().map(Some).chain([None]);
        for (grade, bound) in self.grades().zip(bounds) {
            f.write_str(grade.name())?;
            if let Some(bound) = bound {
                write!(f, "<{},", bound.get())?;
            }
        }
        Ok(())
    }
}
