//! Configurations: what they mean, and how unusable ones are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use proptest::prelude::*;
use pulmo_data::Augmentation;
use pulmo_segmentation::{Scheme, Task};
use pulmo_study::{Cell, NetworkName, StudyConfig};

const BOTH: &str = r#"
    networks = ["unet-resnet18", "fpn-inceptionv4"]
    folds = 3
    recipe = { size = 64, epochs = 6, loss = "ce+0.5*dice", augmentation = "light", depth = 4 }
    [lung]
    networks = ["unetplusplus-densenet121"]
    recipe = { epochs = 2 }
    [infection]
    subset = 60
    schemes = ["cascaded", "parallel"]
"#;

#[test]
fn a_tasks_options_replace_the_studys() {
    let config = StudyConfig::from_toml(BOTH).unwrap();
    let lung = config.recipe(Task::Lung, config.networks(Task::Lung)[0]).unwrap();
    let infection = config.recipe(Task::Infection, config.networks(Task::Infection)[1]).unwrap();
    assert_eq!((lung.epochs, infection.epochs), (2, 6));
    assert_eq!((lung.size, lung.network.encoder.depth), (64, 4));
    assert_eq!((lung.task, infection.task), (Task::Lung, Task::Infection));
    assert_eq!(infection.loss.to_string(), "ce+0.5*dice");
    assert_eq!(infection.augmentation, Augmentation::light());
    assert_eq!(lung.network.to_string(), "unetplusplus-densenet121");
}

#[test]
fn cells_that_share_images_follow_each_other() {
    let cells = Cell::all(&StudyConfig::from_toml(BOTH).unwrap());
    assert_eq!(cells.len(), 3 + 2 * 2 * 3);
    let names: Vec<String> = cells.iter().skip(3).take(3).map(ToString::to_string).collect();
    let expected = [
        "infection cascaded unet-resnet18 fold 0",
        "infection cascaded fpn-inceptionv4 fold 0",
        "infection parallel unet-resnet18 fold 0",
    ];
    assert_eq!(names, expected);
    let folder = cells[3].folder(Path::new("study"));
    assert_eq!(folder, Path::new("study/cells/infection-cascaded/unet-resnet18/fold-0"));
}

#[test]
fn json_and_toml_say_the_same() {
    let config = StudyConfig::from_toml(BOTH).unwrap();
    let json = serde_json::to_string(&config).unwrap();
    assert_eq!(StudyConfig::from_json(&json).unwrap(), config);
    assert_eq!(config.schemes(Task::Infection), [Scheme::Cascaded, Scheme::Parallel]);
    assert_eq!(config.schemes(Task::Lung), [Scheme::Parallel]);
}

#[test]
fn unusable_configurations_are_refused_with_what_they_may_be() {
    let one = "networks = [\"unet-resnet18\"]";
    for (text, message) in [
        ("networks = []\n[lung]".to_owned(), "networks of the lung task is [], but has to be at least one"),
        ("networks = [\"unet-resnet18\", \"unet-resnet18\"]\n[lung]".to_owned(), "each named once"),
        (one.to_owned(), "a lung or an infection task, or both"),
        ("networks = [\"unet-vgg\"]\n[lung]".to_owned(), "vgg"),
        (format!("{one}\nfolds = 0\n[lung]"), "folds is 0, but has to be at least 2"),
        (format!("{one}\n[infection]\nschemes = []"), "schemes is []"),
        (format!("{one}\n[lung]\nscheme = 1"), "unknown field `scheme`"),
        (format!("{one}\n[lung]\nrecipe = {{ size = \"big\" }}"), "the recipe's options are not usable"),
        (format!("{one}\n[lung]\nrecipe = {{ epoch = 1 }}"), "no option 'epoch'; there are depth, "),
        (format!("{one}\n[lung]\nrecipe = {{ task = \"lung\" }}"), "the study's to decide"),
        (format!("{one}\n[lung]\nrecipe = {{ depth = 9 }}"), "9"),
        (format!("{one}\nencoder_weights = {{ vgg = \"a\" }}\n[lung]"), "vgg"),
        ("networks = ".to_owned(), "the study's TOML is no configuration"),
    ] {
        let error = StudyConfig::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains(message), "{text}\n{error}");
    }
}

#[test]
fn the_paper_has_fifteen_networks() {
    let names: Vec<String> = NetworkName::paper().map(|network| network.to_string()).collect();
    assert_eq!(names.len(), 15);
    assert!(names.contains(&"unetplusplus-densenet161".to_owned()), "{names:?}");
    for name in names {
        assert_eq!(name.parse::<NetworkName>().unwrap().to_string(), name);
    }
}

proptest! {
    #[test]
    fn any_text_is_a_configuration_or_an_error(text in "\\PC{0,80}") {
        let _ = StudyConfig::from_toml(&text);
        let _ = StudyConfig::from_json(&text);
    }
}
