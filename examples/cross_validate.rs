//! Cross-validates networks on a data set: every network on every fold, one table at the end.
//!
//! `cargo run --release --example cross_validate -- --data <COVID-QU-Ex folder> --task infection \
//!     --networks unet-resnet18,fpn-resnet18 --out <folder>`
//!
//! Stop it whenever you like: the same command goes on where it was, and ends with the same table.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use pulmo::kernels::keep_freed_memory;
use pulmo::prelude::*;
use pulmo::segmentation::Scheme;
use pulmo::study::{
    InfectionStudy, LungSource, LungStudy, NetworkName, RecipeOptions, Study, StudyConfig, TerminalProgress,
};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// COVID-QU-Ex in its published layout, a CSV manifest, or a folder of images and masks
    #[arg(long)]
    data: PathBuf,
    /// Folder for folds, networks, results and tables
    #[arg(long)]
    out: PathBuf,
    /// lung or infection
    #[arg(long)]
    task: Task,
    /// Networks, for example unet-resnet18,fpn-densenet121, or "paper" for the fifteen of the paper
    #[arg(long, default_value = "unet-resnet18")]
    networks: String,
    /// parallel, cascaded, or both to compare them
    #[arg(long, value_delimiter = ',', default_value = "parallel")]
    scheme: Vec<Scheme>,
    /// Lung network of the infection task: bundled, a model folder, or fold:<network> for one that each fold trains on
    /// its own training images
    #[arg(long, default_value = "bundled")]
    lung: LungSource,
    /// Number of folds
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Use this many images only, drawn evenly over the classes
    #[arg(long)]
    subset: Option<usize>,
    /// Halvings in the encoder, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Side of the input in pixels
    #[arg(long, default_value_t = 256)]
    size: usize,
    /// Images per step
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Passes over the training images
    #[arg(long, default_value_t = 10)]
    epochs: usize,
    /// Highest learning rate, reached after the warm-up
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Loss, for example ce+0.5*dice or focal(gamma=2)+tversky(alpha=0.3,beta=0.7)
    #[arg(long, default_value = "ce")]
    loss: String,
    /// Strength of augmentation: none, light or standard
    #[arg(long, default_value = "standard")]
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
    /// Let near-duplicates fall into different folds
    #[arg(long)]
    ignore_duplicates: bool,
    /// Seed of subset, folds, weights, order and augmentation
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where to compute: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
}

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

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Box<dyn Error>> {
    keep_freed_memory();
    let device = options.device.open()?;
    let (data, out) = (options.data.clone(), options.out.clone());
    let study = Study::open(config(options)?, &data, &out, &device)?;
    let table = study.run(&TerminalProgress::default())?;
    print!("{}", table.to_markdown());
    Ok(())
}

fn config(options: Options) -> Result<StudyConfig, Box<dyn Error>> {
    let networks = match options.networks.as_str() {
        "paper" => NetworkName::paper().collect(),
        names => names.split(',').map(str::parse).collect::<Result<_, _>>()?,
    };
    let recipe = RecipeOptions::default()
        .set("depth", options.depth)
        .set("size", options.size)
        .set("batch", options.batch)
        .set("epochs", options.epochs)
        .set("learning_rate", options.learning_rate)
        .set("loss", options.loss)
        .set("augmentation", options.augmentation);
    let recipe = options.set.into_iter().fold(recipe, |recipe, (name, value)| recipe.set(&name, value));
    let mut config = StudyConfig {
        networks,
        folds: options.folds,
        seed: options.seed,
        group_duplicates: !options.ignore_duplicates,
        encoder_weights: options.encoder_weights.into_iter().collect(),
        partial_encoder_weights: options.partial_encoder_weights,
        recipe,
        ..StudyConfig::default()
    };
    match options.task {
        Task::Lung if options.scheme != [Scheme::Parallel] => {
            return Err("a lung network sees the whole X-ray; --scheme is of the infection task".into());
        }
        Task::Lung => config.lung = Some(LungStudy { subset: options.subset, ..LungStudy::default() }),
        Task::Infection => {
            config.infection = Some(InfectionStudy {
                subset: options.subset,
                schemes: options.scheme,
                lung_network: options.lung,
                ..InfectionStudy::default()
            });
        }
    }
    Ok(config)
}
