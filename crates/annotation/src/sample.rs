//! Stage IV's stratified sample.

use std::collections::BTreeMap;

use pulmo_data::{Class, largest_remainder};

use crate::images::ImageRecord;
use crate::project::Project;
use crate::state::Place;

/// What images of a stratum share: class, and a cell each of resolution, quality and signal-to-noise ratio.
pub type Stratum = (Class, usize, bool, usize);

/// Cells of a figure that has no natural ones (ours).
const CELLS: usize = 3;

/// The stratum of each image, in order. The paper stratifies over class, resolution, quality and SNR; the cells are
/// ours: thirds of the shorter sides and of the SNRs, and whether the image's quality gives a warning.
#[must_use]
pub fn strata(images: &[&ImageRecord]) -> Vec<Stratum> {
    let sides: Vec<f64> = images.iter().map(|image| f64::from(image.width.min(image.height))).collect();
    // An image without measurable noise is above all others.
    let snrs: Vec<f64> = images.iter().map(|image| image.snr.unwrap_or(f64::INFINITY)).collect();
    let (side_cuts, snr_cuts) = (cuts(&sides), cuts(&snrs));
    let cell = |cuts: &[f64], value: f64| cuts.iter().filter(|&&cut| value >= cut).count();
    images
        .iter()
        .zip(sides.iter().zip(&snrs))
        .map(|(image, (&side, &snr))| {
            (image.class, cell(&side_cuts, side), image.warnings == 0, cell(&snr_cuts, snr))
        })
        .collect()
}

/// The values at which the next cell begins; equal values stay in one cell.
fn cuts(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut cuts: Vec<f64> =
        (1..CELLS).filter_map(|cell| sorted.get(cell * sorted.len() / CELLS).copied()).collect();
    cuts.retain(|cut| sorted.first().is_some_and(|least| cut > least));
    cuts.dedup();
    cuts
}

/// Places of `share` of the images that have a mask, every stratum with its share (largest remainder), sorted.
pub(crate) fn stratified(project: &Project, share: f64, seed: u64) -> Vec<usize> {
    let places: Vec<usize> = project.state().at(Place::Masked).collect();
    let images: Vec<&ImageRecord> = places.iter().filter_map(|&place| project.images().get(place)).collect();
    let mut members: BTreeMap<Stratum, Vec<usize>> = BTreeMap::new();
    for (place, stratum) in places.iter().zip(strata(&images)) {
        members.entry(stratum).or_default().push(*place);
    }
    let wanted = ((places.len() as f64 * share).round() as usize).clamp(places.len().min(1), places.len());
    let sizes: Vec<usize> = members.values().map(Vec::len).collect();
    let mut drawn = Vec::with_capacity(wanted);
    for (number, (members, count)) in (0_u64..).zip(members.values().zip(largest_remainder(&sizes, wanted))) {
        let order = pulmo_data::order(members.len(), seed, number);
        drawn.extend(order.into_iter().take(count).filter_map(|at| members.get(at).copied()));
    }
    drawn.sort_unstable();
    drawn
}
