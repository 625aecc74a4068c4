//! What the infection network sees in the parallel and the cascaded scheme, on a phantom.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo::evaluation::Evaluation;
use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};
use pulmo::metrics::Metric;
use pulmo::pipeline::bundled;
use pulmo::prelude::*;
use pulmo::segmentation::Scheme;

fn phantom(seed: u64) -> Phantom {
    let spec = PhantomSpec::new(160, seed).unwrap();
    Phantom::generate(&spec.with_infection(PhantomInfection::Patchy { fraction_hint: 0.3 }).unwrap()).unwrap()
}

fn pipeline(scheme: Scheme) -> Pipeline {
    let device = Device::flex();
    let infection = bundled::infection().unwrap().with_manifest(|manifest| manifest.scheme = scheme);
    let lung = LungNetwork::load(&bundled::lung().unwrap(), &device).unwrap();
    Pipeline::new(lung, InfectionNetwork::load(&infection, &device).unwrap()).unwrap()
}

#[test]
fn the_infection_network_sees_the_x_ray_or_the_lungs_alone() {
    let phantom = phantom(5);
    let xray = phantom.xray();
    for scheme in Scheme::ALL {
        let pipeline = pipeline(scheme);
        assert_eq!(pipeline.scheme(), scheme);
        let analysis = pipeline.analyze(xray).unwrap();
        let lungs = analysis.lungs.both();
        assert!(!lungs.as_mask().is_empty() && !lungs.as_mask().not().is_empty());
        let seen = match scheme {
            Scheme::Parallel => xray.clone(),
            Scheme::Cascaded => xray.within(&lungs).unwrap(),
        };
        let expected = pipeline.infection().probabilities(&seen).unwrap();
        assert_eq!(
            analysis.infection_probabilities,
            expected.resized(xray.width(), xray.height()),
            "{scheme}"
        );
    }
}

#[test]
fn an_evaluation_runs_cascaded() {
    let folder = tempfile::tempdir().unwrap();
    let phantom = phantom(6);
    let file = |name: &str| folder.path().join(name);
    phantom.xray().save_png(file("x.png")).unwrap();
    phantom.lungs().both().as_mask().save_png(file("lung.png")).unwrap();
    phantom.infection().as_mask().save_png(file("infection.png")).unwrap();
    let case =
        pulmo::data::Case::new("x", pulmo::data::Class::Covid19, pulmo::data::Split::Test, file("x.png"))
            .with_lung_mask(file("lung.png"))
            .with_infection_mask(file("infection.png"));
    let index = pulmo::data::Index::from_cases(vec![case]).unwrap();
    let evaluation = Evaluation::run(&pipeline(Scheme::Cascaded), &index, |_| {}).unwrap();
    let found = evaluation.figures().unwrap().infection_covid.unwrap();
    assert_eq!(found.mean(&Metric::Dsc).map(|dsc| dsc.n), Some(1));
}
