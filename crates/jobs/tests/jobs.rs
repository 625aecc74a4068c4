//! Jobs as a library's user calls them: what they tell, and what they give back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(all(feature = "convert", feature = "evaluate", feature = "train"))]

use std::path::Path;
use std::sync::Mutex;

use burn::tensor::Device;
use pulmo_imaging::{Phantom, PhantomSpec};
use pulmo_jobs::convert::{file_to_file, file_to_model, model_to_file, models_to_model};
use pulmo_jobs::{Error, Event, Splits, TrainOptions, WeightFile, train};
use pulmo_segmentation::weights::Precision;
use pulmo_segmentation::{ModelFolder, SegmentationConfig, Task};
use pulmo_training::{Recipe, Start};

/// Writes phantoms with their lungs as a data set.
fn data_set(root: &Path) {
    for (split, seeds) in [("Train", 0..4), ("Val", 4..6)] {
        let folder = root.join(split);
        for part in ["images", "lung masks"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
        }
        for seed in seeds {
            let phantom = Phantom::generate(&PhantomSpec::new(64, 700 + seed).unwrap()).unwrap();
            let name = format!("{seed}.png");
            phantom.xray().save_png(folder.join("images").join(&name)).unwrap();
            phantom.lungs().both().as_mask().save_png(folder.join("lung masks").join(&name)).unwrap();
        }
    }
}

fn network(depth: usize) -> SegmentationConfig {
    "unet-resnet18".parse::<SegmentationConfig>().unwrap().with_depth(depth)
}

fn recipe() -> Recipe {
    let mut recipe = Recipe::new(Task::Lung, network(3));
    (recipe.size, recipe.batch, recipe.epochs) = (32, 4, 1);
    recipe
}

#[test]
fn training_tells_its_progress_and_reports_what_was_trained_on_what() {
    let folder = tempfile::tempdir().unwrap();
    let (data, out) = (folder.path().join("data"), folder.path().join("model"));
    data_set(&data);
    let told = Mutex::new((Vec::new(), Vec::new()));
    let observer = |event: Event<'_>| {
        let (messages, parts) = &mut *told.lock().unwrap();
        match event {
            Event::Message(text) => messages.push(text.to_owned()),
            Event::Progress { what, done, total, .. } => parts.push((what.to_owned(), done, total)),
            _ => {}
        }
    };
    let mut options = TrainOptions::new(recipe(), &data, &out);
    options.decoys = 1;
    let report = train(&options, &[Device::flex()], &observer).unwrap();
    assert_eq!((report.images, report.decoys, report.validation_images), (4, 1, 2));
    assert_eq!((report.epoch, report.curves.len(), report.resumed_after), (1, 1, None));
    assert_eq!(report.to_string(), format!("{}: epoch 1, after {} s", out.display(), report.seconds));
    let (messages, parts) = told.into_inner().unwrap();
    assert_eq!(messages[0], "4 training and 2 validation images at 32 px");
    assert!(parts.contains(&("reading".to_owned(), 4, 4)), "{parts:?}");
    assert!(
        parts.iter().any(|(what, done, total)| what.starts_with("epoch 1/1") && (*done, *total) == (5, 5)),
        "{parts:?}"
    );

    // Its name says in the recipe where the next one started from.
    let next = folder.path().join("next");
    let mut options = TrainOptions::new(recipe(), &data, &next);
    options.start = Start::Model(out);
    train(&options, &[Device::flex()], &|_| {}).unwrap();
    let recipe = std::fs::read_to_string(next.join("run/recipe.json")).unwrap();
    assert!(recipe.contains(r#""initial_weights": "model""#), "{recipe}");
}

#[test]
fn a_training_without_device_or_validation_images_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    data_set(&data);
    std::fs::remove_dir_all(data.join("Val")).unwrap();
    let options = TrainOptions::new(recipe(), &data, folder.path().join("model"));
    assert!(matches!(train(&options, &[], &|_| {}), Err(Error::NoDevice)));
    let refused = train(&options, &[Device::flex()], &|_| {}).unwrap_err();
    assert!(refused.to_string().ends_with("has no validation images; file some under Val"), "{refused}");
    assert!(!folder.path().join("model").exists(), "a failed start left a folder");
}

#[test]
fn weights_go_from_file_to_model_to_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let device = Device::flex();
    let dict = pulmo_segmentation::weights::collect(&network(3).init(&device).unwrap()).unwrap();
    pulmo_segmentation::weights::write_safetensors(&at("in.safetensors"), &dict, Precision::Full).unwrap();
    let file = WeightFile::new(at("in.safetensors"), network(3));

    file_to_model(&file, Task::Lung, 32, &at("model"), Precision::Full, &device).unwrap();
    model_to_file(&at("model"), &at("out.safetensors"), Precision::Full, &device).unwrap();
    let read = |name: &str| pulmo_segmentation::weights::read_safetensors(&at(name)).unwrap();
    assert_eq!(read("in.safetensors"), read("out.safetensors"));
    let mean = models_to_model(&[at("model"), at("model")], &at("mean"), Precision::Full, &device).unwrap();
    assert!(mean.to_string().contains("mean of the weights in `model`, `model`"), "{mean}");
    let weights = |name: &str| ModelFolder::open(&at(name)).unwrap().state_dict().unwrap();
    assert_eq!(weights("mean"), weights("model"));

    let refused = file_to_file(&file, &at("out.pth"), Precision::Full, &device).unwrap_err();
    assert!(refused.to_string().contains("out.safetensors"), "{refused}");
    let refused = file_to_model(&file, Task::Lung, 32, &at("model"), Precision::Full, &device).unwrap_err();
    assert!(matches!(refused, Error::HoldsModel { .. }));
    assert!(matches!(models_to_model(&[], &at("x"), Precision::Full, &device), Err(Error::NothingToAverage)));
}

#[test]
fn splits_are_named() {
    assert_eq!("all".parse::<Splits>().unwrap(), Splits::All);
    assert_eq!("val".parse::<Splits>().unwrap().to_string(), pulmo_data::Split::Val.to_string());
    assert_eq!("most".parse::<Splits>().unwrap_err().to_string(), "'most' is none of train, val, test, all");
}
