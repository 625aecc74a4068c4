//! A small data set of phantoms in the layout of COVID-QU-Ex.

use std::path::Path;

use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};

/// Side of the pictures in pixels.
const SIZE: u32 = 128;

/// Writes `per_class` cases of each class into each split below `root`; only COVID-19 cases are infected.
pub(crate) fn data_set(root: &Path, per_class: u64) {
    let mut seed = 0;
    for split in ["Train", "Val", "Test"] {
        for class in ["COVID-19", "Non-COVID", "Normal"] {
            let folder = root
                .join("Infection Segmentation Data")
                .join("Infection Segmentation Data")
                .join(split)
                .join(class);
            for part in ["images", "lung masks", "infection masks"] {
                std::fs::create_dir_all(folder.join(part)).unwrap();
            }
            for case in 0..per_class {
                seed += 1;
                let infection = match class {
                    "COVID-19" => PhantomInfection::Patchy { fraction_hint: 0.4 },
                    _ => PhantomInfection::None,
                };
                let spec = PhantomSpec::new(SIZE, seed).unwrap().with_infection(infection).unwrap();
                let phantom = Phantom::generate(&spec).unwrap();
                let name = format!("{class} ({case}) [{split}].png");
                phantom.xray().save_png(folder.join("images").join(&name)).unwrap();
                phantom.lungs().both().as_mask().save_png(folder.join("lung masks").join(&name)).unwrap();
                phantom.infection().as_mask().save_png(folder.join("infection masks").join(&name)).unwrap();
            }
        }
    }
}

/// One phantom as a PNG file.
pub(crate) fn picture(file: &Path, seed: u64) {
    let spec = PhantomSpec::new(SIZE, seed).unwrap();
    Phantom::generate(&spec).unwrap().xray().save_png(file).unwrap();
}
