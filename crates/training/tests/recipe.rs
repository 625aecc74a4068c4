//! Recipes as files, and what they may not hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo_segmentation::{SegmentationConfig, Task};
use pulmo_training::{Clipping, Keep, Monitor, Optimiser, Plateau, Recipe, Schedule};

fn recipe() -> Recipe {
    let network: SegmentationConfig = "unet-resnet18".parse().unwrap();
    Recipe::new(Task::Infection, network)
}

#[test]
fn a_file_of_before_the_options_is_a_recipe_without_them() {
    let mut file = serde_json::to_value(recipe()).unwrap();
    for later in [
        "accumulation",
        "optimiser",
        "encoder_rate",
        "schedule",
        "clipping",
        "frozen_epochs",
        "average",
        "monitor",
        "patience",
        "keep",
    ] {
        assert!(file.as_object_mut().unwrap().remove(later).is_some(), "{later}");
    }
    assert_eq!(serde_json::from_value::<Recipe>(file).unwrap(), recipe());
}

#[test]
fn every_option_survives_a_file() {
    let mut written = recipe();
    written.accumulation = 3;
    written.optimiser = Optimiser::AdamW { weight_decay: 0.02 };
    written.encoder_rate = 0.1;
    written.schedule = Schedule::Plateau(Plateau { factor: 0.5, patience: 4, lowest: 1e-6 });
    written.clipping = Some(Clipping::Norm(1.5));
    written.frozen_epochs = 2;
    written.average = Some(0.99);
    written.monitor = Monitor::ValidDsc;
    written.patience = Some(6);
    written.keep = Keep::Best;
    written.validate().unwrap();
    let text = serde_json::to_string(&written).unwrap();
    assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), written);
}

#[test]
fn unusable_values_are_refused_with_value_and_limit() {
    let plateau = |factor, lowest| Schedule::Plateau(Plateau { factor, patience: 1, lowest });
    type Spoil = fn(&mut Recipe);
    let cases: [(Spoil, &str); 10] = [
        (|r| r.accumulation = 0, "accumulation is 0, but has to be at least 1 batch"),
        (
            |r| r.optimiser = Optimiser::AdamW { weight_decay: 1.0 },
            "weight decay is 1, but has to be at least 0",
        ),
        (|r| r.optimiser = Optimiser::AdamW { weight_decay: f64::NAN }, "weight decay is NaN"),
        (|r| r.clipping = Some(Clipping::Norm(0.0)), "clipping of gradients is 0, but has to be above 0"),
        (|r| r.clipping = Some(Clipping::Value(f64::INFINITY)), "clipping of gradients is inf"),
        (
            |r| r.average = Some(1.0),
            "decay of the average of weights is 1, but has to be above 0 and below 1",
        ),
        (|r| r.encoder_rate = 0.0, "to leave the encoder as it is, freeze it"),
        (|r| r.patience = Some(0), "patience of early stopping is 0"),
        (|r| r.warmup = 1.0, "warm-up is 1"),
        (|r| r.learning_rate = f64::NAN, "learning rate is NaN"),
    ];
    for (spoil, message) in cases {
        let mut recipe = recipe();
        spoil(&mut recipe);
        let error = recipe.validate().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    for (schedule, message) in [
        (plateau(1.0, 0.0), "factor of the plateau is 1, but has to be above 0 and below 1"),
        (plateau(0.0, 0.0), "factor of the plateau is 0"),
        (
            plateau(0.5, 0.1),
            "lowest learning rate is 0.1, but has to be at least 0 and at most the learning rate",
        ),
    ] {
        let recipe = Recipe { schedule, ..recipe() };
        let error = recipe.validate().unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
