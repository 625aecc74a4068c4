//! What is laid before a person: a type per queue.

use std::marker::PhantomData;

use pulmo_core::Sha256Digest;
use pulmo_imaging::Mask;

use crate::decision::{
    BatchDecision, BatchVerdict, DoctorDecision, DoctorVerdict, Judgement, PanelDecision, PanelVerdict,
    Queue, VerificationDecision, VerificationVerdict,
};
use crate::images::ImageRecord;
use crate::name::ProposerName;

/// A queue at the level of types. Implemented by [`Batch`], [`Doctor`], [`Panel`] and [`Verification`] alone.
pub trait Kind: sealed::Sealed {
    /// What a person can answer.
    type Decision;
    /// The same as a value.
    const QUEUE: Queue;
    /// The answer as the ledger holds it, and where its mask comes from.
    #[doc(hidden)]
    fn rule(decision: Self::Decision) -> (Judgement, MaskSource);
}

/// Where a decision's mask comes from.
#[doc(hidden)]
#[derive(Debug)]
pub enum MaskSource {
    /// It has none.
    None,
    /// The proposal at a place, from 1.
    Proposal(usize),
    /// A person drew it.
    Drawn(Mask),
}

/// Stage II: a batch.
#[derive(Debug, Clone, Copy)]
pub enum Batch {}
/// Stage II: the doctor's queue.
#[derive(Debug, Clone, Copy)]
pub enum Doctor {}
/// Stage III: the panel.
#[derive(Debug, Clone, Copy)]
pub enum Panel {}
/// Stage IV: verification.
#[derive(Debug, Clone, Copy)]
pub enum Verification {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Batch {}
    impl Sealed for super::Doctor {}
    impl Sealed for super::Panel {}
    impl Sealed for super::Verification {}
}

/// An image that waits for a person in a queue.
#[derive(Debug, Clone)]
pub struct Task<K: Kind> {
    pub(crate) place: usize,
    pub(crate) image: ImageRecord,
    pub(crate) iteration: u32,
    pub(crate) networks: Vec<ProposerName>,
    pub(crate) masks: Vec<Sha256Digest>,
    pub(crate) kind: PhantomData<K>,
}

/// A proposal of a batch to accept, reject, exclude or be unsure of.
pub type BatchTask = Task<Batch>;
/// An image that a reviewer was unsure of.
pub type DoctorTask = Task<Doctor>;
/// Proposals to pick from.
pub type PanelTask = Task<Panel>;
/// A mask to verify.
pub type VerificationTask = Task<Verification>;

impl<K: Kind> Task<K> {
    /// The image's place in the project's list.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// The image.
    #[must_use]
    pub fn image(&self) -> &ImageRecord {
        &self.image
    }

    /// Number of the batch; in Stages III and IV that of the last one before.
    #[must_use]
    pub fn iteration(&self) -> u32 {
        self.iteration
    }

    /// Who proposed; in Stage IV whose proposal the mask came from.
    #[must_use]
    pub fn networks(&self) -> &[ProposerName] {
        &self.networks
    }

    /// The masks to judge: one, or one per network of the panel.
    #[must_use]
    pub fn masks(&self) -> &[Sha256Digest] {
        &self.masks
    }
}

impl Kind for Batch {
    type Decision = BatchDecision;
    const QUEUE: Queue = Queue::Batch;

    fn rule(decision: BatchDecision) -> (Judgement, MaskSource) {
        let (verdict, mask) = match decision {
            BatchDecision::Accept => (BatchVerdict::Accept, MaskSource::Proposal(1)),
            BatchDecision::Reject(mask) => (BatchVerdict::Reject, MaskSource::Drawn(mask)),
            BatchDecision::Unsure => (BatchVerdict::Unsure, MaskSource::None),
            BatchDecision::Exclude => (BatchVerdict::Exclude, MaskSource::None),
        };
        (Judgement::Batch(verdict), mask)
    }
}

impl Kind for Doctor {
    type Decision = DoctorDecision;
    const QUEUE: Queue = Queue::Doctor;

    fn rule(decision: DoctorDecision) -> (Judgement, MaskSource) {
        let (verdict, mask) = match decision {
            DoctorDecision::Accept => (DoctorVerdict::Accept, MaskSource::Proposal(1)),
            DoctorDecision::Adjust(mask) => (DoctorVerdict::Adjust, MaskSource::Drawn(mask)),
            DoctorDecision::Exclude => (DoctorVerdict::Exclude, MaskSource::None),
        };
        (Judgement::Doctor(verdict), mask)
    }
}

impl Kind for Panel {
    type Decision = PanelDecision;
    const QUEUE: Queue = Queue::Panel;

    fn rule(decision: PanelDecision) -> (Judgement, MaskSource) {
        let (verdict, mask) = match decision {
            PanelDecision::Pick(place) => (PanelVerdict::Pick(place), MaskSource::Proposal(place)),
            PanelDecision::Deny => (PanelVerdict::Deny, MaskSource::None),
        };
        (Judgement::Panel(verdict), mask)
    }
}

impl Kind for Verification {
    type Decision = VerificationDecision;
    const QUEUE: Queue = Queue::Verification;

    fn rule(decision: VerificationDecision) -> (Judgement, MaskSource) {
        let (verdict, mask) = match decision {
            VerificationDecision::Confirm => (VerificationVerdict::Confirm, MaskSource::Proposal(1)),
            VerificationDecision::Correct(mask) => (VerificationVerdict::Correct, MaskSource::Drawn(mask)),
            VerificationDecision::Exclude => (VerificationVerdict::Exclude, MaskSource::None),
        };
        (Judgement::Verification(verdict), mask)
    }
}
