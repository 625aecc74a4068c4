//! An ensemble: several networks for one task, whose probabilities are averaged.
//!
//! `cargo run --release --example ensemble`

use pulmo::pipeline::TestTimeFlip;
use pulmo::prelude::*;

fn main() -> Result<(), Error> {
    let device = Device::flex();
    // Model folders: those of a cross-validation's five folds, for example. Here two lung networks that come with Pulmo.
    let folders =
        ["crates/weights-lung", "crates/weights-lung-resnet18"].map(|path| ModelFolder::open(path.as_ref()));
    let folders = folders.into_iter().collect::<Result<Vec<_>, _>>()?;
    // Each network looks at the X-ray and at its mirror image.
    let lung = Ensemble::load(&folders, &device)?.with_flip(TestTimeFlip::Horizontal);
    let infection =
        InfectionNetwork::load(&ModelFolder::open("crates/weights-infection".as_ref())?, &device)?;

    // A pipeline takes a network or an ensemble for each task. Thresholds are those of the first network.
    let pipeline = Pipeline::new(lung, infection)?;
    let analysis = pipeline.analyze(&XraySource::path("docs/images/phantom.png").read()?)?;
    println!("lungs by {}", analysis.models.lung.name);
    println!("infection by {}", analysis.models.infection.name);
    if let Some(lungs) = analysis.findings.quantification() {
        println!("infected: {:?}", lungs.both().infected());
    }
    Ok(())
}
