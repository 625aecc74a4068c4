use std::path::PathBuf;

use clap::Args;
use pulmo::jobs::study;
use pulmo::kernels::keep_freed_memory;
use pulmo::prelude::*;
use pulmo::segmentation::Scheme;
use pulmo::study::{InfectionStudy, LungSource, LungStudy, NetworkName, RecipeOptions, Study, StudyConfig};

use crate::console::Console;
use crate::exit::{Done, Failure, ForOption, Outcome};
use crate::options::{DataOption, DeviceOption, SubsetOption};

/// Cross-validate networks on a data set: every network on every fold, one table at the end
///
/// Stop it whenever you like: the same command goes on where it was, and ends with the same table.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CrossValidate {
    #[command(flatten)]
    data: DataOption,
    /// Folder for folds, networks, results and tables
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// What to segment: lung or infection
    #[arg(long)]
    task: Task,
    /// Networks, for example unet-resnet18,fpn-densenet121, or "paper" for the fifteen of the paper
    #[arg(long, default_value = "unet-resnet18")]
    networks: String,
    /// What infection networks see: parallel (the whole X-ray), cascaded (the lungs alone), or both to compare them
    #[arg(long, value_delimiter = ',', default_value = "parallel")]
    scheme: Vec<Scheme>,
    /// Lung network of the infection task: bundled, a model folder, or fold:<network> for one that each fold trains on
    /// its own training images
    #[arg(long, value_name = "SOURCE", default_value = "bundled")]
    lung: LungSource,
    /// Number of folds
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    folds: usize,
    #[command(flatten)]
    subset: SubsetOption,
    /// Let near-duplicates fall into different folds
    #[arg(long)]
    ignore_duplicates: bool,
    #[command(flatten)]
    device: DeviceOption,
    #[command(flatten)]
    recipe: Recipe,
}

/// How networks are trained.
#[derive(Debug, Args)]
#[command(next_help_heading = "Recipe")]
struct Recipe {
    /// How often the encoder halves the image, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Side of the input in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 256)]
    size: usize,
    /// Images per step
    #[arg(long, value_name = "COUNT", default_value_t = 8)]
    batch: usize,
    /// Passes over the training images
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    epochs: usize,
    /// Highest learning rate, reached after the warm-up
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    learning_rate: f64,
    /// Loss, for example ce+0.5*dice or focal(gamma=2)+tversky(alpha=0.3,beta=0.7)
    #[arg(long, default_value = "ce")]
    loss: String,
    /// Strength of augmentation: none, light or standard
    #[arg(long, value_name = "STRENGTH", default_value = "standard")]
    augmentation: String,
    /// Any other option of a recipe, its value as JSON, for example warmup=0.2
    #[arg(long, value_name = "OPTION=VALUE", value_parser = option)]
    set: Vec<(String, serde_json::Value)>,
    /// Weights that an encoder starts from, for example resnet18=resnet18.safetensors
    #[arg(long, value_name = "ENCODER=FILE", value_parser = encoder_weights)]
    encoder_weights: Vec<(String, PathBuf)>,
    /// Take what fits of the encoder weights instead of demanding all of them
    #[arg(long, requires = "encoder_weights")]
    partial_encoder_weights: bool,
    /// Seed of subset, folds, weights, order and augmentation
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

const EXAMPLES: &str = "\
Examples:
  pulmo cross-validate --task lung --data COVID-QU-Ex --networks unet-resnet18,fpn-resnet18 --out study
  pulmo cross-validate --task infection --data COVID-QU-Ex --scheme parallel,cascaded --folds 3 --out study";

fn option(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("not of the form option=value")?;
    // What is no JSON is a text.
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_owned(), value))
}

fn encoder_weights(text: &str) -> Result<(String, PathBuf), String> {
    let (encoder, file) = text.split_once('=').ok_or("not of the form encoder=file")?;
    Ok((encoder.to_owned(), file.into()))
}

impl CrossValidate {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        keep_freed_memory();
        let config = self.config()?;
        config.validate().map_err(Failure::wrong_use)?;
        let opened = Study::open(config, &self.data.data, &self.out, &self.device.open()?)?;
        let table = study(&opened, &console.observer())?;
        console.result(table.to_markdown(), &table)?;
        Ok(Done::All)
    }

    fn config(&self) -> Result<StudyConfig, Failure> {
        let networks = match self.networks.as_str() {
            "paper" => NetworkName::paper().collect(),
            names => names.split(',').map(str::parse).collect::<Result<_, _>>().for_option("--networks")?,
        };
        let config = StudyConfig {
            networks,
            folds: self.folds,
            seed: self.recipe.seed,
            group_duplicates: !self.ignore_duplicates,
            encoder_weights: self.recipe.encoder_weights.iter().cloned().collect(),
            partial_encoder_weights: self.recipe.partial_encoder_weights,
            recipe: self.recipe.options(),
            ..StudyConfig::default()
        };
        match self.task {
            Task::Lung if self.scheme != [Scheme::Parallel] => {
                Err("a lung network sees the whole X-ray; a scheme is of the infection task")
                    .for_option("--scheme")
            }
            Task::Lung => {
                let lung = LungStudy { subset: self.subset.subset, ..LungStudy::default() };
                Ok(StudyConfig { lung: Some(lung), ..config })
            }
            Task::Infection => {
                let infection = InfectionStudy {
                    subset: self.subset.subset,
                    schemes: self.scheme.clone(),
                    lung_network: self.lung.clone(),
                    ..InfectionStudy::default()
                };
                Ok(StudyConfig { infection: Some(infection), ..config })
            }
        }
    }
}

impl Recipe {
    fn options(&self) -> RecipeOptions {
        let recipe = RecipeOptions::default()
            .set("depth", self.depth)
            .set("size", self.size)
            .set("batch", self.batch)
            .set("epochs", self.epochs)
            .set("learning_rate", self.learning_rate)
            .set("loss", self.loss.clone())
            .set("augmentation", self.augmentation.clone());
        self.set.iter().fold(recipe, |recipe, (name, value)| recipe.set(name, value.clone()))
    }
}
