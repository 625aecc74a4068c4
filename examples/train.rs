//! Trains a lung or infection network on a COVID-QU-Ex folder and writes it as a model folder.
//!
//! `cargo run --release --example train -- --task lung --data <COVID-QU-Ex folder> --out <model folder>`

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use indicatif::ProgressBar;
use pulmo::data::{Augmentation, CovidQuEx, Index, Part, SampleCache, Split};
use pulmo::losses::{Dice, SegmentationLoss};
use pulmo::prelude::*;
use pulmo::segmentation::ModelManifest;
use pulmo::segmentation::weights::{Precision, Strictness};
use pulmo::training::{Dashboard, Recipe, RunFolder, Trained, Trainer, initialise_encoder};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// lung or infection
    #[arg(long)]
    task: Task,
    /// Folder of COVID-QU-Ex in its published layout
    #[arg(long)]
    data: PathBuf,
    /// Model folder to write; the run is kept in its subfolder "run"
    #[arg(long)]
    out: PathBuf,
    /// Architecture and encoder
    #[arg(long, default_value = "unet-resnet18")]
    network: SegmentationConfig,
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
    loss: SegmentationLoss,
    /// Weight of a Dice loss added to it
    #[arg(long, default_value_t = 0.0)]
    dice: f32,
    /// Strength of augmentation: none, light or standard
    #[arg(long, default_value = "standard")]
    augmentation: String,
    /// Encoder weights to start from: of SMP, torchvision or timm, as .pth, .pt or safetensors
    #[arg(long)]
    encoder_weights: Option<PathBuf>,
    /// Take what fits of the encoder weights instead of demanding all of them
    #[arg(long, requires = "encoder_weights")]
    partial_encoder_weights: bool,
    /// Model folder to start from instead of drawn weights, for example one trained at a smaller size
    #[arg(long, conflicts_with = "encoder_weights")]
    start_from: Option<PathBuf>,
    /// Train on this many images only, drawn evenly over the classes
    #[arg(long)]
    subset: Option<usize>,
    /// Seed of weights, order and augmentation
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where to train: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
    /// Go on with a run that was stopped
    #[arg(long)]
    resume: bool,
    /// burn-train's full-screen dashboard
    #[arg(long)]
    dashboard: bool,
    /// Version to write into the model folder
    #[arg(long, default_value = "1")]
    model_version: String,
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
    let recipe = recipe(options)?;
    let device = options.device.open()?;
    let dashboard = if options.dashboard { Dashboard::FullScreen } else { Dashboard::Plain };
    let trainer = Trainer::new(recipe.clone(), &device)?.with_dashboard(dashboard);
    let model = initial_model(options, &trainer, &device)?;

    let index = CovidQuEx::open(&options.data)?.index(Part::InfectionSegmentation)?;
    let train = match options.subset {
        Some(count) => index.split(Split::Train).subset(count, options.seed)?,
        None => index.split(Split::Train),
    };
    let train = load(&train, recipe.size)?;
    let valid = load(&index.split(Split::Val), recipe.size)?;
    eprintln!("{} training and {} validation images at {} px", train.len(), valid.len(), recipe.size);

    let images = train.len();
    let folder = options.out.join("run");
    let folder = if options.resume {
        RunFolder::resume(&folder, &recipe)?
    } else {
        RunFolder::create(&folder, &recipe)?
    };
    if let Some(epoch) = folder.last_checkpoint() {
        eprintln!("going on after epoch {epoch}");
    }
    let trained = trainer.run(&folder, model, train, valid)?;
    save(options, &recipe, &trained, images)
}

fn recipe(options: &Options) -> Result<Recipe, Box<dyn Error>> {
    let mut recipe = Recipe::new(options.task, options.network.clone().with_depth(options.depth));
    recipe.size = options.size;
    recipe.batch = options.batch;
    recipe.epochs = options.epochs;
    recipe.learning_rate = options.learning_rate;
    recipe.seed = options.seed;
    recipe.loss = options.loss.clone();
    if options.dice != 0.0 {
        recipe.loss = recipe.loss.plus(options.dice, Dice::default())?;
    }
    recipe.augmentation = match options.augmentation.as_str() {
        "none" => Augmentation::none(),
        "light" => Augmentation::light(),
        "standard" => Augmentation::standard(),
        other => return Err(format!("augmentation '{other}' is none of none, light, standard").into()),
    };
    let start = options.encoder_weights.as_ref().or(options.start_from.as_ref());
    recipe.initial_weights =
        start.and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    Ok(recipe)
}

fn initial_model(
    options: &Options,
    trainer: &Trainer,
    device: &Device,
) -> Result<SegmentationModel, Box<dyn Error>> {
    if let Some(folder) = &options.start_from {
        let folder = ModelFolder::open(folder)?;
        let recipe = recipe(options)?;
        if folder.manifest().network != recipe.network {
            return Err(
                format!("{} is not a {} of this depth", folder.manifest().name, recipe.network).into()
            );
        }
        return Ok(folder.model(device)?);
    }
    let model = trainer.initial_model()?;
    match &options.encoder_weights {
        Some(file) => {
            let strictness =
                if options.partial_encoder_weights { Strictness::Partial } else { Strictness::Strict };
            let (model, report) = initialise_encoder(model, file, strictness)?;
            eprintln!("encoder weights: {report}");
            Ok(model)
        }
        None => Ok(model),
    }
}

fn load(index: &Index, size: usize) -> Result<Arc<SampleCache>, Box<dyn Error>> {
    let bar = ProgressBar::new(index.len() as u64).with_prefix("reading");
    let cache = SampleCache::load(index, size, |done, _| bar.set_position(done as u64))?;
    bar.finish_and_clear();
    Ok(Arc::new(cache))
}

fn save(options: &Options, recipe: &Recipe, trained: &Trained, images: usize) -> Result<(), Box<dyn Error>> {
    let name = format!("pulmo-{}-{}", recipe.task, recipe.network);
    let network = recipe.network.clone();
    let manifest = ModelManifest::new(&name, &options.model_version, recipe.task, network, recipe.size);
    let mut card = format!(
        "# {name}\n\nTrained by the `train` example on {images} images.\n\n## Recipe\n\n```json\n{}\n```\n\n\
         ## Curves\n\n| epoch | train loss | train DSC % | val loss | val DSC % |\n|---|---|---|---|---|\n",
        serde_json::to_string_pretty(recipe)?
    );
    for f in &trained.curves {
        card += &format!(
            "| {} | {:.4} | {:.2} | {:.4} | {:.2} |\n",
            f.epoch, f.train_loss, f.train_dsc_percent, f.valid_loss, f.valid_dsc_percent
        );
    }
    let elapsed = trained.elapsed.as_secs();
    card += &format!("\nThe last call trained for {elapsed} s. DSC is pooled over all pixels.\n");
    ModelFolder::pack(manifest, &trained.model, Precision::Half)?.save(&options.out, &card)?;
    println!("{} after {elapsed} s", options.out.display());
    Ok(())
}
