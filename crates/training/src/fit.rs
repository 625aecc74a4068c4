//! From a recipe to a model folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pulmo_data::SampleCache;
use pulmo_segmentation::weights::{LoadReport, Precision, Strictness};
use pulmo_segmentation::{ModelFolder, ModelManifest, Scheme, SegmentationModel};

use crate::{Error, Existing, Result, RunFolder, Trained, Trainer, TrainingObserver, initialise_encoder};

/// Where a network's first weights come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Start {
    /// Drawn from the recipe's seed.
    #[default]
    Drawn,
    /// The encoder's from a file, as [`initialise_encoder`] reads it; the others are drawn.
    Encoder {
        /// Weights of SMP, torchvision or timm, as .pth, .pt or safetensors.
        file: PathBuf,
        /// Whether the file has to hold all of them.
        strictness: Strictness,
    },
    /// All of them from a model folder of the same network, for example one that was trained at a smaller size.
    Model(PathBuf),
}

impl Start {
    /// The name of the file or folder that weights come from, for the [recipe](crate::Recipe::initial_weights).
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let path = match self {
            Self::Drawn => return None,
            Self::Encoder { file, .. } => file,
            Self::Model(folder) => folder,
        };
        path.file_name().map(|name| name.to_string_lossy().into_owned())
    }
}

/// A training whose network is kept as a model folder: first weights, run, manifest, card, in this order.
#[derive(Debug, Clone)]
pub struct Fit {
    trainer: Trainer,
    start: Start,
    existing: Existing,
    folder: PathBuf,
    run: PathBuf,
    manifest: ModelManifest,
}

/// The network of a [`Fit`], and how it was trained.
#[derive(Debug)]
pub struct Fitted {
    /// The model as it lies in its folder.
    pub model: ModelFolder,
    /// The training.
    pub trained: Trained,
}

impl Fit {
    /// Name of the run's folder in the model folder.
    pub const RUN: &'static str = "run";

    /// Trains into the model folder `folder`, under this name and version. The run is kept in its subfolder
    /// [`RUN`](Self::RUN), weights are drawn, and a run that is there already is refused.
    pub fn new(trainer: Trainer, folder: &Path, name: &str, version: &str) -> Self {
        let recipe = trainer.recipe();
        let manifest = ModelManifest::new(name, version, recipe.task, recipe.network.clone(), recipe.size);
        Self {
            trainer,
            start: Start::Drawn,
            existing: Existing::Refuse,
            folder: folder.into(),
            run: folder.join(Self::RUN),
            manifest,
        }
    }

    /// With other first weights.
    #[must_use]
    pub fn with_start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// With the run in another folder.
    #[must_use]
    pub fn with_run(mut self, folder: &Path) -> Self {
        self.run = folder.into();
        self
    }

    /// With something else to become of a run that is there already.
    #[must_use]
    pub fn with_existing(mut self, existing: Existing) -> Self {
        self.existing = existing;
        self
    }

    /// For an infection network that sees the X-ray as this scheme gives it.
    #[must_use]
    pub fn with_scheme(mut self, scheme: Scheme) -> Self {
        self.manifest.scheme = scheme;
        self
    }

    /// The network before training, and of encoder weights what was loaded.
    ///
    /// # Errors
    /// [`Error::OtherNetwork`], and where weights cannot be read or do not fit.
    pub fn initial_model(&self) -> Result<(SegmentationModel, Option<LoadReport>)> {
        match &self.start {
            Start::Drawn => Ok((self.trainer.initial_model()?, None)),
            Start::Encoder { file, strictness } => {
                let (model, report) = initialise_encoder(self.trainer.initial_model()?, file, *strictness)?;
                Ok((model, Some(report)))
            }
            Start::Model(folder) => {
                let folder = ModelFolder::open(folder)?;
                let (manifest, network) = (folder.manifest(), &self.trainer.recipe().network);
                if manifest.network != *network {
                    return Err(Error::OtherNetwork {
                        name: manifest.name.clone(),
                        found: Box::new(manifest.network.clone()),
                        expected: Box::new(network.clone()),
                    });
                }
                Ok((folder.model(self.trainer.device())?, None))
            }
        }
    }

    /// The run's folder, made or found.
    ///
    /// # Errors
    /// As [`RunFolder::open`].
    pub fn run_folder(&self) -> Result<RunFolder> {
        RunFolder::open(&self.run, self.trainer.recipe(), self.existing)
    }

    /// Trains `initial` and writes the model folder in half precision, with the card that `card` makes of the training.
    ///
    /// # Errors
    /// As [`Trainer::run`], and where the model folder cannot be written.
    pub fn run(
        &self,
        run: &RunFolder,
        initial: SegmentationModel,
        train: Arc<SampleCache>,
        valid: Arc<SampleCache>,
        card: impl FnOnce(&Trained) -> String,
        observer: &TrainingObserver<'_>,
    ) -> Result<Fitted> {
        let trained = self.trainer.run_with(run, initial, train, valid, observer)?;
        let model = ModelFolder::pack(self.manifest.clone(), &trained.model, Precision::Half)?;
        model.save(&self.folder, &card(&trained))?;
        Ok(Fitted { model, trained })
    }
}
