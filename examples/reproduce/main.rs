//! Runs a whole study from one configuration file: the paper's, or a small one that takes minutes.
//!
//! `cargo run --release --example reproduce -- --config examples/reproduce/small.toml --data <COVID-QU-Ex folder> \
//!     --out <folder>`
//!
//! Stop it whenever you like: the same command goes on where it was, and ends with the same report.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use pulmo::kernels::keep_freed_memory;
use pulmo::prelude::*;
use pulmo::study::{Study, StudyConfig, TerminalProgress};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// The study, as TOML or JSON; examples/reproduce has full.toml and small.toml
    #[arg(long)]
    config: PathBuf,
    /// COVID-QU-Ex in its published layout, a CSV manifest, or a folder of images and masks
    #[arg(long)]
    data: PathBuf,
    /// Folder for folds, networks, results, tables and report.md
    #[arg(long)]
    out: PathBuf,
    /// Check configuration and data folder, and say what would be trained, without training
    #[arg(long)]
    dry_run: bool,
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
    keep_freed_memory();
    let config = StudyConfig::load(&options.config)?;
    let study = Study::open(config, &options.data, &options.out, &options.device.open()?)?;
    if options.dry_run {
        for cell in study.cells() {
            println!("{cell}");
        }
        println!("{} trainings", study.trainings());
        return Ok(());
    }
    let table = study.run(&TerminalProgress::default())?;
    print!("{}", table.to_markdown());
    Ok(())
}
