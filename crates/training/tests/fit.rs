//! From a recipe to a model folder: first weights, runs that are there already, progress.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use pulmo_data::{Augmentation, Class, Sample, SampleCache};
use pulmo_segmentation::weights::collect;
use pulmo_segmentation::{ModelFolder, SegmentationConfig, Task};
use pulmo_training::{Error, Existing, Fit, Fitted, Recipe, Start, Trainer, TrainingProgress};

const SIZE: usize = 32;

fn samples(count: usize) -> Arc<SampleCache> {
    let sample = |at: usize| {
        let mask: Vec<u8> = (0..SIZE * SIZE).map(|pixel| u8::from(pixel % SIZE > 8 + at % 8)).collect();
        let xray = mask.iter().map(|inside| 60 + 100 * inside).collect();
        Sample::new(format!("case {at}"), Class::Normal, SIZE, xray, mask, vec![0; SIZE * SIZE]).unwrap()
    };
    Arc::new(SampleCache::from_samples((0..count).map(sample).collect()).unwrap())
}

fn recipe(epochs: usize) -> Recipe {
    let network: SegmentationConfig = "unet-resnet18".parse().unwrap();
    let mut recipe = Recipe::new(Task::Lung, network.with_depth(3));
    recipe.size = SIZE;
    recipe.batch = 4;
    recipe.epochs = epochs;
    recipe.augmentation = Augmentation::none();
    recipe
}

fn fit(recipe: &Recipe, folder: &Path) -> Fit {
    Fit::new(Trainer::new(recipe.clone(), &Device::flex()).unwrap(), folder, "net", "1")
}

fn run(fit: &Fit) -> pulmo_training::Result<(Fitted, Vec<TrainingProgress>)> {
    let told = Mutex::new(Vec::new());
    let observer = |progress: &TrainingProgress| told.lock().unwrap().push(progress.clone());
    let (initial, _) = fit.initial_model()?;
    let card = |trained: &pulmo_training::Trained| format!("{} epochs", trained.curves.len());
    let fitted = fit.run(&fit.run_folder()?, initial, samples(6), samples(2), card, &observer)?;
    Ok((fitted, told.into_inner().unwrap()))
}

#[test]
fn a_model_folder_is_written_and_every_batch_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (fitted, told) = run(&fit(&recipe(2), folder.path())).unwrap();
    assert_eq!(fitted.trained.epoch, 2);
    let opened = ModelFolder::open(folder.path()).unwrap();
    assert_eq!(opened.manifest(), fitted.model.manifest());
    assert_eq!(std::fs::read_to_string(folder.path().join("README.md")).unwrap(), "2 epochs");

    let ended: Vec<_> = told.iter().filter(|progress| progress.ended).collect();
    let places: Vec<_> = ended.iter().map(|told| (told.epoch, told.epochs, told.done, told.total)).collect();
    assert_eq!(places, [(1, 2, 6, 6), (1, 2, 2, 2), (2, 2, 6, 6), (2, 2, 2, 2)]);
    assert!(
        ended[0].to_string().starts_with("epoch 1/2 ") && ended[0].to_string().contains("DSC"),
        "{}",
        ended[0]
    );
    assert!(told.iter().any(|progress| !progress.ended && progress.done == 4), "batches are told");
}

#[test]
fn a_network_starts_from_a_model_of_its_own_kind() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let (fitted, _) = run(&fit(&recipe(1), &first)).unwrap();
    let start = Start::Model(first.clone());
    assert_eq!(start.name().as_deref(), Some("first"));
    let next = fit(&recipe(1), &second).with_start(start.clone());
    let (initial, _) = next.initial_model().unwrap();
    let (initial, stored) = (collect(&initial).unwrap(), fitted.model.state_dict().unwrap());
    assert!(stored.keys().all(|key| initial.get(key) == stored.get(key)), "other weights than the model's");

    let mut deeper = recipe(1);
    deeper.network = deeper.network.with_depth(4);
    let refused = fit(&deeper, &second).with_start(start).initial_model().unwrap_err();
    assert!(matches!(refused, Error::OtherNetwork { .. }));
    assert!(refused.to_string().contains("of depth 3, but the recipe trains a unet-resnet18 of depth 4"));
}

#[test]
fn a_run_that_is_there_is_refused_resumed_or_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let with = |epochs, existing| fit(&recipe(epochs), folder.path()).with_existing(existing).run_folder();
    assert!(matches!(with(1, Existing::Resume), Err(Error::NothingToResume { .. })));
    run(&fit(&recipe(1), folder.path())).unwrap();

    assert!(matches!(with(1, Existing::Refuse), Err(Error::Occupied { .. })));
    assert!(matches!(with(2, Existing::Resume), Err(Error::OtherRecipe { .. })));
    for existing in [Existing::Resume, Existing::ResumeOrReplace] {
        assert_eq!(with(1, existing).unwrap().last_checkpoint(), Some(1), "{existing:?}");
    }
    // Another recipe's run is of no use.
    assert_eq!(with(2, Existing::ResumeOrReplace).unwrap().last_checkpoint(), None);
    run(&fit(&recipe(2), folder.path()).with_existing(Existing::Replace)).unwrap();
    assert_eq!(with(2, Existing::Replace).unwrap().last_checkpoint(), None);
}
