use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::convert::{
    Converted, file_to_file, file_to_model, is_file_name, model_to_file, models_to_model,
};
use pulmo::prelude::*;
use pulmo::segmentation::weights::Precision;

use crate::console::Console;
use crate::exit::{Done, Failure, Outcome};
use crate::options::WeightFileOptions;

/// Convert weights between PyTorch, safetensors and model folders; average models, or store them with fewer bits
///
/// PyTorch loads the safetensors files strictly: model.load_state_dict(safetensors.torch.load_file(file)).
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Convert {
    /// Architecture and encoder, for example unetplusplus-densenet121; a model folder knows its own
    #[arg(long)]
    network: Option<SegmentationConfig>,
    /// State dict (.pth, .pt, .bin or .safetensors) with SMP's key names, or a model folder
    #[arg(long, value_name = "PATH")]
    weights: PathBuf,
    /// Another model folder of the same network, whose weights are averaged with those of --weights; may be given several
    /// times, and --out is then a model folder
    #[arg(long, value_name = "FOLDER")]
    average: Vec<PathBuf>,
    /// The weights are an ImageNet classifier's, with torchvision's or timm's key names; decoder and head are drawn
    #[arg(long)]
    classifier: bool,
    /// Safetensors file to write; with --task, model folder; of a model folder, another one unless it ends in .safetensors
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Write a model folder for this task, lung or infection
    #[arg(long)]
    task: Option<Task>,
    /// Side of the input in pixels that a model folder names
    #[arg(long, value_name = "PIXELS", default_value_t = 256, requires = "task")]
    size: usize,
    #[command(flatten)]
    file: WeightFileOptions,
    /// Seed of what is drawn
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How convolutions are stored: full (32 bits), half (16), or byte (8 and a scale for every channel) [default: full, and
    /// half from model folder to model folder]
    #[arg(long)]
    precision: Option<Precision>,
}

const EXAMPLES: &str = "\
Examples:
  pulmo convert --network unet-resnet18 --weights unet.pth --out unet.safetensors
  pulmo convert --network unet-resnet18 --weights unet.pth --task lung --out models/lung
  pulmo convert --weights models/lung --out lung.safetensors
  pulmo convert --weights fold-0/model --average fold-1/model --precision byte --out models/mean";

impl Convert {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let converted = if self.weights.is_dir() { self.of_model()? } else { self.of_file()? };
        console.result(format!("{converted}\n"), &converted)?;
        Ok(Done::All)
    }

    fn of_file(&self) -> Result<Converted, Failure> {
        if !self.average.is_empty() {
            return Err(Failure::wrong_use("--average: --weights has to be a model folder too"));
        }
        let Some(network) = &self.network else {
            return Err(Failure::wrong_use(
                "--network: a file of weights does not say its network; name it, for example unet-resnet18",
            ));
        };
        let mut file = self.file.file(&self.weights, network);
        file.classifier = self.classifier;
        file.seed = self.seed;
        let device = DeviceName::default().open()?;
        let precision = self.precision.unwrap_or(Precision::Full);
        Ok(match self.task {
            Some(task) => file_to_model(&file, task, self.size, &self.out, precision, &device)?,
            None => file_to_file(&file, &self.out, precision, &device)?,
        })
    }

    fn of_model(&self) -> Result<Converted, Failure> {
        if self.task.is_some() || self.network.is_some() || self.classifier {
            return Err(Failure::wrong_use(format!(
                "{} is a model folder: --network, --task and --classifier have no use",
                self.weights.display()
            )));
        }
        let device = DeviceName::default().open()?;
        if self.average.is_empty() && is_file_name(&self.out) {
            let precision = self.precision.unwrap_or(Precision::Full);
            return Ok(model_to_file(&self.weights, &self.out, precision, &device)?);
        }
        let folders: Vec<PathBuf> = std::iter::once(&self.weights).chain(&self.average).cloned().collect();
        let precision = self.precision.unwrap_or(Precision::Half);
        Ok(models_to_model(&folders, &self.out, precision, &device)?)
    }
}
