//! One X-ray as PNG, as 16-bit PNG and as DICOM: every job does the same with them.
#![cfg(feature = "flex")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use pulmo::annotation::{
    ImageId, NetworkName, NewImage, NewSeed, Project, ProjectConfig, ProjectSpec, Reviewer,
};
use pulmo::data::{Case, Class, Index, Split};
use pulmo::evaluation::Evaluation;
use pulmo::imaging::{Phantom, PhantomInfection, PhantomSpec};
use pulmo::pipeline::{Batch, collect_inputs};
use pulmo::prelude::*;
use pulmo_testing::DicomFile;

/// Masks of a phantom, and its X-ray in three formats that hold the same levels.
struct Written {
    lung: PathBuf,
    infection: PathBuf,
    xrays: [PathBuf; 3],
}

fn written(folder: &Path) -> Written {
    let infection = PhantomInfection::Patchy { fraction_hint: 0.4 };
    let spec = PhantomSpec::new(128, 5).unwrap().with_infection(infection).unwrap();
    let phantom = Phantom::generate(&spec).unwrap();
    let masks = folder.join("masks");
    let images = folder.join("images");
    std::fs::create_dir(&masks).unwrap();
    std::fs::create_dir(&images).unwrap();
    let (lung, infection) = (masks.join("lung.png"), masks.join("infection.png"));
    phantom.lungs().both().as_mask().save_png(&lung).unwrap();
    phantom.infection().as_mask().save_png(&infection).unwrap();

    let mut levels = phantom.xray().grey().to_gray_image();
    // From black to white, so that stretching the own range changes nothing.
    levels.as_mut()[0] = 0;
    levels.as_mut()[1] = 255;
    let xrays = [images.join("eight.png"), images.join("sixteen.png"), images.join("1.2.840.78")];
    levels.save(&xrays[0]).unwrap();
    let deep = levels.as_raw().iter().map(|&level| 16 * u16::from(level)).collect();
    let deep = image::ImageBuffer::<image::Luma<u16>, Vec<u16>>::from_raw(128, 128, deep).unwrap();
    deep.save(&xrays[1]).unwrap();
    std::fs::write(&xrays[2], DicomFile::levels(128, 128, levels.as_raw()).bytes()).unwrap();
    Written { lung, infection, xrays }
}

#[test]
fn every_job_reads_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let Written { lung, infection, xrays } = written(folder.path());
    let pipeline = Pipeline::bundled(&Device::flex()).unwrap();

    let inputs = collect_inputs(&[folder.path().join("images")]).unwrap();
    let names: Vec<_> = inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["1.2.840.78", "eight", "sixteen"]);
    let out = folder.path().join("out");
    Batch::new(&pipeline, &out).unwrap().run(&inputs, &|_, _, _| {}).unwrap();
    let masks = [0, 1, 2]
        .map(|at| names[at])
        .map(|name| std::fs::read(out.join(name).join("infection.png")).unwrap());
    assert!(masks.iter().all(|mask| *mask == masks[0]), "analyses of one picture differ");

    let case = |(number, xray): (usize, &PathBuf)| {
        Case::new(number.to_string(), Class::Covid19, Split::Test, xray)
            .with_lung_mask(&lung)
            .with_infection_mask(&infection)
    };
    let index = Index::from_cases(xrays.iter().enumerate().map(case).collect()).unwrap();
    let evaluation = Evaluation::run(&pipeline, &index, |_| {}).unwrap();
    let [first, rest @ ..] = evaluation.cases() else { panic!() };
    for case in rest {
        assert_eq!((&case.lung, &case.infection), (&first.lung, &first.infection), "{}", case.id);
    }

    let images: Vec<NewImage> = (xrays.iter().zip(["a", "b", "c"]))
        .map(|(file, id)| NewImage {
            id: ImageId::new(id).unwrap(),
            class: Class::Covid19,
            file: file.clone(),
        })
        .collect();
    let seeds = [NewSeed { image: xrays[2].clone(), mask: lung }];
    let network = |name: &str| NetworkName::new(name).unwrap();
    let spec = ProjectSpec::new("formats", vec![network("a")], ["a", "b", "c"].map(network).to_vec());
    let config = ProjectConfig::new(spec).unwrap();
    let by = Reviewer::new("Ada").unwrap();
    let project = Project::create(folder.path().join("project"), config, &images, &seeds, &by, &|_, _| {});
    let snr: Vec<_> = project.unwrap().images().iter().map(|image| image.snr).collect();
    assert!(snr.iter().all(Option::is_some), "{snr:?}");
}
