//! The table in which a person decides on flagged images.

use std::collections::BTreeMap;
use std::path::Path;

use pulmo_data::Class;

use crate::classes::{ClassWords, normalised};
use crate::error::{Error, Result};
use crate::record::is_id;
use crate::write::{csv_bytes, write_if_changed};

/// What a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Decision {
    /// The image goes into the set.
    Keep,
    /// It goes into the set under this class, whatever its source says.
    KeepAs(Class),
    /// It does not.
    Drop,
}

impl Decision {
    /// What a person wrote; `None` where that is no decision.
    fn of(word: &str, words: &ClassWords) -> Option<Self> {
        match normalised(word).as_str() {
            "keep" => Some(Self::Keep),
            "drop" => Some(Self::Drop),
            _ => words.class(word).map(Self::KeepAs),
        }
    }

    pub(crate) fn keeps(self) -> bool {
        self != Self::Drop
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::KeepAs(class) => class.fmt(f),
            Self::Drop => f.write_str("drop"),
        }
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

impl Remark {
    fn is_something(&self) -> bool {
        self.decision.is_some() || !self.note.is_empty()
    }
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
    pub(crate) fn read(out: &Path, words: &ClassWords) -> Result<Self> {
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
            let decision = match cell(decision) {
                "" => None,
                word => Some(Decision::of(word, words).ok_or_else(|| {
                    refuse(
                        line,
                        format!("decision '{word}' is not understood; write keep or drop, or the class to keep it as"),
                    )
                })?),
            };
            let remark = Remark {
                decision,
                note: note.map_or(String::new(), |note| cell(note).to_owned()),
                about: about.map(|column| cell(column).to_owned()),
            };
            // Spreadsheets write ids that look like numbers as such.
            if remark.is_something() && !is_id(cell(id)) {
                let reason = format!(
                    "'{}' is no image's id, which has 16 hexadecimal digits; copy it from the page, and have your \
                     spreadsheet read the column 'id' as text",
                    cell(id)
                );
                return Err(refuse(line, reason));
            }
            if is_id(cell(id)) {
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
            let decision = remark.decision.map_or_else(String::new, |decision| decision.to_string());
            let [source, origin, class, reasons] = about;
            [id, source, origin, class, reasons, &decision, &remark.note].map(str::to_owned)
        };
        let asked = questions.iter().map(|question| {
            let about = [&question.source, &question.origin, &question.class, &question.reasons];
            let remark = self.remarks.get(&question.id).unwrap_or(&none);
            row(&question.id, about.map(String::as_str), remark)
        });
        let is_asked = |id: &str| questions.iter().any(|question| question.id == id);
        let others = self.remarks.iter().filter(|(id, remark)| remark.is_something() && !is_asked(id));
        let others = others.map(|(id, remark)| row(id, remark.about.each_ref().map(String::as_str), remark));
        let bytes = csv_bytes(&COLUMNS, asked.chain(others))?;
        write_if_changed(&out.join(Self::FILE), &bytes)
    }
}
