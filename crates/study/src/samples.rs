//! The decoded images of a fold, shared by the networks that are trained on it.

use std::sync::Arc;

use burn::tensor::Device;
use pulmo_data::{Index, SampleCache};
use pulmo_imaging::ChestXray;
use pulmo_pipeline::LungNetwork;
use pulmo_segmentation::{ModelFolder, Scheme, Task};

use crate::observer::{Activity, Observer};
use crate::splits::FoldCases;
use crate::{Cell, Result};

/// Training and validation images of one task, scheme and fold at one size.
#[derive(Debug, Clone)]
pub(crate) struct FoldSamples {
    made_for: (Task, Scheme, usize, usize),
    pub(crate) train: Arc<SampleCache>,
    pub(crate) valid: Arc<SampleCache>,
}

impl FoldSamples {
    /// Whether these are the images of `cell` at `size`.
    pub(crate) fn serve(&self, cell: &Cell, size: usize) -> bool {
        self.made_for == (cell.task, cell.scheme, cell.fold, size)
    }

    /// Decodes the images; for the cascaded scheme they are masked by `lung` as the pipeline masks them.
    pub(crate) fn load(
        cell: &Cell,
        size: usize,
        cases: &FoldCases,
        lung: Option<&ModelFolder>,
        device: &Device,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let total = cases.train.len() + cases.valid.len();
        let masked_by = match (cell.scheme, lung) {
            (Scheme::Cascaded, Some(folder)) => Some(LungNetwork::load(folder, device)?),
            _ => None,
        };
        let load = |index: &Index, before: usize| {
            let progress = |done, _| observer.progress(Activity::Reading, before + done, total);
            let cache = match &masked_by {
                None => SampleCache::load_with(index, cell.task.into(), size, progress)?,
                Some(network) => {
                    let mask = |_: &_, xray: ChestXray| -> Result<ChestXray> {
                        Ok(xray.within(&network.lungs(&xray)?)?)
                    };
                    SampleCache::load_mapped(index, cell.task.into(), size, mask, progress)?
                }
            };
            Ok::<_, crate::Error>(Arc::new(cache))
        };
        let made_for = (cell.task, cell.scheme, cell.fold, size);
        Ok(Self { made_for, train: load(&cases.train, 0)?, valid: load(&cases.valid, cases.train.len())? })
    }
}
