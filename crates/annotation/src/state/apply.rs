//! Taking an entry whose event has been checked.

use pulmo_core::Sha256Digest;

use super::{Assignment, BatchRecord, Phase, Place, Standing, State};
use crate::decision::Queue;
use crate::event::{Decided, Entry, Event};
use crate::name::{ImageId, ProposerName};

impl State {
    pub(crate) fn apply(&mut self, entry: &Entry) {
        self.entries = entry.seq + 1;
        match &entry.event {
            Event::Created { .. } => {}
            Event::NetworkChosen { candidates, chosen } => {
                self.candidates.clone_from(candidates);
                self.segmenter = Some(chosen.clone());
                self.phase = Phase::Batches;
            }
            Event::BatchProposed { iteration, network, proposals, .. } => {
                for proposal in proposals {
                    let shown = std::slice::from_ref(network);
                    self.assign(&proposal.image, Queue::Batch, *iteration, shown, vec![proposal.mask]);
                }
                self.batches.push(BatchRecord {
                    iteration: *iteration,
                    network: network.clone(),
                    images: proposals.len(),
                    closed: false,
                });
            }
            Event::Retrained { .. } => {
                if let Some(batch) = self.batches.last_mut() {
                    batch.closed = true;
                }
            }
            Event::PanelOpened { networks, .. } => {
                self.panel.clone_from(networks);
                self.phase = Phase::Panel;
            }
            Event::PanelProposed { proposals } => {
                let (iteration, networks) = (self.iteration(), self.panel.clone());
                for proposal in proposals {
                    let masks = proposal.masks.clone();
                    self.assign(&proposal.image, Queue::Panel, iteration, &networks, masks);
                }
            }
            Event::PanelClosed { winner, .. } => {
                self.segmenter = Some(winner.clone());
                self.phase = Phase::Denied;
            }
            Event::SampleDrawn { images } => {
                self.phase = Phase::Verification;
                let iteration = self.iteration();
                for image in images {
                    let Some(&place) = self.index.get(image) else { continue };
                    let made = self.images.get(place).and_then(|history| history.mask());
                    let Some((mask, standing)) = made else { continue };
                    let networks = standing.decided.proposed_by().to_vec();
                    self.assign(image, Queue::Verification, iteration, &networks, vec![mask]);
                    self.sample.push(place);
                }
            }
            Event::Completed {} => self.phase = Phase::Complete,
            Event::Decided(decided) => self.decide(entry, decided),
            Event::Undone { entry: undone } => self.undo(*undone),
        }
    }

    fn assign(
        &mut self,
        image: &ImageId,
        queue: Queue,
        iteration: u32,
        networks: &[ProposerName],
        masks: Vec<Sha256Digest>,
    ) {
        let place = self.index.get(image).copied();
        if let Some(history) = place.and_then(|place| self.images.get_mut(place)) {
            let networks = networks.to_vec();
            history.assignments.push(Assignment { queue, iteration, networks, masks, decisions: Vec::new() });
        }
    }

    fn decide(&mut self, entry: &Entry, decided: &Decided) {
        let Some(&place) = self.index.get(&decided.image) else { return };
        let open = self.images.get_mut(place).and_then(|history| history.assignments.last_mut());
        if let Some(assignment) = open {
            assignment.decisions.push(Standing {
                seq: entry.seq,
                time: entry.time.clone(),
                by: entry.by.clone(),
                decided: decided.clone(),
            });
            self.decided.insert(entry.seq, place);
        }
    }

    fn undo(&mut self, entry: u64) {
        let image = self.decided.get(&entry).and_then(|&place| self.images.get_mut(place));
        if let Some(assignment) = image.and_then(|history| history.assignments.last_mut()) {
            assignment.decisions.pop();
            self.undone += 1;
        }
    }

    /// Whether every image has been decided, so that Stage IV's sample can be drawn.
    pub(crate) fn awaits_sample(&self) -> bool {
        let is_final = |place: Place| matches!(place, Place::Masked | Place::Excluded);
        matches!(self.phase, Phase::Batches | Phase::Denied)
            && self.open_batch().is_none()
            && self.images.iter().all(|image| is_final(image.place()))
    }

    /// Whether nothing of the phase is left to be decided or proposed.
    pub(crate) fn is_settled(&self) -> bool {
        let is_open = |place: &Place| match self.phase {
            Phase::Panel => matches!(place, Place::Open(_) | Place::Waiting),
            _ => matches!(place, Place::Open(_)),
        };
        !self.images.iter().any(|image| is_open(&image.place()))
    }
}
