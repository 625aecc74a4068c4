//! Times a network's forward pass or training step and prints one line of JSON, for comparison with other programs.
//!
//! `cargo run --release --example measure -- --network unet-resnet18 --mode forward --batch 1 --threads 2`
//!
//! Weights and images are drawn from a fixed seed. Times are of whole runs, the result read back; peak memory is the
//! process's, as Linux counts it.

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Distribution, Int, Tensor};
use clap::{Parser, ValueEnum};
use indicatif::ProgressBar;
use pulmo::inference::{PlanMemory, PlanOptions};
use pulmo::kernels::blocked::Method;
use pulmo::kernels::{Isa, keep_freed_memory};
use pulmo::losses::SegmentationLoss;
use pulmo::nn::has_own_kernels;
use pulmo::prelude::*;
use serde_json::json;

/// Seed of weights and images.
const SEED: u64 = 1;
const LEARNING_RATE: f64 = 1e-4;
const MS_PER_SECOND: f64 = 1e3;

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    /// Images to logits
    Forward,
    /// Forward pass, cross-entropy, backward pass and a step of Adam
    Train,
}

#[derive(Clone, Copy, ValueEnum)]
enum IsaName {
    Portable,
    Neon,
    Avx2,
    Avx512,
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

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Architecture and encoder, for example unetplusplus-densenet121
    #[arg(long)]
    network: SegmentationConfig,
    /// What a run does
    #[arg(long, value_enum, default_value = "forward")]
    mode: Mode,
    /// Images per run
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    batch: u16,
    /// Threads on the CPU: the size of rayon's global pool, which the kernels and Burn's flex backend share
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Runs that are timed
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Runs before them that are not
    #[arg(long, default_value_t = 1)]
    warm_up: u32,
    /// Side of the images in pixels
    #[arg(long, default_value_t = 256)]
    size: usize,
    /// Where to compute: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
    /// Forward pass of the network itself, operation by operation, instead of an inference plan
    #[arg(long)]
    eager: bool,
    /// Instruction set of an inference plan, instead of the best there is
    #[arg(long, value_enum)]
    isa: Option<IsaName>,
    /// Convolve by definition alone, without Winograd's transform, in an inference plan
    #[arg(long)]
    direct: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    options.network.check_input(options.size, options.size)?;
    keep_freed_memory();
    rayon::ThreadPoolBuilder::new().num_threads(usize::from(options.threads)).build_global()?;
    let device = options.device.open()?;
    device.seed(SEED);
    let (times, memory) = match options.mode {
        Mode::Forward => forward(options, &device)?,
        Mode::Train => (train(options, &device)?, None),
    };
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    let line = json!({
        "network": options.network.to_string(),
        "mode": options.mode.to_possible_value().map(|mode| mode.get_name().to_owned()),
        "batch": options.batch,
        "threads": options.threads,
        "median_ms": median(&sorted),
        "min_ms": sorted.first(),
        "max_ms": sorted.last(),
        "runs_ms": times,
        "peak_rss_mb": peak_rss_mb(),
        "plan_weights_mb": memory.map(|memory| mib(memory.weights)),
        "plan_maps_mb": memory.map(|memory| mib(memory.maps)),
    });
    println!("{line}");
    Ok(())
}

/// The fastest way from images to logits that the library offers, with the memory of a plan where it is one; what it
/// prepares beforehand is not timed.
fn forward(options: &Options, device: &Device) -> Result<(Vec<f64>, Option<PlanMemory>), Box<dyn Error>> {
    let model = options.network.init(device)?;
    let images = images(options, device);
    if !options.eager && has_own_kernels(device) {
        let mut choices = PlanOptions::default();
        if let Some(isa) = options.isa {
            choices = choices.with_isa(isa.into());
        }
        if options.direct {
            choices = choices.with_method(Method::Direct);
        }
        let plan = InferencePlan::with_options(&model, [options.size; 2], &choices)?;
        drop(model);
        let images: Vec<f32> = images.try_into_vec_as()?;
        let mut logits = plan.logits(&images)?;
        let memory = plan.memory(usize::from(options.batch));
        let times = timed(options, (), |()| Ok(plan.logits_into(&images, &mut logits)?))?;
        return Ok((times, Some(memory)));
    }
    let times = timed(options, (), |()| {
        model.forward(images.clone()).try_into_data()?;
        Ok(())
    })?;
    Ok((times, None))
}

fn train(options: &Options, device: &Device) -> Result<Vec<f64>, Box<dyn Error>> {
    let device = device.clone().autodiff();
    let model = options.network.init(&device)?.train();
    let mut optimiser = pulmo::training::adam();
    let images = images(options, &device);
    let [batch, _, height, width] = images.dims();
    let targets: Tensor<3, Int> =
        Tensor::<3>::random([batch, height, width], Distribution::Uniform(0.0, 2.0), &device).int();
    timed(options, model, |model| {
        let loss = SegmentationLoss::default().forward(model.forward(images.clone()), targets.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &model);
        let model = optimiser.step(LEARNING_RATE, model, gradients);
        loss.try_into_data()?;
        device.sync()?;
        Ok(model)
    })
}

fn images(options: &Options, device: &Device) -> Tensor<4> {
    let shape = [usize::from(options.batch), options.network.encoder.in_channels, options.size, options.size];
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), device)
}

/// Milliseconds of each run after the warm-up; a run starts from the state that the one before left.
fn timed<S>(
    options: &Options,
    mut state: S,
    mut run: impl FnMut(S) -> Result<S, Box<dyn Error>>,
) -> Result<Vec<f64>, Box<dyn Error>> {
    let bar = ProgressBar::new(u64::from(options.warm_up + options.runs));
    let mut times = Vec::new();
    for index in 0..options.warm_up + options.runs {
        let started = Instant::now();
        state = run(state)?;
        if index >= options.warm_up {
            times.push(started.elapsed().as_secs_f64() * MS_PER_SECOND);
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(times)
}

/// The middle of sorted values, the mean of the two where their number is even.
fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
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
