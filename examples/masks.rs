//! Masks as arrays: where in the lungs the infection lies.
//!
//! `cargo run --release --example masks`

use pulmo::prelude::*;

fn main() -> Result<(), Error> {
    let pipeline = Pipeline::bundled(&Device::flex())?;
    let xray = XraySource::path("docs/images/phantom.png").read()?;
    let analysis = pipeline.analyze(&xray)?;

    // A mask holds one value a pixel, row by row from the top left, at the X-ray's own size.
    let (lungs, infection) = (analysis.lungs.both(), analysis.infection.as_mask());
    let width = infection.width() as usize;
    let rows = lungs.as_mask().bits().chunks(width).zip(infection.bits().chunks(width));

    // The rows that the lungs reach, in thirds from the apex down.
    let rows: Vec<_> = rows.filter(|(lung, _)| lung.contains(&true)).collect();
    let third = rows.len().div_ceil(3).max(1);
    for (name, zone) in ["upper", "middle", "lower"].iter().zip(rows.chunks(third)) {
        let lung: usize = zone.iter().map(|(lung, _)| count(lung)).sum();
        let infected: usize = zone.iter().map(|(_, infected)| count(infected)).sum();
        println!("{name} zone: {:.1} % infected", 100.0 * infected as f64 / lung.max(1) as f64);
    }

    // Probabilities lie under the masks, and can be cut elsewhere.
    let certain = analysis.infection_probabilities.threshold(0.9);
    println!("{} pixels are infected, {} of them almost certainly", infection.area(), certain.area());
    Ok(())
}

fn count(row: &[bool]) -> usize {
    row.iter().filter(|&&inside| inside).count()
}
