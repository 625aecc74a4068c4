//! Making a project.

use std::collections::HashSet;
use std::path::Path;

use pulmo_core::{Sha256Digest, files};

use super::{CONFIG_FILE, IMAGES_FILE, Project, SEEDS_FILE};
use crate::config::ProjectConfig;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::images::{NewImage, NewSeed, measure, write_list};
use crate::ledger::{LEDGER_FILE, Ledger};
use crate::masks::{MASK_FOLDER, MaskStore};
use crate::name::Reviewer;
use crate::state::State;

impl Project {
    /// Makes a project in `folder`, which may be there, but must not hold a project. Images and seeds stay where they
    /// are; the project records their hashes. `progress` is called from any thread with the number of files measured
    /// and the number of all.
    ///
    /// # Errors
    /// [`Error::Occupied`]; no image, no seed, or an image named twice; [`Error::Unusable`] with every file that cannot
    /// be decoded or is too large, and seed masks that are empty, soft, or of another size; [`Error::Core`].
    pub fn create(
        folder: impl AsRef<Path>,
        config: ProjectConfig,
        images: &[NewImage],
        seeds: &[NewSeed],
        by: &Reviewer,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Self> {
        let folder = folder.as_ref();
        refuse_occupied(folder)?;
        check_images(images, seeds)?;
        let (images, seeds) = measure(images, seeds, progress)?;
        files::create_folder(&folder.join(MASK_FOLDER))?;
        let (ledger, created) = Ledger::begin(folder, by, || {
            let event = Event::Created {
                config: write_config(&folder.join(CONFIG_FILE), &config)?,
                images: write_list(&folder.join(IMAGES_FILE), &images)?,
                seeds: write_list(&folder.join(SEEDS_FILE), &seeds)?,
            };
            Ok(event)
        })?;
        let mut state = State::new(&images, seeds.len());
        state.apply(&created);
        Ok(Self {
            folder: folder.to_owned(),
            config,
            images,
            seeds,
            masks: MaskStore::in_project(folder),
            ledger,
            state,
            repair: None,
            contradiction: None,
        })
    }
}

/// Says before the images are measured what [`Ledger::begin`] would say behind.
fn refuse_occupied(folder: &Path) -> Result<()> {
    if folder.join(LEDGER_FILE).exists() && !Ledger::open(folder)?.entries.is_empty() {
        return Err(Error::Occupied { path: folder.to_owned() });
    }
    Ok(())
}

fn check_images(images: &[NewImage], seeds: &[NewSeed]) -> Result<()> {
    let refuse = |reason: &str| Err(Error::Images { reason: reason.to_owned() });
    if images.is_empty() {
        return refuse("there are no images to annotate; give a folder that holds some");
    }
    if seeds.is_empty() {
        return refuse("there are no seed masks; Stage I needs X-rays whose masks are known");
    }
    let mut seen = HashSet::new();
    match images.iter().find(|image| !seen.insert(&image.id)) {
        None => Ok(()),
        Some(image) => refuse(&format!("image '{}' occurs twice; names have to be unique", image.id)),
    }
}

fn write_config(path: &Path, config: &ProjectConfig) -> Result<Sha256Digest> {
    let text = serde_json::to_string_pretty(config.spec())
        .map_err(|error| Error::Damaged { path: path.to_owned(), reason: error.to_string() })?;
    let bytes = (text + "\n").into_bytes();
    files::write(path, &bytes)?;
    Ok(Sha256Digest::of(&bytes))
}
