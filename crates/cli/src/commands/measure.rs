use clap::{Args, ValueEnum};
use pulmo::inference::PlanOptions;
use pulmo::jobs::{MeasureOptions, Work, measure};
use pulmo::kernels::blocked::Method;
use pulmo::kernels::{Isa, keep_freed_memory};
use pulmo::prelude::*;
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, ForOption, Outcome};
use crate::options::DeviceOption;

/// Measure how long a network takes, and print one line of JSON to compare with other programs
///
/// Weights and images are drawn from a fixed seed. Each run is timed until its result was read back; peak memory is that of the
/// whole process, as Linux counts it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Measure {
    /// Architecture and encoder, for example unetplusplus-densenet121
    #[arg(long)]
    network: SegmentationConfig,
    /// What one run does
    #[arg(long, value_enum, default_value = "forward")]
    mode: Mode,
    /// Images in a run
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Threads on the CPU
    #[arg(long, value_name = "COUNT", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Runs to time
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Runs before them that are not timed
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    warm_up: u32,
    /// Side of the images in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 256)]
    size: usize,
    #[command(flatten)]
    device: DeviceOption,
    /// Forward pass of the network itself, operation by operation, instead of an inference plan
    #[arg(long)]
    eager: bool,
    /// Instruction set of the inference plan, instead of the best that the CPU has
    #[arg(long, value_enum)]
    isa: Option<IsaName>,
    /// No Winograd's transform in the inference plan: convolve by definition alone
    #[arg(long)]
    direct: bool,
}

const EXAMPLES: &str = "\
Examples:
  pulmo measure --network unet-resnet18
  pulmo measure --network fpn-densenet121 --mode train --batch 8 --threads 16";

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// Images to logits
    Forward,
    /// Forward pass, cross-entropy, backward pass and a step of Adam
    Train,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum IsaName {
    Portable,
    Neon,
    Avx2,
    Avx512,
}

impl From<Mode> for Work {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Forward => Self::Forward,
            Mode::Train => Self::Train,
        }
    }
}

impl From<IsaName> for Isa {
    fn from(name: IsaName) -> Self {
        match name {
            IsaName::Portable => Self::Portable,
            IsaName::Neon => Self::Neon,
            IsaName::Avx2 => Self::Avx2,
            IsaName::Avx512 => Self::Avx512,
        }
    }
}

impl Measure {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        self.network.check_input(self.size, self.size).for_option("--size")?;
        keep_freed_memory();
        // The kernels and Burn's flex backend share rayon's global pool.
        rayon::ThreadPoolBuilder::new().num_threads(self.threads.into()).build_global()?;
        let device = self.device.open()?;
        let measured = measure(&self.network, &self.options(), &device, &console.observer())?;
        let memory = measured.memory();
        let line = json!({
            "network": self.network.to_string(),
            "mode": Work::from(self.mode),
            "batch": self.batch,
            "threads": self.threads,
            "median_ms": measured.median_ms(),
            "min_ms": measured.min_ms(),
            "max_ms": measured.max_ms(),
            "runs_ms": measured.runs_ms(),
            "peak_rss_mb": peak_rss_mb(),
            "plan_weights_mb": memory.map(|memory| mib(memory.weights)),
            "plan_maps_mb": memory.map(|memory| mib(memory.maps)),
        });
        console.out(&format!("{line}\n"));
        Ok(Done::All)
    }

    fn options(&self) -> MeasureOptions {
        let mut plan = PlanOptions::default();
        if let Some(isa) = self.isa {
            plan = plan.with_isa(isa.into());
        }
        if self.direct {
            plan = plan.with_method(Method::Direct);
        }
        let mut options = MeasureOptions::new(self.mode.into());
        options.batch = self.batch.into();
        options.size = self.size;
        options.runs = self.runs as usize;
        options.warm_up = self.warm_up as usize;
        options.plan = (!self.eager).then_some(plan);
        options
    }
}

fn mib(bytes: usize) -> f64 {
    const BYTES_PER_MIB: f64 = 1024.0 * 1024.0;
    bytes as f64 / BYTES_PER_MIB
}

/// The most memory that this process has held, in MiB; none where the system does not tell it in Linux's way.
fn peak_rss_mb() -> Option<f64> {
    const KIB_PER_MIB: f64 = 1024.0;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / KIB_PER_MIB)
}
