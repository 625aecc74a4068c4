//! Trains a lung or infection network on a data set and writes it as a model folder.
//!
//! `cargo run --release --example train -- --task lung --data <data set> --out <model folder>`

mod options;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use indicatif::ProgressBar;
use pulmo::data::{Index, SampleCache, Split, decoys, require_all_sound};
use pulmo::kernels::keep_freed_memory;
use pulmo::prelude::*;
use pulmo::segmentation::ModelManifest;
use pulmo::segmentation::weights::{Precision, Strictness};
use pulmo::training::{Dashboard, Recipe, RunFolder, Trained, Trainer, initialise_encoder, needs};

use options::Options;

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
    let recipe = options.recipe()?;
    let devices =
        options.device.iter().map(|device| Ok(device.open()?)).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let (device, others) = devices.split_first().ok_or("there is no device to train on")?;
    let dashboard = if options.dashboard { Dashboard::FullScreen } else { Dashboard::Plain };
    let trainer = Trainer::new(recipe.clone(), device)?
        .with_other_devices(others)
        .with_command(std::env::args())
        .with_dashboard(dashboard);
    let model = initial_model(options, &recipe, &trainer, device)?;

    let (train, valid) = images(options, &recipe)?;
    let images = train.len();
    let train = train.with(decoys(options.decoys, recipe.size, options.seed)?)?;
    let folder = options.out.join("run");
    let folder = if options.resume {
        RunFolder::resume(&folder, &recipe)?
    } else {
        RunFolder::create(&folder, &recipe)?
    };
    if let Some(epoch) = folder.last_checkpoint() {
        eprintln!("going on after epoch {epoch}");
    }
    let trained = trainer.run(&folder, model, Arc::new(train), Arc::new(valid))?;
    save(options, &recipe, &trained, images)
}

fn initial_model(
    options: &Options,
    recipe: &Recipe,
    trainer: &Trainer,
    device: &Device,
) -> Result<SegmentationModel, Box<dyn Error>> {
    if let Some(folder) = &options.start_from {
        let folder = ModelFolder::open(folder)?;
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

/// The training and the validation images of a data set that is sound, with the masks of the task.
fn images(options: &Options, recipe: &Recipe) -> Result<(SampleCache, SampleCache), Box<dyn Error>> {
    let needs = needs(recipe.task);
    let index = Index::open_for(&options.data, needs)?;
    let (train, valid) = (index.split(Split::Train), index.split(Split::Val));
    if valid.is_empty() {
        return Err(
            format!("{} has no validation images; file some under Val", options.data.display()).into()
        );
    }
    let train = match options.subset {
        Some(count) => train.subset(count, options.seed)?,
        None => train,
    };
    require_all_sound([&train, &valid], needs)?;
    let load = |index: &Index| {
        let bar = ProgressBar::new(index.len() as u64).with_prefix("reading");
        let cache =
            SampleCache::load_with(index, needs, recipe.size, |done, _| bar.set_position(done as u64));
        bar.finish_and_clear();
        cache
    };
    let (train, valid) = (load(&train)?, load(&valid)?);
    eprintln!("{} training and {} validation images at {} px", train.len(), valid.len(), recipe.size);
    Ok((train, valid))
}

fn save(options: &Options, recipe: &Recipe, trained: &Trained, images: usize) -> Result<(), Box<dyn Error>> {
    let name = format!("pulmo-{}-{}", recipe.task, recipe.network);
    let network = recipe.network.clone();
    let manifest = ModelManifest::new(&name, &options.model_version, recipe.task, network, recipe.size);
    let mut card = format!(
        "# {name}\n\nTrained by the `train` example on {}.\n\n## Recipe\n\n```json\n{}\n```\n\n\
         ## Curves\n\n| epoch | train loss | train DSC % | val loss | val DSC % |\n|---|---|---|---|---|\n",
        match options.decoys {
            0 => format!("{images} images"),
            decoys => format!("{images} images and {decoys} that show no chest"),
        },
        serde_json::to_string_pretty(recipe)?
    );
    for f in &trained.curves {
        card += &format!(
            "| {} | {:.4} | {:.2} | {:.4} | {:.2} |\n",
            f.epoch, f.train_loss, f.train_dsc_percent, f.valid_loss, f.valid_dsc_percent
        );
    }
    let (elapsed, epoch) = (trained.elapsed.as_secs(), trained.epoch);
    let average = if recipe.average.is_some() { "the moving average of the weights" } else { "the weights" };
    card += &format!(
        "\nThe network has {average} behind epoch {epoch}. DSC is pooled over all pixels. The last call trained for \
         {elapsed} s.\n"
    );
    ModelFolder::pack(manifest, &trained.model, Precision::Half)?.save(&options.out, &card)?;
    println!("{}: epoch {epoch}, after {elapsed} s", options.out.display());
    Ok(())
}
