//! The data set in the layout of COVID-QU-Ex.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pulmo_core::files;
use pulmo_data::{Class, Part, Split};

use crate::error::{Error, Result};
use crate::record::{Facts, MaskFacts, is_id};
use crate::selection::{Fate, Item, Selection};
use crate::store::Store;
use crate::write::write_one_of_many;

/// File name of an X-ray and its masks in the set. It tells the source and the pixels, never what the file was called.
pub(crate) fn file_name(item: &Item<'_>, facts: &Facts) -> String {
    format!("{}-{}.png", item.found.source, facts.id())
}

/// Writes what is kept and removes what earlier runs wrote and this one does not.
///
/// All X-rays go to the lung part, with their lung mask where there is one; those with an infection mask to the
/// infection part too, as published.
pub(crate) fn place(out: &Path, selection: &Selection<'_>, store: &Store) -> Result<()> {
    let mut written = BTreeSet::new();
    for item in &selection.items {
        let (Fate::Kept { class, split }, Some(facts)) = (&item.fate, item.facts()) else { continue };
        let name = file_name(item, facts);
        let mut parts = vec![Part::LungSegmentation];
        if facts.infection.prepared().is_some() {
            parts.push(Part::InfectionSegmentation);
        }
        for part in parts {
            for (path, sha256) in files(out, part, *split, *class, &name, facts) {
                write_one_of_many(&path, &store.get(sha256)?)?;
                written.insert(path);
            }
        }
    }
    remove_others(out, &written)
}

fn files<'f>(
    out: &Path,
    part: Part,
    split: Split,
    class: Class,
    name: &str,
    facts: &'f Facts,
) -> Vec<(PathBuf, &'f str)> {
    let folders = part.class_folders(out, split, class);
    let mut files = vec![(folders.images.join(name), facts.sha256.as_str())];
    let mut mask = |folder: &Path, mask: &'f MaskFacts| {
        files.extend(mask.prepared().map(|sha256| (folder.join(name), sha256)));
    };
    mask(&folders.lung_masks, &facts.lung);
    if part == Part::InfectionSegmentation {
        mask(&folders.infection_masks, &facts.infection);
    }
    files
}

/// Removes files that bear a name as [`file_name`] makes them and are not `written`; others are left alone.
fn remove_others(out: &Path, written: &BTreeSet<PathBuf>) -> Result<()> {
    for part in [Part::LungSegmentation, Part::InfectionSegmentation] {
        for split in Split::ALL {
            for class in Class::ALL {
                let folders = part.class_folders(out, split, class);
                for folder in [folders.images, folders.lung_masks, folders.infection_masks] {
                    files::sweep(&folder)?;
                    for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                        let path = entry.path();
                        if is_ours(&path) && !written.contains(&path) {
                            std::fs::remove_file(&path).map_err(Error::write(&path))?;
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

fn is_ours(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let id = name.strip_suffix(".png").and_then(|stem| stem.rsplit_once('-')).map(|(_, id)| id);
    id.is_some_and(is_id)
}
