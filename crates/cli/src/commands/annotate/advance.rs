use std::path::PathBuf;

use clap::Args;
use pulmo::annotation::{MaskFolders, NetworkName, Project, Reviewer};
use pulmo::jobs::annotate::{Advanced, LearningOptions, NeuralProposer, advance};
use pulmo::kernels::keep_freed_memory;
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, ForOption, Outcome};
use crate::options::DeviceOption;

/// Let the networks take their next steps, until people are needed
#[derive(Debug, Args)]
pub(super) struct Advance {
    /// Take a network's proposals from a folder of masks instead of training it; give it for every network
    #[arg(long, value_name = "NAME=FOLDER", value_parser = named_folder)]
    masks: Vec<(NetworkName, PathBuf)>,
    #[command(flatten)]
    learning: Learning,
    #[command(flatten)]
    device: DeviceOption,
}

/// How networks learn.
#[derive(Debug, Args)]
#[command(next_help_heading = "Training")]
pub(super) struct Learning {
    /// Side of the networks' input in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = LearningOptions::default().size)]
    size: usize,
    /// How often the encoders halve the image, 3 to 5
    #[arg(long, default_value_t = LearningOptions::default().depth)]
    depth: usize,
    /// Passes over the masks when a network learns for the first time
    #[arg(long, value_name = "COUNT", default_value_t = LearningOptions::default().epochs)]
    epochs: usize,
    /// Passes when it learns again from more masks
    #[arg(long, value_name = "COUNT", default_value_t = LearningOptions::default().retrain_epochs)]
    retrain_epochs: usize,
    /// Images per step
    #[arg(long, value_name = "COUNT", default_value_t = LearningOptions::default().batch)]
    batch: usize,
    /// Highest learning rate
    #[arg(long, value_name = "RATE", default_value_t = LearningOptions::default().learning_rate)]
    learning_rate: f64,
}

fn named_folder(text: &str) -> Result<(NetworkName, PathBuf), String> {
    let (name, folder) = text.split_once('=').ok_or("it has to be NAME=FOLDER")?;
    Ok((name.parse().map_err(|error| format!("{error}"))?, PathBuf::from(folder)))
}

impl Learning {
    pub(super) fn options(&self) -> LearningOptions {
        let mut options = LearningOptions::default();
        options.size = self.size;
        options.depth = self.depth;
        options.epochs = self.epochs;
        options.retrain_epochs = self.retrain_epochs;
        options.batch = self.batch;
        options.learning_rate = self.learning_rate;
        options
    }
}

impl Advance {
    pub(super) fn run(&self, mut project: Project, by: &Reviewer, console: &Console) -> Outcome {
        let observer = console.observer();
        let advanced = if self.masks.is_empty() {
            keep_freed_memory();
            let folder = project.folder().join("networks");
            let device = self.device.open()?;
            let mut networks = NeuralProposer::new(folder, self.learning.options(), &device, &observer)?;
            let spec = project.config().spec();
            networks.check(spec.candidates.iter().chain(&spec.panel))?;
            advance(&mut project, &mut networks, by, &observer)?
        } else {
            let mut folders = MaskFolders::new(self.masks.clone()).for_option("--masks")?;
            advance(&mut project, &mut folders, by, &observer)?
        };
        let waiting = match advanced {
            Advanced::Waiting(images) => images,
            _ => 0,
        };
        let value = json!({ "waiting": waiting, "complete": advanced == Advanced::Complete });
        console.result(format!("{advanced}\n"), &value)?;
        Ok(Done::All)
    }
}
