//! Times an ONNX file in tract and prints one line of JSON, as `pulmo measure` does.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use serde_json::json;
use tract_linalg::multithread::{Executor, set_default_executor};
use tract_onnx::prelude::*;

const CHANNELS: usize = 3;
const MS_PER_SECOND: f64 = 1e3;

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Name of the network, for the printed line
    #[arg(long)]
    network: String,
    /// tract runs forward passes alone
    #[arg(long, default_value = "forward", value_parser = ["forward"])]
    mode: String,
    /// The network, with this batch and size
    #[arg(long)]
    onnx: PathBuf,
    /// Images per run
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Threads of tract's matrix products
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Runs that are timed
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Runs before them that are not
    #[arg(long, default_value_t = 1)]
    warm_up: u32,
    /// Side of the images in pixels
    #[arg(long, default_value_t = 256)]
    size: usize,
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
    set_default_executor(Executor::multithread(options.threads));
    let shape = [options.batch, CHANNELS, options.size, options.size];
    let network = onnx()
        .model_for_path(&options.onnx)?
        .with_input_fact(0, f32::fact(shape).into())?
        .into_optimized()?
        .into_runnable()?;
    let values: Vec<f32> = (0..shape.iter().product()).map(|index: usize| (index as f32).sin()).collect();
    let images = Tensor::from_shape(&shape, &values)?;
    let mut times = Vec::new();
    for index in 0..options.warm_up + options.runs {
        let started = Instant::now();
        network.run(tvec!(images.clone().into()))?;
        if index >= options.warm_up {
            times.push(started.elapsed().as_secs_f64() * MS_PER_SECOND);
        }
    }
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    let median = (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0;
    let line = json!({
        "network": options.network,
        "mode": options.mode,
        "batch": options.batch,
        "threads": options.threads,
        "median_ms": median,
        "min_ms": sorted.first(),
        "max_ms": sorted.last(),
        "runs_ms": times,
        "peak_rss_mb": peak_rss_mb(),
    });
    println!("{line}");
    Ok(())
}

/// The most memory that this process has held, in MiB; none where the system does not tell it in Linux's way.
fn peak_rss_mb() -> Option<f64> {
    const KIB_PER_MIB: f64 = 1024.0;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / KIB_PER_MIB)
}
