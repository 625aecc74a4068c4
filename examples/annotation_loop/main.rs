//! The whole human-machine loop by simulated reviewers: networks learn seed masks, propose for a data set whose masks
//! they never see, and reviewers who know the true masks accept, correct, pick and verify. Says how good the masks
//! become and how many had to be corrected.
//!
//! `cargo run --release --example annotation_loop -- --seed-images <folder> --seed-masks <folder> \
//!     --data <COVID-QU-Ex folder> --out <folder>`

mod plot;
#[path = "../proposer/mod.rs"]
mod proposer;
mod results;
mod reviewer;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use pulmo::annotation::{
    ImageId, NetworkName, NewImage, NewSeed, Project, ProjectConfig, ProjectSpec, Reviewer, Selection, Step,
};
use pulmo::data::{Case, CovidQuEx, Index, Part, Split, order};
use pulmo::kernels::keep_freed_memory;

use proposer::{Networks, TrainingOptions, seeds};
use reviewer::{Rules, Simulated};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Folder of X-rays whose masks are known from the start
    #[arg(long)]
    seed_images: PathBuf,
    /// Folder of their masks, under the same names
    #[arg(long)]
    seed_masks: PathBuf,
    /// Use this many of the seeds
    #[arg(long)]
    seeds: Option<usize>,
    /// Folder of COVID-QU-Ex; its lung masks are for the simulated reviewers alone
    #[arg(long)]
    data: PathBuf,
    /// Annotate this many of its images, drawn evenly over the classes
    #[arg(long, default_value_t = 600)]
    images: usize,
    /// Folder for the project, the networks and the results; a run that was stopped goes on
    #[arg(long)]
    out: PathBuf,
    /// Stage I: networks to choose from
    #[arg(long, value_delimiter = ',', default_value = "unet-resnet18,unet-resnet34,unet-densenet121")]
    candidates: Vec<NetworkName>,
    /// Stage III: networks that propose together, 3 to 6
    #[arg(long, value_delimiter = ',', default_value = "unet-resnet18,unetplusplus-resnet18,fpn-resnet18")]
    panel: Vec<NetworkName>,
    /// Stage II: images in a batch
    #[arg(long, default_value_t = 60)]
    batch_size: usize,
    /// Stage II: share of the images that is annotated in batches
    #[arg(long, default_value_t = 0.2)]
    batch_share: f64,
    /// Stage II: random or disagreement
    #[arg(long, default_value_t)]
    selection: Selection,
    /// Reviewers take a proposal from this DSC with the true mask on
    #[arg(long, default_value_t = 0.95)]
    accept: f64,
    /// Reviewers are unsure, and ask the doctor, this close below it
    #[arg(long, default_value_t = 0.005)]
    unsure: f64,
    /// Reviewers deny all proposals of the panel below this DSC
    #[arg(long, default_value_t = 0.92)]
    deny: f64,
    /// Seed of every choice
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    training: TrainingOptions,
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
    let rules = Rules::new(options.accept, options.unsure, options.deny)?;
    let mut networks = Networks::new(options.out.join("networks"), options.training.clone())?;
    networks.check(options.candidates.iter().chain(&options.panel))?;
    let by = Reviewer::new("simulation")?;
    let cases = cases(options)?;
    let mut project = open(options, &cases, &by)?;
    let reviewer = Simulated::new(rules, &cases)?;
    let started = Instant::now();
    let style = ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta}")?;
    loop {
        let bar = ProgressBar::new(0).with_style(style.clone());
        let step = project.advance(&by, &mut networks, &mut |progress| {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
            bar.set_prefix(progress.work.to_string());
        });
        bar.finish_and_clear();
        match step? {
            Step::Finished => break,
            Step::Waiting(_) => reviewer.work(&mut project)?,
            step => eprintln!("{:6.0} s  {step:?}", started.elapsed().as_secs_f64()),
        }
        results::write(&options.out, &project, &reviewer)?;
    }
    let results = results::write(&options.out, &project, &reviewer)?;
    println!("{}", results::markdown(&results, &project));
    println!("{}", options.out.join(results::TABLE).display());
    println!("{}", options.out.join(results::PLOT).display());
    Ok(())
}

/// The images to annotate, with the true masks for the reviewers.
fn cases(options: &Options) -> Result<Vec<Case>, Box<dyn Error>> {
    let data = CovidQuEx::open(&options.data)?;
    let part = data.parts().next().unwrap_or(Part::LungSegmentation);
    let index: Index = data.index(part)?.split(Split::Train);
    let count = options.images.min(index.len());
    Ok(index.subset(count, options.seed)?.cases().to_vec())
}

fn open(options: &Options, cases: &[Case], by: &Reviewer) -> Result<Project, Box<dyn Error>> {
    let folder = options.out.join("project");
    let mut spec = ProjectSpec::new("simulated loop", options.candidates.clone(), options.panel.clone());
    spec.batch_size = options.batch_size;
    spec.batch_share = options.batch_share;
    spec.selection = options.selection;
    spec.seed = options.seed;
    let config = ProjectConfig::new(spec)?;
    if folder.join(pulmo::annotation::LEDGER_FILE).exists() {
        let project = Project::open(&folder)?;
        if *project.config() != config || project.images().len() != cases.len() {
            return Err(
                format!("{} holds a loop with other options; give another --out", folder.display()).into()
            );
        }
        eprintln!("going on at {}", project.statistics().phase);
        return Ok(project);
    }
    let images = cases.iter().map(|case| {
        Ok(NewImage { id: ImageId::new(case.id())?, class: case.class(), file: case.image().to_owned() })
    });
    let images = images.collect::<Result<Vec<_>, pulmo::annotation::Error>>()?;
    let seeds = drawn_seeds(options)?;
    eprintln!("{} seeds, {} images", seeds.len(), images.len());
    Ok(Project::create(&folder, config, &images, &seeds, by, &|_, _| {})?)
}

/// As many seeds as were asked for.
fn drawn_seeds(options: &Options) -> Result<Vec<NewSeed>, Box<dyn Error>> {
    let all = seeds(&options.seed_images, &options.seed_masks)?;
    let count = options.seeds.unwrap_or(all.len()).min(all.len());
    Ok(order(all.len(), options.seed, 0).into_iter().take(count).map(|place| all[place].clone()).collect())
}
