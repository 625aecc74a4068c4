//! The training of one network of a study.

use std::path::PathBuf;

use burn::tensor::Device;
use pulmo_segmentation::ModelFolder;
use pulmo_segmentation::weights::Strictness;
use pulmo_training::{EpochFigures, Existing, Fit, Recipe, RunFolder, Start, Trainer, read_curves};
use serde_json::Value;

use crate::identity::Identity;
use crate::observer::Observer;
use crate::samples::FoldSamples;
use crate::splits::FoldCases;
use crate::{Cell, Result, StudyConfig};

/// Name of the folder of a trained network.
const MODEL: &str = "model";
/// Name of the folder of a training.
const RUN: &str = Fit::RUN;
/// Version that the model folders of a study bear.
const MODEL_VERSION: &str = "1";

/// What a network is trained from, and the folder that it is kept in.
#[derive(Debug)]
pub(crate) struct Training<'a> {
    config: &'a StudyConfig,
    device: &'a Device,
    cell: Cell,
    folder: PathBuf,
    recipe: Recipe,
    cases: FoldCases,
    lung: Option<&'a ModelFolder>,
}

impl<'a> Training<'a> {
    /// Takes `folder` for the training, or finds it taken by the same.
    pub(crate) fn claim(
        config: &'a StudyConfig,
        device: &'a Device,
        cell: Cell,
        folder: PathBuf,
        cases: FoldCases,
        lung: Option<&'a ModelFolder>,
    ) -> Result<Self> {
        let recipe = config.recipe(cell.task, cell.network)?;
        let lung_digest = lung.map(|lung| lung.identity().sha256);
        let weights = config.encoder_weights(cell.network);
        Identity::new(cell, &recipe, &cases, lung_digest, weights)?.claim(&folder)?;
        Ok(Self { config, device, cell, folder, recipe, cases, lung })
    }

    /// The cases to train on, to validate on and to test on.
    pub(crate) fn cases(&self) -> &FoldCases {
        &self.cases
    }

    /// The trained network, which is trained if it is not there yet.
    pub(crate) fn model(
        &self,
        samples: &mut Option<FoldSamples>,
        observer: &dyn Observer,
    ) -> Result<ModelFolder> {
        if let Ok(trained) = ModelFolder::open(&self.folder.join(MODEL)) {
            return Ok(trained);
        }
        let (cell, size) = (&self.cell, self.recipe.size);
        if !samples.as_ref().is_some_and(|samples| samples.serve(cell, size)) {
            // Those of the fold before are let go first.
            *samples = None;
        }
        let samples = match samples {
            Some(samples) => samples,
            None => {
                samples.insert(FoldSamples::load(cell, size, &self.cases, self.lung, self.device, observer)?)
            }
        };
        self.train(samples, observer)
    }

    /// Trains from the last complete epoch there is, and keeps the network as a model folder.
    fn train(&self, samples: &FoldSamples, observer: &dyn Observer) -> Result<ModelFolder> {
        let (cell, recipe) = (&self.cell, &self.recipe);
        let name = format!("pulmo-{}-{}-fold-{}", cell.task, cell.network, cell.fold);
        let start = match self.config.encoder_weights(cell.network) {
            None => Start::Drawn,
            Some(file) => Start::Encoder {
                file: file.into(),
                strictness: if self.config.partial_encoder_weights {
                    Strictness::Partial
                } else {
                    Strictness::Strict
                },
            },
        };
        let trainer = Trainer::new(recipe.clone(), self.device)?;
        let fit = Fit::new(trainer, &self.folder.join(MODEL), &name, MODEL_VERSION)
            .with_run(&self.folder.join(RUN))
            .with_existing(Existing::ResumeOrReplace)
            .with_scheme(cell.scheme)
            .with_start(start);
        let recipe: Value = serde_json::to_value(recipe)?;
        let card = |_: &_| {
            format!(
                "# {name}\n\nTrained in a study: {cell} of {}, held out.\n\n```json\n{recipe:#}\n```\n",
                self.config.folds
            )
        };
        let run = fit.run_folder()?;
        let (model, _) = fit.initial_model()?;
        let (train, valid) = (samples.train.clone(), samples.valid.clone());
        let fitted = fit.run(&run, model, train, valid, card, &|progress| observer.training(progress))?;
        Ok(fitted.model)
    }

    /// The figures of every epoch.
    pub(crate) fn curves(&self) -> Vec<EpochFigures> {
        read_curves(&self.folder.join(RUN))
    }

    /// Writes the network's manifest anew, with a threshold and a rule that were chosen for it.
    pub(crate) fn keep_config(&self, model: &ModelFolder) -> Result<()> {
        Ok(model.save_config(&self.folder.join(MODEL))?)
    }

    /// Removes what a training that is done no longer needs.
    pub(crate) fn remove_checkpoints(&self) -> Result<()> {
        Ok(RunFolder::resume(&self.folder.join(RUN), &self.recipe)?.remove_checkpoints()?)
    }
}
