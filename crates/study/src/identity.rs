//! What a cell is made from, so that no other study's result is taken for it.

use std::path::Path;

use pulmo_core::{Sha256Digest, files};
use pulmo_data::{Case, Index};
use pulmo_training::Recipe;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::splits::FoldCases;
use crate::{Cell, Error, Result};

/// The identity's file name.
const FILE: &str = "cell.json";

/// Everything that determines a cell's result but the pixels of the images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Identity {
    cell: Cell,
    recipe: Recipe,
    training_cases: String,
    validation_cases: String,
    test_cases: String,
    lung_network: Option<Sha256Digest>,
    encoder_weights: Option<Sha256Digest>,
}

impl Identity {
    pub(crate) fn new(
        cell: Cell,
        recipe: &Recipe,
        cases: &FoldCases,
        lung_network: Option<Sha256Digest>,
        encoder_weights: Option<&Path>,
    ) -> Result<Self> {
        let encoder_weights = encoder_weights.map(Sha256Digest::of_file).transpose()?;
        Ok(Self {
            cell,
            recipe: recipe.clone(),
            training_cases: digest_of(&cases.train),
            validation_cases: digest_of(&cases.valid),
            test_cases: digest_of(&cases.test),
            lung_network,
            encoder_weights,
        })
    }

    /// Takes the cell's folder, or checks that it was taken by the same identity.
    pub(crate) fn claim(&self, folder: &Path) -> Result<()> {
        let file = folder.join(FILE);
        match files::read_json::<Self>(&file)? {
            None => {
                files::create_folder(folder)?;
                Ok(files::write_json(&file, self)?)
            }
            Some(found) => match self.difference(&found)? {
                None => Ok(()),
                Some(difference) => Err(Error::OtherStudy { path: folder.into(), difference }),
            },
        }
    }

    /// The first value that differs, those of the recipe by their own names.
    fn difference(&self, found: &Self) -> Result<Option<String>> {
        let recipes = [serde_json::to_value(&found.recipe)?, serde_json::to_value(&self.recipe)?];
        let wholes = [serde_json::to_value(found)?, serde_json::to_value(self)?];
        Ok([recipes, wholes].into_iter().find_map(|[found, asked]| first_difference(&found, &asked)))
    }
}

fn first_difference(found: &Value, asked: &Value) -> Option<String> {
    let (Value::Object(found), Value::Object(asked)) = (found, asked) else { return None };
    asked.iter().find(|(name, value)| found.get(*name) != Some(*value)).map(|(name, value)| {
        let other = found.get(name).unwrap_or(&Value::Null);
        format!("its {name} is {other}, not {value}")
    })
}

fn digest_of(index: &Index) -> String {
    let ids: Vec<&str> = index.cases().iter().map(Case::id).collect();
    format!("{} cases, {}", ids.len(), Sha256Digest::of(ids.join("\n")))
}
