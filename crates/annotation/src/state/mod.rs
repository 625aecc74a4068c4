//! What the ledger's entries amount to.

mod apply;
mod check;
mod image;

use std::collections::HashMap;

pub use check::MAX_SECONDS;
pub use image::{Assignment, History, Place, Standing};
use pulmo_core::Sha256Digest;

use crate::config::ProjectConfig;
use crate::decision::Queue;
use crate::error::{Error, Result};
use crate::event::{CandidateScore, Entry};
use crate::images::ImageRecord;
use crate::name::{ImageId, ProposerName, Reviewer};

/// How far a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Stage I: the segmentation network is to be chosen.
    Seeding,
    /// Stage II: batches.
    Batches,
    /// Stage III: the panel proposes for all the rest.
    Panel,
    /// Stage II again, for the images that Stage III denied.
    Denied,
    /// Stage IV: the sample is verified.
    Verification,
    /// All four stages are done.
    Complete,
}

impl Phase {
    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Seeding => "Stage I: candidate networks",
            Self::Batches => "Stage II: batches",
            Self::Panel => "Stage III: panel",
            Self::Denied => "Stage II: denied images",
            Self::Verification => "Stage IV: verification",
            Self::Complete => "complete",
        }
    }
}

/// What was recorded of a batch of Stage II.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRecord {
    /// Its number, from 1.
    pub iteration: u32,
    /// Who proposed.
    pub network: ProposerName,
    /// Number of images.
    pub images: usize,
    /// Whether the network has learned from it; its decisions are then final.
    pub closed: bool,
}

/// The sum of a ledger.
#[derive(Debug, Clone)]
pub struct State {
    pub(crate) index: HashMap<ImageId, usize>,
    hashes: Vec<Sha256Digest>,
    seeds: usize,
    pub(crate) images: Vec<History>,
    pub(crate) phase: Phase,
    pub(crate) segmenter: Option<ProposerName>,
    pub(crate) candidates: Vec<CandidateScore>,
    pub(crate) batches: Vec<BatchRecord>,
    pub(crate) panel: Vec<ProposerName>,
    pub(crate) sample: Vec<usize>,
    /// The image of every decision, undone ones included.
    decided: HashMap<u64, usize>,
    undone: usize,
    entries: u64,
}

impl State {
    pub(crate) fn new(images: &[ImageRecord], seeds: usize) -> Self {
        Self {
            index: images.iter().enumerate().map(|(place, image)| (image.id.clone(), place)).collect(),
            hashes: images.iter().map(|image| image.sha256).collect(),
            seeds,
            images: vec![History::default(); images.len()],
            phase: Phase::Seeding,
            segmenter: None,
            candidates: Vec::new(),
            batches: Vec::new(),
            panel: Vec::new(),
            sample: Vec::new(),
            decided: HashMap::new(),
            undone: 0,
            entries: 0,
        }
    }

    /// Takes an entry that was read.
    pub(crate) fn replay(&mut self, entry: &Entry, config: &ProjectConfig) -> Result<()> {
        self.check(&entry.event, &entry.by, config)
            .map_err(|error| Error::Contradiction { entry: entry.seq, reason: error.to_string() })?;
        self.apply(entry);
        Ok(())
    }

    /// How far the project is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The histories of the images, in the order of the project's list.
    #[must_use]
    pub fn images(&self) -> &[History] {
        &self.images
    }

    /// The segmentation network, once Stage I has chosen it.
    #[must_use]
    pub fn segmenter(&self) -> Option<&ProposerName> {
        self.segmenter.as_ref()
    }

    /// The candidates of Stage I with their figures.
    #[must_use]
    pub fn candidates(&self) -> &[CandidateScore] {
        &self.candidates
    }

    /// The batches of Stage II, oldest first.
    #[must_use]
    pub fn batches(&self) -> &[BatchRecord] {
        &self.batches
    }

    /// The networks of Stage III, in the order of their places.
    #[must_use]
    pub fn panel(&self) -> &[ProposerName] {
        &self.panel
    }

    /// The images of Stage IV's sample, which become the test set.
    #[must_use]
    pub fn sample(&self) -> &[usize] {
        &self.sample
    }

    /// How many decisions were taken back.
    #[must_use]
    pub fn undone(&self) -> usize {
        self.undone
    }

    /// Number of the newest batch, 0 before the first.
    #[must_use]
    pub fn iteration(&self) -> u32 {
        self.batches.last().map_or(0, |batch| batch.iteration)
    }

    /// The batch that is being reviewed.
    #[must_use]
    pub fn open_batch(&self) -> Option<&BatchRecord> {
        self.batches.last().filter(|batch| !batch.closed)
    }

    /// The images at a place, in the project's order.
    pub fn at(&self, place: Place) -> impl Iterator<Item = usize> {
        self.images.iter().enumerate().filter(move |(_, image)| image.place() == place).map(|(at, _)| at)
    }

    /// How many images wait in a queue.
    #[must_use]
    pub fn waiting_in(&self, queue: Queue) -> usize {
        self.at(Place::Open(queue)).count()
    }

    /// Picks per network of the panel, in its order.
    #[must_use]
    pub fn picks(&self) -> Vec<usize> {
        let mut picks = vec![0; self.panel.len()];
        for standing in self.images.iter().flat_map(History::decisions) {
            if let crate::Judgement::Panel(crate::PanelVerdict::Pick(place)) = standing.decided.judgement
                && let Some(count) = place.checked_sub(1).and_then(|place| picks.get_mut(place))
            {
                *count += 1;
            }
        }
        picks
    }

    /// The masks so far with the places of their images.
    #[must_use]
    pub(crate) fn masks(&self) -> Vec<(usize, Sha256Digest)> {
        let images = self.images.iter().enumerate();
        images.filter_map(|(place, image)| Some((place, image.mask()?.0))).collect()
    }

    /// The network of the panel that was picked most often, the first of several; the segmentation network of Stage II
    /// where none was picked.
    #[must_use]
    pub(crate) fn winner(&self) -> Option<&ProposerName> {
        let picks = self.picks();
        let best = picks.iter().max().filter(|most| **most > 0);
        let place = best.and_then(|most| picks.iter().position(|picks| picks == most));
        place.map_or(self.segmenter.as_ref(), |place| self.panel.get(place))
    }

    /// The newest decision of a reviewer that stands, with its image.
    #[must_use]
    pub(crate) fn last_of(&self, by: &Reviewer) -> Option<(u64, usize)> {
        let own = self.images.iter().enumerate().flat_map(|(image, history)| {
            history
                .decisions()
                .filter(|standing| standing.by == *by)
                .map(move |standing| (standing.seq, image))
        });
        own.max()
    }
}
