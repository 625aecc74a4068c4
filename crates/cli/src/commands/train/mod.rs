mod recipe;

use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::{TrainOptions, train};
use pulmo::kernels::keep_freed_memory;
use pulmo::prelude::*;
use pulmo::segmentation::weights::Strictness;
use pulmo::training::Start;

use crate::console::Console;
use crate::exit::{Done, Failure, Outcome};
use crate::options::{DataOption, SubsetOption};

use recipe::RecipeOptions;

/// Train a lung or infection network on a data set, and write it as a model folder
///
/// The run is kept in the subfolder "run" of the model folder: recipe, curves, and a checkpoint after every epoch. A run that
/// was stopped goes on with --resume as if it had not been.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Train {
    #[command(flatten)]
    data: DataOption,
    /// Model folder to write
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    subset: SubsetOption,
    /// Train on so many drawn images as well that show no chest, whose masks are empty
    #[arg(long, default_value_t = 0, value_name = "COUNT")]
    decoys: usize,
    /// Go on with a run that was stopped
    #[arg(long)]
    resume: bool,
    /// Show burn-train's full-screen dashboard
    #[arg(long)]
    dashboard: bool,
    /// Version to write into the model folder
    #[arg(long, value_name = "VERSION", default_value = "1")]
    model_version: String,
    /// Where to train: flex, which is the CPU, or another backend of this build, such as wgpu or cuda:1; give it several
    /// times to share the images among devices
    #[arg(long, default_values_t = [DeviceName::default()])]
    device: Vec<DeviceName>,
    #[command(flatten)]
    weights: WeightOptions,
    #[command(flatten)]
    recipe: RecipeOptions,
}

/// Where the first weights come from; drawn without any of these.
#[derive(Debug, Args)]
#[command(next_help_heading = "First weights")]
struct WeightOptions {
    /// Encoder weights to start from: of SMP, torchvision or timm, as .pth, .pt or .safetensors
    #[arg(long, value_name = "FILE")]
    encoder_weights: Option<PathBuf>,
    /// Take what fits of the encoder weights instead of demanding all of them
    #[arg(long, requires = "encoder_weights")]
    partial_encoder_weights: bool,
    /// Model folder to start from, for example one that was trained at a smaller size; network and depth are its own
    #[arg(long, value_name = "FOLDER", conflicts_with = "encoder_weights")]
    start_from: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  pulmo train --task lung --data COVID-QU-Ex --out models/lung
  pulmo train --task infection --data COVID-QU-Ex --network fpn-resnet18 --encoder-weights resnet18.pth --out models/fpn
  pulmo train --task lung --data COVID-QU-Ex --start-from models/lung --size 320 --epochs 5 --out models/lung-320";

impl WeightOptions {
    fn start(&self) -> Start {
        let strictness = if self.partial_encoder_weights { Strictness::Partial } else { Strictness::Strict };
        match (&self.encoder_weights, &self.start_from) {
            (Some(file), _) => Start::Encoder { file: file.clone(), strictness },
            (None, Some(folder)) => Start::Model(folder.clone()),
            (None, None) => Start::Drawn,
        }
    }

    /// The network of the model to start from.
    fn network(&self) -> Result<Option<SegmentationConfig>, Failure> {
        let Some(folder) = &self.start_from else { return Ok(None) };
        Ok(Some(ModelFolder::open(folder)?.manifest().network.clone()))
    }
}

impl Train {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        keep_freed_memory();
        let devices = self.device.iter().map(DeviceName::open).collect::<pulmo::device::Result<Vec<_>>>()?;
        let report = train(&self.options()?, &devices, &console.observer())?;
        console.result(format!("{report}\n"), &report)?;
        Ok(Done::All)
    }

    fn options(&self) -> Result<TrainOptions, Failure> {
        let recipe = self.recipe.recipe(self.weights.network()?)?;
        let mut options = TrainOptions::new(recipe, &self.data.data, &self.out);
        options.start = self.weights.start();
        options.subset = self.subset.subset;
        options.decoys = self.decoys;
        options.resume = self.resume;
        options.dashboard = self.dashboard;
        options.model_version.clone_from(&self.model_version);
        options.command = Some(std::env::args().collect());
        Ok(options)
    }
}
