//! Another severity scale: grades and limits of your own.
//!
//! `cargo run --release --example severity_scale`

use pulmo::prelude::*;

fn main() -> Result<(), Error> {
    // As on a command line: each grade but the last with the infected percentage that it lies below.
    let scale: SeverityScale = "hospital: none<1,mild<10,moderate<30,severe".parse()?;

    // Two pipelines share nothing but the networks' files; a scale belongs to one of them.
    let xray = XraySource::path("docs/images/phantom.png").read()?;
    for pipeline in
        [Pipeline::bundled(&Device::flex())?, Pipeline::bundled(&Device::flex())?.with_severity(scale)]
    {
        let analysis = pipeline.analyze(&xray)?;
        let scale = pipeline.rules().severity();
        match analysis.findings.severity() {
            Some(severity) => println!("{} on the scale {scale}", severity.grade().name()),
            None => println!("no lungs were found, and nothing is graded"),
        }
    }
    Ok(())
}
