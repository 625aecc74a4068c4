//! Ensembles, test-time flips and the gate, on phantoms.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo::findings::{DetectionRule, DetectionScore};
use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};
use pulmo::pipeline::{Decision, Ensemble, Error, Flips, Infection, TestTimeFlip, bundled};
use pulmo::prelude::*;
use pulmo::segmentation::Scheme;

fn xray() -> ChestXray {
    let spec = PhantomSpec::new(160, 5).unwrap();
    let spec = spec.with_infection(PhantomInfection::Patchy { fraction_hint: 0.4 }).unwrap();
    Phantom::generate(&spec).unwrap().xray().clone()
}

fn mirrored(xray: &ChestXray) -> ChestXray {
    let width = xray.width() as usize;
    let pixels = xray.pixels().chunks(width).flat_map(|row| row.iter().rev().copied()).collect();
    ChestXray::from_pixels(xray.width(), xray.height(), pixels).unwrap()
}

fn network(scheme: Scheme) -> InfectionNetwork {
    let folder = bundled::infection().unwrap().with_manifest(|manifest| {
        manifest.scheme = scheme;
        manifest.flip = false;
    });
    InfectionNetwork::load(&folder, &Device::flex()).unwrap()
}

fn rule(threshold: f64) -> DetectionRule {
    DetectionRule::new(DetectionScore::default(), Threshold::new(threshold).unwrap())
}

fn gated(threshold: f64, gate: bool) -> Pipeline {
    deciding(Decision::new(rule(threshold)).with_gate(gate))
}

fn deciding(decision: Decision) -> Pipeline {
    let infection =
        bundled::infection().unwrap().with_manifest(|manifest| manifest.decision = Some(decision));
    let lung = LungNetwork::load(&bundled::lung().unwrap(), &Device::flex()).unwrap();
    Pipeline::new(lung, InfectionNetwork::load(&infection, &Device::flex()).unwrap()).unwrap()
}

#[test]
fn a_flip_is_the_mean_of_two_looks() {
    let xray = xray();
    let one = Ensemble::from(network(Scheme::Parallel));
    let here = one.probabilities(&xray).unwrap();
    let there = one.probabilities(&mirrored(&xray)).unwrap();
    let both = one.with_flip(TestTimeFlip::Horizontal).probabilities(&xray).unwrap();
    let width = xray.width();
    for y in 0..xray.height() {
        for x in 0..width {
            let mean = f32::midpoint(here.get(x, y).unwrap(), there.get(width - 1 - x, y).unwrap());
            assert!((both.get(x, y).unwrap() - mean).abs() < 1e-4, "at {x}, {y}");
        }
    }
    assert_ne!(both, here);

    // What a manifest says is done unless a user says otherwise.
    let folder = bundled::infection().unwrap().with_manifest(|manifest| manifest.flip = true);
    let stored = InfectionNetwork::load(&folder, &Device::flex()).unwrap();
    assert_eq!(stored.probabilities(&xray).unwrap().resized(width, xray.height()), both);
    let pipeline = |flips| {
        let infection = InfectionNetwork::load(&folder, &Device::flex()).unwrap();
        let lung = LungNetwork::load(&bundled::lung().unwrap(), &Device::flex()).unwrap();
        Pipeline::new(lung, infection).unwrap().with_flips(flips).analyze(&xray).unwrap()
    };
    assert_eq!(pipeline(Flips::Stored).infection_probabilities, both);
    assert_eq!(pipeline(Flips::Infection).infection_probabilities, both);
    assert_eq!(pipeline(Flips::Lung).infection_probabilities, here);
    assert_eq!(pipeline(Flips::None).infection_probabilities, here);
}

#[test]
fn an_ensemble_is_the_mean_of_its_networks() {
    let xray = xray();
    let device = Device::flex();
    let other = bundled::infection().unwrap().with_manifest(|manifest| {
        manifest.input_size = 96;
        manifest.flip = false;
    });
    let other = || InfectionNetwork::load(&other, &device).unwrap();
    let first = Ensemble::from(network(Scheme::Parallel)).probabilities(&xray).unwrap();
    let second = Ensemble::from(other()).probabilities(&xray).unwrap();
    let both = Ensemble::new(vec![network(Scheme::Parallel), other()]).unwrap();
    assert_eq!(both.len(), 2);
    let means = both.probabilities(&xray).unwrap();
    for ((mean, a), b) in means.values().iter().zip(first.values()).zip(second.values()) {
        assert!((mean - f32::midpoint(*a, *b)).abs() < 1e-6);
    }
    let identity = both.identity();
    assert!(identity.name.starts_with("2 networks, first "), "{}", identity.name);
    assert_ne!(identity.sha256, both.first().identity().sha256);
}

#[test]
fn the_bundled_pipeline_averages_its_infection_networks() {
    let xray = xray();
    let device = Device::flex();
    let pipeline = Pipeline::bundled(&device).unwrap();
    let networks = bundled::infections().unwrap();
    assert_eq!((pipeline.infection().len(), networks.len()), (2, 2));
    let maps = networks.iter().map(|folder| {
        InfectionNetwork::load(folder, &device).unwrap().probabilities(&xray).unwrap().resized(160, 160)
    });
    let maps: Vec<_> = maps.collect();
    assert_ne!(maps[0], maps[1]);
    let together = pipeline.infection().probabilities(&xray).unwrap();
    for (at, mean) in together.values().iter().enumerate() {
        let expected = f32::midpoint(maps[0].values()[at], maps[1].values()[at]);
        assert!((mean - expected).abs() < 1e-6, "pixel {at}: {mean}, not {expected}");
    }
}

#[test]
fn impossible_ensembles_are_refused() {
    assert!(matches!(Ensemble::<Infection>::new(Vec::new()), Err(Error::NoNetworks { .. })));
    let mixed = Ensemble::new(vec![network(Scheme::Parallel), network(Scheme::Cascaded)]).unwrap_err();
    assert!(mixed.to_string().contains("is parallel and"), "{mixed}");
}

#[test]
fn the_gate_empties_the_mask_of_a_negative_image_alone() {
    let xray = xray();
    for (threshold, gate) in [(0.0, true), (1.0, true), (1.0, false)] {
        let pipeline = gated(threshold, gate);
        assert_eq!(pipeline.is_gated(), gate);
        let analysis = pipeline.analyze(&xray).unwrap();
        let positive = analysis.findings.detection().unwrap().positive();
        assert_eq!(positive, threshold == 0.0);
        let emptied = gate && !positive;
        assert_eq!(analysis.infection.as_mask().is_empty(), emptied, "threshold {threshold}, gate {gate}");
        let percent = analysis.findings.quantification().unwrap().both().infected().unwrap().get();
        assert_eq!(percent == 0.0, emptied);
    }
}

#[test]
fn the_gate_spares_a_negative_image_whose_score_reaches_its_threshold() {
    let xray = xray();
    let score = gated(1.0, false).analyze(&xray).unwrap().findings.detection().unwrap().score().get();
    assert!(score > 0.0 && score < 1.0);
    for (gate, emptied) in [(0.0, false), (score, false), (f64::midpoint(score, 1.0), true)] {
        let decision = Decision::new(rule(1.0)).with_gate_threshold(Threshold::new(gate).unwrap());
        let pipeline = deciding(decision);
        let analysis = pipeline.analyze(&xray).unwrap();
        assert!(!analysis.findings.detection().unwrap().positive());
        assert_eq!(analysis.infection.as_mask().is_empty(), emptied, "gate {gate}, score {score}");
        let ungated = pipeline.with_gate(false).analyze(&xray).unwrap();
        assert!(!ungated.infection.as_mask().is_empty());
    }
    // Whoever lowers the threshold below the gate empties no positive image.
    let decision = Decision::new(rule(1.0)).with_gate_threshold(Threshold::new(1.0).unwrap());
    let positive = deciding(decision).with_threshold(Threshold::new(0.0).unwrap()).analyze(&xray).unwrap();
    assert!(positive.findings.detection().unwrap().positive() && !positive.infection.as_mask().is_empty());
}

#[test]
fn a_user_can_turn_the_gate_off_and_on() {
    let xray = xray();
    for gate in [false, true] {
        let pipeline = gated(1.0, !gate).with_gate(gate);
        assert_eq!(pipeline.is_gated(), gate);
        let analysis = pipeline.analyze(&xray).unwrap();
        assert!(!analysis.findings.detection().unwrap().positive());
        assert_eq!(analysis.infection.as_mask().is_empty(), gate);
    }
}

#[test]
fn a_manifest_that_a_program_has_spoilt_is_refused_before_anything_runs() {
    let folder = bundled::infection().unwrap().with_manifest(|manifest| manifest.mask_threshold = 1.5);
    let error = InfectionNetwork::load(&folder, &Device::flex()).unwrap_err().to_string();
    assert!(error.contains("mask threshold 1.5"), "{error}");
}
