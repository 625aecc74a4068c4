//! Which checkpoints of a run can be gone on from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use burn::store::ModuleRecord;
use pulmo_core::files;

use crate::Result;

/// Folder of the checkpoints, as burn-train names it.
const FOLDER: &str = "checkpoint";
/// The three files of a checkpoint are `<part>-<epoch>.bpk`.
const PARTS: [&str; 3] = ["model", "optim", "scheduler"];

/// Every epoch whose checkpoint was written to its last part.
pub(super) fn epochs(run: &Path) -> BTreeSet<usize> {
    let entries = std::fs::read_dir(run.join(FOLDER)).into_iter().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.strip_prefix("scheduler-")?.strip_suffix(".bpk")?.parse().ok()
        })
        .collect()
}

/// The file of an epoch's network.
pub(super) fn network(run: &Path, epoch: usize) -> PathBuf {
    run.join(FOLDER).join(format!("model-{epoch}.bpk"))
}

/// The newest epoch of which all parts are there and the model can be read: a kill may leave a torn one behind it.
pub(super) fn last_complete(run: &Path) -> Option<usize> {
    let folder = run.join(FOLDER);
    epochs(run).into_iter().rev().find(|&epoch| {
        PARTS.iter().all(|part| {
            let file = folder.join(format!("{part}-{epoch}.bpk"));
            file.metadata().is_ok_and(|data| data.len() > 0)
        }) && ModuleRecord::load(network(run, epoch)).is_ok()
    })
}

/// Removes all checkpoints, if there are any.
pub(super) fn remove(run: &Path) -> Result<()> {
    Ok(files::remove_folder(&run.join(FOLDER))?)
}
