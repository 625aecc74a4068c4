//! Converts weights: PyTorch or safetensors files and model folders into safetensors files with SMP's key names, and
//! such files into model folders; or stores model folders with fewer bits, or the mean of several as one.
//!
//! `cargo run --release --example convert -- --network unet-resnet18 --weights <.pth, .pt or .safetensors>
//! --out <.safetensors>`
//!
//! PyTorch loads the result strictly: `model.load_state_dict(safetensors.torch.load_file(file))`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use pulmo::prelude::*;
use pulmo::segmentation::ModelManifest;
use pulmo::segmentation::weights::{
    Precision, StateDict, Strictness, collect, load, load_encoder, mean, read, write_safetensors,
};

/// The ending of files that are written.
const ENDING: &str = "safetensors";
/// Version written into a model folder.
const MODEL_VERSION: &str = "1";

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// Architecture and encoder, for example unetplusplus-densenet121; a model folder knows its own
    #[arg(long)]
    network: Option<SegmentationConfig>,
    /// State dict (.pth, .pt, .bin or .safetensors) with SMP's key names, or a model folder
    #[arg(long)]
    weights: PathBuf,
    /// Another model folder of the same network, whose weights are averaged with those of --weights; may be given several
    /// times, and --out is then a model folder
    #[arg(long)]
    average: Vec<PathBuf>,
    /// The weights are an ImageNet classifier's, with torchvision's or timm's key names; decoder and head are drawn
    #[arg(long)]
    classifier: bool,
    /// Safetensors file to write; with --task, model folder; of a model folder, another one unless it ends in .safetensors
    #[arg(long)]
    out: PathBuf,
    /// Write a model folder for this task, lung or infection
    #[arg(long)]
    task: Option<Task>,
    /// Side of the input in pixels that a model folder names
    #[arg(long, default_value_t = 256, requires = "task")]
    size: usize,
    /// Channels of the input
    #[arg(long, default_value_t = 3)]
    in_channels: usize,
    /// Output classes
    #[arg(long, default_value_t = 2)]
    classes: usize,
    /// Halvings in the encoder, 3 to 5
    #[arg(long, default_value_t = 5)]
    depth: usize,
    /// Take what fits of the weights instead of demanding all of them; the rest is drawn
    #[arg(long)]
    partial: bool,
    /// Seed of what is drawn
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How convolutions are stored: full (32 bits), half (16) or byte (8 and a scale for every channel); files in full
    /// and model folders of model folders in half where nothing is said
    #[arg(long)]
    precision: Option<Precision>,
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
    check_out(options)?;
    let device = DeviceName::default().open()?;
    device.seed(options.seed);
    if options.weights.is_dir() {
        return from_folder(options);
    }
    if !options.average.is_empty() {
        return Err("--average: --weights has to be a model folder too".into());
    }
    let Some(network) = &options.network else {
        return Err("--network: a file of weights does not say its network, for example unet-resnet18".into());
    };
    let config = network
        .clone()
        .with_in_channels(options.in_channels)
        .with_classes(options.classes)
        .with_depth(options.depth);
    let strictness = if options.partial { Strictness::Partial } else { Strictness::Strict };
    let dict = read(&options.weights)?;
    let model = config.init(&device)?;
    let (model, report) = match options.classifier {
        true => load_encoder(model, dict, strictness)?,
        false => load(model, &dict, strictness)?,
    };
    println!("{report}");
    match options.task {
        Some(task) => into_folder(options, task, config, &model),
        None => into_file(options, &collect(&model)?),
    }
}

/// Refuses what would be written in vain or over a model.
fn check_out(options: &Options) -> Result<(), Box<dyn Error>> {
    let out = &options.out;
    if writes_folder(options) {
        if ModelFolder::open(out).is_ok() {
            return Err(format!("--out: {} holds a model already; name another folder", out.display()).into());
        }
    } else if out.extension().is_none_or(|ending| ending != ENDING) {
        let named = out.with_extension(ENDING);
        return Err(format!("--out: safetensors is written; name it {}", named.display()).into());
    }
    Ok(())
}

/// Whether a model folder is written, not a file.
fn writes_folder(options: &Options) -> bool {
    let named_file = options.out.extension().is_some_and(|ending| ending == ENDING);
    options.task.is_some() || !options.average.is_empty() || (options.weights.is_dir() && !named_file)
}

fn from_folder(options: &Options) -> Result<(), Box<dyn Error>> {
    if options.task.is_some() || options.network.is_some() || options.classifier {
        let folder = options.weights.display();
        return Err(
            format!("{folder} is a model folder: --network, --task and --classifier have no use").into()
        );
    }
    let folder = ModelFolder::open(&options.weights)?;
    println!("{} {}: {}", folder.manifest().name, folder.manifest().version, folder.manifest().network);
    if writes_folder(options) {
        into_mean(options, &folder)
    } else {
        into_file(options, &collect(&folder.model(&DeviceName::default().open()?)?)?)
    }
}

/// `folder`, or its mean with those to be averaged with it, as a model folder.
fn into_mean(options: &Options, folder: &ModelFolder) -> Result<(), Box<dyn Error>> {
    let mut dicts = vec![folder.state_dict()?];
    for path in &options.average {
        let other = ModelFolder::open(path)?;
        let (task, found) = (folder.manifest().task, other.manifest().task);
        if found != task {
            return Err(format!("--average: {} segments {found}, not {task}", path.display()).into());
        }
        dicts.push(other.state_dict()?);
    }
    let network = folder.manifest().network.init(&DeviceName::default().open()?)?;
    let (model, _) = load(network, &mean(&dicts)?, Strictness::Strict)?;
    // The decision belongs to the weights that it was calibrated with.
    let manifest = ModelManifest { decision: serde_json::Value::Null, ..folder.manifest().clone() };
    let name = &manifest.name;
    let sources: Vec<String> = std::iter::once(&options.weights)
        .chain(&options.average)
        .map(|path| format!("`{}`", path.file_name().map(Path::new).unwrap_or(path).display()))
        .collect();
    let precision = options.precision.unwrap_or(Precision::Half);
    let mean_of = if dicts.len() > 1 { "mean of the " } else { "" };
    let card = format!(
        "# {name}\n\nThe {mean_of}weights in {}, stored in {precision} precision by the `convert` example.\n",
        sources.join(", ")
    );
    ModelFolder::pack(manifest, &model, precision)?.save(&options.out, &card)?;
    println!(
        "model folder {}, {mean_of}weights in {}, {precision} precision",
        options.out.display(),
        sources.join(", ")
    );
    Ok(())
}

fn into_file(options: &Options, dict: &StateDict) -> Result<(), Box<dyn Error>> {
    write_safetensors(&options.out, dict, options.precision.unwrap_or(Precision::Full))?;
    println!("{} tensors in {}", dict.len(), options.out.display());
    Ok(())
}

fn into_folder(
    options: &Options,
    task: Task,
    config: SegmentationConfig,
    model: &SegmentationModel,
) -> Result<(), Box<dyn Error>> {
    config.check_input(options.size, options.size)?;
    let name = format!("{task}-{config}");
    let source = options.weights.file_name().map(Path::new).unwrap_or(&options.weights).display();
    let card = format!("# {name}\n\nConverted by the `convert` example from `{source}`.\n");
    let manifest = ModelManifest::new(&name, MODEL_VERSION, task, config, options.size);
    ModelFolder::pack(manifest, model, options.precision.unwrap_or(Precision::Full))?
        .save(&options.out, &card)?;
    println!("model folder {}", options.out.display());
    Ok(())
}
