//! Sources that are CSV manifests.

use std::path::{Path, PathBuf};

use csv::StringRecord;
use pulmo_data::Split;

use super::{ClassLabel, Found};
use crate::classes::{ClassWords, normalised};
use crate::error::{Error, Result};
use crate::source::{Source, source_name};
use crate::write::slashed;

/// Names of a column, the first one the usual; case and punctuation do not matter.
const IMAGE: [&str; 4] = ["image", "file", "path", "filename"];
const CLASS: [&str; 4] = ["class", "cls", "label", "diagnosis"];
const SPLIT: [&str; 1] = ["split"];
const LUNG: [&str; 2] = ["lung", "lungmask"];
const INFECTION: [&str; 2] = ["infection", "infectionmask"];
const SOURCE: [&str; 1] = ["source"];
const CONVENTION: [&str; 1] = ["lungconvention"];
const LICENCE: [&str; 2] = ["licence", "license"];

/// The X-rays of a manifest, in its order; paths are relative to its folder.
pub(super) fn find(source: &Source, words: &ClassWords) -> Result<Vec<Found>> {
    let path = source.path();
    let failed = |error: csv::Error| Error::Manifest {
        path: path.to_owned(),
        line: error.position().map_or(1, csv::Position::line),
        reason: error.to_string(),
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(failed)?;
    let columns = Columns::of(path, reader.headers().map_err(failed)?)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let line = record.position().map_or(0, csv::Position::line);
        let refuse = |reason: String| Error::Manifest { path: path.to_owned(), line, reason };
        found.push(columns.row(source, folder, &record, words).map_err(refuse)?);
    }
    Ok(found)
}

struct Columns {
    image: usize,
    class: Option<usize>,
    split: Option<usize>,
    lung: Option<usize>,
    infection: Option<usize>,
    source: Option<usize>,
    convention: Option<usize>,
    licence: Option<usize>,
}

impl Columns {
    fn of(path: &Path, headers: &StringRecord) -> Result<Self> {
        let names: Vec<String> = headers.iter().map(normalised).collect();
        let column =
            |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
        let image = column(&IMAGE).ok_or_else(|| Error::Manifest {
            path: path.to_owned(),
            line: 1,
            reason: "there is no column 'image'; name the column of the X-rays' paths so".to_owned(),
        })?;
        Ok(Self {
            image,
            class: column(&CLASS),
            split: column(&SPLIT),
            lung: column(&LUNG),
            infection: column(&INFECTION),
            source: column(&SOURCE),
            convention: column(&CONVENTION),
            licence: column(&LICENCE),
        })
    }

    fn row(
        &self,
        source: &Source,
        folder: &Path,
        record: &StringRecord,
        words: &ClassWords,
    ) -> std::result::Result<Found, String> {
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
        let file = |column: Option<usize>| -> Option<PathBuf> {
            Some(cell(column)).filter(|path| !path.is_empty()).map(|path| folder.join(path))
        };
        let origin = cell(Some(self.image));
        let image =
            file(Some(self.image)).ok_or("the X-ray's path is empty; fill it in or remove the line")?;
        let class = match cell(self.class) {
            "" => ClassLabel::of(source.class()),
            word => words.class(word).map_or_else(|| ClassLabel::Unknown(word.to_owned()), ClassLabel::Known),
        };
        let split = match cell(self.split) {
            "" => None,
            word => Some(word.parse::<Split>().map_err(|error| error.to_string())?),
        };
        let name = match cell(self.source) {
            "" => source.name().to_owned(),
            name => source_name(name).map_err(|error| error.to_string())?,
        };
        Ok(Found {
            source: name,
            origin: within(folder, origin),
            image,
            class,
            split,
            lung: file(self.lung),
            infection: file(self.infection),
            lung_convention: cell(self.convention).to_owned(),
            licence: cell(self.licence).to_owned(),
        })
    }
}

/// The path as the manifest has it, with `/` between folders and without the manifest's own folder.
fn within(folder: &Path, path: &str) -> String {
    let below = Path::new(path).strip_prefix(folder).ok().filter(|_| folder != Path::new(""));
    below.map_or_else(|| path.replace('\\', "/"), slashed)
}
