use std::path::{Path, PathBuf};

use clap::Args;
use pulmo::annotation::{NetworkName, ProjectSpec, Selection};
use pulmo::jobs::annotate::{Rules, SimulationOptions, simulate};
use pulmo::kernels::keep_freed_memory;

use super::advance::Learning;
use super::new::SeedFolders;
use crate::console::Console;
use crate::exit::{Done, Outcome};
use crate::options::{DataOption, DeviceOption};

/// Networks that Stage I chooses from.
pub(super) const CANDIDATES: &str = "unet-resnet18,unet-resnet34,unet-densenet121";

/// Run the whole loop by simulated reviewers, who know the true masks
///
/// Networks learn seed masks and propose for a data set whose masks they never see; reviewers accept, correct, pick and verify.
/// Says how good the masks become and how many had to be corrected (rounds.csv, rounds.svg). A loop that was stopped goes on.
#[derive(Debug, Args)]
pub(super) struct Simulate {
    #[command(flatten)]
    seed_folders: SeedFolders,
    /// Use so many of the seeds
    #[arg(long, value_name = "COUNT")]
    seeds: Option<usize>,
    #[command(flatten)]
    data: DataOption,
    /// Annotate so many of its images, drawn evenly over the classes
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    images: usize,
    /// Stage I: networks to choose from
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',', default_value = CANDIDATES)]
    candidates: Vec<NetworkName>,
    /// Stage III: three to six networks that propose together
    #[arg(
        long,
        value_name = "NETWORKS",
        value_delimiter = ',',
        default_value = "unet-resnet18,unetplusplus-resnet18,fpn-resnet18"
    )]
    panel: Vec<NetworkName>,
    /// Stage II: images in a batch
    #[arg(long, value_name = "COUNT", default_value_t = 60)]
    batch_size: usize,
    /// Stage II: share of the images that is annotated in batches
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    batch_share: f64,
    /// Stage II: how batches are drawn: random, or disagreement between the candidates
    #[arg(long, default_value_t)]
    selection: Selection,
    /// Reviewers take a proposal from this DSC with the true mask on
    #[arg(long, value_name = "DSC", default_value_t = Rules::default().accept)]
    accept: f64,
    /// Reviewers are unsure, and ask the doctor, this close below it
    #[arg(long, value_name = "DSC", default_value_t = Rules::default().unsure)]
    unsure: f64,
    /// Reviewers deny all proposals of the panel below this DSC
    #[arg(long, value_name = "DSC", default_value_t = Rules::default().deny)]
    deny: f64,
    /// Seed of every choice
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    learning: Learning,
    #[command(flatten)]
    device: DeviceOption,
}

impl Simulate {
    pub(super) fn run(&self, folder: &Path, console: &Console) -> Outcome {
        keep_freed_memory();
        let simulation = simulate(&self.options(), folder, &self.device.open()?, &console.observer())?;
        let files: Vec<PathBuf> = ["rounds.csv", "rounds.svg"].map(|name| folder.join(name)).into();
        let files: Vec<String> = files.iter().map(|file| format!("{}\n", file.display())).collect();
        console.result(format!("{simulation}\n{}", files.concat()), &simulation)?;
        Ok(Done::All)
    }

    fn options(&self) -> SimulationOptions {
        let mut spec = ProjectSpec::new("simulated loop", self.candidates.clone(), self.panel.clone());
        spec.batch_size = self.batch_size;
        spec.batch_share = self.batch_share;
        spec.selection = self.selection;
        spec.seed = self.seed;
        let SeedFolders { seed_images, seed_masks } = &self.seed_folders;
        let mut options = SimulationOptions::new(spec, seed_images, seed_masks, &self.data.data);
        options.seeds = self.seeds;
        options.images = self.images;
        options.rules = Rules { accept: self.accept, unsure: self.unsure, deny: self.deny };
        options.learning = self.learning.options();
        options
    }
}
