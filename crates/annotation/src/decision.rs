//! What a person can decide, a type per queue, so that one queue's answer cannot be given to another.

use pulmo_imaging::Mask;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A reviewer's answer to a proposal of Stage II (Tahir et al. 2021).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchDecision {
    /// The proposal stands.
    Accept,
    /// The proposal was wrong; this is the corrected mask.
    Reject(Mask),
    /// A doctor has to look.
    Unsure,
    /// The image is too bad to be in the set.
    Exclude,
}

/// A doctor's answer to an image a reviewer was unsure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoctorDecision {
    /// The proposal stands.
    Accept,
    /// The mask as the doctor adjusted it.
    Adjust(Mask),
    /// The image is too bad to be in the set.
    Exclude,
}

/// A reviewer's answer to the proposals of Stage III (Tahir et al. 2021).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelDecision {
    /// The best proposal by its place, counted from 1.
    Pick(usize),
    /// None will do; the image goes through Stage II.
    Deny,
}

/// A doctor's answer in Stage IV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerificationDecision {
    /// The mask is right.
    Confirm,
    /// The mask was wrong; this is the corrected one.
    Correct(Mask),
    /// The image is too bad to be in the set.
    Exclude,
}

/// A decision as the ledger holds it; masks are beside it, by hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// In a batch of Stage II.
    Batch(BatchVerdict),
    /// In the doctor's queue of Stage II.
    Doctor(DoctorVerdict),
    /// In Stage III.
    Panel(PanelVerdict),
    /// In Stage IV.
    Verification(VerificationVerdict),
}

/// [`BatchDecision`] without its mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchVerdict {
    /// As [`BatchDecision::Accept`].
    Accept,
    /// As [`BatchDecision::Reject`].
    Reject,
    /// As [`BatchDecision::Unsure`].
    Unsure,
    /// As [`BatchDecision::Exclude`].
    Exclude,
}

/// [`DoctorDecision`] without its mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoctorVerdict {
    /// As [`DoctorDecision::Accept`].
    Accept,
    /// As [`DoctorDecision::Adjust`].
    Adjust,
    /// As [`DoctorDecision::Exclude`].
    Exclude,
}

/// [`PanelDecision`]; a place counts from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelVerdict {
    /// As [`PanelDecision::Pick`].
    Pick(usize),
    /// As [`PanelDecision::Deny`].
    Deny,
}

/// [`VerificationDecision`] without its mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerificationVerdict {
    /// As [`VerificationDecision::Confirm`].
    Confirm,
    /// As [`VerificationDecision::Correct`].
    Correct,
    /// As [`VerificationDecision::Exclude`].
    Exclude,
}

/// The proposal at a place that counts from 1.
pub(crate) fn picked<T>(proposals: &[T], place: usize) -> Result<&T> {
    let found = place.checked_sub(1).and_then(|at| proposals.get(at));
    found.ok_or(Error::NoSuchProposal { place, proposals: proposals.len() })
}

impl Judgement {
    /// The queue it was given in.
    #[must_use]
    pub fn queue(self) -> Queue {
        match self {
            Self::Batch(_) => Queue::Batch,
            Self::Doctor(_) => Queue::Doctor,
            Self::Panel(_) => Queue::Panel,
            Self::Verification(_) => Queue::Verification,
        }
    }

    /// One word: accept, reject, unsure, exclude, adjust, pick, deny, confirm or correct.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Batch(BatchVerdict::Accept) | Self::Doctor(DoctorVerdict::Accept) => "accept",
            Self::Batch(BatchVerdict::Reject) => "reject",
            Self::Batch(BatchVerdict::Unsure) => "unsure",
            Self::Batch(BatchVerdict::Exclude)
            | Self::Doctor(DoctorVerdict::Exclude)
            | Self::Verification(VerificationVerdict::Exclude) => "exclude",
            Self::Doctor(DoctorVerdict::Adjust) => "adjust",
            Self::Panel(PanelVerdict::Pick(_)) => "pick",
            Self::Panel(PanelVerdict::Deny) => "deny",
            Self::Verification(VerificationVerdict::Confirm) => "confirm",
            Self::Verification(VerificationVerdict::Correct) => "correct",
        }
    }

    /// Whether the image leaves the set.
    #[must_use]
    pub fn excludes(self) -> bool {
        self.word() == "exclude"
    }

    /// Whether a mask belongs to the decision.
    #[must_use]
    pub fn has_mask(self) -> bool {
        !matches!(self.word(), "unsure" | "exclude" | "deny")
    }

    /// Whether a person had to draw the mask.
    #[must_use]
    pub fn is_correction(self) -> bool {
        matches!(self.word(), "reject" | "adjust" | "correct")
    }
}

/// Where images wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Stage II: proposals of the segmentation network.
    Batch,
    /// Stage II: images that a reviewer was unsure of.
    Doctor,
    /// Stage III: proposals of the panel.
    Panel,
    /// Stage IV: the sample to verify.
    Verification,
}

impl Queue {
    /// All queues, in the order of the stages.
    pub const ALL: [Self; 4] = [Self::Batch, Self::Doctor, Self::Panel, Self::Verification];

    /// The stage's number as the paper writes it.
    #[must_use]
    pub fn stage(self) -> &'static str {
        match self {
            Self::Batch | Self::Doctor => "II",
            Self::Panel => "III",
            Self::Verification => "IV",
        }
    }

    /// Whether a doctor has to decide.
    #[must_use]
    pub fn needs_doctor(self) -> bool {
        matches!(self, Self::Doctor | Self::Verification)
    }

    /// The name in files and addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Doctor => "doctor",
            Self::Panel => "panel",
            Self::Verification => "verification",
        }
    }
}
