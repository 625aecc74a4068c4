//! Evaluates a lung and an infection network on a split of COVID-QU-Ex, as the pipeline uses them.
//!
//! `cargo run --release --example evaluate -- --data <COVID-QU-Ex folder> --split test --out <folder>`
//!
//! With `--calibrate`, chooses the infection mask's threshold and the detection rule on the validation split and
//! stores them in the infection network's model folder.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::data::{CovidQuEx, Index, Part, Split};
use pulmo::evaluation::{Evaluation, calibrate};
use pulmo::pipeline::bundled;
use pulmo::prelude::*;

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Folder of COVID-QU-Ex in its published layout
    #[arg(long)]
    data: PathBuf,
    /// train, val or test
    #[arg(long, default_value = "test")]
    split: Split,
    /// Folder to write figures and the table of cases into
    #[arg(long)]
    out: PathBuf,
    /// Model folder of another lung network than the bundled one
    #[arg(long)]
    lung: Option<PathBuf>,
    /// Model folder of another infection network than the bundled one
    #[arg(long)]
    infection: Option<PathBuf>,
    /// Evaluate on this many images only, drawn evenly over the classes
    #[arg(long)]
    subset: Option<usize>,
    /// Choose mask threshold and detection rule on the validation split and store them in the folder of --infection
    #[arg(long, requires = "infection")]
    calibrate: bool,
    /// Where to compute: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
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
    let device = options.device.open()?;
    let lung = folder(options.lung.as_deref(), bundled::lung)?;
    let infection = folder(options.infection.as_deref(), bundled::infection)?;
    let pipeline_with = |infection: &ModelFolder| {
        Pipeline::new(LungNetwork::load(&lung, &device)?, InfectionNetwork::load(infection, &device)?)
    };
    let mut pipeline = pipeline_with(&infection)?;
    let index = CovidQuEx::open(&options.data)?.index(Part::InfectionSegmentation)?;

    if options.calibrate {
        let valid = evaluate(&pipeline, &index.split(Split::Val), "calibrating")?;
        let calibration = calibrate(valid.cases())?;
        println!("{}", serde_json::to_string_pretty(&calibration)?);
        let rule = serde_json::to_value(calibration.chosen.rule)?;
        let infection = infection.with_manifest(|manifest| {
            manifest.decision = rule;
            manifest.mask_threshold = calibration.mask.threshold;
        });
        if let Some(path) = &options.infection {
            infection.save_config(path)?;
        }
        pipeline = pipeline_with(&infection)?;
    }

    let mut split = index.split(options.split);
    if let Some(count) = options.subset {
        split = split.subset(count, 0)?;
    }
    let evaluation = evaluate(&pipeline, &split, "evaluating")?;
    let models = pipeline.models();
    let title = format!(
        "{} images of {}: {} {} and {} {}",
        split.len(),
        options.split,
        models.lung.name,
        models.lung.version,
        models.infection.name,
        models.infection.version
    );
    evaluation.write(&options.out, &title)?;
    print!("{}", std::fs::read_to_string(options.out.join("figures.md"))?);
    Ok(())
}

fn folder(
    path: Option<&Path>,
    bundled: fn() -> pulmo::pipeline::Result<ModelFolder>,
) -> Result<ModelFolder, Box<dyn Error>> {
    Ok(match path {
        Some(path) => ModelFolder::open(path)?,
        None => bundled()?,
    })
}

fn evaluate(pipeline: &Pipeline, index: &Index, what: &str) -> Result<Evaluation, Box<dyn Error>> {
    let bar = ProgressBar::new(index.len() as u64).with_prefix(what.to_owned());
    bar.set_style(ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta}")?);
    let evaluation = Evaluation::run(pipeline, index, |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    Ok(evaluation)
}
