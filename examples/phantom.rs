//! Draws synthetic chest X-rays, whose lungs and infection are known exactly, for trying Pulmo out without patients.
//!
//! `cargo run --release --example phantom -- --out <folder> --count 3`

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Folder to write phantoms and their masks into
    #[arg(long)]
    out: PathBuf,
    /// Folder to write the exact lung and infection masks into
    #[arg(long)]
    masks: Option<PathBuf>,
    /// How many
    #[arg(long, default_value_t = 3)]
    count: u64,
    /// Side in pixels
    #[arg(long, default_value_t = 512)]
    size: u32,
    /// Seed of the first; the next ones count on
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Share of the lungs to infect, 0 for none
    #[arg(long, default_value_t = 0.3)]
    infected: f32,
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
    for folder in options.masks.iter().chain([&options.out]) {
        std::fs::create_dir_all(folder)?;
    }
    for seed in options.seed..options.seed + options.count {
        let infection = if options.infected == 0.0 {
            PhantomInfection::None
        } else {
            PhantomInfection::Patchy { fraction_hint: options.infected }
        };
        let spec = PhantomSpec::new(options.size, seed)?.with_infection(infection)?;
        let phantom = Phantom::generate(&spec)?;
        let file = options.out.join(format!("phantom-{seed}.png"));
        phantom.xray().save_png(&file)?;
        if let Some(folder) = &options.masks {
            let mask = |part: &str| folder.join(format!("phantom-{seed}-{part}.png"));
            phantom.lungs().both().as_mask().save_png(mask("lung"))?;
            phantom.infection().as_mask().save_png(mask("infection"))?;
        }
        println!("{}", file.display());
    }
    Ok(())
}
