//! What the ledger records.

use pulmo_core::Sha256Digest;
use serde::{Deserialize, Serialize};

use crate::config::Selection;
use crate::decision::{Judgement, PanelVerdict, picked};
use crate::name::{ImageId, ProposerName, Reviewer};

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Sequence number, from 0 without gaps.
    pub seq: u64,
    /// When it was recorded, UTC, as in RFC 3339.
    pub time: String,
    /// Who decided, or who ran the step.
    pub by: Reviewer,
    /// The hash of the entry before, 64 zeros for the first.
    pub previous: Sha256Digest,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Event {
    /// The project was made of these files.
    Created {
        /// Hash of `project.json`.
        config: Sha256Digest,
        /// Hash of `images.csv`.
        images: Sha256Digest,
        /// Hash of `seeds.csv`.
        seeds: Sha256Digest,
    },
    /// Stage I: the candidates were compared.
    NetworkChosen {
        /// Every candidate with its figure.
        candidates: Vec<CandidateScore>,
        /// The best of them.
        chosen: ProposerName,
    },
    /// Stage II: a batch waits for review.
    BatchProposed {
        /// The batch's number, from 1.
        iteration: u32,
        /// Who proposed.
        network: ProposerName,
        /// How the images were chosen.
        selection: Selection,
        /// The proposals.
        proposals: Vec<Proposal>,
    },
    /// Stage II: the batch is closed and the network has learned from it.
    Retrained {
        /// The batch's number.
        iteration: u32,
        /// The network.
        network: ProposerName,
        /// Masks it was trained on, seeds included.
        masks: usize,
    },
    /// Stage III begins.
    PanelOpened {
        /// The networks in the order of their places.
        networks: Vec<ProposerName>,
        /// Masks they were trained on, seeds included.
        masks: usize,
    },
    /// Stage III: more images wait for a pick.
    PanelProposed {
        /// The proposals, one mask per network.
        proposals: Vec<PanelProposal>,
    },
    /// Stage III is over.
    PanelClosed {
        /// The network picked most often, retrained on all masks.
        winner: ProposerName,
        /// Picks in the order of the panel.
        picks: Vec<usize>,
        /// Images of which every proposal was denied.
        denied: usize,
    },
    /// Stage IV: the sample was drawn.
    SampleDrawn {
        /// The images to verify.
        images: Vec<ImageId>,
    },
    /// Stage IV is over.
    Completed {},
    /// A person decided.
    Decided(Decided),
    /// A decision was taken back.
    Undone {
        /// The sequence number of the decision.
        entry: u64,
    },
}

/// Stage I: a candidate's figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CandidateScore {
    /// The network.
    pub network: ProposerName,
    /// Mean DSC on the seed masks it was not trained on, in [0, 1].
    pub dsc: f64,
}

/// A mask that a network proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The image.
    pub image: ImageId,
    /// The mask in the store.
    pub mask: Sha256Digest,
}

/// The masks that the panel proposes for an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PanelProposal {
    /// The image.
    pub image: ImageId,
    /// The masks in the store, in the order of the panel.
    pub masks: Vec<Sha256Digest>,
}

/// A person's decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// The image.
    pub image: ImageId,
    /// Hash of the image file.
    pub sha256: Sha256Digest,
    /// The batch's number; in Stages III and IV that of the last batch before.
    pub iteration: u32,
    /// The networks whose proposals were shown.
    pub networks: Vec<ProposerName>,
    /// The decision and the queue it was given in.
    pub judgement: Judgement,
    /// The resulting mask in the store; none for unsure, exclude and deny.
    pub mask: Option<Sha256Digest>,
    /// DSC of the resulting mask with what was shown, in [0, 1]; 1 where it was taken as it was.
    pub dsc: Option<f64>,
    /// Time spent on the image in seconds.
    pub seconds: f64,
}

impl Decided {
    /// The networks that made the proposal in question: of a panel, the one that was picked.
    #[must_use]
    pub fn proposed_by(&self) -> &[ProposerName] {
        match self.judgement {
            Judgement::Panel(PanelVerdict::Pick(place)) => {
                picked(&self.networks, place).map_or(&[], std::slice::from_ref)
            }
            _ => &self.networks,
        }
    }
}
