//! The masks so far as a data set in the layout of COVID-QU-Ex.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use pulmo_data::{Class, Part, Split};
use pulmo_imaging::write_atomically;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::images::{read_unchanged, write_list};
use crate::ledger::LEDGER_FILE;
use crate::project::Project;
use crate::state::{Place, Standing};

/// Share of the images outside the test set that is for validation, as in the paper.
const VALIDATION_SHARE: f64 = 0.2;
/// The table of provenance, beside the data.
pub const PROVENANCE_FILE: &str = "provenance.csv";
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

/// A row of the table of provenance.
#[derive(Debug, Serialize)]
struct Row<'a> {
    file: String,
    split: Split,
    class: Class,
    image: &'a str,
    image_sha256: String,
    mask_sha256: String,
    verified: bool,
    stage: &'a str,
    decision: &'a str,
    iteration: u32,
    network: String,
    dsc_with_proposal: Option<f64>,
    reviewer: &'a str,
    time: &'a str,
    seconds: f64,
    ledger_entry: u64,
}

/// One image with its mask and its way into the data set.
struct Item<'a> {
    place: usize,
    split: Split,
    name: String,
    standing: &'a Standing,
    mask: crate::Digest,
}

impl Project {
    /// Writes X-rays and masks so far into `folder` in the layout of COVID-QU-Ex, with a table that says of every
    /// mask where it came from, and a copy of the ledger. Stage IV's sample is the test set; of the rest 20 % of every
    /// class are for validation. Exporting again overwrites what has changed.
    ///
    /// # Errors
    /// `folder` cannot be written; an X-ray or mask is not what the ledger has on record.
    pub fn export(&self, folder: impl AsRef<Path>) -> Result<Exported> {
        let folder = folder.as_ref();
        let part = Part::LungSegmentation.folder();
        let root = folder.join(part).join(part);
        let items = self.items();
        let mut rows = Vec::with_capacity(items.len());
        let mut images = BTreeMap::new();
        for item in &items {
            let Some(record) = self.images().get(item.place) else { continue };
            let class = root.join(item.split.folder()).join(record.class.folder());
            let ending = record.file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            let file = format!("{}.{ending}", item.name);
            write(&class.join("images").join(&file), &read_unchanged(&record.file, record.sha256)?)?;
            let mask = class.join("lung masks").join(format!("{}.png", item.name));
            write(&mask, &self.masks().png(item.mask)?)?;
            *images.entry(item.split).or_insert(0) += 1;
            rows.push(self.row(item, file));
        }
        let ledger = self.folder().join(LEDGER_FILE);
        let bytes = std::fs::read(&ledger).map_err(Error::file("read", &ledger))?;
        write(&folder.join(LEDGER_FILE), &bytes)?;
        let provenance = folder.join(PROVENANCE_FILE);
        write_list(&provenance, &rows)?;
        Ok(Exported { images, provenance })
    }

    fn items(&self) -> Vec<Item<'_>> {
        let test: HashSet<usize> = self.state().sample().iter().copied().collect();
        let validation = self.validation(&test);
        let mut names = HashSet::new();
        let histories = self.state().images().iter().enumerate();
        let masked = histories.filter_map(|(place, history)| Some((place, history.mask()?)));
        masked
            .filter_map(|(place, (mask, standing))| {
                let split = match place {
                    place if test.contains(&place) => Split::Test,
                    place if validation.contains(&place) => Split::Val,
                    _ => Split::Train,
                };
                let name = file_stem(self.images().get(place)?.id.as_str(), &mut names);
                Some(Item { place, split, name, standing, mask })
            })
            .collect()
    }

    /// Drawn over all images outside the test set, masked or not, so that it does not depend on how far the loop is.
    fn validation(&self, test: &HashSet<usize>) -> HashSet<usize> {
        let mut drawn = HashSet::new();
        for (number, class) in (0_u64..).zip(Class::ALL) {
            let of_class = self.images().iter().enumerate().filter(|(_, image)| image.class == class);
            let members: Vec<usize> =
                of_class.map(|(place, _)| place).filter(|place| !test.contains(place)).collect();
            let count = (members.len() as f64 * VALIDATION_SHARE).round() as usize;
            let order = pulmo_data::order(members.len(), self.config().spec().seed, SPLIT_DRAW + number);
            drawn.extend(order.into_iter().take(count).filter_map(|at| members.get(at).copied()));
        }
        drawn
    }

    fn row<'a>(&'a self, item: &Item<'a>, file: String) -> Row<'a> {
        let Standing { seq, time, by, decided } = item.standing;
        let image = &self.images()[item.place];
        let place = self.state().images().get(item.place).map(crate::History::place);
        let network = match decided.judgement {
            crate::Judgement::Panel(crate::PanelVerdict::Pick(pick)) => {
                decided.networks.get(pick.saturating_sub(1)).map(ToString::to_string).unwrap_or_default()
            }
            _ => decided.networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        };
        Row {
            file,
            split: item.split,
            class: image.class,
            image: image.id.as_str(),
            image_sha256: image.sha256.to_string(),
            mask_sha256: item.mask.to_string(),
            verified: place == Some(Place::Verified),
            stage: decided.judgement.queue().stage(),
            decision: decided.judgement.word(),
            iteration: decided.iteration,
            network,
            dsc_with_proposal: decided.dsc,
            reviewer: by.as_str(),
            time,
            seconds: decided.seconds,
            ledger_entry: *seq,
        }
    }
}

/// A name for files, unique also where case is not told apart: signs that a file system may refuse become `_`.
fn file_stem(id: &str, taken: &mut HashSet<String>) -> String {
    let plain = |c: char| c.is_alphanumeric() || " ()[]-_".contains(c);
    let stem: String = id.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut name = stem.clone();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem}-{number}");
        number += 1;
    }
    name
}

/// Writes a file unless it is there already with these bytes.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    }
    write_atomically(path, bytes).map_err(Error::file("write", path))
}
