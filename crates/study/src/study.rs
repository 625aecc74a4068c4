//! Runs the cells of a study.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use pulmo_core::files;
use pulmo_data::Index;
use pulmo_pipeline::LungNetwork;
use pulmo_segmentation::{ModelFolder, Scheme, Task};

use crate::lungs::{self, Lungs};
use crate::observer::Observer;
use crate::samples::FoldSamples;
use crate::splits::Splits;
use crate::training::Training;
use crate::{Cell, CellResult, NetworkName, Result, StudyConfig, StudyTable, assess, page};

/// The configuration's file name in the study's folder.
const CONFIG: &str = "study.json";

/// A study on a data set, in a folder.
///
/// The folder holds `study.json`, the folds in `splits`, for every cell a folder under `cells` with the trained network and
/// its result, and at the end the tables. Stopped at any moment and run again, it goes on where it was, inside a training
/// from the last complete epoch, and ends with the same tables.
#[derive(Debug)]
pub struct Study {
    config: StudyConfig,
    data: PathBuf,
    out: PathBuf,
    device: Device,
}

impl Study {
    /// Checks the configuration and finds the data; nothing is written yet.
    ///
    /// # Errors
    /// As [`StudyConfig::validate`], and where `data` is none of the data sets that [`Index::open`] takes.
    pub fn open(config: StudyConfig, data: &Path, out: &Path, device: &Device) -> Result<Self> {
        config.validate()?;
        for path in config.encoder_weights.values() {
            std::fs::metadata(path).map_err(pulmo_core::Error::file("read", path))?;
        }
        for task in config.tasks() {
            Index::open_for(data, task.into())?;
        }
        Ok(Self { config, data: data.into(), out: out.into(), device: device.clone() })
    }

    /// The configuration.
    pub fn config(&self) -> &StudyConfig {
        &self.config
    }

    /// What there is to train and to test.
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        Cell::all(&self.config)
    }

    /// How many networks there are to train: the cells', and the lung networks that folds train for themselves.
    #[must_use]
    pub fn trainings(&self) -> usize {
        self.cells().len() + if self.config.fold_lungs().is_some() { self.config.folds } else { 0 }
    }

    /// Trains and tests every cell that is not done, and writes `table.md`, `table.csv`, `table.json` and `report.md`.
    ///
    /// # Errors
    /// [`Error::Problems`](crate::Error::Problems) with all problems of the data before anything is trained,
    /// [`Error::OtherStudy`](crate::Error::OtherStudy) where the folder holds something else, or the first cell that fails.
    pub fn run(&self, observer: &dyn Observer) -> Result<StudyTable> {
        let shared = match &self.config.infection {
            Some(infection) => infection.lung_network.open()?,
            None => None,
        };
        if let Some(lung) = &shared {
            LungNetwork::load(lung, &self.device)?;
        }
        files::create_folder(&self.out)?;
        let open = |task| Ok((task, Splits::open(&self.config, task, &self.data, &self.out, observer)?));
        let splits: Vec<(Task, Splits)> = self.config.tasks().map(open).collect::<Result<_>>()?;
        files::write_json(&self.out.join(CONFIG), &self.config)?;

        let lungs = match (shared, self.config.fold_lungs()) {
            (Some(shared), _) => Some(Lungs::Shared(shared.into())),
            (None, Some(network)) => Some(self.own_lungs(network, &splits, observer)?),
            (None, None) => None,
        };
        let cells = self.cells();
        let mut samples = None;
        let mut results = Vec::with_capacity(cells.len());
        for (done, cell) in cells.iter().enumerate() {
            observer.cell(cell, done + 1, cells.len());
            for (_, splits) in splits.iter().filter(|(task, _)| *task == cell.task) {
                let lung = lungs.as_ref().filter(|_| cell.task == Task::Infection);
                let lung = lung.and_then(|lungs| lungs.of(cell.fold));
                results.push(self.cell(cell, splits, lung, &mut samples, observer)?);
            }
        }
        let table = StudyTable::new(&results)?;
        table.write(&self.out)?;
        let cases: Vec<(Task, usize)> = splits.iter().map(|(task, splits)| (*task, splits.len())).collect();
        files::write(&self.out.join(page::FILE), page::page(&self.config, &cases, &table)?.as_bytes())?;
        Ok(table)
    }

    /// Trains a lung network on the training images of every fold of the infection task.
    fn own_lungs(
        &self,
        network: NetworkName,
        splits: &[(Task, Splits)],
        observer: &dyn Observer,
    ) -> Result<Lungs> {
        let mut lungs = Vec::with_capacity(self.config.folds);
        for (_, splits) in splits.iter().filter(|(task, _)| *task == Task::Infection) {
            for fold in 0..self.config.folds {
                observer.lungs(network, fold);
                let cell = Cell { task: Task::Lung, scheme: Scheme::Parallel, network, fold };
                let folder = lungs::folder(&self.out, network, fold);
                let training = self.training(cell, folder, splits, None)?;
                lungs.push(training.model(&mut None, observer)?);
                training.remove_checkpoints()?;
            }
        }
        Ok(Lungs::Own(lungs))
    }

    fn cell(
        &self,
        cell: &Cell,
        splits: &Splits,
        lung: Option<&ModelFolder>,
        samples: &mut Option<FoldSamples>,
        observer: &dyn Observer,
    ) -> Result<CellResult> {
        let folder = cell.folder(&self.out);
        let training = self.training(*cell, folder.clone(), splits, lung)?;
        if let Some(result) = CellResult::load(&folder)? {
            training.remove_checkpoints()?;
            observer.done(&result, true);
            return Ok(result);
        }

        let model = training.model(samples, observer)?;
        let (model, results) = match lung {
            None => (model.clone(), assess::lung(&model, training.cases(), &self.device, observer)?),
            Some(lung) => assess::infection(model, lung, training.cases(), &self.device, observer)?,
        };
        training.keep_config(&model)?;
        let manifest = model.manifest();
        let result = CellResult {
            cell: *cell,
            curves: training.curves(),
            mask_threshold: manifest.mask_threshold,
            decision: manifest.decision,
            cases: results,
        };
        result.save(&folder)?;
        training.remove_checkpoints()?;
        observer.done(&result, false);
        // As the file has it, whose reading may differ in a value's last bit, so that a resumed study ends with the same
        // tables.
        Ok(CellResult::load(&folder)?.unwrap_or(result))
    }

    fn training<'a>(
        &'a self,
        cell: Cell,
        folder: PathBuf,
        splits: &Splits,
        lung: Option<&'a ModelFolder>,
    ) -> Result<Training<'a>> {
        Training::claim(&self.config, &self.device, cell, folder, splits.fold(cell.fold)?, lung)
    }
}
