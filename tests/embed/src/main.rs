//! One infected percentage out of the bytes of one X-ray, by networks out of two model folders.

use pulmo::prelude::*;

const XRAY: &[u8] = include_bytes!("../../../docs/images/phantom.png");

fn main() -> Result<(), Error> {
    let device = Device::flex();
    let lung = LungNetwork::load(&ModelFolder::open("crates/weights-lung")?, &device)?;
    let infection = InfectionNetwork::load(&ModelFolder::open("crates/weights-infection")?, &device)?;
    let pipeline = Pipeline::new(lung, infection)?;
    let xray = XraySource::bytes(XRAY).read()?;
    let analysis = pipeline.analyze(&xray)?;
    match analysis.findings.quantification() {
        Some(lungs) => println!("infected: {:?}", lungs.both().infected()),
        None => println!("no lungs found"),
    }
    Ok(())
}
