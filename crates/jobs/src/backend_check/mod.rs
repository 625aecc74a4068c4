//! Whether a device computes what it should, and how fast: every network forward, backward and through a step of Adam,
//! against the figures of PyTorch and of the CPU.

mod figures;

use burn::tensor::Device;
use pulmo_segmentation::SegmentationConfig;

pub use figures::{BackendReport, CheckedNetwork, Figures, Timing};

use crate::measure::{MeasureOptions, Work, measure};
use crate::reference::{self, Gradients, Statistics, Training, gradient_deviation};
use crate::{Error, Result};

/// Every network that there is a reference of.
///
/// # Errors
/// None, unless the library was built from damaged files.
pub fn checkable_networks() -> Result<Vec<SegmentationConfig>> {
    Ok(reference::logits()?.keys().map(str::parse).collect::<std::result::Result<_, _>>()?)
}

/// All figures of `network` on `device`; gradients are compared with those on `cpu`, if there is one.
///
/// # Errors
/// [`Error::NoReference`], images of the timing's size do not fit the network, or the device fails.
pub fn check_backend(
    network: &SegmentationConfig,
    device: &Device,
    cpu: Option<&Device>,
    timing: Timing,
) -> Result<Figures> {
    let logits = logits_deviation(network, device)?;
    let trained = trained(network, Statistics::Running, device)?;
    let expected = cpu.map(|cpu| self::trained(network, Statistics::Running, cpu)).transpose()?;
    let off_cpu = expected.as_ref().map(|expected| relative(trained.losses[1], expected.losses[1]));
    let gradients = expected.as_ref().map(|e| gradient_deviation(&trained.gradients, &e.gradients));
    Ok(Figures {
        logits,
        gradients: gradients.transpose()?,
        loss_after_step: off_pytorch(network, device)?.into_iter().chain(off_cpu).reduce(larger),
        finite: trained.is_finite(),
        forward_ms: median_ms(network, Work::Forward, timing, device)?,
        step_ms: median_ms(network, Work::Train, timing, device)?,
    })
}

fn relative(found: f64, expected: f64) -> f64 {
    (found - expected).abs() / expected
}

/// The larger, or NaN where one is: `f64::max` would drop it.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// Largest deviation of the logits, relative to the largest logit where that is above 1.
fn logits_deviation(network: &SegmentationConfig, device: &Device) -> Result<f64> {
    let name = network.to_string();
    let dict = reference::logits()?;
    let Some((_, expected)) = dict.get(&name) else {
        return Err(Error::NoReference { network: name });
    };
    let model = reference::with_weights(network.init(device)?)?;
    let (input, shape) = reference::INPUT;
    let found = model
        .forward(reference::input(input, shape, device))
        .try_into_vec_as::<f32>()
        .map_err(Error::output)?;
    if found.len() != expected.len() {
        return Err(Error::output(format!("it has {} logits instead of {}", found.len(), expected.len())));
    }
    let scale = expected.iter().fold(1f32, |scale, v| scale.max(v.abs()));
    let deviations = found.iter().zip(expected).map(|(a, b)| f64::from((a - b).abs() / scale));
    Ok(deviations.fold(0.0, larger))
}

/// What a step of Adam gave.
struct Trained {
    gradients: Gradients,
    losses: [f64; 2],
}

impl Trained {
    fn is_finite(&self) -> bool {
        self.losses.iter().all(|loss| loss.is_finite())
            && self.gradients.iter().all(|(_, values)| values.iter().all(|v| v.is_finite()))
    }
}

/// A step of Adam on the reference's batch.
fn trained(network: &SegmentationConfig, statistics: Statistics, device: &Device) -> Result<Trained> {
    let training = Training::new(network, statistics, &device.clone().autodiff())?;
    let (before, gradients) = training.loss()?;
    let by_path = training.by_path(&gradients)?;
    let (after, _) = training.step(gradients).loss()?;
    Ok(Trained { gradients: by_path, losses: [before, after] })
}

/// The largest relative deviation of the losses before and after a step from PyTorch's, with the batch's statistics;
/// `None` for networks whose training there is no reference of.
fn off_pytorch(network: &SegmentationConfig, device: &Device) -> Result<Option<f64>> {
    let Some(expected) = reference::losses(network)? else { return Ok(None) };
    let found = trained(network, Statistics::Batch, device)?.losses;
    Ok(expected.iter().zip(found).map(|(&expected, found)| relative(found, expected)).reduce(larger))
}

/// Median milliseconds of a run; `None` without runs.
fn median_ms(
    network: &SegmentationConfig,
    work: Work,
    timing: Timing,
    device: &Device,
) -> Result<Option<f64>> {
    let Timing { size, batch, runs } = timing;
    if runs == 0 {
        return Ok(None);
    }
    // Operation by operation, as GPUs work too.
    let options = MeasureOptions { size, batch, runs, plan: None, ..MeasureOptions::new(work) };
    Ok(measure(network, &options, device, &|_| {})?.median_ms())
}
