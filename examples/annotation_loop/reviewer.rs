//! A reviewer and a doctor who know the true masks.

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use pulmo::annotation::{
    BatchDecision, BatchTask, DoctorDecision, DoctorTask, ImageId, PanelDecision, PanelTask, Project,
    Reviewer, VerificationDecision, VerificationTask,
};
use pulmo::data::Case;
use pulmo::imaging::Mask;

/// When a proposal is taken, by its DSC with the true mask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    accept: f64,
    unsure: f64,
    deny: f64,
}

impl Rules {
    pub(crate) fn new(accept: f64, unsure: f64, deny: f64) -> Result<Self, String> {
        for (name, value) in [("--accept", accept), ("--unsure", unsure), ("--deny", deny)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(format!("{name} is {value}; it has to be from 0 to 1"));
            }
        }
        Ok(Self { accept, unsure, deny })
    }
}

/// Simulated people.
pub(crate) struct Simulated {
    rules: Rules,
    truth: HashMap<ImageId, PathBuf>,
    reviewer: Reviewer,
    doctor: Reviewer,
}

impl Simulated {
    pub(crate) fn new(rules: Rules, cases: &[Case]) -> Result<Self, Box<dyn Error>> {
        let truth = cases.iter().map(|case| {
            let mask = case.lung_mask().ok_or_else(|| format!("{} has no lung mask", case.id()))?;
            Ok((ImageId::new(case.id())?, mask.to_owned()))
        });
        Ok(Self {
            rules,
            truth: truth.collect::<Result<_, Box<dyn Error>>>()?,
            reviewer: Reviewer::new("simulated reviewer")?,
            doctor: Reviewer::new("simulated doctor")?,
        })
    }

    /// The true mask of an image.
    pub(crate) fn truth(&self, image: &ImageId) -> Result<Mask, Box<dyn Error>> {
        Ok(Mask::open(self.truth.get(image).ok_or("the image is not of this data set")?)?)
    }

    /// Decides everything that waits.
    pub(crate) fn work(&self, project: &mut Project) -> Result<(), Box<dyn Error>> {
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
    fn best(
        &self,
        project: &Project,
        image: &ImageId,
        proposals: &[pulmo::annotation::Digest],
    ) -> Result<(Mask, (usize, f64)), Box<dyn Error>> {
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
