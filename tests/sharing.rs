//! What threads may share, and one pipeline shared by several.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::thread;

use pulmo::prelude::*;

fn shared<T: Send + Sync + 'static>() {}
fn told<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}
fn error<T: std::error::Error + Send + Sync + 'static>() {}

#[test]
fn pipelines_networks_and_plans_may_be_shared() {
    shared::<Pipeline>();
    shared::<LungNetwork>();
    shared::<InfectionNetwork>();
    shared::<Ensemble<pulmo::pipeline::Lung>>();
    shared::<InferencePlan>();
    shared::<SegmentationModel>();
    shared::<ModelFolder>();
}

#[test]
fn results_and_options_may_be_shared_copied_and_printed() {
    told::<Analysis>();
    told::<CaseReport>();
    told::<ChestXray>();
    told::<Device>();
    told::<DeviceName>();
    told::<DetectionRule>();
    told::<Findings>();
    told::<InfectionMask>();
    told::<LungMask>();
    told::<LungPair>();
    told::<Mask>();
    told::<ProbabilityMap>();
    told::<Recipe>();
    told::<SegmentationConfig>();
    told::<SegmentationLoss>();
    told::<SeverityScale>();
    told::<pulmo::compile::Options>();
    told::<pulmo::imaging::DecodeLimits>();
    told::<pulmo::segmentation::ModelManifest>();
}

#[test]
fn every_error_may_cross_threads_and_becomes_the_one() {
    fn into<T: std::error::Error + Send + Sync + Into<Error> + 'static>() {}
    error::<Error>();
    into::<pulmo::annotation::Error>();
    into::<pulmo::compile::Error>();
    into::<pulmo::data::Error>();
    into::<pulmo::decoders::Error>();
    into::<pulmo::device::Error>();
    into::<pulmo::dicom::Error>();
    into::<pulmo::xray::Error>();
    into::<pulmo::encoders::Error>();
    into::<pulmo::evaluation::Error>();
    into::<pulmo::findings::Error>();
    into::<pulmo::imaging::Error>();
    into::<pulmo::inference::Error>();
    into::<pulmo::kernels::Error>();
    into::<pulmo::losses::Error>();
    into::<pulmo::metrics::Error>();
    into::<pulmo::pipeline::Error>();
    into::<pulmo::report::Error>();
    into::<pulmo::segmentation::Error>();
    into::<pulmo::study::Error>();
    into::<pulmo::training::Error>();
}

#[test]
fn an_error_tells_its_text_once() {
    let inner = XraySource::path("no-such-file.png").read().unwrap_err();
    let text = inner.to_string();
    let outer = Error::from(inner);
    assert_eq!(outer.to_string(), text);
    assert!(
        std::iter::successors(std::error::Error::source(&outer), |error| error.source())
            .all(|source| !text.contains(&source.to_string()))
    );
}

#[cfg(feature = "flex")]
#[test]
fn threads_share_one_pipeline() {
    let pipeline = Arc::new(Pipeline::bundled(&Device::flex()).unwrap());
    let bytes = std::fs::read("docs/images/phantom.png").unwrap();
    let xray = Arc::new(XraySource::bytes(&bytes).read().unwrap());
    let expected = pipeline.analyze(&xray).unwrap().findings;
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let (pipeline, xray) = (Arc::clone(&pipeline), Arc::clone(&xray));
            thread::spawn(move || pipeline.analyze(&xray).unwrap().findings)
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), expected);
    }
}
