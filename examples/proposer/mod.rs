//! Networks that learn and propose, for the annotation examples: trained with `pulmo::training`, kept as model folders.

use std::collections::HashMap;
use std::error::Error;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use pulmo::annotation::{NetworkName, NewSeed, Proposer, TrainingPair};
use pulmo::data::{Augmentation, Case, Class, Index, Needs, SampleCache, Split, order};
use pulmo::imaging::{CleanOptions, Mask};
use pulmo::pipeline::collect_inputs;
use pulmo::prelude::*;
use pulmo::segmentation::ModelManifest;
use pulmo::segmentation::weights::Precision;
use pulmo::training::{Recipe, RunFolder, Trainer};

/// Share of the masks that a training is watched on and does not learn (ours).
const VALIDATION_SHARE: f64 = 0.1;

/// Tells other programs that somebody trains.
const LOCK_FILE: &str = "networks.lock";

/// How networks are trained.
#[derive(Debug, Clone, Args)]
pub(crate) struct TrainingOptions {
    /// Side of the networks' input in pixels
    #[arg(long, default_value_t = 128)]
    size: usize,
    /// Halvings in the encoders, 3 to 5
    #[arg(long, default_value_t = 4)]
    depth: usize,
    /// Passes over the masks when a network learns for the first time
    #[arg(long, default_value_t = 10)]
    epochs: usize,
    /// Passes when it learns again from a grown repository
    #[arg(long, default_value_t = 4)]
    retrain_epochs: usize,
    /// Images per step
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Highest learning rate
    #[arg(long, default_value_t = 1e-3)]
    learning_rate: f64,
    /// Where to train: flex, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    device: DeviceName,
}

/// Networks by the names of their architecture and encoder, such as `unet-resnet18`.
pub(crate) struct Networks {
    folder: PathBuf,
    options: TrainingOptions,
    loaded: HashMap<NetworkName, LungNetwork>,
    /// Held as long as these networks may learn; the system frees it when the program ends.
    _lock: File,
}

/// Why a network did not learn or propose.
#[derive(Debug)]
pub(crate) struct Failed(Box<dyn Error + Send + Sync>);

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Failed {}

impl Networks {
    /// Keeps model folders and runs below `folder`, which no other program may train in meanwhile.
    pub(crate) fn new(folder: PathBuf, options: TrainingOptions) -> Result<Self, Box<dyn Error>> {
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let path = folder.join(LOCK_FILE);
        let lock = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => {
                format!("another program trains the networks in {}; wait until it ends", folder.display())
            }
            TryLockError::Error(error) => format!("{}: {error}", path.display()),
        })?;
        Ok(Self { folder, options, loaded: HashMap::new(), _lock: lock })
    }

    /// Checks that the names are networks that can be trained as the options say.
    pub(crate) fn check<'n>(
        &self,
        names: impl IntoIterator<Item = &'n NetworkName>,
    ) -> Result<(), Box<dyn Error>> {
        for name in names {
            self.recipe(name, 0)
                .and_then(|recipe| Ok(recipe.validate()?))
                .map_err(|error| format!("{name}: {error}"))?;
        }
        Ok(())
    }

    fn recipe(&self, name: &NetworkName, learned: usize) -> Result<Recipe, Box<dyn Error + Send + Sync>> {
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

    fn learn(
        &mut self,
        name: &NetworkName,
        pairs: &[TrainingPair],
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let folder = self.model_folder(name);
        let device = self.options.device.open()?;
        // A model folder appears whole, so it tells how often the network has learned.
        let known = ModelFolder::open(&folder).ok();
        let learned = known.as_ref().map_or(Ok(0), |known| known.manifest().version.parse::<usize>())?;
        let recipe = self.recipe(name, learned)?;
        let as_before = |known: &ModelFolder| {
            let manifest = known.manifest();
            manifest.network == recipe.network && manifest.input_size == recipe.size
        };
        if known.as_ref().is_some_and(|known| !as_before(known)) {
            let folder = folder.display();
            return Err(format!("{folder} was trained with another --size or --depth; give the same").into());
        }
        let trainer = Trainer::new(recipe.clone(), &device)?;
        let model = match &known {
            Some(known) => known.model(&device)?,
            None => trainer.initial_model()?,
        };
        let (train, valid) = caches(pairs, recipe.size, recipe.seed)?;
        let run = folder.join("run");
        if run.exists() {
            std::fs::remove_dir_all(&run)?;
        }
        let trained = trainer.run(&RunFolder::create(&run, &recipe)?, model, train, valid)?;
        let version = (learned + 1).to_string();
        let manifest =
            ModelManifest::new(name.as_str(), &version, Task::Lung, recipe.network.clone(), recipe.size);
        let card =
            format!("# {name}\n\nTraining {version} of an annotation loop, on {} masks.\n", pairs.len());
        ModelFolder::pack(manifest, &trained.model, Precision::Half)?.save(&folder, &card)?;
        self.loaded.remove(name);
        Ok(())
    }

    fn segment(&mut self, name: &NetworkName, image: &Path) -> Result<Mask, Box<dyn Error + Send + Sync>> {
        if !self.loaded.contains_key(name) {
            let network = LungNetwork::load(
                &ModelFolder::open(&self.model_folder(name))?,
                &self.options.device.open()?,
            )?;
            self.loaded.insert(name.clone(), network);
        }
        segment(&self.loaded[name], image)
    }
}

/// The lungs that a network sees, in the X-ray's own size.
pub(crate) fn segment(network: &LungNetwork, image: &Path) -> Result<Mask, Box<dyn Error + Send + Sync>> {
    let xray = ChestXray::open(image)?;
    let map = network.probabilities(&xray)?.resized(xray.width(), xray.height());
    let lungs = LungMask::new(map.threshold(network.manifest().mask_threshold));
    Ok(lungs.cleaned(&CleanOptions::default()).into_mask())
}

/// Samples to learn and to watch.
fn caches(
    pairs: &[TrainingPair],
    size: usize,
    seed: u64,
) -> Result<(Arc<SampleCache>, Arc<SampleCache>), Box<dyn Error + Send + Sync>> {
    let cases: Vec<Case> = pairs
        .iter()
        .enumerate()
        .map(|(at, pair)| {
            Case::new(at.to_string(), Class::Normal, Split::Train, &pair.image).with_lung_mask(&pair.mask)
        })
        .collect();
    let mut places = order(cases.len(), seed, 0);
    let watched =
        ((cases.len() as f64 * VALIDATION_SHARE) as usize).clamp(1, cases.len().saturating_sub(1).max(1));
    let valid = places.split_off(cases.len() - watched);
    let load = |places: Vec<usize>| -> Result<_, Box<dyn Error + Send + Sync>> {
        let cases = places.into_iter().map(|place| cases[place].clone()).collect();
        Ok(Arc::new(SampleCache::load_with(&Index::from_cases(cases)?, Needs::LUNG, size, |_, _| {})?))
    };
    Ok((load(places)?, load(valid)?))
}

/// X-rays of a folder, each with the PNG of its name in the folder of masks.
pub(crate) fn seeds(images: &Path, masks: &Path) -> Result<Vec<NewSeed>, Box<dyn Error>> {
    let seeds = collect_inputs(&[images.to_owned()])?.into_iter().map(|input| {
        let name = Path::new(input.file.file_name().unwrap_or_default()).with_extension("png");
        NewSeed { mask: masks.join(name), image: input.file }
    });
    Ok(seeds.collect())
}

impl Proposer for Networks {
    type Error = Failed;

    fn forget(&mut self, network: &NetworkName) -> Result<(), Failed> {
        self.loaded.remove(network);
        let folder = self.model_folder(network);
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failed(format!("cannot remove {}: {error}", folder.display()).into()))
            }
            _ => Ok(()),
        }
    }

    fn train(&mut self, network: &NetworkName, pairs: &[TrainingPair]) -> Result<(), Failed> {
        self.learn(network, pairs).map_err(Failed)
    }

    fn propose(&mut self, network: &NetworkName, image: &Path) -> Result<Mask, Failed> {
        self.segment(network, image).map_err(Failed)
    }
}
