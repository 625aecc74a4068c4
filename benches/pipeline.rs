//! The whole pipeline on one image: decoding, both networks, measurement, and all files written.
#![allow(missing_docs, clippy::expect_used)]

use burn::tensor::Device;
use criterion::{Criterion, criterion_group, criterion_main};
use pulmo::imaging::{Phantom, PhantomSpec};
use pulmo::pipeline::{Batch, Pipeline, collect_inputs};
use pulmo::xray::XraySource;

fn pipeline(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("phantom.png");
    let spec = PhantomSpec::new(512, 1).expect("a valid phantom");
    Phantom::generate(&spec).expect("a phantom").xray().save_png(&file).expect("a written phantom");
    let pipeline = Pipeline::bundled(&Device::default()).expect("the bundled networks");

    c.bench_function("pipeline/analyze/512", |b| {
        let xray = XraySource::path(&file).read().expect("a readable phantom");
        b.iter(|| pipeline.analyze(&xray).expect("an analysis"));
    });
    c.bench_function("pipeline/file-to-report/512", |b| {
        let inputs = collect_inputs(std::slice::from_ref(&file)).expect("one input");
        let batch = Batch::new(&pipeline, &folder.path().join("out")).expect("an output folder");
        b.iter(|| batch.run(&inputs, &|_, _, _| {}).expect("a report"));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = pipeline
}
criterion_main!(benches);
