//! Options of a recipe that a study changes.

use pulmo_data::Augmentation;
use pulmo_training::Recipe;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Result};

/// Depth of the encoder, which lies inside the recipe's network.
const DEPTH: &str = "depth";
/// May be given by the name of a ready-made set.
const AUGMENTATION: &str = "augmentation";
/// What the study itself decides.
const RESERVED: [&str; 4] = ["task", "network", "seed", "initial_weights"];

/// Values of a [`Recipe`] by the names of its fields, and `depth` of the encoder. `augmentation` may be `"none"`,
/// `"light"` or `"standard"`, `loss` is the text of a sum of losses.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecipeOptions(Map<String, Value>);

impl RecipeOptions {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With one value more; it is checked when the recipe is made.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// These options, replaced by `others` where both have a value.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        let all = self.0.iter().chain(&others.0);
        Self(all.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// A recipe with these options.
    ///
    /// # Errors
    /// [`Error::ReservedOption`], [`Error::UnknownOption`], [`Error::Option`].
    pub(crate) fn apply(&self, mut recipe: Recipe) -> Result<Recipe> {
        let wrong = |error: serde_json::Error| Error::Option { reason: error.to_string() };
        let mut options = self.0.clone();
        if let Some(reserved) = RESERVED.into_iter().find(|name| options.contains_key(*name)) {
            return Err(Error::ReservedOption { name: reserved });
        }
        if let Some(depth) = options.remove(DEPTH) {
            recipe.network.encoder.depth = serde_json::from_value(depth).map_err(wrong)?;
        }
        if let Some(Value::String(name)) = options.get(AUGMENTATION) {
            let augmentation: Augmentation = name.parse()?;
            options.insert(AUGMENTATION.to_owned(), serde_json::to_value(augmentation).map_err(wrong)?);
        }
        let mut fields = fields(&recipe)?;
        let known =
            fields.keys().filter(|name| !RESERVED.contains(&name.as_str())).cloned().collect::<Vec<_>>();
        fields.extend(options.clone());
        let recipe: Recipe = serde_json::from_value(Value::Object(fields)).map_err(wrong)?;
        // What a recipe does not know is not in it when it is written again.
        let taken = self::fields(&recipe)?;
        match options.keys().find(|name| !taken.contains_key(*name)) {
            None => Ok(recipe),
            Some(unknown) => Err(Error::UnknownOption {
                name: unknown.clone(),
                known: format!("{DEPTH}, {}", known.join(", ")),
            }),
        }
    }
}

fn fields(recipe: &Recipe) -> Result<Map<String, Value>> {
    match serde_json::to_value(recipe) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => Err(Error::Option { reason: format!("a recipe is {other}") }),
        Err(error) => Err(Error::Option { reason: error.to_string() }),
    }
}
