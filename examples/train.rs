//! Training of a network into a model folder that the pipeline takes.
//!
//! `cargo run --release --example train -- <data set> <model folder> [pixels] [epochs]`
//!
//! The data set is COVID-QU-Ex as published, or any that `own_data` shows. `pulmo train` has more options.

use std::env;

use pulmo::jobs::{Event, TrainOptions, train};
use pulmo::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [data, out, numbers @ ..] = arguments.as_slice() else {
        return Err("give a data set and the model folder to write".into());
    };

    // A recipe says everything that a training depends on, beside the data.
    let network: SegmentationConfig = "unet-resnet18".parse()?;
    let mut recipe = Recipe::new(Task::Lung, network.with_depth(3));
    recipe.size = numbers.first().map_or(Ok(128), |text| text.parse())?;
    recipe.epochs = numbers.get(1).map_or(Ok(5), |text| text.parse())?;
    recipe.loss = "ce+0.5*dice".parse()?;
    recipe.average = Some(0.99);
    recipe.seed = 7;

    // Every epoch leaves a checkpoint in the folder `run`: with `resume` a training that was stopped goes on as if it had
    // not been. Several devices share the work.
    let mut options = TrainOptions::new(recipe, data, out);
    options.decoys = 2;
    let report = train(&options, &[Device::flex()], &|event| match event {
        Event::Message(text) => println!("{text}"),
        Event::Progress { .. } => {}
        _ => {}
    })?;
    println!("{report}");

    // The folder holds weights, configuration and a card with the curves.
    let lung = LungNetwork::load(&ModelFolder::open(out.as_ref())?, &Device::flex())?;
    println!("{} segments lungs at {} px", lung.manifest().name, lung.manifest().input_size);
    Ok(())
}
