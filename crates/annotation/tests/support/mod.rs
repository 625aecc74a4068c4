//! A small project of phantoms, and networks that are wrong by a known amount.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::time::Duration;

use pulmo_annotation::{
    BatchDecision, BatchTask, ImageId, NewImage, NewSeed, Project, ProjectConfig, ProjectSpec, Proposer,
    ProposerName, Reviewer, Step, TrainingPair,
};
use pulmo_data::Class;
use pulmo_imaging::{Mask, Phantom, PhantomSpec};

/// Side of the pictures in pixels.
pub(crate) const SIDE: u32 = 48;

pub(crate) fn name(name: &str) -> ProposerName {
    ProposerName::new(name).unwrap()
}

pub(crate) fn reviewer(name: &str) -> Reviewer {
    Reviewer::new(name).unwrap()
}

pub(crate) fn names(names: &[&str]) -> Vec<ProposerName> {
    names.iter().map(|name| ProposerName::new(*name).unwrap()).collect()
}

/// Pictures with their masks, classes in turn.
pub(crate) fn pictures(folder: &Path, count: u64, first_seed: u64) -> Vec<(PathBuf, PathBuf)> {
    std::fs::create_dir_all(folder).unwrap();
    (first_seed..first_seed + count)
        .map(|seed| {
            let phantom = Phantom::generate(&PhantomSpec::new(SIDE, seed).unwrap()).unwrap();
            let (image, mask) =
                (folder.join(format!("x{seed}.png")), folder.join(format!("x{seed}-mask.png")));
            phantom.xray().save_png(&image).unwrap();
            phantom.lungs().both().as_mask().save_png(&mask).unwrap();
            (image, mask)
        })
        .collect()
}

/// Batches of three over half of the images, three candidates, a panel of three.
pub(crate) fn spec() -> ProjectSpec {
    let mut spec = ProjectSpec::new(
        "phantoms",
        names(&["unet-a", "unet-b", "unet-c"]),
        names(&["unet-a", "unetplusplus-a", "fpn-a"]),
    );
    spec.batch_size = 3;
    spec.batch_share = 0.5;
    spec
}

/// A project of `count` images below `folder`.
pub(crate) fn project_with(folder: &Path, count: u64, spec: ProjectSpec) -> (Project, Oracle) {
    let images = pictures(&folder.join("images"), count, 100);
    project_of(folder, images, spec)
}

/// A project of images with their true masks.
pub(crate) fn project_of(
    folder: &Path,
    images: Vec<(PathBuf, PathBuf)>,
    spec: ProjectSpec,
) -> (Project, Oracle) {
    let seeds = pictures(&folder.join("seeds"), 5, 1);
    let truth = images.iter().chain(&seeds).cloned().collect();
    let images: Vec<NewImage> = images
        .iter()
        .enumerate()
        .map(|(at, (image, _))| NewImage {
            id: ImageId::new(format!("case {at}")).unwrap(),
            class: Class::ALL[at % Class::ALL.len()],
            file: image.clone(),
        })
        .collect();
    let seeds: Vec<NewSeed> = seeds.into_iter().map(|(image, mask)| NewSeed { image, mask }).collect();
    let config = ProjectConfig::new(spec).unwrap();
    let by = reviewer("Operator");
    let project = Project::create(folder.join("project"), config, &images, &seeds, &by, &|_, _| {}).unwrap();
    (project, Oracle { truth, trained: Vec::new(), forgotten: Vec::new() })
}

pub(crate) fn project(folder: &Path, count: u64) -> (Project, Oracle) {
    project_with(folder, count, spec())
}

/// Knows the true masks and spoils them by as many rows as the network's name tells.
#[derive(Debug)]
pub(crate) struct Oracle {
    pub(crate) truth: BTreeMap<PathBuf, PathBuf>,
    /// What was trained, with the number of masks.
    pub(crate) trained: Vec<(String, usize)>,
    /// What was forgotten, with the number of trainings before.
    pub(crate) forgotten: Vec<(String, usize)>,
}

impl Oracle {
    pub(crate) fn truth(&self, image: &Path) -> Mask {
        Mask::open(&self.truth[image]).unwrap()
    }
}

/// The mask without its upper rows.
pub(crate) fn spoiled(mask: &Mask, rows: u32) -> Mask {
    Mask::from_fn(mask.width(), mask.height(), |x, y| y >= 8 + rows && mask.get(x, y)).unwrap()
}

impl Proposer for Oracle {
    type Error = Infallible;

    fn forget(&mut self, network: &ProposerName) -> Result<(), Infallible> {
        self.forgotten.push((network.to_string(), self.trained.len()));
        Ok(())
    }

    fn train(&mut self, network: &ProposerName, pairs: &[TrainingPair]) -> Result<(), Infallible> {
        assert!(pairs.iter().all(|pair| pair.image.is_file() && pair.mask.is_file()));
        self.trained.push((network.to_string(), pairs.len()));
        Ok(())
    }

    fn propose(&mut self, network: &ProposerName, image: &Path) -> Result<Mask, Infallible> {
        let rows = match network.as_str() {
            "unet-b" => 0,
            "unet-a" => 4,
            "fpn-a" => 6,
            _ => 8,
        };
        Ok(spoiled(&self.truth(image), rows))
    }
}

/// One step that needs no person.
pub(crate) fn advance(project: &mut Project, oracle: &mut Oracle) -> Step {
    project.advance(&reviewer("Operator"), oracle, &mut |_| {}).unwrap()
}

/// Accepts all that waits in a batch.
pub(crate) fn accept_batch(project: &mut Project) {
    let tasks: Vec<BatchTask> = project.tasks().collect();
    for task in tasks {
        project.decide(&task, BatchDecision::Accept, &reviewer("Ada"), Duration::from_secs(2)).unwrap();
    }
}
