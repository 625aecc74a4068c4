//! Data sets that a CSV file lists.

use std::path::{Path, PathBuf};

use csv::StringRecord;

use crate::case::{Case, Class, Split, normalised};
use crate::error::{Error, Result};
use crate::index::Index;

/// Names of the columns, punctuation and case aside, the usual one first.
const IMAGE: [&str; 4] = ["image", "file", "path", "filename"];
const LUNG: [&str; 2] = ["lungmask", "lung"];
const INFECTION: [&str; 2] = ["infectionmask", "infection"];
const CLASS: [&str; 2] = ["class", "cls"];
const SPLIT: [&str; 1] = ["split"];
const GROUP: [&str; 2] = ["group", "patient"];
/// Lines that an error names.
const MOST_NAMED: usize = 20;

impl Index {
    /// The cases that a CSV file lists, in its order. Columns: `image`, and any of `lung mask`, `infection mask`,
    /// `class` (COVID-19, Non-COVID, Normal), `split` (Train, Val, Test) and `group`; paths are relative to the file's
    /// folder. The image's path is the case's id.
    ///
    /// Without a class, a case with an infection mask is COVID-19 and any other Normal; without a split, it is Train.
    /// Nothing is decoded.
    ///
    /// # Errors
    /// [`Error::Manifest`] with every line that cannot be understood, [`Error::DuplicateId`].
    pub fn from_manifest(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refuse = |reason: String| Error::Manifest { path: path.to_owned(), reason };
        let reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path);
        let mut reader = reader.map_err(|error| refuse(error.to_string()))?;
        let headers = reader.headers().map_err(|error| refuse(error.to_string()))?;
        let columns = Columns::of(headers).map_err(|reason| refuse(reason.to_owned()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let (mut cases, mut problems) = (Vec::new(), Vec::new());
        for (number, record) in reader.records().enumerate() {
            // The header is line 1.
            let line =
                |record: &StringRecord| record.position().map_or(number as u64 + 2, csv::Position::line);
            match record {
                Ok(record) => match columns.case(folder, &record) {
                    Ok(case) => cases.push(case),
                    Err(reason) => problems.push(format!("line {}: {reason}", line(&record))),
                },
                Err(error) => problems.push(error.to_string()),
            }
        }
        if problems.is_empty() {
            return Self::complete(cases, Vec::new());
        }
        let rest = problems.len().saturating_sub(MOST_NAMED);
        problems.truncate(MOST_NAMED);
        if rest > 0 {
            problems.push(format!("and {rest} more lines"));
        }
        Err(refuse(problems.join("\n")))
    }
}

struct Columns {
    image: usize,
    lung: Option<usize>,
    infection: Option<usize>,
    class: Option<usize>,
    split: Option<usize>,
    group: Option<usize>,
}

impl Columns {
    fn of(headers: &StringRecord) -> std::result::Result<Self, &'static str> {
        let names: Vec<String> = headers.iter().map(normalised).collect();
        let column =
            |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
        Ok(Self {
            image: column(&IMAGE)
                .ok_or("there is no column 'image'; name the column of the X-rays' paths so")?,
            lung: column(&LUNG),
            infection: column(&INFECTION),
            class: column(&CLASS),
            split: column(&SPLIT),
            group: column(&GROUP),
        })
    }

    fn case(&self, folder: &Path, record: &StringRecord) -> std::result::Result<Case, String> {
        let cell = |column: Option<usize>| {
            column.and_then(|column| record.get(column)).filter(|text| !text.is_empty())
        };
        let file = |column: Option<usize>| -> Option<PathBuf> { cell(column).map(|path| folder.join(path)) };
        let id = cell(Some(self.image)).ok_or("the X-ray's path is empty; fill it in or remove the line")?;
        let (lung, infection) = (file(self.lung), file(self.infection));
        let class = match cell(self.class) {
            Some(word) => Class::from_word(word)
                .ok_or_else(|| format!("'{word}' is no class; use one of COVID-19, Non-COVID, Normal"))?,
            None => Class::assumed(infection.is_some()),
        };
        let split = match cell(self.split) {
            Some(word) => word.parse::<Split>().map_err(|error| error.to_string())?,
            None => Split::Train,
        };
        let mut case = Case::new(id, class, split, folder.join(id));
        if let Some(mask) = lung {
            case = case.with_lung_mask(mask);
        }
        if let Some(mask) = infection {
            case = case.with_infection_mask(mask);
        }
        Ok(match cell(self.group) {
            Some(group) => case.with_group(group),
            None => case,
        })
    }
}
