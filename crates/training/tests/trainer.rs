//! Small trainings: what the options of a recipe do, and that a resumed run ends as it would have.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use burn::tensor::Device;
use pulmo_data::{Augmentation, Class, Sample, SampleCache};
use pulmo_segmentation::weights::{StateDict, collect};
use pulmo_segmentation::{SegmentationConfig, Task};
use pulmo_training::{
    Clipping, Error, Keep, Monitor, Optimiser, Plateau, Recipe, RunFolder, Schedule, Trained, Trainer,
};

const SIZE: usize = 32;

/// A bright disc on a dark ground, which is the lung.
fn sample(at: usize) -> Sample {
    let (row, column) = (10 + at % 5 * 3, 22 - at % 4 * 3);
    let inside =
        |pixel: usize| (pixel / SIZE).abs_diff(row).pow(2) + (pixel % SIZE).abs_diff(column).pow(2) < 49;
    let mask: Vec<u8> = (0..SIZE * SIZE).map(|pixel| u8::from(inside(pixel))).collect();
    let noise = |pixel: usize| ((pixel * 37 + at * 101) % 61) as u8;
    let xray = mask.iter().enumerate().map(|(pixel, inside)| 60 + 100 * inside + noise(pixel)).collect();
    Sample::new(format!("case {at}"), Class::Normal, SIZE, xray, mask, vec![0; SIZE * SIZE]).unwrap()
}

fn samples(range: std::ops::Range<usize>) -> Arc<SampleCache> {
    Arc::new(SampleCache::from_samples(range.map(sample).collect()).unwrap())
}

fn recipe() -> Recipe {
    let network: SegmentationConfig = "unet-resnet18".parse().unwrap();
    let mut recipe = Recipe::new(Task::Lung, network.with_depth(3));
    recipe.size = SIZE;
    recipe.batch = 4;
    recipe.epochs = 3;
    recipe.augmentation = Augmentation::light();
    recipe.seed = 5;
    recipe
}

/// Trains on `images` images into `folder`, or goes on there.
fn train_on(images: usize, others: &[Device], folder: &Path, recipe: &Recipe) -> Result<Trained, Error> {
    let trainer = Trainer::new(recipe.clone(), &Device::flex())?.with_other_devices(others);
    let run = match folder.join("recipe.json").exists() {
        true => RunFolder::resume(folder, recipe)?,
        false => RunFolder::create(folder, recipe)?,
    };
    trainer.run(&run, trainer.initial_model()?, samples(0..images), samples(50..54))
}

fn train(folder: &Path, recipe: &Recipe) -> Trained {
    train_on(12, &[], folder, recipe).unwrap()
}

fn weights(trained: &Trained) -> StateDict {
    collect(&trained.model).unwrap()
}

fn initial(recipe: &Recipe) -> StateDict {
    collect(&Trainer::new(recipe.clone(), &Device::flex()).unwrap().initial_model().unwrap()).unwrap()
}

/// Weights by key, without statistics.
fn parameters(dict: &StateDict) -> Vec<(&str, &[f32])> {
    let keys = dict.keys().filter(|key| !key.contains("running_") && !key.ends_with("num_batches_tracked"));
    keys.map(|key| (key, dict.get(key).unwrap().1)).collect()
}

/// The largest change of a parameter whose key begins as given.
fn change(before: &StateDict, after: &StateDict, prefix: &str) -> f32 {
    let (before, after) = (parameters(before), parameters(after));
    let pairs = before.iter().zip(&after).filter(|((key, _), _)| key.starts_with(prefix));
    let changes = pairs.flat_map(|((_, a), (_, b))| a.iter().zip(*b).map(|(a, b)| (a - b).abs()));
    changes.fold(0.0, f32::max)
}

/// Takes away the checkpoint of `epoch`, as if the run had been killed while it was written.
fn tear(folder: &Path, epoch: usize) {
    std::fs::write(folder.join(format!("checkpoint/model-{epoch}.bpk")), b"torn").unwrap();
}

#[test]
fn a_resumed_run_ends_with_the_same_weights_whatever_the_recipe() {
    let mut plateau = recipe();
    plateau.epochs = 4;
    plateau.warmup = 0.0;
    plateau.learning_rate = 2e-2;
    plateau.schedule = Schedule::Plateau(Plateau { factor: 0.3, patience: 0, lowest: 1e-5 });
    plateau.monitor = Monitor::ValidDsc;
    plateau.optimiser = Optimiser::AdamW { weight_decay: 0.1 };
    plateau.average = Some(0.8);
    plateau.clipping = Some(Clipping::Norm(0.5));
    plateau.accumulation = 2;
    plateau.encoder_rate = 0.2;
    let mut thawing = recipe();
    thawing.frozen_epochs = 2;
    thawing.keep = Keep::Best;
    let mut best = recipe();
    best.keep = Keep::Best;
    best.learning_rate = 0.3;
    best.schedule = Schedule::Constant;
    for (name, recipe) in [("plateau", plateau), ("thawing", thawing), ("best", best)] {
        let folder = tempfile::tempdir().unwrap();
        let whole = train(folder.path(), &recipe);
        tear(folder.path(), recipe.epochs);
        let resumed = train(folder.path(), &recipe);
        assert_eq!(resumed.curves, whole.curves, "{name}");
        assert_eq!(resumed.epoch, whole.epoch, "{name}");
        assert!(weights(&resumed) == weights(&whole), "{name}: other weights");
        let record = RunFolder::resume(folder.path(), &recipe).unwrap().record().unwrap().unwrap();
        assert_eq!(record.seconds_per_epoch.len(), recipe.epochs);
        assert_eq!(record.calls.len(), 2);
        assert_eq!(record.calls[1].first_epoch, recipe.epochs);
    }
}

#[test]
fn early_stopping_waits_for_its_patience_and_stays_stopped() {
    let mut recipe = recipe();
    recipe.epochs = 12;
    recipe.learning_rate = 0.5;
    recipe.warmup = 0.0;
    recipe.schedule = Schedule::Constant;
    recipe.monitor = Monitor::ValidDsc;
    recipe.patience = Some(2);
    let folder = tempfile::tempdir().unwrap();
    let stopped = train(folder.path(), &recipe);
    let epochs = stopped.curves.len();
    assert!(epochs < recipe.epochs, "nothing stopped it: {:?}", stopped.curves);
    for end in 1..epochs {
        assert!(recipe.monitor.epochs_since_best(&stopped.curves[..end]) < 2, "stopped too late");
    }
    assert_eq!(recipe.monitor.epochs_since_best(&stopped.curves), 2);
    let again = train(folder.path(), &recipe);
    assert_eq!(again.curves, stopped.curves);
    assert!(weights(&again) == weights(&stopped));
}

#[test]
fn the_best_epochs_network_is_that_of_a_run_that_ends_there() {
    let mut long = recipe();
    long.epochs = 6;
    long.learning_rate = 0.1;
    long.warmup = 0.0;
    long.schedule = Schedule::Constant;
    long.monitor = Monitor::ValidDsc;
    long.keep = Keep::Best;
    let folder = tempfile::tempdir().unwrap();
    let best = train(&folder.path().join("long"), &long);
    assert_eq!(Some(best.epoch), long.monitor.best(&best.curves).map(|best| best.epoch));
    assert!(best.epoch < 6, "the last epoch is the best one, so this shows nothing: {:?}", best.curves);
    let short = Recipe { epochs: best.epoch, keep: Keep::Last, ..long };
    let last = train(&folder.path().join("short"), &short);
    assert_eq!(last.epoch, best.epoch);
    assert!(weights(&best) == weights(&last));
}

#[test]
fn a_frozen_encoder_keeps_its_weights_and_statistics_until_it_is_thawed() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.epochs = 2;
    let before = initial(&recipe);
    for (frozen, changes) in [(2, false), (1, true)] {
        recipe.frozen_epochs = frozen;
        let after = weights(&train(&folder.path().join(frozen.to_string()), &recipe));
        let changed = before
            .keys()
            .filter(|key| key.starts_with("encoder.") && !key.ends_with("num_batches_tracked"))
            .any(|key| before.get(key) != after.get(key));
        assert_eq!(changed, changes, "frozen for {frozen} of 2 epochs");
        assert!(change(&before, &after, "decoder.") > 0.0);
    }
}

#[test]
fn the_encoders_rate_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.epochs = 1;
    recipe.encoder_rate = 1e-4;
    let (before, after) = (initial(&recipe), weights(&train(folder.path(), &recipe)));
    let (encoder, decoder) = (change(&before, &after, "encoder."), change(&before, &after, "decoder."));
    assert!(encoder > 0.0 && encoder < 1e-3 * decoder, "encoder {encoder:e}, decoder {decoder:e}");
}

#[test]
fn the_average_lags_behind_the_weights_as_its_decay_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.epochs = 1;
    recipe.batch = 12;
    let (start, end) = (initial(&recipe), weights(&train(&folder.path().join("weights"), &recipe)));
    recipe.average = Some(0.9);
    let average = weights(&train(&folder.path().join("average"), &recipe));
    // In the first step the decay is 2 / 11.
    let share = 9.0 / 11.0;
    let pairs = parameters(&start).into_iter().zip(parameters(&end)).zip(parameters(&average));
    for (((key, start), (_, end)), (_, average)) in pairs {
        for ((start, end), average) in start.iter().zip(end).zip(average) {
            let expected = start + (end - start) * share;
            assert!((average - expected).abs() < 1e-6, "{key}: {average} is not {expected}");
        }
    }
    assert!(change(&end, &average, "decoder.") > 0.0);
}

#[test]
fn two_devices_step_as_one_that_accumulates() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = recipe();
    one.batch = 1;
    let two = one.clone();
    one.accumulation = 2;
    let one = weights(&train_on(2, &[], &folder.path().join("one"), &one).unwrap());
    let two = weights(&train_on(2, &[Device::flex()], &folder.path().join("two"), &two).unwrap());
    assert_eq!(parameters(&one), parameters(&two));
    assert_ne!(parameters(&one), parameters(&initial(&recipe())));
}

#[test]
fn devices_share_all_images_and_each_needs_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.epochs = 1;
    let shared = train_on(11, &[Device::flex()], &folder.path().join("shared"), &recipe).unwrap();
    assert_eq!(shared.curves.len(), 1);
    let others = [Device::flex(), Device::flex()];
    let error = train_on(2, &others, &folder.path().join("idle"), &recipe).unwrap_err();
    assert!(error.to_string().contains("3 devices for 2 training images"), "{error}");
}

#[test]
fn the_run_folder_tells_what_it_was_made_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = recipe();
    recipe.epochs = 2;
    let trained = train(folder.path(), &recipe);
    let record = RunFolder::resume(folder.path(), &recipe).unwrap().record().unwrap().unwrap();
    assert_eq!((record.training.images, record.validation.images), (12, 4));
    assert_ne!(record.training.sha256, record.validation.sha256);
    assert_eq!(record.calls[0].first_epoch, 1);
    let table = std::fs::read_to_string(folder.path().join("curves.csv")).unwrap();
    assert_eq!(table.lines().count(), 3);
    assert!(table.starts_with("epoch,train_loss,train_dsc_percent,valid_loss,valid_dsc_percent\n1,"));
    let last = trained.curves[1].valid_loss.to_string();
    assert!(table.contains(&last), "{last} is not in\n{table}");
    assert!(std::fs::read(folder.path().join("curves.png")).unwrap().starts_with(b"\x89PNG"));

    let error = train_on(11, &[], folder.path(), &recipe).unwrap_err();
    assert!(matches!(error, Error::OtherData { split: "training", images: 12, .. }), "{error}");
}

#[test]
fn lost_logs_are_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = recipe();
    train(folder.path(), &recipe);
    std::fs::remove_dir_all(folder.path().join("valid/epoch-2")).unwrap();
    let error = train_on(12, &[], folder.path(), &recipe).unwrap_err();
    assert!(matches!(error, Error::LogsMissing { epoch: 2, done: 3, .. }), "{error}");
}

/// Two threads that draw at once once gave each other's numbers: a device has one generator.
#[test]
fn weights_drawn_at_the_same_time_are_those_of_their_seeds() {
    let expected = initial(&recipe());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| initial(&recipe()))).collect();
        for thread in threads {
            assert!(thread.join().unwrap() == expected);
        }
    });
}
