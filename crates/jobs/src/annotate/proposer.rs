//! Networks that learn and propose, kept as model folders.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::Device;
use pulmo_annotation::{NetworkName, Proposer, TrainingPair};
use pulmo_core::{Task, files};
use pulmo_data::{Augmentation, Case, Class, Index, Needs, SampleCache, Split, order};
use pulmo_imaging::{CleanOptions, LungMask, Mask};
use pulmo_pipeline::LungNetwork;
use pulmo_segmentation::{ModelFolder, SegmentationConfig};
use pulmo_training::{Existing, Fit, Recipe, Start, Trainer};
use pulmo_xray::XraySource;

use crate::progress::training;
use crate::{Error, Observer, Result};

/// Share of the masks that a training is watched on and does not learn (ours).
const VALIDATION_SHARE: f64 = 0.1;

/// Tells other programs that somebody trains.
const LOCK_FILE: &str = "networks.lock";

/// How networks learn from masks.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LearningOptions {
    /// Side of the networks' input in pixels.
    pub size: usize,
    /// Halvings in the encoders, 3 to 5.
    pub depth: usize,
    /// Passes over the masks when a network learns for the first time.
    pub epochs: usize,
    /// Passes when it learns again from a grown repository.
    pub retrain_epochs: usize,
    /// Images per step.
    pub batch: usize,
    /// Highest learning rate.
    pub learning_rate: f64,
}

impl Default for LearningOptions {
    fn default() -> Self {
        Self { size: 128, depth: 4, epochs: 10, retrain_epochs: 4, batch: 8, learning_rate: 1e-3 }
    }
}

/// Lung networks by the names of their architecture and encoder, such as `unet-resnet18`.
pub struct NeuralProposer<'o> {
    folder: PathBuf,
    options: LearningOptions,
    device: Device,
    observer: &'o Observer<'o>,
    loaded: HashMap<NetworkName, LungNetwork>,
    /// Held as long as these networks may learn; the system frees it when the program ends.
    _lock: File,
}

impl fmt::Debug for NeuralProposer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, options, loaded, .. } = self;
        f.debug_struct("NeuralProposer")
            .field("folder", folder)
            .field("options", options)
            .field("loaded", &loaded.keys())
            .finish_non_exhaustive()
    }
}

impl<'o> NeuralProposer<'o> {
    /// Keeps model folders and runs below `folder`, which no other program may train in meanwhile, computes on `device`,
    /// and tells `observer` how far trainings are.
    ///
    /// # Errors
    /// [`Error::Busy`], or [`Error::Core`] where the folder cannot be written.
    pub fn new(
        folder: impl Into<PathBuf>,
        options: LearningOptions,
        device: &Device,
        observer: &'o Observer<'o>,
    ) -> Result<Self> {
        let folder = folder.into();
        files::create_folder(&folder)?;
        let path = folder.join(LOCK_FILE);
        let refused = |action, reason| pulmo_core::Error::File { action, path: path.clone(), reason };
        let lock = File::create(&path).map_err(|reason| refused("create", reason))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => Error::Busy { folder: folder.clone() },
            TryLockError::Error(reason) => refused("lock", reason).into(),
        })?;
        let device = device.clone();
        Ok(Self { folder, options, device, observer, loaded: HashMap::new(), _lock: lock })
    }

    /// Checks that the names are networks that can be trained as the options say.
    ///
    /// # Errors
    /// [`Error::Network`] of the first that is none.
    pub fn check<'n>(&self, names: impl IntoIterator<Item = &'n NetworkName>) -> Result<()> {
        for name in names {
            let checked = self.recipe(name, 0).and_then(|recipe| Ok(recipe.validate()?));
            checked.map_err(|error| Error::Network { name: name.to_string(), reason: Box::new(error) })?;
        }
        Ok(())
    }

    fn recipe(&self, name: &NetworkName, learned: usize) -> Result<Recipe> {
        let options = &self.options;
        let network: SegmentationConfig = name.as_str().parse()?;
        let mut recipe = Recipe::new(Task::Lung, network.with_depth(options.depth));
        recipe.size = options.size;
        recipe.batch = options.batch;
        recipe.epochs = if learned == 0 { options.epochs } else { options.retrain_epochs };
        recipe.learning_rate = options.learning_rate;
        recipe.augmentation = Augmentation::standard();
        recipe.seed = learned as u64;
        recipe.initial_weights = (learned > 0).then(|| format!("{name} after training {learned}"));
        Ok(recipe)
    }

    fn model_folder(&self, name: &NetworkName) -> PathBuf {
        self.folder.join(name.as_str())
    }

    fn learn(&mut self, name: &NetworkName, pairs: &[TrainingPair]) -> Result<()> {
        let folder = self.model_folder(name);
        // A model folder appears whole, so it tells how often the network has learned.
        let known = ModelFolder::open(&folder).ok();
        let learned = known.as_ref().and_then(|known| known.manifest().version.parse().ok()).unwrap_or(0);
        let recipe = self.recipe(name, learned)?;
        let as_before = |known: &ModelFolder| {
            let manifest = known.manifest();
            manifest.network == recipe.network && manifest.input_size == recipe.size
        };
        if known.as_ref().is_some_and(|known| !as_before(known)) {
            return Err(Error::OtherOptions { folder });
        }
        let (train, valid) = caches(pairs, recipe.size, recipe.seed)?;
        let start = if known.is_some() { Start::Model(folder.clone()) } else { Start::Drawn };
        let version = (learned + 1).to_string();
        let fit = Fit::new(Trainer::new(recipe, &self.device)?, &folder, name.as_str(), &version)
            .with_start(start)
            .with_existing(Existing::Replace);
        let card = |_: &_| {
            format!("# {name}\n\nTraining {version} of an annotation loop, on {} masks.\n", pairs.len())
        };
        let (initial, _) = fit.initial_model()?;
        let told = |progress: &_| training(self.observer, progress);
        fit.run(&fit.run_folder()?, initial, train, valid, card, &told)?;
        self.loaded.remove(name);
        Ok(())
    }

    fn segment(&mut self, name: &NetworkName, image: &Path) -> Result<Mask> {
        let folder = self.model_folder(name);
        match self.loaded.entry(name.clone()) {
            Entry::Occupied(loaded) => segment(loaded.get(), image),
            Entry::Vacant(place) => {
                let network = LungNetwork::load(&ModelFolder::open(&folder)?, &self.device)?;
                segment(place.insert(network), image)
            }
        }
    }
}

/// The lungs that a network sees, in the X-ray's own size.
fn segment(network: &LungNetwork, image: &Path) -> Result<Mask> {
    let xray = XraySource::path(image).read()?;
    let map = network.probabilities(&xray)?.resized(xray.width(), xray.height());
    let lungs = LungMask::new(map.threshold(network.manifest().mask_threshold));
    Ok(lungs.cleaned(&CleanOptions::default()).into_mask())
}

/// Samples to learn and to watch.
fn caches(pairs: &[TrainingPair], size: usize, seed: u64) -> Result<(Arc<SampleCache>, Arc<SampleCache>)> {
    let case = |(at, pair): (usize, &TrainingPair)| {
        Case::new(at.to_string(), Class::Normal, Split::Train, &pair.image).with_lung_mask(&pair.mask)
    };
    let cases: Vec<Case> = pairs.iter().enumerate().map(case).collect();
    let mut places = order(cases.len(), seed, 0);
    let watched =
        ((cases.len() as f64 * VALIDATION_SHARE) as usize).clamp(1, cases.len().saturating_sub(1).max(1));
    let valid = places.split_off(cases.len() - watched);
    let load = |places: Vec<usize>| -> Result<_> {
        let cases = places.into_iter().map(|place| cases[place].clone()).collect();
        Ok(Arc::new(SampleCache::load_with(&Index::from_cases(cases)?, Needs::LUNG, size, |_, _| {})?))
    };
    Ok((load(places)?, load(valid)?))
}

impl Proposer for NeuralProposer<'_> {
    type Error = Error;

    fn forget(&mut self, network: &NetworkName) -> Result<()> {
        self.loaded.remove(network);
        Ok(files::remove_folder(&self.model_folder(network))?)
    }

    fn train(&mut self, network: &NetworkName, pairs: &[TrainingPair]) -> Result<()> {
        self.learn(network, pairs)
    }

    fn propose(&mut self, network: &NetworkName, image: &Path) -> Result<Mask> {
        self.segment(network, image)
    }
}
