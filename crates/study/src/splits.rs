//! The cases of a task and their folds, as files that a user can replace.

use std::path::{Path, PathBuf};

use pulmo_core::{Task, files};
use pulmo_data::{
    Class, Folds, Groups, Index, NEAR_DUPLICATE_CORRELATION, Needs, SampleCache, near_duplicates,
    require_sound,
};

use crate::observer::{Activity, Observer};
use crate::{Error, Result, StudyConfig};

/// The training cases are divided into so many parts, of which one is for validation: 20 % (Tahir et al. 2021).
const VALIDATION_PARTS: usize = 5;
/// Side at which X-rays are read for the search for near-duplicates, in pixels.
const DUPLICATES_SIZE: usize = 96;

/// The cases of a task and how they are divided.
#[derive(Debug, Clone)]
pub(crate) struct Splits {
    task: Task,
    index: Index,
    groups: Groups,
    folds: Folds,
    seed: u64,
}

/// The cases of one fold.
#[derive(Debug, Clone)]
pub(crate) struct FoldCases {
    pub(crate) train: Index,
    pub(crate) valid: Index,
    pub(crate) test: Index,
}

impl Splits {
    /// Finds and checks the cases; reads groups and folds from `<out>/splits`, or makes them and writes them there.
    pub(crate) fn open(
        config: &StudyConfig,
        task: Task,
        data: &Path,
        out: &Path,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut needs = Needs::from(task);
        let mut index = Index::open_for(data, needs)?;
        if task == Task::Infection && config.fold_lungs().is_some() {
            needs = needs.with(Task::Lung);
        }
        if let Some(count) = config.subset(task) {
            index = index.subset(count, config.seed)?;
        }
        let folder = out.join("splits");
        files::create_folder(&folder)?;
        let groups_file = folder.join(format!("{task}-groups.json"));
        let groups = match files::read_json(&groups_file)? {
            Some(groups) => groups,
            None => {
                require_sound(&index, needs).map_err(|problems| Error::Problems { task, problems })?;
                let mut groups = index.groups();
                if config.group_duplicates {
                    groups = groups.merged(&duplicates(&index, observer)?, index.cases());
                }
                files::write_json(&groups_file, &groups)?;
                groups
            }
        };
        let folds = folds(config, &index, &groups, folder.join(format!("{task}-folds.json")))?;
        let splits = Self { task, index, groups, folds, seed: config.seed };
        for fold in 0..config.folds {
            splits.fold(fold)?;
        }
        Ok(splits)
    }

    /// Number of cases.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// The cases to train on, to validate on and to test on; no group is in two of them.
    pub(crate) fn fold(&self, fold: usize) -> Result<FoldCases> {
        let (rest, test) = self.folds.split(&self.index, fold)?;
        let parts = Folds::stratified(&rest, VALIDATION_PARTS, self.seed, &self.groups)?;
        let (train, valid) = parts.split(&rest, 0)?;
        if self.task == Task::Infection {
            for (part, index) in [("validation", &valid), ("test", &test)] {
                let covid = index.class(Class::Covid19).len();
                let missing = [(covid == 0, "COVID-19"), (covid == index.len(), "other")];
                if let Some((_, class)) = missing.into_iter().find(|(missing, _)| *missing) {
                    return Err(Error::ClassMissing { part, fold, class });
                }
            }
        }
        Ok(FoldCases { train, valid, test })
    }
}

fn duplicates(index: &Index, observer: &dyn Observer) -> Result<Groups> {
    let progress = |done, total| observer.progress(Activity::Comparing, done, total);
    let cache = SampleCache::load_with(index, Needs::NONE, DUPLICATES_SIZE, progress)?;
    Ok(near_duplicates(&cache, NEAR_DUPLICATE_CORRELATION)?)
}

fn folds(config: &StudyConfig, index: &Index, groups: &Groups, path: PathBuf) -> Result<Folds> {
    if !path.exists() {
        let folds = Folds::stratified(index, config.folds, config.seed, groups)?;
        folds.save(&path)?;
        return Ok(folds);
    }
    let folds = Folds::load(&path)?;
    if folds.k() != config.folds {
        return Err(Error::FoldCount { path, found: folds.k(), expected: config.folds });
    }
    Ok(folds)
}
