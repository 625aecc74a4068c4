//! Weights out of PyTorch: a checkpoint of segmentation_models.pytorch into a network, and into a model folder.
//!
//! `cargo run --release --example pytorch -- <checkpoint.pth> [model folder]`, for a checkpoint that
//! `torch.save(smp.Unet("resnet18", classes=2).state_dict(), "checkpoint.pth")` made.

use std::env;
use std::path::Path;

use pulmo::prelude::*;
use pulmo::segmentation::ModelManifest;
use pulmo::segmentation::weights::{Precision, Strictness, load, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let checkpoint = arguments.next().ok_or("give a checkpoint")?;

    // The configuration says the same as the Python call did; parameters bear SMP's names.
    let network: SegmentationConfig = "unet-resnet18".parse()?;
    let model = network.init(&Device::flex())?;

    // No code in the file is run. Strict: every name and every shape has to fit, or the report says which do not.
    let (model, report) = load(model, &read(Path::new(&checkpoint))?, Strictness::Strict)?;
    println!("{report}");

    // A model folder is what the pipeline, `pulmo analyze --lung` and training take.
    if let Some(folder) = arguments.next() {
        let manifest = ModelManifest::new("lung-from-pytorch", "1", Task::Lung, network, 256);
        ModelFolder::pack(manifest, &model, Precision::Half)?
            .save(Path::new(&folder), "# A network of ours\n")?;
        println!("wrote {folder}");
    }
    Ok(())
}
