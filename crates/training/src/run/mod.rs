//! The folder of a run: recipe, checkpoints, logs.

mod checkpoints;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Error, Recipe, Result};

/// The recipe's file name.
const RECIPE: &str = "recipe.json";

/// Where a training keeps what it needs to go on.
#[derive(Debug, Clone)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes the folder for a new run and writes the recipe.
    ///
    /// # Errors
    /// [`Error::Occupied`] where a run is there already, [`Error::File`] where nothing can be written.
    pub fn create(path: &Path, recipe: &Recipe) -> Result<Self> {
        let file = path.join(RECIPE);
        if file.exists() {
            return Err(Error::Occupied { path: path.into() });
        }
        std::fs::create_dir_all(path).map_err(|source| Error::File {
            action: "create",
            path: path.into(),
            source,
        })?;
        let text = serde_json::to_string_pretty(recipe)
            .map_err(|source| Error::Damaged { path: file.clone(), source })?;
        std::fs::write(&file, text + "\n").map_err(|source| Error::File {
            action: "write",
            path: file,
            source,
        })?;
        Ok(Self { path: path.into() })
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
        let damaged = |source| Error::Damaged { path: file.clone(), source };
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

    /// The last epoch whose checkpoint is complete and readable; those behind it are left out of account.
    pub fn last_checkpoint(&self) -> Option<usize> {
        checkpoints::last_complete(&self.path)
    }
}

fn first_difference(found: &Value, asked: &Value) -> Option<String> {
    let (Value::Object(a), Value::Object(b)) = (found, asked) else { return None };
    a.iter().find(|(key, value)| b.get(*key) != Some(*value)).map(|(key, value)| {
        let other = b.get(key).unwrap_or(&Value::Null);
        format!("its {key} is {value}, not {other}")
    })
}
