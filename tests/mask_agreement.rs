//! What Winograd's convolution does to masks: the bundled networks by it and by the definition, on phantoms and, where
//! `PULMO_DATA` names a folder with `COVID-QU-Ex`, on real X-rays.

#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use pulmo::data::{Class, CovidQuEx, Part, Split};
use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};
use pulmo::inference::PlanOptions;
use pulmo::kernels::blocked::Method;
use pulmo::pipeline::bundled;
use pulmo::prelude::*;
use pulmo::segmentation::input_values;

/// Real X-rays of each class.
const PER_CLASS: usize = 12;
/// Phantoms.
const PHANTOMS: u64 = 6;
/// Share of all pixels that may change sides.
const TOLERANCE: f64 = 1e-5;

fn phantoms() -> Vec<ChestXray> {
    let spec = |seed| {
        let infection = PhantomInfection::Patchy { fraction_hint: 0.3 };
        PhantomSpec::new(256, seed).unwrap().with_infection(infection).unwrap()
    };
    (0..PHANTOMS).map(|seed| Phantom::generate(&spec(seed)).unwrap().xray().clone()).collect()
}

fn real_x_rays() -> Vec<ChestXray> {
    let Some(data) = std::env::var_os("PULMO_DATA") else {
        eprintln!("skipped the real X-rays: PULMO_DATA is not set");
        return Vec::new();
    };
    let folder = PathBuf::from(data).join("COVID-QU-Ex");
    let index = CovidQuEx::open(&folder).unwrap().index(Part::InfectionSegmentation).unwrap();
    let index = index.split(Split::Val);
    let few = |class| index.class(class).cases().iter().take(PER_CLASS).cloned().collect::<Vec<_>>();
    Class::ALL.into_iter().flat_map(few).map(|case| XraySource::path(case.image()).read().unwrap()).collect()
}

/// Pixels on another side of the threshold, all pixels, and the largest difference of a logit.
fn compare(folder: &ModelFolder, x_rays: &[ChestXray]) -> (usize, usize, f32) {
    let manifest = folder.manifest();
    let model = folder.model(&Device::flex()).unwrap();
    let side = manifest.input_size;
    let plan = |options| InferencePlan::with_options(&model, [side, side], &options).unwrap();
    let fast = plan(PlanOptions::default());
    let plain = plan(PlanOptions::default().with_method(Method::Direct));
    assert_ne!(fast.memory(1), plain.memory(1), "both plans convolve in the same way");
    let cut = manifest.mask_threshold;
    let (mut changed, mut pixels, mut off) = (0, 0, 0f32);
    for x_ray in x_rays {
        let grey = x_ray.resized(side as u32, side as u32);
        let channels = manifest.network.encoder.in_channels;
        let input = input_values(&[grey.pixels()], channels, &manifest.preprocessing);
        let (a, b) = (fast.logits(&input).unwrap(), plain.logits(&input).unwrap());
        off = a.iter().zip(&b).fold(off, |off, (a, b)| off.max((a - b).abs()));
        let inside =
            |logits: &[f32], at: usize| 1.0 / (1.0 + (logits[at] - logits[at + side * side]).exp()) >= cut;
        changed += (0..side * side).filter(|&at| inside(&a, at) != inside(&b, at)).count();
        pixels += side * side;
    }
    (changed, pixels, off)
}

#[test]
fn fewer_products_give_the_same_masks() {
    let x_rays: Vec<ChestXray> = phantoms().into_iter().chain(real_x_rays()).collect();
    let lungs = [bundled::lung(), bundled::lung_resnet18()].map(Result::unwrap);
    for folder in lungs.into_iter().chain(bundled::infections().unwrap()) {
        let manifest = folder.manifest();
        let name = format!("{} {}", manifest.name, manifest.version);
        let (changed, pixels, off) = compare(&folder, &x_rays);
        eprintln!("{name}: {changed} of {pixels} pixels of {} images, logits within {off:.1e}", x_rays.len());
        assert!(changed as f64 <= TOLERANCE * pixels as f64, "{name}: {changed} of {pixels} pixels changed");
    }
}
