//! Evaluates lung and infection networks on labelled X-rays, as the pipeline uses them.
//!
//! `cargo run --release --example evaluate -- --data <COVID-QU-Ex, CSV manifest or folder> --split test --out <folder>`
//!
//! With `--calibrate`, chooses the infection mask's threshold and the detection rule on the validation split and
//! stores them in the infection network's model folder.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::data::{Index, Needs, Split, require_all_sound};
use pulmo::evaluation::{CalibrationSet, Evaluation, Gate};
use pulmo::findings::{OperatingPoint, Percent};
use pulmo::pipeline::{Ensemble, Flips, TestTimeFlip, bundled};
use pulmo::prelude::*;

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// COVID-QU-Ex in its published layout, a CSV manifest, or a folder of images and masks
    #[arg(long)]
    data: PathBuf,
    /// train, val, test or all
    #[arg(long, default_value = "test")]
    split: Part,
    /// Folder to write figures, tables, plots and the page into
    #[arg(long)]
    out: PathBuf,
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
    /// Evaluate on this many images only, drawn evenly over the classes
    #[arg(long)]
    subset: Option<usize>,
    /// Choose mask threshold and detection rule on the validation split and store them in the first --infection
    #[arg(long, requires = "infection")]
    calibrate: bool,
    /// With --calibrate: infection masks are emptied where detection is negative and its score below a threshold of the
    /// gate's own
    #[arg(long, requires = "calibrate")]
    gated: bool,
    /// With --calibrate: the detection rule with the highest sensitivity whose specificity is at least this, in percent,
    /// instead of the one with the largest Youden's J
    #[arg(long, requires = "calibrate", value_parser = percent)]
    specificity: Option<Percent>,
    /// With --calibrate: the detection rule in the middle of all whose sensitivity and specificity are both at least this,
    /// in percent, instead of the one with the largest Youden's J
    #[arg(long, requires = "calibrate", value_parser = percent, conflicts_with = "specificity")]
    both: Option<Percent>,
    /// Where to compute: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
}

impl Options {
    fn operating_point(&self) -> OperatingPoint {
        match (self.specificity, self.both) {
            (Some(specificity), _) => OperatingPoint::SensitiveAt { specificity },
            (None, Some(least)) => OperatingPoint::BothReach { least },
            (None, None) => OperatingPoint::Youden,
        }
    }
}

fn percent(text: &str) -> Result<Percent, Box<dyn Error + Send + Sync>> {
    Ok(Percent::new(text.parse()?)?)
}

/// One split, or the whole set.
#[derive(Clone, Copy)]
enum Part {
    One(Split),
    All,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "all" => Ok(Self::All),
            name => {
                name.parse().map(Self::One).map_err(|_| format!("'{name}' is none of train, val, test, all"))
            }
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(split) => split.fmt(f),
            Self::All => f.write_str("all splits"),
        }
    }
}

impl Part {
    fn of(self, index: &Index) -> Result<Index, String> {
        let part = match self {
            Self::One(split) => index.split(split),
            Self::All => index.clone(),
        };
        if part.is_empty() {
            return Err(format!("the data set has no images in {self}; there are:\n{}", index.counts()));
        }
        Ok(part)
    }
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
    let lung = bundled::lung_or(&options.lung)?;
    let mut infection = bundled::infection_or(&options.infection)?;
    let pipeline_with = |infection: &[ModelFolder]| -> pulmo::pipeline::Result<Pipeline> {
        let lung = Ensemble::load(&lung, &device)?;
        Ok(Pipeline::new(lung, Ensemble::load(infection, &device)?)?.with_flips(options.flip))
    };
    let mut pipeline = pipeline_with(&infection)?;

    let index = Index::open(&options.data)?;
    let mut part = options.split.of(&index)?;
    if let Some(count) = options.subset {
        part = part.subset(count, 0)?;
    }
    let valid = options.calibrate.then(|| Part::One(Split::Val).of(&index)).transpose()?;
    // Everything that will be read, before anything starts.
    require_all_sound(std::iter::once(&part).chain(&valid), Needs::of(&index))?;

    if let Some(valid) = valid {
        let bar = progress("calibrating", valid.len())?;
        let set = CalibrationSet::measure(&pipeline, &valid, |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        let point = options.operating_point();
        let calibration = set.calibrate(point, if options.gated { Gate::On } else { Gate::Off })?;
        println!("{}", serde_json::to_string_pretty(&calibration)?);
        let decision = serde_json::to_value(calibration.decision())?;
        let flip = pipeline.infection().flip() == TestTimeFlip::Horizontal;
        if let (Some(first), Some(path)) = (infection.first_mut(), options.infection.first()) {
            *first = first.clone().with_manifest(|manifest| {
                manifest.decision = decision;
                manifest.flip = flip;
                manifest.mask_threshold = calibration.mask.threshold;
            });
            first.save_config(path)?;
        }
        pipeline = pipeline_with(&infection)?;
    }

    let bar = progress("evaluating", part.len())?;
    let evaluation = Evaluation::run(&pipeline, &part, |done| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    let models = pipeline.models();
    let title = format!(
        "{} images of {}: {} {} and {} {}{}",
        part.len(),
        options.split,
        models.lung.name,
        models.lung.version,
        models.infection.name,
        models.infection.version,
        match (pipeline.lung().flip(), pipeline.infection().flip()) {
            (TestTimeFlip::Off, TestTimeFlip::Off) => "",
            (TestTimeFlip::Horizontal, TestTimeFlip::Off) => ", lung network with flips",
            (TestTimeFlip::Off, TestTimeFlip::Horizontal) => ", infection network with flips",
            (TestTimeFlip::Horizontal, TestTimeFlip::Horizontal) => ", with flips",
        }
    );
    evaluation.write(&options.out, &title)?;
    evaluation.write_page(&pipeline, &part, &options.out, &title)?;
    print!("{}", std::fs::read_to_string(options.out.join("figures.md"))?);
    Ok(())
}

fn progress(what: &str, length: usize) -> Result<ProgressBar, Box<dyn Error>> {
    let bar = ProgressBar::new(length as u64).with_prefix(what.to_owned());
    bar.set_style(ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta}")?);
    Ok(bar)
}
