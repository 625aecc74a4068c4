//! The figures, what they have to be, and the table of them.

use std::fmt;

use pulmo_segmentation::SegmentationConfig;
use serde::{Deserialize, Serialize};

/// What the logits may deviate by, relative to the largest where that is above 1.
const LOGITS: f64 = 1e-4;
/// What the gradient of a parameter may deviate by, relative to its norm: rounding alone moves a unit here and there
/// across the kink of its ReLU, which gives up to 1.3e-2 between single and double precision on the CPU.
const GRADIENTS: f64 = 5e-2;
/// What the loss after a step may deviate by, relatively; single precision on the CPU is off by up to 1.8e-3, since
/// Adam's first step is the gradients' signs.
const LOSS: f64 = 1e-2;

/// What is timed of each network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Side of the images in pixels.
    pub size: usize,
    /// Images in a run, at least 1.
    pub batch: usize,
    /// Timed runs after one to warm up; with 0, nothing is timed.
    pub runs: usize,
}

/// The figures of one network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Largest deviation of the logits from PyTorch's.
    pub logits: f64,
    /// Largest deviation of a parameter's gradient from the CPU's, and the parameter.
    pub gradients: Option<(f64, String)>,
    /// Deviation of the loss after a step of Adam.
    pub loss_after_step: Option<f64>,
    /// Whether losses and gradients were finite.
    pub finite: bool,
    /// Median milliseconds of a forward pass.
    pub forward_ms: Option<f64>,
    /// Median milliseconds of a training step.
    pub step_ms: Option<f64>,
}

impl Figures {
    /// What is wrong with them.
    fn fault(&self) -> Option<String> {
        // Written so that a NaN is a fault.
        let exceeds = |found: f64, limit: f64| found.is_nan() || found > limit;
        if exceeds(self.logits, LOGITS) {
            return Some(format!("logits deviate by more than {LOGITS:e}"));
        }
        if !self.finite {
            return Some("a gradient or loss is NaN or infinite".to_owned());
        }
        if let Some((deviation, parameter)) = &self.gradients
            && exceeds(*deviation, GRADIENTS)
        {
            return Some(format!("the gradient of {parameter} deviates by more than {GRADIENTS:e}"));
        }
        match self.loss_after_step {
            Some(deviation) if exceeds(deviation, LOSS) => {
                Some(format!("the loss after the step deviates by more than {LOSS:e}"))
            }
            _ => None,
        }
    }
}

/// A network and what came of it. Its text is the verdict in one line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedNetwork {
    network: String,
    figures: Option<Figures>,
    /// Why it failed.
    failure: Option<String>,
}

impl CheckedNetwork {
    /// Judges figures; an error is a fault too.
    #[must_use]
    pub fn new(network: &SegmentationConfig, result: Result<Figures, String>) -> Self {
        let network = network.to_string();
        match result {
            Ok(figures) => Self { network, failure: figures.fault(), figures: Some(figures) },
            Err(error) => Self { network, failure: Some(error), figures: None },
        }
    }

    /// Whether all figures are as they should be.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.failure.is_none()
    }

    fn cells(&self) -> [String; 7] {
        let figures = self.figures.as_ref();
        let cell = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let deviation = |value: f64| format!("{value:.1e}");
        let ms = |value: f64| format!("{value:.1}");
        [
            self.network.clone(),
            cell(figures.map(|f| deviation(f.logits))),
            cell(figures.and_then(|f| f.gradients.as_ref()).map(|(value, _)| deviation(*value))),
            cell(figures.and_then(|f| f.loss_after_step).map(deviation)),
            if self.is_ok() { "ok" } else { "FAILED" }.to_owned(),
            cell(figures.and_then(|f| f.forward_ms).map(ms)),
            cell(figures.and_then(|f| f.step_ms).map(ms)),
        ]
    }
}

impl fmt::Display for CheckedNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            Some(failure) => write!(f, "{}: FAILED: {failure}", self.network),
            None => write!(f, "{}: ok", self.network),
        }
    }
}

/// Everything that was found of a device. Its text is a table in Markdown, aligned so that it is legible as it is, and the
/// failures below it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BackendReport {
    /// The device's name.
    pub device: String,
    /// What its driver calls it; `None` for the CPU.
    pub hardware: Option<String>,
    /// What was timed.
    #[serde(rename = "work")]
    pub timing: Timing,
    /// The networks.
    pub rows: Vec<CheckedNetwork>,
}

impl BackendReport {
    /// How many networks failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.rows.iter().filter(|row| !row.is_ok()).count()
    }
}

impl fmt::Display for BackendReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Timing { size, batch, runs } = self.timing;
        let hardware = self.hardware.as_deref().unwrap_or("the CPU");
        writeln!(
            f,
            "`{}` on {hardware}; times: {batch} x 3 x {size} x {size}, median of {runs}\n",
            self.device
        )?;
        let head = ["network", "logits", "gradients", "loss after step", "verdict", "forward ms", "step ms"]
            .map(str::to_owned);
        let mut lines = vec![head];
        lines.extend(self.rows.iter().map(CheckedNetwork::cells));
        let widths: [usize; 7] =
            std::array::from_fn(|i| lines.iter().map(|line| line[i].len()).max().unwrap_or_default());
        for (number, line) in lines.iter().enumerate() {
            for (cell, width) in line.iter().zip(widths) {
                write!(f, "| {cell:width$} ")?;
            }
            writeln!(f, "|")?;
            if number == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
                writeln!(f, "|{}|", rules.join("|"))?;
            }
        }
        for row in self.rows.iter().filter(|row| !row.is_ok()) {
            writeln!(f, "\n{row}")?;
        }
        Ok(())
    }
}
