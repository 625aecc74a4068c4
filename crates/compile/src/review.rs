//! The table in which a person decides on flagged images.

use std::collections::BTreeMap;
use std::path::Path;

use crate::classes::normalised;
use crate::error::{Error, Result};
use crate::write::{csv_bytes, write_if_changed};

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Decision {
    /// The image goes into the set.
    Keep,
    /// It does not.
    Drop,
}

impl Decision {
    fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Drop => "drop",
        }
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What a person wrote on one image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Remark {
    pub(crate) decision: Option<Decision>,
    pub(crate) note: String,
    /// The other columns, kept for images that are no longer put to a person.
    about: [String; 4],
}

/// One image that is put to a person.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) origin: String,
    pub(crate) class: String,
    pub(crate) reasons: String,
}

/// The review of an output folder: decisions by image id.
#[derive(Debug, Default)]
pub(crate) struct Review {
    remarks: BTreeMap<String, Remark>,
}

const COLUMNS: [&str; 7] = ["id", "source", "origin", "class", "reasons", "decision", "note"];

impl Review {
    /// Name of the file in the output.
    pub(crate) const FILE: &'static str = "review.csv";

    /// Reads the review of an output folder; there is none before the first run.
    pub(crate) fn read(out: &Path) -> Result<Self> {
        let path = out.join(Self::FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let refuse = |line: u64, reason: String| Error::Review { path: path.clone(), line, reason };
        let failed =
            |error: csv::Error| refuse(error.position().map_or(1, csv::Position::line), error.to_string());
        // Spreadsheets may save rows of other lengths.
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(&path).map_err(failed)?;
        let headers = reader.headers().map_err(failed)?.clone();
        let column = |name: &str| {
            headers.iter().position(|header| normalised(header) == name).ok_or_else(|| {
                refuse(
                    1,
                    format!(
                        "there is no column '{name}'; save the table with its columns, as CSV with commas"
                    ),
                )
            })
        };
        let (id, decision) = (column("id")?, column("decision")?);
        let about = [column("source")?, column("origin")?, column("class")?, column("reasons")?];
        let note = column("note").ok();
        let mut remarks = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(failed)?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |column: usize| record.get(column).unwrap_or_default();
            let decision = match normalised(cell(decision)).as_str() {
                "" => None,
                "keep" => Some(Decision::Keep),
                "drop" => Some(Decision::Drop),
                other => {
                    return Err(refuse(
                        line,
                        format!("decision '{other}' is not understood; write keep or drop"),
                    ));
                }
            };
            let remark = Remark {
                decision,
                note: note.map_or(String::new(), |note| cell(note).to_owned()),
                about: about.map(|column| cell(column).to_owned()),
            };
            if !cell(id).is_empty() {
                remarks.insert(cell(id).to_owned(), remark);
            }
        }
        Ok(Self { remarks })
    }

    pub(crate) fn decision(&self, id: &str) -> Option<Decision> {
        self.remarks.get(id)?.decision
    }

    /// Writes the questions with what was decided; decisions on images that are no longer asked about follow.
    pub(crate) fn write(&self, out: &Path, questions: &[Question]) -> Result<()> {
        let none = Remark::default();
        let row = |id: &str, about: [&str; 4], remark: &Remark| {
            let decision = remark.decision.map_or("", Decision::name);
            let [source, origin, class, reasons] = about;
            [id, source, origin, class, reasons, decision, &remark.note].map(str::to_owned)
        };
        let asked = questions.iter().map(|question| {
            let about = [&question.source, &question.origin, &question.class, &question.reasons];
            let remark = self.remarks.get(&question.id).unwrap_or(&none);
            row(&question.id, about.map(String::as_str), remark)
        });
        let is_asked = |id: &str| questions.iter().any(|question| question.id == id);
        let others = self
            .remarks
            .iter()
            .filter(|(id, remark)| (remark.decision.is_some() || !remark.note.is_empty()) && !is_asked(id));
        let others = others.map(|(id, remark)| row(id, remark.about.each_ref().map(String::as_str), remark));
        let bytes = csv_bytes(&COLUMNS, asked.chain(others))?;
        write_if_changed(&out.join(Self::FILE), &bytes)
    }
}
