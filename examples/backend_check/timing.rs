//! How long a forward pass and a training step take.

use std::error::Error;
use std::time::Instant;

use burn::optim::GradientsParams;
use burn::tensor::{Distribution, Int, Tensor};
use pulmo::losses::SegmentationLoss;
use pulmo::prelude::*;
use serde::{Deserialize, Serialize};

const CHANNELS: usize = 3;
const LEARNING_RATE: f64 = 1e-4;

/// What is timed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Work {
    /// Side of the images.
    pub(crate) size: usize,
    /// Images at once.
    pub(crate) batch: usize,
    /// Timed runs, after one to warm up.
    pub(crate) runs: usize,
}

impl Work {
    fn input(self, device: &Device) -> Tensor<4> {
        let shape = [self.batch, CHANNELS, self.size, self.size];
        Tensor::random(shape, Distribution::Uniform(0.0, 1.0), device)
    }

    /// Median milliseconds of a forward pass; `None` without runs.
    pub(crate) fn forward_ms(
        self,
        network: &SegmentationConfig,
        device: &Device,
    ) -> Result<Option<f64>, Box<dyn Error>> {
        let model = network.init(device)?;
        let x = self.input(device);
        self.median_ms(device, || {
            model.forward(x.clone());
        })
    }

    /// Median milliseconds of forward, backward and a step of Adam; `None` without runs.
    pub(crate) fn step_ms(
        self,
        network: &SegmentationConfig,
        device: &Device,
    ) -> Result<Option<f64>, Box<dyn Error>> {
        let device = device.clone().autodiff();
        let x = self.input(&device);
        let target = Tensor::<3, Int>::zeros([self.batch, self.size, self.size], &device);
        let mut optimizer = pulmo::training::adam();
        let mut model = Some(network.init(&device)?);
        self.median_ms(&device, || {
            model = model.take().map(|model| {
                let loss = SegmentationLoss::default().forward(model.forward(x.clone()), target.clone());
                let gradients = GradientsParams::from_grads(loss.backward(), &model);
                optimizer.step(LEARNING_RATE, model, gradients)
            });
        })
    }

    fn median_ms(self, device: &Device, mut run: impl FnMut()) -> Result<Option<f64>, Box<dyn Error>> {
        if self.runs == 0 {
            return Ok(None);
        }
        run();
        device.sync()?;
        let mut times = Vec::with_capacity(self.runs);
        for _ in 0..self.runs {
            let start = Instant::now();
            run();
            device.sync()?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        Ok(times.get(times.len() / 2).copied())
    }
}
