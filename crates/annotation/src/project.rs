//! The project folder.

use std::collections::HashSet;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pulmo_core::{Sha256Digest, files};
use rayon::prelude::*;

use crate::config::{ProjectConfig, ProjectSpec};
use crate::decision::{Queue, picked};
use crate::error::{Error, Result};
use crate::event::{Decided, Entry, Event};
use crate::images::{
    ImageRecord, NewImage, NewSeed, SeedRecord, measure, read_list, read_unchanged, write_list,
};
use crate::ledger::{Head, LEDGER_FILE, Ledger, Opened, Repair};
use crate::masks::{MASK_FOLDER, MaskStore};
use crate::name::Reviewer;
use crate::proposer::TrainingPair;
use crate::state::{History, Place, State};
use crate::statistics::Statistics;
use crate::task::{Kind, MaskSource, Task};

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
    /// The first entry that does not fit, with the reason: nothing after it can be taken.
    contradiction: Option<(u64, String)>,
}

/// A confirmed decision: it is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Sequence number of its ledger entry.
    pub seq: u64,
    /// Hash of the entry.
    pub hash: Sha256Digest,
    /// The resulting mask, if there is one.
    pub mask: Option<Sha256Digest>,
}

impl Project {
    /// Makes a project in `folder`, which may be there, but must not hold a project. Images and seeds stay where they
    /// are; the project records their hashes. `progress` is called from any thread with the number of files measured
    /// and the number of all.
    ///
    /// # Errors
    /// [`Error::Occupied`]; no image, no seed, or an image named twice; [`Error::Unusable`] with every file that cannot
    /// be decoded or is too large, and seed masks that are empty, soft, or of another size; [`Error::Core`].
    pub fn create(
        folder: impl AsRef<Path>,
        config: ProjectConfig,
        images: &[NewImage],
        seeds: &[NewSeed],
        by: &Reviewer,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self> {
        let folder = folder.as_ref();
        refuse_occupied(folder)?;
        check_images(images, seeds)?;
        let (images, seeds) = measure(images, seeds, progress)?;
        files::create_folder(&folder.join(MASK_FOLDER))?;
        let (ledger, created) = Ledger::begin(folder, by, || {
            let event = Event::Created {
                config: write_config(&folder.join(CONFIG_FILE), &config)?,
                images: write_list(&folder.join(IMAGES_FILE), &images)?,
                seeds: write_list(&folder.join(SEEDS_FILE), &seeds)?,
            };
            Ok(event)
        })?;
        let mut state = State::new(&images, seeds.len());
        state.apply(&created);
        Ok(Self {
            folder: folder.to_owned(),
            config,
            images,
            seeds,
            masks: MaskStore::in_project(folder),
            ledger,
            state,
            repair: None,
            contradiction: None,
        })
    }

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

    /// The images that wait in a queue, in the project's order.
    pub fn tasks<K: Kind>(&self) -> impl Iterator<Item = Task<K>> {
        self.state.at(Place::Open(K::QUEUE)).filter_map(|place| self.task(place).ok())
    }

    /// One image that waits in a queue.
    ///
    /// # Errors
    /// There is no such image, or it does not wait there.
    pub fn task<K: Kind>(&self, place: usize) -> Result<Task<K>> {
        let found = self.images.get(place).zip(self.state.images().get(place));
        let (image, history) = found.ok_or_else(|| Error::NoSuchImage { image: place.to_string() })?;
        let open = history.waiting_in(&image.id, K::QUEUE)?;
        Ok(Task {
            place,
            image: image.clone(),
            iteration: open.iteration,
            networks: open.networks.clone(),
            masks: open.masks.clone(),
            kind: PhantomData,
        })
    }

    /// Records a decision. When this returns, mask and entry are on the disk, and no crash can lose them.
    ///
    /// A queue takes its own decisions alone:
    ///
    /// ```compile_fail,E0308
    /// # fn wrong(project: &mut pulmo_annotation::Project, task: &pulmo_annotation::BatchTask,
    /// #          by: &pulmo_annotation::Reviewer) {
    /// use pulmo_annotation::PanelDecision;
    /// project.decide(task, PanelDecision::Pick(2), by, std::time::Duration::ZERO);
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::AlreadyDecided`], [`Error::NotADoctor`], [`Error::MaskSize`], [`Error::NoSuchProposal`],
    /// [`Error::Seconds`], [`Error::Core`]; nothing is then recorded.
    pub fn decide<K: Kind>(
        &mut self,
        task: &Task<K>,
        decision: K::Decision,
        by: &Reviewer,
        spent: Duration,
    ) -> Result<Receipt> {
        let (judgement, source) = K::rule(decision);
        let (mask, dsc) = match source {
            MaskSource::None => (None, None),
            MaskSource::Proposal(place) => (Some(*picked(&task.masks, place)?), Some(1.0)),
            MaskSource::Drawn(mask) => {
                task.image.check_mask(&mask)?;
                let shown = task.masks.first().ok_or_else(|| Error::out_of_order("nothing was proposed"))?;
                let dsc = self.masks.get(*shown)?.dice(&mask)?;
                (Some(self.masks.put(&mask)?), Some(dsc))
            }
        };
        let decided = Decided {
            image: task.image.id.clone(),
            sha256: task.image.sha256,
            iteration: task.iteration,
            networks: task.networks.clone(),
            judgement,
            mask,
            dsc,
            seconds: spent.as_secs_f64(),
        };
        let (entry, hash) = self.record(by, Event::Decided(decided))?;
        Ok(Receipt { seq: entry.seq, hash, mask })
    }

    /// Takes back the newest decision of a reviewer by an entry that says so; the image waits in its queue again.
    /// Returns the image's place and the queue.
    ///
    /// # Errors
    /// [`Error::NothingToUndo`] where the reviewer has none, or the newest cannot be taken back: the networks have
    /// learned from it, or a doctor has decided since. An older one is never taken back in its place.
    pub fn undo_last(&mut self, by: &Reviewer) -> Result<(usize, Queue)> {
        self.refresh()?;
        let last = self.state.last_of(by);
        let (seq, place) =
            last.ok_or_else(|| Error::NothingToUndo { reason: format!("no decision of {by} is on record") })?;
        self.record(by, Event::Undone { entry: seq })?;
        match self.state.images().get(place).map(History::place) {
            Some(Place::Open(queue)) => Ok((place, queue)),
            _ => Err(Error::NothingToUndo { reason: format!("image {place} was decided again meanwhile") }),
        }
    }

    /// The figures as of now; call [`refresh`](Self::refresh) first where others work too.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        Statistics::of(&self.state)
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

/// Says before the images are measured what [`Ledger::begin`] would say after.
fn refuse_occupied(folder: &Path) -> Result<()> {
    if folder.join(LEDGER_FILE).exists() && !Ledger::open(folder)?.entries.is_empty() {
        return Err(Error::Occupied { path: folder.to_owned() });
    }
    Ok(())
}

fn check_images(images: &[NewImage], seeds: &[NewSeed]) -> Result<()> {
    let refuse = |reason: &str| Err(Error::Images { reason: reason.to_owned() });
    if images.is_empty() {
        return refuse("there are no images to annotate; give a folder that holds some");
    }
    if seeds.is_empty() {
        return refuse("there are no seed masks; Stage I needs X-rays whose masks are known");
    }
    let mut seen = HashSet::new();
    match images.iter().find(|image| !seen.insert(&image.id)) {
        None => Ok(()),
        Some(image) => refuse(&format!("image '{}' occurs twice; names have to be unique", image.id)),
    }
}

fn write_config(path: &Path, config: &ProjectConfig) -> Result<Sha256Digest> {
    let text = serde_json::to_string_pretty(config.spec())
        .map_err(|error| Error::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    let bytes = (text + "\n").into_bytes();
    files::write(path, &bytes)?;
    Ok(Sha256Digest::of(&bytes))
}

fn read_config(path: &Path, recorded: Sha256Digest) -> Result<ProjectConfig> {
    let bytes = read_unchanged(path, recorded)?;
    let spec: ProjectSpec = serde_json::from_slice(&bytes)
        .map_err(|error| Error::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    ProjectConfig::new(spec)
}
