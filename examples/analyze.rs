//! From chest X-rays to infection reports, with the networks that come with Pulmo.
//!
//! `cargo run --release --example analyze -- <image or folder>... --out <folder>`

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::findings::SeverityScale;
use pulmo::pipeline::{Batch, Ensemble, Flips, Input, Outputs, bundled, collect_inputs};
use pulmo::prelude::*;
use pulmo::report::text::console_line;
use pulmo::report::{CaseOutcome, Summary};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Chest X-rays (PNG, JPEG, TIFF, BMP, WebP, DICOM), or folders of them
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// Folder to write masks, overlays, reports and the summary into
    #[arg(long)]
    out: PathBuf,
    /// Where to compute: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
    /// Model folder of another lung network; several are averaged
    #[arg(long)]
    lung: Vec<PathBuf>,
    /// Model folder of another infection network; several are averaged
    #[arg(long)]
    infection: Vec<PathBuf>,
    /// Whose networks look at the mirror image of each X-ray too, which takes them twice as long: none, lung, infection
    /// or both; as stored with them where nothing is said
    #[arg(long, default_value_t, default_missing_value = "both", num_args = 0..=1, require_equals = true)]
    flip: Flips,
    /// Keep infection masks where detection is negative: for images that are known to be COVID-19
    #[arg(long)]
    ungated: bool,
    /// Detection threshold in [0, 1] instead of the one stored with the infection network
    #[arg(long)]
    threshold: Option<f64>,
    /// Severity scale: pulmo-25-50-75, or grades from the lowest to the highest, each but the last with the percentage of the
    /// lungs that it lies below, such as "none<1,mild<25,severe"; "NAME: " in front names the scale
    #[arg(long, default_value_t)]
    severity: SeverityScale,
    /// What to write of each X-ray: overlay, lung, infection, report, and probabilities, separated by commas
    #[arg(long, default_value_t)]
    outputs: Outputs,
    /// Files at once; one file already uses all cores
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The number of files that failed.
fn run(options: &Options) -> Result<usize, Box<dyn Error>> {
    let inputs = collect_inputs(&options.inputs)?;
    let pipeline = pipeline(options)?;
    let summary = analyze(options, &pipeline, &inputs)?;
    println!("{}", options.out.join(Batch::INDEX).display());
    let failed = summary.failed();
    if failed > 0 {
        eprintln!("{failed} of {} files failed", inputs.len());
    }
    Ok(failed)
}

fn pipeline(options: &Options) -> Result<Pipeline, Box<dyn Error>> {
    let device = options.device.open()?;
    let lung = Ensemble::load(&bundled::lung_or(&options.lung)?, &device)?;
    let infection = Ensemble::load(&bundled::infection_or(&options.infection)?, &device)?;
    let pipeline = Pipeline::new(lung, infection)?;
    let mut pipeline = pipeline.with_flips(options.flip).with_severity(options.severity.clone());
    if options.ungated {
        pipeline = pipeline.with_gate(false);
    }
    let Some(threshold) = options.threshold else { return Ok(pipeline) };
    if pipeline.rules().detection().is_none() {
        return Err(
            "--threshold: the infection network has no detection rule; calibrate it with `evaluate`".into()
        );
    }
    let threshold = Threshold::new(threshold).map_err(|error| format!("--threshold: {error}"))?;
    Ok(pipeline.with_threshold(threshold))
}

fn analyze(options: &Options, pipeline: &Pipeline, inputs: &[Input]) -> Result<Summary, Box<dyn Error>> {
    let bar = ProgressBar::new(inputs.len() as u64);
    bar.set_style(ProgressStyle::with_template("{bar:32} {pos}/{len} {elapsed}<{eta}")?);
    let batch = Batch::new(pipeline, &options.out)?
        .with_jobs(usize::from(options.jobs))
        .with_outputs(options.outputs.clone());
    let summary = batch.run(inputs, &|_, _, outcome| {
        bar.suspend(|| match outcome {
            CaseOutcome::Done { report, .. } => println!("{}", console_line(report)),
            CaseOutcome::Failed { error, .. } => eprintln!("{error}"),
        });
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    Ok(summary)
}
