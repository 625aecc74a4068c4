//! How long a network takes: forward passes or training steps, with weights and images drawn from a fixed seed.

use std::fmt;
use std::time::Instant;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Distribution, Int, Tensor};
use pulmo_inference::{InferencePlan, PlanMemory, PlanOptions};
use pulmo_losses::SegmentationLoss;
use pulmo_nn::has_own_kernels;
use pulmo_segmentation::SegmentationConfig;
use serde::{Deserialize, Serialize};

use crate::progress::count;
use crate::{Error, Observer, Result};

/// Seed of weights and images.
const SEED: u64 = 1;
const LEARNING_RATE: f64 = 1e-4;
const MS_PER_SECOND: f64 = 1e3;

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Work {
    /// Images to logits.
    Forward,
    /// Forward pass, cross-entropy, backward pass and a step of Adam.
    Train,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Forward => "forward",
            Self::Train => "train",
        })
    }
}

/// What is timed, how often, and on how many images.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MeasureOptions {
    /// What a run does.
    pub work: Work,
    /// Images in a run, at least 1.
    pub batch: usize,
    /// Side of the images in pixels.
    pub size: usize,
    /// Runs that are timed.
    pub runs: usize,
    /// Runs before them that are not.
    pub warm_up: usize,
    /// How a forward pass on the CPU is planned; `None` runs the network operation by operation, as other devices do.
    pub plan: Option<PlanOptions>,
}

impl MeasureOptions {
    /// Ten runs on one image of 256 x 256 pixels after one to warm up, a forward pass by an inference plan.
    #[must_use]
    pub fn new(work: Work) -> Self {
        Self { work, batch: 1, size: 256, runs: 10, warm_up: 1, plan: Some(PlanOptions::default()) }
    }
}

/// Times of runs, each until its result was read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    runs_ms: Vec<f64>,
    memory: Option<PlanMemory>,
}

impl Measurement {
    /// Milliseconds of each run, in their order.
    #[must_use]
    pub fn runs_ms(&self) -> &[f64] {
        &self.runs_ms
    }

    /// The middle of the runs, or the mean of the two in the middle; `None` without runs.
    #[must_use]
    pub fn median_ms(&self) -> Option<f64> {
        let mut sorted = self.runs_ms.clone();
        sorted.sort_by(f64::total_cmp);
        let upper = *sorted.get(sorted.len() / 2)?;
        match sorted.len() % 2 {
            1 => Some(upper),
            _ => Some((sorted.get(sorted.len() / 2 - 1)? + upper) / 2.0),
        }
    }

    /// The shortest run.
    #[must_use]
    pub fn min_ms(&self) -> Option<f64> {
        self.runs_ms.iter().copied().reduce(f64::min)
    }

    /// The longest run.
    #[must_use]
    pub fn max_ms(&self) -> Option<f64> {
        self.runs_ms.iter().copied().reduce(f64::max)
    }

    /// What the inference plan takes, where there was one.
    #[must_use]
    pub fn memory(&self) -> Option<PlanMemory> {
        self.memory
    }
}

/// Times `network` on `device`. A forward pass is the fastest that the library has unless the options say otherwise; what it
/// prepares beforehand is not timed.
///
/// # Errors
/// Images of that size do not fit the network, or the device fails.
pub fn measure(
    network: &SegmentationConfig,
    options: &MeasureOptions,
    device: &Device,
    observer: &Observer<'_>,
) -> Result<Measurement> {
    network.check_input(options.size, options.size)?;
    device.seed(SEED);
    let run = Measure { network, options, observer };
    match (options.work, &options.plan) {
        (Work::Train, _) => run.training(&device.clone().autodiff()),
        (Work::Forward, Some(plan)) if has_own_kernels(device) => run.plan(plan, device),
        (Work::Forward, _) => run.forward(device),
    }
}

struct Measure<'a> {
    network: &'a SegmentationConfig,
    options: &'a MeasureOptions,
    observer: &'a Observer<'a>,
}

impl Measure<'_> {
    fn plan(&self, choices: &PlanOptions, device: &Device) -> Result<Measurement> {
        let plan = InferencePlan::with_options(&self.network.init(device)?, [self.options.size; 2], choices)?;
        let images: Vec<f32> = self.images(device).try_into_vec_as().map_err(Error::output)?;
        let mut logits = plan.logits(&images)?;
        let memory = Some(plan.memory(self.options.batch));
        let runs_ms = self.timed((), |()| Ok(plan.logits_into(&images, &mut logits)?))?;
        Ok(Measurement { runs_ms, memory })
    }

    fn forward(&self, device: &Device) -> Result<Measurement> {
        let model = self.network.init(device)?;
        let images = self.images(device);
        let runs_ms = self.timed((), |()| {
            model.forward(images.clone()).try_into_data().map_err(Error::output)?;
            Ok(())
        })?;
        Ok(Measurement { runs_ms, memory: None })
    }

    fn training(&self, device: &Device) -> Result<Measurement> {
        let model = self.network.init(device)?.train();
        let mut optimiser = pulmo_training::adam();
        let images = self.images(device);
        let [batch, _, height, width] = images.dims();
        let targets = Tensor::<3>::random([batch, height, width], Distribution::Uniform(0.0, 2.0), device);
        let targets: Tensor<3, Int> = targets.int();
        let runs_ms = self.timed(model, |model| {
            let loss = SegmentationLoss::default().forward(model.forward(images.clone()), targets.clone());
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            let model = optimiser.step(LEARNING_RATE, model, gradients);
            loss.try_into_data().map_err(Error::output)?;
            device.sync().map_err(Error::output)?;
            Ok(model)
        })?;
        Ok(Measurement { runs_ms, memory: None })
    }

    fn images(&self, device: &Device) -> Tensor<4> {
        let MeasureOptions { batch, size, .. } = *self.options;
        let shape = [batch, self.network.encoder.in_channels, size, size];
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
    }

    /// Milliseconds of each run after the warm-up; a run starts from the state that the one before left.
    fn timed<S>(&self, mut state: S, mut run: impl FnMut(S) -> Result<S>) -> Result<Vec<f64>> {
        let MeasureOptions { warm_up, runs, .. } = *self.options;
        let mut times = Vec::with_capacity(runs);
        for index in 0..warm_up + runs {
            let started = Instant::now();
            state = run(state)?;
            if index >= warm_up {
                times.push(started.elapsed().as_secs_f64() * MS_PER_SECOND);
            }
            count(self.observer, "measuring", index + 1, warm_up + runs);
        }
        Ok(times)
    }
}

#[cfg(test)]
mod tests {
    use super::Measurement;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_two() {
        let of = |runs: &[f64]| Measurement { runs_ms: runs.to_vec(), memory: None };
        let odd = of(&[5.0, 1.0, 3.0]);
        assert_eq!((odd.min_ms(), odd.median_ms(), odd.max_ms()), (Some(1.0), Some(3.0), Some(5.0)));
        assert_eq!(of(&[4.0, 1.0, 2.0, 9.0]).median_ms(), Some(3.0));
        assert_eq!(of(&[]).median_ms(), None);
    }
}
