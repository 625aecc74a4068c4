//! Whether an event can happen in a state.

use super::{History, Phase, Place, State};
use crate::config::ProjectConfig;
use crate::decision::{Judgement, PanelVerdict, Queue, picked};
use crate::error::{Error, Result};
use crate::event::{Decided, Event, PanelProposal, Proposal};
use crate::name::{ImageId, ProposerName, Reviewer};

/// Longest time on one image in seconds: a day.
pub const MAX_SECONDS: f64 = 86_400.0;

impl State {
    /// Refuses an event that cannot happen now.
    pub(crate) fn check(&self, event: &Event, by: &Reviewer, config: &ProjectConfig) -> Result<()> {
        if (self.entries == 0) != matches!(event, Event::Created { .. }) {
            return Err(Error::out_of_order("a project begins with its creation, once"));
        }
        match event {
            Event::Created { .. } => Ok(()),
            Event::NetworkChosen { candidates, chosen } => {
                self.due("choosing the segmentation network", &[Phase::Seeding])?;
                let named = candidates.iter().any(|candidate| candidate.network == *chosen);
                ensure(named, || format!("{chosen} was chosen, but is no candidate"))
            }
            Event::BatchProposed { iteration, proposals, .. } => self.check_batch(*iteration, proposals),
            Event::Retrained { iteration, masks, .. } => {
                self.check_retrained(*iteration)?;
                self.learned("the network has learned", *masks)
            }
            Event::PanelOpened { networks, masks } => {
                self.due("opening Stage III", &[Phase::Batches])?;
                self.no_open_batch("Stage III cannot begin")?;
                ensure(!networks.is_empty(), || "a panel needs networks".to_owned())?;
                self.learned("the panel has learned", *masks)
            }
            Event::PanelProposed { proposals } => self.check_panel(proposals),
            Event::PanelClosed { winner, picks, denied } => self.check_panel_closed(winner, picks, *denied),
            Event::SampleDrawn { images } => self.check_sample(images),
            Event::Completed {} => {
                self.due("completing the project", &[Phase::Verification])?;
                ensure(self.is_settled(), || "images of the sample still wait to be verified".to_owned())
            }
            Event::Decided(decided) => self.check_decided(decided, by, config),
            Event::Undone { entry } => self.check_undone(*entry, by),
        }
    }

    fn check_batch(&self, iteration: u32, proposals: &[Proposal]) -> Result<()> {
        self.due("proposing a batch", &[Phase::Batches, Phase::Denied])?;
        self.no_open_batch("the next batch cannot be proposed")?;
        let next = self.iteration() + 1;
        ensure(iteration == next, || format!("the next batch is {next}, not {iteration}"))?;
        let from = if self.phase == Phase::Denied { Place::Denied } else { Place::Waiting };
        ensure(!proposals.is_empty(), || "a batch needs images".to_owned())?;
        self.each_once(proposals.iter().map(|proposal| &proposal.image), from)
    }

    fn check_retrained(&self, iteration: u32) -> Result<()> {
        let open = self.open_batch().ok_or_else(|| Error::out_of_order("no batch is open"))?;
        ensure(open.iteration == iteration, || format!("batch {} is open, not {iteration}", open.iteration))?;
        ensure(self.is_settled(), || {
            let (batch, doctor) = (self.waiting_in(Queue::Batch), self.waiting_in(Queue::Doctor));
            format!(
                "batch {iteration} is not reviewed: {batch} images wait for a reviewer and {doctor} for a doctor"
            )
        })
    }

    fn check_panel(&self, proposals: &[PanelProposal]) -> Result<()> {
        self.due("proposing in Stage III", &[Phase::Panel])?;
        let places = self.panel.len();
        let full = proposals.iter().all(|proposal| proposal.masks.len() == places);
        ensure(full, || format!("every image of Stage III needs {places} proposals"))?;
        self.each_once(proposals.iter().map(|proposal| &proposal.image), Place::Waiting)
    }

    fn check_panel_closed(&self, winner: &ProposerName, picks: &[usize], denied: usize) -> Result<()> {
        self.due("closing Stage III", &[Phase::Panel])?;
        ensure(self.is_settled(), || {
            "Stage III cannot close: images still wait for proposals or for a pick".to_owned()
        })?;
        ensure(self.winner() == Some(winner), || format!("{winner} was not picked most often"))?;
        let found = self.picks();
        ensure(found == picks, || format!("the picks are {found:?}, not {picks:?}"))?;
        let found = self.at(Place::Denied).count();
        ensure(found == denied, || format!("{found} images were denied, not {denied}"))
    }

    /// How many masks there were to learn from, seeds included.
    fn learned(&self, what: &str, masks: usize) -> Result<()> {
        let there = self.seeds + self.masks().len();
        ensure(masks == there, || {
            format!("{what} from {masks} masks, but there are {there}; let it learn again")
        })
    }

    fn check_sample(&self, images: &[ImageId]) -> Result<()> {
        self.due("drawing the sample", &[Phase::Batches, Phase::Denied])?;
        self.no_open_batch("the sample cannot be drawn")?;
        let waiting = self.at(Place::Waiting).count();
        ensure(waiting == 0, || format!("{waiting} images wait for proposals"))?;
        let denied = self.at(Place::Denied).count();
        ensure(denied == 0, || format!("{denied} denied images have to go through Stage II first"))?;
        ensure(!images.is_empty(), || "the sample is empty".to_owned())?;
        self.each_once(images.iter(), Place::Masked)
    }

    fn check_decided(&self, decided: &Decided, by: &Reviewer, config: &ProjectConfig) -> Result<()> {
        let (place, history) = self.find(&decided.image)?;
        let queue = decided.judgement.queue();
        let open = history.waiting_in(&decided.image, queue)?;
        if queue.needs_doctor() && !config.is_doctor(by) {
            return Err(Error::NotADoctor { reviewer: by.clone() });
        }
        ensure(self.hashes.get(place) == Some(&decided.sha256), || {
            format!("image '{}' has another hash", decided.image)
        })?;
        let same: &[ProposerName] = &open.networks;
        ensure(same == decided.networks && open.iteration == decided.iteration, || {
            format!("other proposals were shown for image '{}'", decided.image)
        })?;
        if !(0.0..=MAX_SECONDS).contains(&decided.seconds) {
            return Err(Error::Seconds { seconds: decided.seconds, most: MAX_SECONDS });
        }
        ensure(decided.mask.is_some() == decided.judgement.has_mask(), || {
            format!("'{}' goes with a mask, or without", decided.judgement.word())
        })?;
        match decided.judgement {
            Judgement::Panel(PanelVerdict::Pick(place)) => {
                let picked = picked(&open.masks, place)?;
                ensure(decided.mask == Some(*picked), || format!("proposal {place} is another mask"))
            }
            judgement if matches!(judgement.word(), "accept" | "confirm") => {
                ensure(decided.mask == open.masks.first().copied(), || {
                    "what was accepted is not what was proposed".to_owned()
                })
            }
            _ => Ok(()),
        }
    }

    fn check_undone(&self, entry: u64, by: &Reviewer) -> Result<()> {
        let nothing = |reason: String| Error::NothingToUndo { reason };
        let image = self.decided.get(&entry).and_then(|&place| self.images.get(place));
        let history = image.ok_or_else(|| nothing(format!("entry {entry} is no decision")))?;
        let last = history.last_decision().filter(|last| last.seq == entry);
        let last = last
            .ok_or_else(|| nothing(format!("entry {entry} is undone already, or was decided upon since")))?;
        if last.by != *by {
            return Err(nothing(format!(
                "entry {entry} is a decision of {}, who alone may undo it",
                last.by
            )));
        }
        let open = match last.decided.judgement.queue() {
            Queue::Batch | Queue::Doctor => {
                self.open_batch().is_some_and(|batch| batch.iteration == last.decided.iteration)
            }
            Queue::Panel => self.phase == Phase::Panel,
            Queue::Verification => self.phase == Phase::Verification,
        };
        if open { Ok(()) } else { Err(nothing(format!("the networks have learned from entry {entry}"))) }
    }

    fn due(&self, what: &str, phases: &[Phase]) -> Result<()> {
        ensure(phases.contains(&self.phase), || {
            let due: Vec<&str> = phases.iter().map(|phase| phase.title()).collect();
            format!("{what} is for {}, but the project is at {}", due.join(" and "), self.phase.title())
        })
    }

    fn no_open_batch(&self, what: &str) -> Result<()> {
        match self.open_batch() {
            None => Ok(()),
            Some(batch) => Err(Error::out_of_order(format!(
                "{what}: batch {} is open; review it and retrain",
                batch.iteration
            ))),
        }
    }

    fn each_once<'a>(&self, images: impl Iterator<Item = &'a ImageId>, from: Place) -> Result<()> {
        let mut seen = std::collections::HashSet::new();
        for image in images {
            let (place, history) = self.find(image)?;
            ensure(seen.insert(place), || format!("image '{image}' is named twice"))?;
            ensure(history.place() == from, || {
                format!("image '{image}' is at {:?}, but has to be at {from:?}", history.place())
            })?;
        }
        Ok(())
    }

    pub(crate) fn find(&self, image: &ImageId) -> Result<(usize, &History)> {
        let place = self.index.get(image).copied();
        let found = place.and_then(|place| Some((place, self.images.get(place)?)));
        found.ok_or_else(|| Error::NoSuchImage { image: image.to_string() })
    }
}

fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<()> {
    if holds { Ok(()) } else { Err(Error::out_of_order(reason())) }
}
