//! Runs the cells of a study.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use pulmo_data::Index;
use pulmo_pipeline::LungNetwork;
use pulmo_segmentation::weights::{Precision, Strictness};
use pulmo_segmentation::{ModelFolder, ModelManifest, Scheme, Task};
use pulmo_training::{Recipe, RunFolder, Trainer, initialise_encoder, needs, read_curves};
use serde_json::Value;

use crate::identity::Identity;
use crate::lungs::{self, Lungs};
use crate::observer::Observer;
use crate::samples::FoldSamples;
use crate::splits::{FoldCases, Splits};
use crate::{Cell, CellResult, Error, NetworkName, Result, StudyConfig, StudyTable, assess, files, page};

/// The configuration's file name in the study's folder.
const CONFIG: &str = "study.json";
/// Name of the folder of a cell's trained network.
const MODEL: &str = "model";
/// Name of the folder of a cell's training.
const RUN: &str = "run";
/// Version that the model folders of a study bear.
const MODEL_VERSION: &str = "1";

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
            std::fs::metadata(path).map_err(|source| Error::file("read", path, source))?;
        }
        for task in config.tasks() {
            Index::open_for(data, needs(task))?;
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
    /// [`Error::Problems`] with all problems of the data before anything is trained, [`Error::OtherStudy`] where the
    /// folder holds something else, or the first cell that fails.
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
                let cases = splits.fold(fold)?;
                let recipe = self.config.recipe(Task::Lung, network)?;
                let weights = self.config.encoder_weights(network);
                Identity::new(cell, &recipe, &cases, None, weights)?.claim(&folder)?;
                lungs.push(self.model(&cell, &folder, &recipe, &cases, None, &mut None, observer)?);
                remove_checkpoints(&folder, &recipe)?;
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
        let cases = splits.fold(cell.fold)?;
        let recipe = self.config.recipe(cell.task, cell.network)?;
        let lung_digest = lung.map(|lung| lung.manifest().sha256.as_str());
        let weights = self.config.encoder_weights(cell.network);
        Identity::new(*cell, &recipe, &cases, lung_digest, weights)?.claim(&folder)?;
        if let Some(result) = CellResult::load(&folder)? {
            remove_checkpoints(&folder, &recipe)?;
            observer.done(&result, true);
            return Ok(result);
        }

        let model = self.model(cell, &folder, &recipe, &cases, lung, samples, observer)?;
        let (model, results) = match lung {
            None => (model.clone(), assess::lung(&model, &cases, &self.device, observer)?),
            Some(lung) => assess::infection(model, lung, &cases, &self.device, observer)?,
        };
        model.save_config(&folder.join(MODEL))?;
        let manifest = model.manifest();
        let result = CellResult {
            cell: *cell,
            curves: read_curves(&folder.join(RUN)),
            mask_threshold: manifest.mask_threshold,
            decision: manifest.decision.clone(),
            cases: results,
        };
        result.save(&folder)?;
        remove_checkpoints(&folder, &recipe)?;
        observer.done(&result, false);
        Ok(result)
    }

    /// The cell's trained network, which is trained if it is not there yet.
    #[expect(clippy::too_many_arguments, reason = "what a training is made from")]
    fn model(
        &self,
        cell: &Cell,
        folder: &Path,
        recipe: &Recipe,
        cases: &FoldCases,
        lung: Option<&ModelFolder>,
        samples: &mut Option<FoldSamples>,
        observer: &dyn Observer,
    ) -> Result<ModelFolder> {
        if let Ok(trained) = ModelFolder::open(&folder.join(MODEL)) {
            return Ok(trained);
        }
        if !samples.as_ref().is_some_and(|samples| samples.serve(cell, recipe.size)) {
            // Those of the fold before are let go first.
            *samples = None;
        }
        let samples = match samples {
            Some(samples) => samples,
            None => {
                samples.insert(FoldSamples::load(cell, recipe.size, cases, lung, &self.device, observer)?)
            }
        };
        self.train(cell, folder, recipe, samples)
    }

    /// Trains from the last complete epoch there is, and keeps the network as a model folder.
    fn train(
        &self,
        cell: &Cell,
        folder: &Path,
        recipe: &Recipe,
        samples: &FoldSamples,
    ) -> Result<ModelFolder> {
        let path = folder.join(RUN);
        let begun = RunFolder::resume(&path, recipe).ok().filter(|run| run.last_checkpoint().is_some());
        let run = match begun {
            Some(run) => run,
            None => {
                files::remove_folder(&path)?;
                RunFolder::create(&path, recipe)?
            }
        };
        let trainer = Trainer::new(recipe.clone(), &self.device)?;
        let mut model = trainer.initial_model()?;
        if let Some(file) = self.config.encoder_weights(cell.network) {
            let strictness =
                if self.config.partial_encoder_weights { Strictness::Partial } else { Strictness::Strict };
            model = initialise_encoder(model, file, strictness)?.0;
        }
        let trained = trainer.run(&run, model, samples.train.clone(), samples.valid.clone())?;
        let name = format!("pulmo-{}-{}-fold-{}", cell.task, cell.network, cell.fold);
        let mut manifest =
            ModelManifest::new(&name, MODEL_VERSION, cell.task, recipe.network.clone(), recipe.size);
        manifest.scheme = cell.scheme;
        let recipe: Value = serde_json::to_value(recipe)?;
        let card = format!(
            "# {name}\n\nTrained in a study: {cell} of {}, held out.\n\n```json\n{recipe:#}\n```\n",
            self.config.folds
        );
        let packed = ModelFolder::pack(manifest, &trained.model, Precision::Half)?;
        packed.save(&folder.join(MODEL), &card)?;
        Ok(packed)
    }
}

/// What a cell that is done no longer needs.
fn remove_checkpoints(folder: &Path, recipe: &Recipe) -> Result<()> {
    Ok(RunFolder::resume(&folder.join(RUN), recipe)?.remove_checkpoints()?)
}
