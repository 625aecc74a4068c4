//! The bundled networks on real X-rays, which are not in the repository: `PULMO_DATA` names the folder that holds
//! `COVID-QU-Ex`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use burn::tensor::Device;
use pulmo::data::{Class, CovidQuEx, Index, Part, Split};
use pulmo::evaluation::Evaluation;
use pulmo::metrics::Metric;
use pulmo::pipeline::Pipeline;

/// Images per class, enough to notice broken weights; the model cards have the figures on all.
const PER_CLASS: usize = 8;

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("PULMO_DATA").map(|data| PathBuf::from(data).join("COVID-QU-Ex"));
    if folder.is_none() {
        eprintln!("skipped: PULMO_DATA is not set");
    }
    folder
}

#[test]
fn the_bundled_networks_segment_and_detect() {
    let Some(folder) = data() else { return };
    let index = CovidQuEx::open(&folder).unwrap().index(Part::InfectionSegmentation).unwrap();
    let index = index.split(Split::Test);
    let few = |class| index.class(class).cases().iter().take(PER_CLASS).cloned().collect::<Vec<_>>();
    let index = Index::from_cases(Class::ALL.into_iter().flat_map(few).collect()).unwrap();
    let pipeline = Pipeline::bundled(&Device::flex()).unwrap();
    let figures = Evaluation::run(&pipeline, &index, |_| {}).unwrap().figures().unwrap();
    assert_eq!(figures.cases, 3 * PER_CLASS);
    let lung = figures.lung.unwrap().mean(&Metric::Dsc).unwrap().value;
    let infection = figures.infection_covid.unwrap().mean(&Metric::Dsc).unwrap().value;
    let accuracy = figures.detection.unwrap().figures().accuracy.unwrap().value;
    assert!(lung > 0.93, "lung DSC {lung}");
    assert!(infection > 0.6, "infection DSC {infection}");
    assert!(accuracy > 0.75, "detection accuracy {accuracy}");
}
