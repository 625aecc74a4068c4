//! The whole human-machine loop by simulated reviewers: networks learn seed masks, propose for a data set whose masks they
//! never see, and reviewers who know the true masks accept, correct, pick and verify.

mod plot;
mod reviewer;
mod rounds;

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use pulmo_annotation::{
    ImageId, LEDGER_FILE, NewImage, NewSeed, Project, ProjectConfig, ProjectSpec, Reviewer, Step,
};
use pulmo_data::{Case, CovidQuEx, Part, Split, order};

use super::{LearningOptions, NeuralProposer, create, seeds, steps};
use crate::progress::say;
use crate::{Error, Observer, Result};

pub use reviewer::Rules;
use reviewer::Simulated;
pub use rounds::{Mean, SimulatedRound, Simulation};

/// What is simulated.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SimulationOptions {
    /// The project's configuration; its seed draws images and seeds, too.
    pub spec: ProjectSpec,
    /// Folder of X-rays whose masks are known from the start.
    pub seed_images: PathBuf,
    /// Folder of their masks, PNG under the same names.
    pub seed_masks: PathBuf,
    /// Use so many of the seeds; all of them by default.
    pub seeds: Option<usize>,
    /// Folder of COVID-QU-Ex; its lung masks are for the simulated reviewers alone.
    pub data: PathBuf,
    /// Annotate so many of its training images, drawn evenly over the classes.
    pub images: usize,
    /// When reviewers take a proposal.
    pub rules: Rules,
    /// How networks learn.
    pub learning: LearningOptions,
}

impl SimulationOptions {
    /// Annotates 600 images of `data` from all seeds.
    pub fn new(
        spec: ProjectSpec,
        seed_images: impl Into<PathBuf>,
        seed_masks: impl Into<PathBuf>,
        data: impl Into<PathBuf>,
    ) -> Self {
        Self {
            spec,
            seed_images: seed_images.into(),
            seed_masks: seed_masks.into(),
            seeds: None,
            data: data.into(),
            images: 600,
            rules: Rules::default(),
            learning: LearningOptions::default(),
        }
    }
}

/// Runs the loop in `folder`, from where it was stopped, and says how good the masks become and how many had to be
/// corrected. The project lies in its subfolder `project`, the networks in `networks`; `rounds.csv` and `rounds.svg` are
/// written after every round.
///
/// # Errors
/// [`Error::OtherSimulation`] and [`Error::Rule`], and networks, images or folders that cannot be used.
pub fn simulate(
    options: &SimulationOptions,
    folder: &Path,
    device: &Device,
    observer: &Observer<'_>,
) -> Result<Simulation> {
    options.rules.check()?;
    let mut networks = NeuralProposer::new(folder.join("networks"), options.learning, device, observer)?;
    networks.check(options.spec.candidates.iter().chain(&options.spec.panel))?;
    let by = Reviewer::new("simulation")?;
    let cases = cases(options)?;
    let mut project = open(options, &folder.join("project"), &cases, &by, observer)?;
    let reviewer = Simulated::new(options.rules, &cases)?;
    loop {
        match steps::step(&mut project, &mut networks, &by, observer)? {
            Step::Finished => break,
            Step::Waiting(_) => reviewer.work(&mut project)?,
            step => steps::tell(&project, step, observer),
        }
        rounds::measure(&project, &reviewer)?.write(folder)?;
    }
    let simulation = rounds::measure(&project, &reviewer)?;
    simulation.write(folder)?;
    Ok(simulation)
}

/// The images to annotate, with the true masks for the reviewers.
fn cases(options: &SimulationOptions) -> Result<Vec<Case>> {
    let data = CovidQuEx::open(&options.data)?;
    let part = data.parts().next().unwrap_or(Part::LungSegmentation);
    let index = data.index(part)?.split(Split::Train);
    let count = options.images.min(index.len());
    Ok(index.subset(count, options.spec.seed)?.cases().to_vec())
}

fn open(
    options: &SimulationOptions,
    folder: &Path,
    cases: &[Case],
    by: &Reviewer,
    observer: &Observer<'_>,
) -> Result<Project> {
    if folder.join(LEDGER_FILE).exists() {
        let project = Project::open(folder)?;
        let config = ProjectConfig::new(options.spec.clone())?;
        if *project.config() != config || project.images().len() != cases.len() {
            return Err(Error::OtherSimulation { folder: folder.into() });
        }
        say(observer, format!("going on at {}", project.statistics().phase));
        return Ok(project);
    }
    let images = cases.iter().map(|case| {
        Ok(NewImage { id: ImageId::new(case.id())?, class: case.class(), file: case.image().to_owned() })
    });
    let images = images.collect::<Result<Vec<_>>>()?;
    let seeds = drawn_seeds(options)?;
    say(observer, format!("{} seeds, {} images", seeds.len(), images.len()));
    create(folder, options.spec.clone(), &images, &seeds, by, observer)
}

/// As many seeds as were asked for.
fn drawn_seeds(options: &SimulationOptions) -> Result<Vec<NewSeed>> {
    let all = seeds(&options.seed_images, &options.seed_masks)?;
    let count = options.seeds.unwrap_or(all.len()).min(all.len());
    let drawn = order(all.len(), options.spec.seed, 0).into_iter().take(count);
    Ok(drawn.map(|place| all[place].clone()).collect())
}
