//! The project folder.

mod create;
mod decide;

use std::path::{Path, PathBuf};

pub use decide::Receipt;
use pulmo_core::Sha256Digest;
use rayon::prelude::*;

use crate::config::{ProjectConfig, ProjectSpec};
use crate::error::{Error, Result};
use crate::event::{Entry, Event};
use crate::images::{ImageRecord, SeedRecord, read_list, read_unchanged};
use crate::ledger::{Head, LEDGER_FILE, Ledger, Opened, Repair};
use crate::masks::MaskStore;
use crate::name::Reviewer;
use crate::proposer::TrainingPair;
use crate::state::State;

const CONFIG_FILE: &str = "project.json";
const IMAGES_FILE: &str = "images.csv";
const SEEDS_FILE: &str = "seeds.csv";

/// An annotation project: configuration, images, seeds, masks and ledger in one folder.
///
/// Several processes may have a project open at once; [`refresh`](Self::refresh) reads what the others have done, and
/// every change is checked against it.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
    config: ProjectConfig,
    images: Vec<ImageRecord>,
    seeds: Vec<SeedRecord>,
    masks: MaskStore,
    ledger: Ledger,
    state: State,
    repair: Option<Repair>,
    /// The first entry that does not fit, with the reason: nothing behind it can be taken.
    contradiction: Option<(u64, String)>,
}

impl Project {
    /// Opens a project, checks the whole chain of its ledger and every file that the ledger has on record but the
    /// images and masks, which are checked when they are used. A torn tail is repaired; see
    /// [`repair`](Self::repair).
    ///
    /// # Errors
    /// [`Error::NotAProject`]; [`Error::Tampered`] and [`Error::Contradiction`] with the entry; [`Error::Changed`],
    /// [`Error::SchemaVersion`], [`Error::Core`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        if !folder.join(LEDGER_FILE).is_file() {
            return Err(Error::NotAProject { path: folder.to_owned() });
        }
        let opened = Ledger::open(folder)?;
        let Some(Entry { event: Event::Created { config, images, seeds }, .. }) = opened.entries.first()
        else {
            return Err(Error::NotAProject { path: folder.to_owned() });
        };
        let config = read_config(&folder.join(CONFIG_FILE), *config)?;
        let images: Vec<ImageRecord> = read_list(&folder.join(IMAGES_FILE), *images)?;
        let seeds: Vec<SeedRecord> = read_list(&folder.join(SEEDS_FILE), *seeds)?;
        let mut state = State::new(&images, seeds.len());
        for entry in &opened.entries {
            state.replay(entry, &config)?;
        }
        let masks = MaskStore::in_project(folder);
        let Opened { ledger, repair, .. } = opened;
        let folder = folder.to_owned();
        Ok(Self { folder, config, images, seeds, masks, ledger, state, repair, contradiction: None })
    }

    /// Reads what others have done since.
    ///
    /// # Errors
    /// As [`open`](Self::open); [`Error::Contradiction`] again and again once there was one.
    pub fn refresh(&mut self) -> Result<()> {
        let Self { ledger, state, config, contradiction, .. } = self;
        replay(state, config, contradiction, &ledger.refresh()?)
    }

    /// Records an event if it can happen now; when this returns, it is on the disk.
    pub(crate) fn record(&mut self, by: &Reviewer, event: Event) -> Result<(Entry, Sha256Digest)> {
        self.record_if(by, event, |_| Ok(()))
    }

    /// As [`record`](Self::record), if `holds` says so of the state with all that others have done.
    pub(crate) fn record_if(
        &mut self,
        by: &Reviewer,
        event: Event,
        holds: impl FnOnce(&State) -> Result<()>,
    ) -> Result<(Entry, Sha256Digest)> {
        let Self { ledger, state, config, contradiction, .. } = self;
        let (entry, hash) = ledger.append(by, |new| {
            replay(state, config, contradiction, &new)?;
            state.check(&event, by, config)?;
            holds(state)?;
            Ok(event)
        })?;
        state.apply(&entry);
        Ok((entry, hash))
    }

    /// The ledger up to the last entry that this project has taken.
    pub(crate) fn ledger_bytes(&self) -> Result<Vec<u8>> {
        self.ledger.bytes()
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the project is set to do.
    #[must_use]
    pub fn config(&self) -> &ProjectConfig {
        &self.config
    }

    /// The images, in the order of their list.
    #[must_use]
    pub fn images(&self) -> &[ImageRecord] {
        &self.images
    }

    /// The seeds.
    #[must_use]
    pub fn seeds(&self) -> &[SeedRecord] {
        &self.seeds
    }

    /// The masks.
    #[must_use]
    pub fn masks(&self) -> &MaskStore {
        &self.masks
    }

    /// What has happened so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What opening had to repair at the ledger's end.
    #[must_use]
    pub fn repair(&self) -> Option<&Repair> {
        self.repair.as_ref()
    }

    /// The ledger's end: number of entries and last hash.
    #[must_use]
    pub fn head(&self) -> Head {
        self.ledger.head()
    }

    /// Seeds and masks so far, as networks learn from them; every file is checked against its recorded hash.
    ///
    /// # Errors
    /// [`Error::Changed`], [`Error::NoSuchMask`], [`Error::Core`].
    pub fn training_pairs(&self) -> Result<Vec<TrainingPair>> {
        let seeds: Result<Vec<TrainingPair>> = self.seeds.par_iter().map(SeedRecord::pair).collect();
        let masked: Result<Vec<TrainingPair>> = self
            .state
            .masks()
            .into_par_iter()
            .map(|(place, mask)| {
                let image = self.images.get(place);
                let image = image.ok_or_else(|| Error::NoSuchImage { image: place.to_string() })?;
                image.check_file()?;
                Ok(TrainingPair { image: image.file.clone(), mask: self.masks.checked(mask)? })
            })
            .collect();
        Ok([seeds?, masked?].concat())
    }
}

/// Takes entries that others have written; what does not fit is remembered, since it is read but once.
fn replay(
    state: &mut State,
    config: &ProjectConfig,
    contradiction: &mut Option<(u64, String)>,
    entries: &[Entry],
) -> Result<()> {
    if let Some((entry, reason)) = contradiction {
        return Err(Error::Contradiction { entry: *entry, reason: reason.clone() });
    }
    for entry in entries {
        state.replay(entry, config).inspect_err(|error| {
            if let Error::Contradiction { entry, reason } = error {
                *contradiction = Some((*entry, reason.clone()));
            }
        })?;
    }
    Ok(())
}

fn read_config(path: &Path, recorded: Sha256Digest) -> Result<ProjectConfig> {
    let bytes = read_unchanged(path, recorded)?;
    let spec: ProjectSpec = serde_json::from_slice(&bytes)
        .map_err(|error| Error::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    ProjectConfig::new(spec)
}
