//! A data set of your own: how Pulmo finds images and masks, and what it refuses before anything is trained.
//!
//! `cargo run --release --example own_data`

use std::path::Path;

use pulmo::data::{Case, Class, Needs, SampleCache, Split, require_all_sound};
use pulmo::imaging::{Phantom, PhantomSpec};
use pulmo::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::temp_dir().join(format!("pulmo-own-data-{}", std::process::id()));
    for seed in 0..6 {
        // Folders named after splits, each with `images` and `lung masks` whose files bear the images' names.
        draw(&root.join(if seed < 4 { "Train" } else { "Val" }), seed)?;
    }

    // A folder, a CSV manifest with the columns image, lung_mask, ..., or COVID-QU-Ex: `pulmo train --data` takes them all.
    let needs = Needs::LUNG;
    let index = Index::open_for(&root, needs)?;
    println!("{} cases for training", index.split(Split::Train).len());

    // Or list the cases yourself. Cases of one group, such as a patient, never come into two folds.
    let picture = root.join("Train/images/0.png");
    let mask = root.join("Train/lung masks/0.png");
    let case =
        Case::new("a", Class::Normal, Split::Train, picture).with_lung_mask(mask).with_group("patient 1");
    let listed = Index::from_cases(vec![case])?;

    // Masks that are missing, empty or of another size are told all at once.
    require_all_sound([&index, &listed], needs)?;

    // Decoded and resized once; training draws its batches from memory.
    let samples = SampleCache::load_with(&index, needs, 64, |_, _| {})?;
    println!("{} samples in {} bytes", samples.len(), samples.bytes());
    std::fs::remove_dir_all(&root)?;
    Ok(())
}

/// A drawn chest in place of an X-ray of yours.
fn draw(split: &Path, seed: u64) -> Result<(), Box<dyn std::error::Error>> {
    let phantom = Phantom::generate(&PhantomSpec::new(96, seed)?)?;
    let file = format!("{seed}.png");
    for folder in ["images", "lung masks"] {
        std::fs::create_dir_all(split.join(folder))?;
    }
    phantom.xray().save_png(split.join("images").join(&file))?;
    phantom.lungs().both().as_mask().save_png(split.join("lung masks").join(&file))?;
    Ok(())
}
