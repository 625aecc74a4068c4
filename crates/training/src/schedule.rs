//! A recipe's learning rates as burn-train wants them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use burn::module::ParamGroup;
use burn::optim::LearningRate;
use burn::optim::lr_scheduler::composed::ComposedLrSchedulerConfig;
use burn::optim::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::optim::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::optim::lr_scheduler::{LrScheduler, LrSchedulerRecord};

use crate::learner::ENCODER;
use crate::{Error, Recipe, Result, Schedule};

/// The warm-up starts at this share of the highest learning rate.
const WARMUP_START: f64 = 0.04;
/// The key under which burn-train keeps the record of a module's only scheduler.
const ONLY: &str = "0";

/// What a plateau has left of the learning rate: a share that the end of an epoch sets and every step reads.
#[derive(Debug, Clone)]
pub(crate) struct Reduction(Arc<AtomicU64>);

impl Default for Reduction {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(1f64.to_bits())))
    }
}

impl Reduction {
    pub(crate) fn set(&self, share: f64) {
        self.0.store(share.to_bits(), Ordering::Relaxed);
    }

    fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }
}

/// The learning rates of a training of `steps` steps.
pub(crate) fn scheduler(recipe: &Recipe, steps: usize, reduction: &Reduction) -> Result<ModuleLrScheduler> {
    let paced = |highest| Paced::new(recipe, highest, steps, reduction.clone());
    let scheduler = ModuleLrScheduler::new(paced(recipe.learning_rate)?);
    if recipe.encoder_rate == 1.0 {
        return Ok(scheduler);
    }
    let encoders = paced(recipe.learning_rate * recipe.encoder_rate)?;
    Ok(scheduler.with_group(ParamGroup::from_predicate(ENCODER), encoders))
}

/// A linear warm-up times what the schedule gives.
#[derive(Clone)]
struct Paced {
    inner: ModuleLrScheduler,
    reduction: Reduction,
}

impl Paced {
    fn new(recipe: &Recipe, highest: f64, steps: usize, reduction: Reduction) -> Result<Self> {
        let warmup = ((steps as f64 * recipe.warmup) as usize).max(1);
        let start = if recipe.warmup == 0.0 { 1.0 } else { WARMUP_START };
        let composed = ComposedLrSchedulerConfig::new();
        let composed = match recipe.schedule {
            Schedule::Cosine => composed.cosine(CosineAnnealingLrSchedulerConfig::new(highest, steps)),
            Schedule::Constant | Schedule::Plateau(_) => composed.constant(highest),
        };
        let inner = composed.linear(LinearLrSchedulerConfig::new(start, 1.0, warmup)).init();
        Ok(Self { inner: inner.map_err(Error::Failed)?, reduction })
    }
}

impl LrScheduler for Paced {
    fn step(&mut self) -> LearningRate {
        self.inner.step().base() * self.reduction.get()
    }

    fn to_record(&self) -> LrSchedulerRecord {
        self.inner.to_record().record(ONLY)
    }

    fn load_record(&mut self, record: LrSchedulerRecord) {
        let record = LrSchedulerRecord::new().with_record(ONLY, record);
        self.inner = self.inner.clone().load_record(record);
    }
}
