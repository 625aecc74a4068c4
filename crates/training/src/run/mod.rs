//! The folder of a run: recipe, record, curves, checkpoints, logs.

mod checkpoints;
mod record;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use burn::store::ModuleRecord;
use pulmo_core::files;
pub use record::{CallRecord, DataRecord, RunRecord};
use serde_json::Value;

use crate::{Error, Recipe, Result};

/// The recipe's file name.
const RECIPE: &str = "recipe.json";
/// The record's file name.
const RECORD: &str = "run.json";

/// What becomes of a run that is in a folder already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// It is refused.
    #[default]
    Refuse,
    /// It is gone on with, and has to be there.
    Resume,
    /// It is gone on with if it was made by the same recipe and has a checkpoint; otherwise a new one replaces it.
    ResumeOrReplace,
    /// A new one replaces it.
    Replace,
}

/// Where a training keeps what it needs to go on.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes the folder or finds it, as `existing` says.
    ///
    /// # Errors
    /// As [`create`](Self::create) and [`resume`](Self::resume), and [`Error::Core`] where a run cannot be removed.
    pub fn open(path: &Path, recipe: &Recipe, existing: Existing) -> Result<Self> {
        match existing {
            Existing::Refuse => Self::create(path, recipe),
            Existing::Resume => Self::resume(path, recipe),
            Existing::ResumeOrReplace => match Self::resume(path, recipe) {
                Ok(run) if run.last_checkpoint().is_some() => Ok(run),
                _ => Self::replace(path, recipe),
            },
            Existing::Replace => Self::replace(path, recipe),
        }
    }

    fn replace(path: &Path, recipe: &Recipe) -> Result<Self> {
        files::remove_folder(path)?;
        Self::create(path, recipe)
    }

    /// Makes the folder for a new run and writes the recipe.
    ///
    /// # Errors
    /// [`Error::Occupied`] where a run is there already, [`Error::Core`] where nothing can be written.
    pub fn create(path: &Path, recipe: &Recipe) -> Result<Self> {
        let file = path.join(RECIPE);
        if file.exists() {
            return Err(Error::Occupied { path: path.into() });
        }
        files::create_folder(path)?;
        let folder = Self { path: path.into() };
        folder.write_json(RECIPE, recipe)?;
        Ok(folder)
    }

    /// Opens the folder of a run that was stopped, and checks that it was made by the same recipe.
    ///
    /// # Errors
    /// [`Error::NothingToResume`], [`Error::OtherRecipe`] with the first difference, [`Error::Damaged`].
    pub fn resume(path: &Path, recipe: &Recipe) -> Result<Self> {
        let file = path.join(RECIPE);
        let Ok(text) = std::fs::read_to_string(&file) else {
            return Err(Error::NothingToResume { path: path.into() });
        };
        let damaged = |reason| Error::Damaged { path: file.clone(), reason };
        let found: Recipe = serde_json::from_str(&text).map_err(damaged)?;
        let found = serde_json::to_value(found).map_err(damaged)?;
        let asked = serde_json::to_value(recipe).map_err(damaged)?;
        match first_difference(&found, &asked) {
            Some(difference) => Err(Error::OtherRecipe { path: file, difference }),
            None => Ok(Self { path: path.into() }),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the checkpoints, which take far more room than the network; the run cannot be gone on with then.
    ///
    /// # Errors
    /// [`Error::Core`] where they cannot be removed.
    pub fn remove_checkpoints(&self) -> Result<()> {
        checkpoints::remove(&self.path)
    }

    /// The last epoch whose checkpoint is complete and readable; those behind it are left out of account.
    pub fn last_checkpoint(&self) -> Option<usize> {
        checkpoints::last_complete(&self.path)
    }

    /// What the run was made on and by; `None` before its first epoch.
    ///
    /// # Errors
    /// [`Error::Core`] where it is there and cannot be read or understood.
    pub fn record(&self) -> Result<Option<RunRecord>> {
        Ok(files::read_json(&self.path.join(RECORD))?)
    }

    pub(crate) fn write_record(&self, record: &RunRecord) -> Result<()> {
        self.write_json(RECORD, record)
    }

    /// Epochs of which there is a checkpoint, complete or not.
    pub(crate) fn checkpoints(&self) -> BTreeSet<usize> {
        checkpoints::epochs(&self.path)
    }

    /// The network in a checkpoint.
    pub(crate) fn network(&self, epoch: usize) -> Result<ModuleRecord> {
        let path = checkpoints::network(&self.path, epoch);
        ModuleRecord::load(&path).map_err(|error| Error::Checkpoint { path, reason: error.to_string() })
    }

    /// Writes a file so that a reader sees the old one or the whole new one.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        Ok(files::write(&self.path.join(name), bytes)?)
    }

    fn write_json(&self, name: &str, value: &impl serde::Serialize) -> Result<()> {
        Ok(files::write_json(&self.path.join(name), value)?)
    }
}

fn first_difference(found: &Value, asked: &Value) -> Option<String> {
    let (Value::Object(a), Value::Object(b)) = (found, asked) else { return None };
    a.iter().find(|(key, value)| b.get(*key) != Some(*value)).map(|(key, value)| {
        let other = b.get(key).unwrap_or(&Value::Null);
        format!("its {key} is {value}, not {other}")
    })
}
