//! From a recipe and a data set to a model folder.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use burn::tensor::Device;
use pulmo_data::{Index, SampleCache, Split, decoys, require_all_sound};
use pulmo_training::{EpochFigures, Existing, Fit, Recipe, Start, Trained, Trainer, needs};
use serde::Serialize;

use crate::progress::{count, say, training};
use crate::{Error, Observer, Result};

/// A training: the recipe, and what it is done on and with.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TrainOptions {
    /// How to train what. Its [`initial_weights`](Recipe::initial_weights) are filled in from [`start`](Self::start).
    pub recipe: Recipe,
    /// A data set with training and validation images, as [`Index::open_for`] takes it.
    pub data: PathBuf,
    /// The model folder to write; the run is kept in its subfolder `run`.
    pub out: PathBuf,
    /// Where the first weights come from.
    pub start: Start,
    /// Train on so many images only, drawn evenly over the classes.
    pub subset: Option<usize>,
    /// Train on so many drawn images as well that show no chest, whose masks are empty.
    pub decoys: usize,
    /// Go on with a run that was stopped.
    pub resume: bool,
    /// Show burn-train's full-screen dashboard on a terminal instead of telling progress.
    pub dashboard: bool,
    /// Version to write into the model folder.
    pub model_version: String,
    /// The command line, for the run's record.
    pub command: Option<Vec<String>>,
}

impl TrainOptions {
    /// Trains by `recipe` on the data set `data` into the model folder `out`, from drawn weights.
    pub fn new(recipe: Recipe, data: impl Into<PathBuf>, out: impl Into<PathBuf>) -> Self {
        Self {
            recipe,
            data: data.into(),
            out: out.into(),
            start: Start::Drawn,
            subset: None,
            decoys: 0,
            resume: false,
            dashboard: false,
            model_version: "1".to_owned(),
            command: None,
        }
    }
}

/// A network that was trained, and what it was trained on; its `Display` is one line for a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TrainReport {
    /// The model folder.
    pub folder: PathBuf,
    /// The model's name.
    pub name: String,
    /// Training images, without decoys.
    pub images: usize,
    /// Decoys among what it was trained on.
    pub decoys: usize,
    /// Validation images.
    pub validation_images: usize,
    /// The epoch after which the run was resumed, if it was.
    pub resumed_after: Option<usize>,
    /// The epoch whose network was kept.
    pub epoch: usize,
    /// Seconds of this call, without reading the images.
    pub seconds: u64,
    /// The figures of every epoch.
    pub curves: Vec<EpochFigures>,
}

impl fmt::Display for TrainReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: epoch {}, after {} s", self.folder.display(), self.epoch, self.seconds)
    }
}

/// Trains a network on the first of `devices`, or on all of them in parallel, and writes it as a model folder with its card.
/// Every epoch leaves a checkpoint in the run's folder.
///
/// # Errors
/// [`Error::NoDevice`]; recipes, weights, data sets and runs that cannot be used; [`Error::Problems`] with all problems of
/// the data at once, before anything is trained; and a training that fails.
pub fn train(options: &TrainOptions, devices: &[Device], observer: &Observer<'_>) -> Result<TrainReport> {
    let (device, others) = devices.split_first().ok_or(Error::NoDevice)?;
    let recipe = Recipe { initial_weights: options.start.name(), ..options.recipe.clone() };
    let mut trainer =
        Trainer::new(recipe.clone(), device)?.with_other_devices(others).with_dashboard(options.dashboard);
    if let Some(command) = &options.command {
        trainer = trainer.with_command(command.iter().cloned());
    }
    let name = format!("pulmo-{}-{}", recipe.task, recipe.network);
    let fit = Fit::new(trainer, &options.out, &name, &options.model_version)
        .with_existing(if options.resume { Existing::Resume } else { Existing::Refuse })
        .with_start(options.start.clone());
    let (initial, loaded) = fit.initial_model()?;
    if let Some(report) = loaded {
        say(observer, format!("encoder weights: {report}"));
    }

    let (train, valid) = images(options, &recipe, observer)?;
    let (images, validation_images) = (train.len(), valid.len());
    let train = train.with(decoys(options.decoys, recipe.size, recipe.seed)?)?;
    let run = fit.run_folder()?;
    let resumed_after = run.last_checkpoint();
    if let Some(epoch) = resumed_after {
        say(observer, format!("going on after epoch {epoch}"));
    }
    let recipe_text = serde_json::to_string_pretty(&recipe)?;
    let card = |trained: &Trained| card(options, &name, &recipe_text, images, trained);
    let told = |progress: &_| training(observer, progress);
    let fitted = fit.run(&run, initial, Arc::new(train), Arc::new(valid), card, &told)?;
    Ok(TrainReport {
        folder: options.out.clone(),
        name,
        images,
        decoys: options.decoys,
        validation_images,
        resumed_after,
        epoch: fitted.trained.epoch,
        seconds: fitted.trained.elapsed.as_secs(),
        curves: fitted.trained.curves,
    })
}

/// The training and the validation images of a data set that is sound, with the masks of the task.
fn images(
    options: &TrainOptions,
    recipe: &Recipe,
    observer: &Observer<'_>,
) -> Result<(SampleCache, SampleCache)> {
    let needs = needs(recipe.task);
    let index = Index::open_for(&options.data, needs)?;
    let (train, valid) = (index.split(Split::Train), index.split(Split::Val));
    if valid.is_empty() {
        return Err(Error::NoValidationImages { data: options.data.clone() });
    }
    let train = match options.subset {
        Some(count) => train.subset(count, recipe.seed)?,
        None => train,
    };
    require_all_sound([&train, &valid], needs)?;
    let read = |index: &Index| {
        let told = |done, total| count(observer, "reading", done, total);
        SampleCache::load_with(index, needs, recipe.size, told)
    };
    let (train, valid) = (read(&train)?, read(&valid)?);
    say(
        observer,
        format!("{} training and {} validation images at {} px", train.len(), valid.len(), recipe.size),
    );
    Ok((train, valid))
}

fn card(options: &TrainOptions, name: &str, recipe: &str, images: usize, trained: &Trained) -> String {
    let images = match options.decoys {
        0 => format!("{images} images"),
        decoys => format!("{images} images and {decoys} that show no chest"),
    };
    let mut card = format!(
        "# {name}\n\nTrained by Pulmo on {images}.\n\n## Recipe\n\n```json\n{recipe}\n```\n\n\
         ## Curves\n\n| epoch | train loss | train DSC % | val loss | val DSC % |\n|---|---|---|---|---|\n"
    );
    for f in &trained.curves {
        card += &format!(
            "| {} | {:.4} | {:.2} | {:.4} | {:.2} |\n",
            f.epoch, f.train_loss, f.train_dsc_percent, f.valid_loss, f.valid_dsc_percent
        );
    }
    let averaged = options.recipe.average.is_some();
    let weights = if averaged { "the moving average of the weights" } else { "the weights" };
    card += &format!(
        "\nThe network has {weights} after epoch {}. DSC is pooled over all pixels. The last call trained for {} s.\n",
        trained.epoch,
        trained.elapsed.as_secs()
    );
    card
}
