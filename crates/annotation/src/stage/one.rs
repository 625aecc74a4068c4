//! Stage I: candidate networks learn the seed masks, the best by DSC is chosen.

use super::StageTwo;
use crate::error::{Error, Result};
use crate::event::{CandidateScore, Event};
use crate::name::{ProposerName, Reviewer};
use crate::project::Project;
use crate::proposer::{Desk, Progress, Proposer, TrainingPair, Work};

/// Share of the seeds that candidates are measured on and not trained on (ours; the paper's text does not say).
pub const SEED_VALIDATION_SHARE: f64 = 0.2;

/// Stage I of a project.
#[derive(Debug)]
pub struct StageOne<'p> {
    pub(super) project: &'p mut Project,
    pub(super) by: Reviewer,
}

impl<'p> StageOne<'p> {
    /// Trains every candidate on 80 % of the seeds, measures it by mean DSC on the others, and makes the best one the
    /// segmentation network, trained on all of them.
    ///
    /// # Errors
    /// There are fewer than two seeds, one of their files was changed, or a network fails.
    pub fn choose<P: Proposer>(
        self,
        proposer: &mut P,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<StageTwo<'p>> {
        let mut desk = Desk::new(proposer, progress);
        let spec = self.project.config().spec().clone();
        let (train, valid) = self.split(spec.seed)?;
        let all = self.project.training_pairs()?;
        let pairs: Vec<TrainingPair> = train.iter().filter_map(|&seed| all.get(seed).cloned()).collect();
        let mut scores = Vec::with_capacity(spec.candidates.len());
        for network in &spec.candidates {
            desk.forget(network)?;
            desk.train(network, &pairs)?;
            let dsc = self.measure(&mut desk, network, &valid)?;
            scores.push(CandidateScore { network: network.clone(), dsc });
        }
        let best = scores.iter().reduce(|best, next| if next.dsc > best.dsc { next } else { best });
        let chosen = best.map(|best| best.network.clone());
        let chosen = chosen.ok_or_else(|| Error::out_of_order("a project needs candidates"))?;
        desk.train(&chosen, &all)?;
        self.project.record(&self.by, Event::NetworkChosen { candidates: scores, chosen })?;
        Ok(StageTwo { project: self.project, by: self.by })
    }

    /// Places of the seeds to train and to measure on.
    fn split(&self, seed: u64) -> Result<(Vec<usize>, Vec<usize>)> {
        let seeds = self.project.seeds().len();
        if seeds < 2 {
            return Err(Error::Images {
                reason: "there is one seed mask; comparing candidates needs two or more".to_owned(),
            });
        }
        let mut order = pulmo_data::order(seeds, seed, 0);
        let valid = ((seeds as f64 * SEED_VALIDATION_SHARE).round() as usize).clamp(1, seeds - 1);
        let valid = order.split_off(seeds - valid);
        Ok((order, valid))
    }

    fn measure<P: Proposer>(
        &self,
        desk: &mut Desk<'_, P>,
        network: &ProposerName,
        places: &[usize],
    ) -> Result<f64> {
        let mut sum = 0.0;
        for (done, &place) in places.iter().enumerate() {
            desk.report(Work::Comparing(network), done, places.len());
            let Some(seed) = self.project.seeds().get(place) else { continue };
            let truth = seed.open_mask()?;
            sum += desk.propose(network, &seed.image)?.dice(&truth)?;
        }
        desk.report(Work::Comparing(network), places.len(), places.len());
        Ok(sum / places.len() as f64)
    }
}
