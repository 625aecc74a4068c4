//! What a study is made of.

mod overrides;
mod source;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pulmo_data::DEFAULT_FOLDS;
use pulmo_encoders::EncoderName;
use pulmo_segmentation::{Scheme, Task};
use pulmo_training::Recipe;
use serde::{Deserialize, Serialize};

pub use overrides::RecipeOptions;
pub use source::LungSource;

use crate::{Error, NetworkName, Result};

/// A study: networks times folds for the lung task, and times schemes for the infection task.
///
/// ```
/// use pulmo_study::StudyConfig;
///
/// let config = StudyConfig::from_toml(
///     r#"
///     networks = ["unet-resnet18", "fpn-densenet121"]
///     recipe = { size = 128, epochs = 6, loss = "ce+0.5*dice", augmentation = "light" }
///     [lung]
///     recipe = { epochs = 3 }
///     [infection]
///     schemes = ["parallel", "cascaded"]
///     "#,
/// )?;
/// assert_eq!(config.folds, 5);
/// # Ok::<(), pulmo_study::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyConfig {
    /// The networks, unless a task names its own.
    #[serde(default)]
    pub networks: Vec<NetworkName>,
    /// Number of folds; every case is tested in one of them. Default 5 (Tahir et al. 2021).
    #[serde(default = "default_folds")]
    pub folds: usize,
    /// Seed of subsets, folds, initial weights, order and augmentation.
    #[serde(default)]
    pub seed: u64,
    /// Whether near-duplicates are kept in one fold.
    #[serde(default = "default_true")]
    pub group_duplicates: bool,
    /// Files with weights that encoders start from, by the encoder's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub encoder_weights: BTreeMap<String, PathBuf>,
    /// Whether weights that lack some of the encoder are taken.
    #[serde(default)]
    pub partial_encoder_weights: bool,
    /// Options of every recipe.
    #[serde(default, skip_serializing_if = "RecipeOptions::is_empty")]
    pub recipe: RecipeOptions,
    /// The lung task, if it is studied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lung: Option<LungStudy>,
    /// The infection task and with it detection, if they are studied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infection: Option<InfectionStudy>,
}

/// The lung task in a study.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LungStudy {
    /// Networks instead of the study's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<NetworkName>>,
    /// How many cases, drawn evenly over the classes, instead of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<usize>,
    /// Options of the recipe that replace the study's.
    #[serde(skip_serializing_if = "RecipeOptions::is_empty")]
    pub recipe: RecipeOptions,
}

/// The infection task in a study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InfectionStudy {
    /// Networks instead of the study's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub networks: Option<Vec<NetworkName>>,
    /// How many cases, drawn evenly over the classes, instead of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subset: Option<usize>,
    /// Options of the recipe that replace the study's.
    #[serde(skip_serializing_if = "RecipeOptions::is_empty")]
    pub recipe: RecipeOptions,
    /// The schemes to train for. Default: parallel, the paper's main one.
    pub schemes: Vec<Scheme>,
    /// The lung network that infection is looked for within, and that masks the X-rays of the cascaded scheme.
    pub lung_network: LungSource,
}

impl Default for InfectionStudy {
    fn default() -> Self {
        Self {
            networks: None,
            subset: None,
            recipe: RecipeOptions::default(),
            schemes: vec![Scheme::Parallel],
            lung_network: LungSource::Bundled,
        }
    }
}

const fn default_folds() -> usize {
    DEFAULT_FOLDS
}

const fn default_true() -> bool {
    true
}

impl Default for StudyConfig {
    fn default() -> Self {
        Self {
            networks: Vec::new(),
            folds: default_folds(),
            seed: 0,
            group_duplicates: default_true(),
            encoder_weights: BTreeMap::new(),
            partial_encoder_weights: false,
            recipe: RecipeOptions::default(),
            lung: None,
            infection: None,
        }
    }
}

impl StudyConfig {
    /// Reads a `.toml` or `.json` file and checks it.
    ///
    /// # Errors
    /// [`Error::Core`], [`Error::Config`], and as [`validate`](Self::validate).
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(pulmo_core::Error::file("read", path))?;
        let in_file = |error: Error| match error {
            Error::Config { reason, .. } => Error::Config { origin: path.display().to_string(), reason },
            other => other,
        };
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("json") => Self::from_json(&text),
            _ => Self::from_toml(&text),
        }
        .map_err(in_file)
    }

    /// From TOML.
    ///
    /// # Errors
    /// [`Error::Config`], and as [`validate`](Self::validate).
    pub fn from_toml(text: &str) -> Result<Self> {
        let config: Self = toml::from_str(text).map_err(|error| Error::config("the study's TOML", error))?;
        config.validate()?;
        Ok(config)
    }

    /// From JSON.
    ///
    /// # Errors
    /// [`Error::Config`], and as [`validate`](Self::validate).
    pub fn from_json(text: &str) -> Result<Self> {
        let config: Self =
            serde_json::from_str(text).map_err(|error| Error::config("the study's JSON", error))?;
        config.validate()?;
        Ok(config)
    }

    /// Checks every value, every recipe among them, before anything is read or trained.
    ///
    /// # Errors
    /// Which value is not usable, and what it may be.
    pub fn validate(&self) -> Result<()> {
        let refuse = |what: &str, value: String, requirement| {
            Err(Error::Value { what: what.to_owned(), value, requirement })
        };
        if self.lung.is_none() && self.infection.is_none() {
            return refuse("tasks", "none".to_owned(), "a lung or an infection task, or both");
        }
        if self.folds < 2 {
            return refuse("folds", self.folds.to_string(), "at least 2");
        }
        if let Some(InfectionStudy { schemes, .. }) = &self.infection
            && (schemes.is_empty() || has_repetition(schemes))
        {
            let named: Vec<String> = schemes.iter().map(ToString::to_string).collect();
            return refuse("schemes", format!("[{}]", named.join(", ")), "parallel, cascaded, or both, once");
        }
        for task in self.tasks() {
            let networks = self.networks(task);
            if networks.is_empty() || has_repetition(networks) {
                let named: Vec<String> = networks.iter().map(ToString::to_string).collect();
                let what = format!("networks of the {task} task");
                return refuse(&what, format!("[{}]", named.join(", ")), "at least one, each named once");
            }
            for &network in networks {
                self.recipe(task, network)?.validate()?;
            }
        }
        if let Some(network) = self.fold_lungs() {
            self.recipe(Task::Lung, network)?.validate()?;
        }
        for name in self.encoder_weights.keys() {
            name.parse::<EncoderName>()?;
        }
        Ok(())
    }

    /// The tasks, lung first.
    pub fn tasks(&self) -> impl Iterator<Item = Task> {
        let lung = self.lung.is_some().then_some(Task::Lung);
        let infection = self.infection.is_some().then_some(Task::Infection);
        lung.into_iter().chain(infection)
    }

    /// The networks of a task.
    #[must_use]
    pub fn networks(&self, task: Task) -> &[NetworkName] {
        let own = match task {
            Task::Lung => self.lung.as_ref().and_then(|lung| lung.networks.as_ref()),
            Task::Infection => self.infection.as_ref().and_then(|infection| infection.networks.as_ref()),
        };
        own.unwrap_or(&self.networks)
    }

    /// How many cases of a task are used; all where there is no number.
    #[must_use]
    pub fn subset(&self, task: Task) -> Option<usize> {
        match task {
            Task::Lung => self.lung.as_ref().and_then(|lung| lung.subset),
            Task::Infection => self.infection.as_ref().and_then(|infection| infection.subset),
        }
    }

    /// The schemes of a task; a lung network always sees the whole X-ray.
    #[must_use]
    pub fn schemes(&self, task: Task) -> &[Scheme] {
        match (task, &self.infection) {
            (Task::Infection, Some(infection)) => &infection.schemes,
            _ => &[Scheme::Parallel],
        }
    }

    /// The lung network that every fold of the infection task trains for itself, if they do.
    #[must_use]
    pub fn fold_lungs(&self) -> Option<NetworkName> {
        match self.infection.as_ref()?.lung_network {
            LungSource::Fold(network) => Some(network),
            LungSource::Bundled | LungSource::Folder(_) => None,
        }
    }

    /// The file with weights that a network's encoder starts from.
    #[must_use]
    pub fn encoder_weights(&self, network: NetworkName) -> Option<&Path> {
        let encoder = network.encoder().to_string();
        self.encoder_weights
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&encoder))
            .map(|(_, file)| file.as_path())
    }

    /// The recipe of a network: Pulmo's defaults, the study's options, then the task's.
    ///
    /// # Errors
    /// Options that a recipe does not have, or values of another type.
    pub fn recipe(&self, task: Task, network: NetworkName) -> Result<Recipe> {
        let own = match task {
            Task::Lung => self.lung.as_ref().map(|lung| &lung.recipe),
            Task::Infection => self.infection.as_ref().map(|infection| &infection.recipe),
        };
        let mut recipe = Recipe::new(task, network.config());
        recipe.seed = self.seed;
        recipe.initial_weights = self
            .encoder_weights(network)
            .and_then(Path::file_name)
            .map(|name| name.to_string_lossy().into_owned());
        let options = self.recipe.with(own.unwrap_or(&RecipeOptions::default()));
        options.apply(recipe)
    }
}

fn has_repetition<T: PartialEq>(values: &[T]) -> bool {
    values.iter().enumerate().any(|(place, value)| values.iter().take(place).any(|other| other == value))
}
