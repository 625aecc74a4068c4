//! The masks so far as a data set in the layout of COVID-QU-Ex.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use pulmo_core::{Sha256Digest, files, unique_name};
use pulmo_data::{Class, Part, Split};
use pulmo_imaging::FileFormat;
use pulmo_xray::XraySource;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::images::{ImageRecord, read_unchanged, write_list};
use crate::ledger::LEDGER_FILE;
use crate::project::Project;
use crate::state::{Place, Standing};

/// Share of the images outside the test set that is for validation, as in the paper.
const VALIDATION_SHARE: f64 = 0.2;
/// The table of provenance, beside the data.
pub const PROVENANCE_FILE: &str = "provenance.csv";
/// Ending of the masks, and of X-rays that cannot be copied as they are.
const PNG: &str = "png";
/// Keeps the division into training and validation apart from the project's other draws.
const SPLIT_DRAW: u64 = 1 << 32;

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Images with masks per split.
    pub images: BTreeMap<Split, usize>,
    /// The table of provenance.
    pub provenance: PathBuf,
}

/// A row of the table of provenance: the mask, the decision that made it, and the last decision on it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    file: String,
    split: Split,
    class: Class,
    image: &'a str,
    image_sha256: String,
    mask_sha256: String,
    verified: bool,
    network: String,
    made_stage: &'a str,
    made_decision: &'a str,
    made_iteration: u32,
    made_reviewer: &'a str,
    made_time: &'a str,
    made_entry: u64,
    stage: &'a str,
    decision: &'a str,
    iteration: u32,
    dsc_with_proposal: Option<f64>,
    reviewer: &'a str,
    time: &'a str,
    seconds: f64,
    ledger_entry: u64,
}

/// One image with its mask and its way into the data set.
struct Item<'a> {
    record: &'a ImageRecord,
    split: Split,
    name: &'a str,
    verified: bool,
    made: &'a Standing,
    last: &'a Standing,
    mask: Sha256Digest,
}

impl Project {
    /// Writes X-rays and masks so far into `folder` in the layout of COVID-QU-Ex, with a table that says of every
    /// mask where it came from, and a copy of the ledger. Stage IV's sample is the test set; of every class, 20 % are
    /// drawn for validation, whether or not they turn out to be for test. An X-ray that is a DICOM file, or that its file
    /// says to turn, is written as an upright PNG. Exporting again overwrites what has changed,
    /// and removes what was exported before and is no longer so.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] where `folder` holds the project's own X-rays or another project's export; `folder` cannot
    /// be written; an X-ray or mask is not what the ledger has on record.
    pub fn export(&self, folder: impl AsRef<Path>) -> Result<Exported> {
        let folder = folder.as_ref();
        let ledger = self.ledger_bytes()?;
        self.refuse_foreign(folder, &ledger)?;
        // First of all, so that the next export knows the files of one that was interrupted for its own.
        write(&folder.join(LEDGER_FILE), &ledger)?;
        let names = self.file_names();
        let mut rows = Vec::new();
        let mut images = BTreeMap::new();
        let mut written = HashSet::new();
        for item in self.items(&names) {
            let record = item.record;
            let (picture, ending) = picture(record)?;
            let [image, mask] = paths(folder, record, item.split, item.name, &ending);
            write(&image, &picture)?;
            write(&mask, &self.masks().png(item.mask)?)?;
            rows.push(item.row(file_name(&image)));
            written.extend([image, mask]);
            *images.entry(item.split).or_insert(0) += 1;
        }
        self.remove_others(folder, &names, &written)?;
        let provenance = folder.join(PROVENANCE_FILE);
        write_list(&provenance, &rows)?;
        Ok(Exported { images, provenance })
    }

    /// Refuses a folder where exporting would overwrite or remove what this project has not exported.
    fn refuse_foreign(&self, folder: &Path, ledger: &[u8]) -> Result<()> {
        let shown = folder.display();
        if let Ok(root) = folder.canonicalize() {
            if self.folder().canonicalize().is_ok_and(|project| project == root) {
                let reason = format!("'{shown}' is the project itself; export into another folder");
                return Err(Error::out_of_order(reason));
            }
            let seeds = self.seeds().iter().flat_map(|seed| [&seed.image, &seed.mask]);
            let mut sources = self.images().iter().map(|image| &image.file).chain(seeds);
            if let Some(source) = sources.find(|file| file.starts_with(&root) || file.starts_with(folder)) {
                return Err(Error::out_of_order(format!(
                    "'{shown}' holds '{}', of which the project is made; export into another folder",
                    source.display()
                )));
            }
        }
        let first = |bytes: &[u8]| bytes.split(|&byte| byte == b'\n').next().map(<[u8]>::to_vec);
        match std::fs::read(folder.join(LEDGER_FILE)) {
            Ok(there) if first(&there) != first(ledger) => Err(Error::out_of_order(format!(
                "'{shown}' holds the export of another project; export into another folder"
            ))),
            _ => Ok(()),
        }
    }

    /// Removes files that an earlier export of this project wrote and this one did not.
    fn remove_others(&self, folder: &Path, names: &[String], written: &HashSet<PathBuf>) -> Result<()> {
        for (record, name) in self.images().iter().zip(names) {
            let endings = [ending(record), PNG.to_owned()];
            let each =
                Split::ALL.into_iter().flat_map(|split| endings.iter().map(move |ending| (split, ending)));
            for path in each.flat_map(|(split, ending)| paths(folder, record, split, name, ending)) {
                if !written.contains(&path) && path.exists() {
                    std::fs::remove_file(&path).map_err(Error::file("remove", &path))?;
                }
            }
        }
        Ok(())
    }

    /// The images' names as files, each the same however far the loop is.
    fn file_names(&self) -> Vec<String> {
        let mut taken = HashSet::new();
        self.images().iter().map(|image| file_stem(image.id.as_str(), &mut taken)).collect()
    }

    fn items<'a>(&'a self, names: &'a [String]) -> impl Iterator<Item = Item<'a>> {
        let test: HashSet<usize> = self.state().sample().iter().copied().collect();
        let validation = self.validation();
        let images = self.images().iter().zip(names).zip(self.state().images()).enumerate();
        images.filter_map(move |(place, ((record, name), history))| {
            let (mask, last) = history.mask()?;
            let split = match place {
                place if test.contains(&place) => Split::Test,
                place if validation.contains(&place) => Split::Val,
                _ => Split::Train,
            };
            let verified = history.place() == Place::Verified;
            Some(Item { record, split, name, verified, made: history.made().unwrap_or(last), last, mask })
        })
    }

    /// Drawn over all images, masked or not, for test or not, so that it does not depend on how far the loop is.
    fn validation(&self) -> HashSet<usize> {
        let mut drawn = HashSet::new();
        for (number, class) in (0_u64..).zip(Class::ALL) {
            let of_class = self.images().iter().enumerate().filter(|(_, image)| image.class == class);
            let members: Vec<usize> = of_class.map(|(place, _)| place).collect();
            let count = (members.len() as f64 * VALIDATION_SHARE).round() as usize;
            let order = pulmo_data::order(members.len(), self.config().spec().seed, SPLIT_DRAW + number);
            drawn.extend(order.into_iter().take(count).filter_map(|at| members.get(at).copied()));
        }
        drawn
    }
}

impl<'a> Item<'a> {
    fn row(&self, file: String) -> Row<'a> {
        let Standing { seq, time, by, decided } = self.last;
        let made = &self.made.decided;
        let networks: Vec<String> = made.proposed_by().iter().map(ToString::to_string).collect();
        Row {
            file,
            split: self.split,
            class: self.record.class,
            image: self.record.id.as_str(),
            image_sha256: self.record.sha256.to_string(),
            mask_sha256: self.mask.to_string(),
            verified: self.verified,
            network: networks.join(" "),
            made_stage: made.judgement.queue().stage(),
            made_decision: made.judgement.word(),
            made_iteration: made.iteration,
            made_reviewer: self.made.by.as_str(),
            made_time: &self.made.time,
            made_entry: self.made.seq,
            stage: decided.judgement.queue().stage(),
            decision: decided.judgement.word(),
            iteration: decided.iteration,
            dsc_with_proposal: decided.dsc,
            reviewer: by.as_str(),
            time,
            seconds: decided.seconds,
            ledger_entry: *seq,
        }
    }
}

/// An X-ray as it is exported, with its ending: the file itself where that is an upright picture. Of a DICOM file,
/// which names the patient, and of a picture that its file says to turn, which other programs may not do, a PNG of what
/// was reviewed.
fn picture(record: &ImageRecord) -> Result<(Vec<u8>, String)> {
    let bytes = read_unchanged(&record.file, record.sha256)?;
    let source = XraySource::bytes(bytes.as_slice()).named(record.file.display().to_string());
    let (xray, provenance) = source.read_with_provenance()?;
    if provenance.format() == FileFormat::Dicom || provenance.was_reoriented() {
        return Ok((xray.grey().to_png()?, PNG.to_owned()));
    }
    Ok((bytes, ending(record)))
}

/// The ending of the X-ray's file.
fn ending(record: &ImageRecord) -> String {
    record.file.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// X-ray and mask of an image in a split.
fn paths(folder: &Path, record: &ImageRecord, split: Split, name: &str, ending: &str) -> [PathBuf; 2] {
    let folders = Part::LungSegmentation.class_folders(folder, split, record.class);
    [folders.images.join(format!("{name}.{ending}")), folders.lung_masks.join(format!("{name}.{PNG}"))]
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A name for files, unique also where case is not told apart: signs that a file system may refuse become `_`.
fn file_stem(id: &str, taken: &mut HashSet<String>) -> String {
    let plain = |c: char| c.is_alphanumeric() || " ()[]-_".contains(c);
    let stem: String = id.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    unique_name(&stem, taken)
}

/// Writes a file unless it is there already with these bytes.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        files::create_folder(folder)?;
    }
    Ok(files::write(path, bytes)?)
}
