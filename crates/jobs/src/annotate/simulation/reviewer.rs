//! A reviewer and a doctor who know the true masks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use pulmo_annotation::{
    BatchDecision, BatchTask, Digest, DoctorDecision, DoctorTask, ImageId, PanelDecision, PanelTask, Project,
    Reviewer, VerificationDecision, VerificationTask,
};
use pulmo_data::{Case, Error as DataError, Task};
use pulmo_imaging::Mask;

use crate::{Error, Result};

/// When simulated reviewers take a proposal, by its DSC with the true mask, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// They take a proposal from here on.
    pub accept: f64,
    /// They are unsure, and ask the doctor, this close below it.
    pub unsure: f64,
    /// They deny all proposals of the panel below this.
    pub deny: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { accept: 0.95, unsure: 0.005, deny: 0.92 }
    }
}

impl Rules {
    pub(super) fn check(self) -> Result<()> {
        for (name, value) in [("accept", self.accept), ("unsure", self.unsure), ("deny", self.deny)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::Rule { name, value });
            }
        }
        Ok(())
    }
}

/// Simulated people.
pub(super) struct Simulated {
    rules: Rules,
    truth: HashMap<ImageId, PathBuf>,
    reviewer: Reviewer,
    doctor: Reviewer,
}

impl Simulated {
    pub(super) fn new(rules: Rules, cases: &[Case]) -> Result<Self> {
        let truth = cases.iter().map(|case| {
            let missing = || DataError::MissingMask { id: case.id().to_owned(), kind: Task::Lung };
            let mask = case.lung_mask().ok_or_else(missing)?;
            Ok((ImageId::new(case.id())?, mask.to_owned()))
        });
        Ok(Self {
            rules,
            truth: truth.collect::<Result<_>>()?,
            reviewer: Reviewer::new("simulated reviewer")?,
            doctor: Reviewer::new("simulated doctor")?,
        })
    }

    /// The true mask of an image.
    pub(super) fn truth(&self, image: &ImageId) -> Result<Mask> {
        let missing = || DataError::MissingMask { id: image.to_string(), kind: Task::Lung };
        Ok(Mask::open(self.truth.get(image).ok_or_else(missing)?)?)
    }

    /// Decides everything that waits.
    pub(super) fn work(&self, project: &mut Project) -> Result<()> {
        let spent = Duration::ZERO;
        for task in project.tasks().collect::<Vec<BatchTask>>() {
            let (truth, dsc) = self.best(project, &task.image().id, task.masks())?;
            let decision = match dsc {
                (_, dsc) if dsc >= self.rules.accept => BatchDecision::Accept,
                (_, dsc) if dsc >= self.rules.accept - self.rules.unsure => BatchDecision::Unsure,
                _ => BatchDecision::Reject(truth),
            };
            project.decide(&task, decision, &self.reviewer, spent)?;
        }
        for task in project.tasks().collect::<Vec<DoctorTask>>() {
            let truth = self.truth(&task.image().id)?;
            project.decide(&task, DoctorDecision::Adjust(truth), &self.doctor, spent)?;
        }
        for task in project.tasks().collect::<Vec<PanelTask>>() {
            let (_, (place, dsc)) = self.best(project, &task.image().id, task.masks())?;
            let decision =
                if dsc >= self.rules.deny { PanelDecision::Pick(place) } else { PanelDecision::Deny };
            project.decide(&task, decision, &self.reviewer, spent)?;
        }
        for task in project.tasks().collect::<Vec<VerificationTask>>() {
            let (truth, (_, dsc)) = self.best(project, &task.image().id, task.masks())?;
            let decision = if dsc >= self.rules.accept {
                VerificationDecision::Confirm
            } else {
                VerificationDecision::Correct(truth)
            };
            project.decide(&task, decision, &self.doctor, spent)?;
        }
        Ok(())
    }

    /// The true mask, and place (from 1) and DSC of the proposal that is nearest to it.
    fn best(&self, project: &Project, image: &ImageId, proposals: &[Digest]) -> Result<(Mask, (usize, f64))> {
        let truth = self.truth(image)?;
        let mut best = (0, -1.0);
        for (place, digest) in proposals.iter().enumerate() {
            let dsc = project.masks().get(*digest)?.dice(&truth)?;
            if dsc > best.1 {
                best = (place + 1, dsc);
            }
        }
        Ok((truth, best))
    }
}
