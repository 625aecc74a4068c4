//! Which images come next.

use pulmo_imaging::Mask;

use crate::config::Selection;
use crate::error::Result;
use crate::project::Project;
use crate::proposer::{Desk, Proposer, Work};
use crate::state::Place;

/// For a choice by disagreement, candidates look at this many times the batch, drawn at random (ours).
const POOL_FACTOR: usize = 4;

/// Places of `size` images for the next batch.
pub(crate) fn choose<P: Proposer>(
    project: &Project,
    desk: &mut Desk<'_, P>,
    from: Place,
    selection: Selection,
    size: usize,
) -> Result<Vec<usize>> {
    let state = project.state();
    let open: Vec<usize> = state.at(from).collect();
    let next = u64::from(state.iteration()) + 1;
    let mut drawn: Vec<usize> = pulmo_data::order(open.len(), project.config().spec().seed, next)
        .into_iter()
        .filter_map(|place| open.get(place).copied())
        .collect();
    if selection == Selection::Disagreement {
        drawn.truncate(size.saturating_mul(POOL_FACTOR));
        drawn = by_disagreement(project, desk, &drawn)?;
    }
    drawn.truncate(size);
    Ok(drawn)
}

/// The same places, those first on which the candidates agree least.
fn by_disagreement<P: Proposer>(
    project: &Project,
    desk: &mut Desk<'_, P>,
    places: &[usize],
) -> Result<Vec<usize>> {
    let candidates = &project.config().spec().candidates;
    let mut scored = Vec::with_capacity(places.len());
    for (done, &place) in places.iter().enumerate() {
        desk.report(Work::Choosing, done, places.len());
        let Some(image) = project.images().get(place) else { continue };
        image.check_file()?;
        let masks: Result<Vec<Mask>> =
            candidates.iter().map(|network| desk.propose(network, &image.file)).collect();
        scored.push((disagreement(&masks?)?, place));
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(scored.into_iter().map(|(_, place)| place).collect())
}

/// How much masks of one image differ: the mean of 1 - DSC over all pairs, in [0, 1]; 0 for fewer than two (ours).
///
/// # Errors
/// The masks differ in size.
pub fn disagreement(masks: &[Mask]) -> Result<f64> {
    let (mut sum, mut pairs) = (0.0, 0_u32);
    for (place, first) in masks.iter().enumerate() {
        for second in masks.iter().skip(place + 1) {
            sum += 1.0 - first.dice(second)?;
            pairs += 1;
        }
    }
    Ok(if pairs == 0 { 0.0 } else { sum / f64::from(pairs) })
}
