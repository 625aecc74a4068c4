//! One infected percentage out of the bytes of one X-ray, by networks out of two model folders.

use pulmo::prelude::*;

const XRAY: &[u8] = include_bytes!("../../../docs/images/phantom.png");

fn main() -> Result<(), Error> {
    let device = Device::flex();
    let lung = LungNetwork::load(&ModelFolder::open("crates/weights-lung".as_ref())?, &device)?;
    let infection = InfectionNetwork::load(&ModelFolder::open("crates/weights-infection".as_ref())?, &device)?;
    let pipeline = Pipeline::new(lung, infection)?;
    let xray = XraySource::bytes(XRAY).read()?;
    let analysis = pipeline.analyze(&xray)?;
    match analysis.findings.quantification().and_then(|lungs| lungs.both().infected()) {
        Some(percent) => println!("infected: {percent}"),
        None => println!("no lungs found"),
    }
    Ok(())
}
