//! Loss and DSC per epoch, as the run folder holds them.

mod canvas;
mod plot;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{Result, RunFolder};

/// burn-train's name of the loss.
pub(crate) const LOSS: &str = "Loss";
/// The name of [`ConfusionMetric::dsc`](crate::ConfusionMetric::dsc).
pub(crate) const DSC: &str = "DSC";

const TABLE: &str = "curves.csv";
const PICTURE: &str = "curves.png";

/// The figures of one epoch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochFigures {
    /// Counted from 1.
    pub epoch: usize,
    /// Mean loss over the training images, augmented, while the weights changed.
    pub train_loss: f64,
    /// Pooled DSC over the same in percent.
    pub train_dsc_percent: f64,
    /// Mean loss over the validation images.
    pub valid_loss: f64,
    /// Pooled DSC over the validation images in percent.
    pub valid_dsc_percent: f64,
}

/// Reads what burn-train has logged under `folder`, up to the first epoch that is not complete.
pub fn read_curves(folder: &Path) -> Vec<EpochFigures> {
    (1..).map_while(|epoch| read_epoch(folder, epoch)).collect()
}

/// Reads one epoch, where it is complete.
pub(crate) fn read_epoch(folder: &Path, epoch: usize) -> Option<EpochFigures> {
    let figure = |split: &str, metric: &str| {
        let log = folder.join(split).join(format!("epoch-{epoch}")).join(format!("{metric}.log"));
        final_value(&std::fs::read_to_string(log).ok()?)
    };
    Some(EpochFigures {
        epoch,
        train_loss: figure("train", LOSS)?,
        train_dsc_percent: figure("train", DSC)?,
        valid_loss: figure("valid", LOSS)?,
        valid_dsc_percent: figure("valid", DSC)?,
    })
}

/// The value that burn-train marks as the epoch's final one.
fn final_value(log: &str) -> Option<f64> {
    log.lines().rev().find_map(|line| line.strip_suffix(",final"))?.parse().ok()
}

/// Writes `curves.csv` and `curves.png` into the run folder; `best` is marked.
pub(crate) fn write(folder: &RunFolder, epochs: &[EpochFigures], best: Option<usize>) -> Result<()> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let rows = epochs.iter().try_for_each(|figures| table.serialize(figures));
    let bytes =
        rows.map_err(std::io::Error::other).and_then(|()| table.into_inner().map_err(|e| e.into_error()));
    let unwritable = pulmo_core::Error::file("write", folder.path().join(TABLE));
    folder.write(TABLE, &bytes.map_err(unwritable)?)?;
    folder.write(PICTURE, &plot::png(epochs, best)?)
}

#[cfg(test)]
mod tests {
    use super::final_value;

    #[test]
    fn only_the_final_value_counts() {
        assert_eq!(final_value("0.5,4\n0.25,8\n0.375,final\n"), Some(0.375));
        assert_eq!(final_value("0.5,4\n0.25,8\n"), None);
        assert_eq!(final_value(""), None);
    }
}
