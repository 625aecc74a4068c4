//! How well the infected share of the lungs agrees with what experts scored.
//!
//! `cargo run --release --example severity -- --manifest <CSV file> --out <folder>`
//!
//! With `--trained-on`, also without the X-rays that look like one that the networks learned from.

mod alike;
mod expert;
mod results;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::data::{Case, Class, Index, Needs, Split, require_sound};
use pulmo::pipeline::{Ensemble, Flips, bundled};
use pulmo::prelude::*;

use crate::results::Measured;

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// CSV file with the columns image, geographic (0-8), opacity (0-6), brixia_senior and brixia_junior (0-18); those
    /// without any score are passed over
    #[arg(long)]
    manifest: PathBuf,
    /// Folder to write figures, table and plots into
    #[arg(long)]
    out: PathBuf,
    /// The data set that the networks were trained on; near-duplicates of its training and validation images are told
    /// apart
    #[arg(long)]
    trained_on: Option<PathBuf>,
    /// Model folder of another lung network than the bundled one; several are averaged
    #[arg(long)]
    lung: Vec<PathBuf>,
    /// Model folder of another infection network than the bundled ones; several are averaged
    #[arg(long)]
    infection: Vec<PathBuf>,
    /// Whose networks look at the mirror image of each X-ray too, which takes them twice as long: none, lung, infection
    /// or both; as stored with them where nothing is said
    #[arg(long, default_value_t, default_missing_value = "both", num_args = 0..=1, require_equals = true)]
    flip: Flips,
    /// Keep infection masks where detection is negative: for images that are known to be COVID-19
    #[arg(long)]
    ungated: bool,
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
    let lung = Ensemble::load(&bundled::lung_or(&options.lung)?, &device)?;
    let infection = Ensemble::load(&bundled::infection_or(&options.infection)?, &device)?;
    let mut pipeline = Pipeline::new(lung, infection)?.with_flips(options.flip);
    if options.ungated {
        pipeline = pipeline.with_gate(false);
    }

    let scored = expert::read(&options.manifest)?;
    let case = |image: &expert::Scored| Case::new(&image.image, Class::Covid19, Split::Test, &image.path);
    let index = Index::from_cases(scored.iter().map(case).collect())?;
    // Everything that will be read, before anything starts.
    require_sound(&index, Needs { lung: false, infection: false })?;
    let out = &options.out;
    std::fs::create_dir_all(out).map_err(|error| format!("cannot make {}: {error}", out.display()))?;

    let closest = match &options.trained_on {
        None => vec![None; scored.len()],
        Some(trained_on) => {
            let bar = progress("comparing", 0)?;
            let closest = alike::closest(&index, trained_on, |_, total| {
                bar.set_length(total as u64);
                bar.inc(1);
            })?;
            bar.finish_and_clear();
            closest.into_iter().map(Some).collect()
        }
    };
    let bar = progress("analysing", scored.len())?;
    let mut measured = Vec::with_capacity(scored.len());
    for (scored, closest) in scored.into_iter().zip(closest) {
        let analysis = pipeline.analyze(&ChestXray::open(&scored.path)?)?;
        let infected = analysis.findings.quantification().and_then(|share| share.both().infected());
        measured.push(Measured { scored, infected: infected.map(Percent::get), closest });
        bar.inc(1);
    }
    bar.finish_and_clear();
    print!("{}", results::write(out, pipeline.models(), &measured)?);
    Ok(())
}

fn progress(what: &str, length: usize) -> Result<ProgressBar, Box<dyn Error>> {
    let bar = ProgressBar::new(length as u64).with_prefix(what.to_owned());
    bar.set_style(ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta}")?);
    Ok(bar)
}
