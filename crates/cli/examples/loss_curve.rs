//! Trains for some hundred steps and keeps all that another framework needs to take the same ones: the first weights,
//! every batch, every learning rate. `tests/round_trip/loss_curve.py` takes them in PyTorch.
//!
//! `cargo run --release -p pulmo-cli --example loss_curve -- --data <COVID-QU-Ex folder> --out <folder>`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::GradientsParams;
use clap::Parser;
use indicatif::ProgressBar;
use pulmo::data::{CovidQuEx, Part, SampleCache, Split};
use pulmo::imaging::write_atomically;
use pulmo::kernels::keep_freed_memory;
use pulmo::losses::SegmentationLoss;
use pulmo::prelude::*;
use pulmo::segmentation::weights::{Precision, StateDict, Strictness, collect, write_safetensors};
use pulmo::training::{Recipe, SegmentationBatch, Trainer, initialise_encoder};

#[derive(Parser)]
#[command(about, long_about = None)]
struct Options {
    /// lung or infection
    #[arg(long, default_value = "infection")]
    task: Task,
    /// Folder of COVID-QU-Ex in its published layout
    #[arg(long)]
    data: PathBuf,
    /// Folder to write weights, batches and losses into
    #[arg(long)]
    out: PathBuf,
    /// Architecture and encoder
    #[arg(long, default_value = "unet-resnet18")]
    network: SegmentationConfig,
    /// Loss
    #[arg(long, default_value = "ce")]
    loss: SegmentationLoss,
    /// Side of the input in pixels
    #[arg(long, default_value_t = 128)]
    size: usize,
    /// Images per step
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Steps
    #[arg(long, default_value_t = 300)]
    steps: usize,
    /// Steps over which the learning rate rises
    #[arg(long, default_value_t = 30)]
    warmup: usize,
    /// Learning rate after them
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Encoder weights to start from; what fits of them is taken
    #[arg(long)]
    encoder_weights: Option<PathBuf>,
    /// Seed of weights, order and augmentation
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where to train: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
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
    let mut recipe = Recipe::new(options.task, options.network.clone());
    recipe.size = options.size;
    recipe.batch = options.batch;
    recipe.loss = options.loss.clone();
    recipe.learning_rate = options.learning_rate;
    recipe.seed = options.seed;
    let device = options.device.open()?.autodiff();
    let trainer = Trainer::new(recipe.clone(), &device)?;
    let mut model = trainer.initial_model()?;
    if let Some(file) = &options.encoder_weights {
        model = initialise_encoder(model, file, Strictness::Partial)?.0;
    }
    let mut model = model.train();

    // Only as many images as the steps look at.
    let index = CovidQuEx::open(&options.data)?.index(Part::InfectionSegmentation)?.split(Split::Train);
    let images = (options.steps * options.batch).min(index.len());
    let samples = Arc::new(SampleCache::load(&index.subset(images, options.seed)?, options.size, |_, _| ())?);
    let loader = trainer.batches(samples)?;

    std::fs::create_dir_all(options.out.join("batches"))?;
    write_safetensors(&options.out.join("initial.safetensors"), &collect(&model)?, Precision::Full)?;
    let mut optimiser = pulmo::training::adam();
    let mut table = String::from("step,learning_rate,loss\n");
    let bar = ProgressBar::new(options.steps as u64);
    let mut step = 0;
    while step < options.steps {
        for batch in loader.iter() {
            let batch = batch?;
            save(&batch, &options.out.join(format!("batches/{step:05}.safetensors")))?;
            let rise = (step + 1) as f64 / options.warmup.max(1) as f64;
            let learning_rate = options.learning_rate * rise.min(1.0);
            let loss = recipe.loss.forward(model.forward(batch.images), batch.targets);
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimiser.step(learning_rate, model, gradients);
            let loss = loss.into_scalar::<f32>();
            table += &format!("{step},{learning_rate},{loss}\n");
            bar.inc(1);
            step += 1;
            if step == options.steps {
                break;
            }
        }
    }
    bar.finish_and_clear();
    write_atomically(&options.out.join("losses.csv"), table.as_bytes())?;
    write_safetensors(&options.out.join("final.safetensors"), &collect(&model)?, Precision::Full)?;
    println!("{}", options.out.join("losses.csv").display());
    Ok(())
}

/// Writes images `[N, C, H, W]` and class indices `[N, H, W]`.
fn save(batch: &SegmentationBatch, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut tensors = StateDict::default();
    let (images, targets) = (batch.images.clone(), batch.targets.clone());
    tensors.insert("images", &images.dims(), images.try_into_vec_as()?)?;
    tensors.insert("targets", &targets.dims(), targets.float().try_into_vec_as()?)?;
    Ok(write_safetensors(path, &tensors, Precision::Full)?)
}
