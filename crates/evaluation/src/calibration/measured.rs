//! One validation case by every candidate.

use pulmo_data::{Case, Class};
use pulmo_findings::{Probability, detection_score};
use pulmo_imaging::{Mask, ProbabilityMap};
use pulmo_metrics::ConfusionCounts;
use pulmo_pipeline::Pipeline;
use pulmo_xray::XraySource;

use super::candidates::{self, MASK_THRESHOLDS};
use crate::Result;
use crate::truth::Truth;

/// What a choice needs to know of one case.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) covid: bool,
    /// One per form of the score; 0 where no lungs were found.
    pub(crate) scores: Vec<Probability>,
    /// One per mask threshold, where the case has a mask.
    masks: Vec<ConfusionCounts>,
    /// Of an empty mask.
    emptied: Option<ConfusionCounts>,
}

impl Measured {
    pub(crate) fn of(pipeline: &Pipeline, case: &Case) -> Result<Self> {
        let xray = XraySource::path(case.image()).read()?;
        let truth = Truth::of(case, &xray)?;
        let analysis = pipeline.analyze(&xray)?;
        let lungs = analysis.lungs.both();
        let map = &analysis.infection_probabilities;
        let scores = candidates::scores()?
            .iter()
            .map(|score| Ok(detection_score(score, map, &lungs)?.unwrap_or(Probability::ZERO)))
            .collect::<Result<_>>()?;
        let target = truth.infection.as_ref();
        Ok(Self {
            covid: case.class() == Class::Covid19,
            scores,
            masks: target.map(|target| counts(map, lungs.as_mask(), target)).unwrap_or_default(),
            emptied: target.map(|target| {
                let (area, all) = (target.area(), target.bits().len() as u64);
                ConfusionCounts::new(0, 0, area, all - area)
            }),
        })
    }

    /// The mask's pixels at one threshold, or those of an empty mask.
    pub(crate) fn mask(&self, position: usize, emptied: bool) -> Option<ConfusionCounts> {
        if emptied { self.emptied } else { self.masks.get(position).copied() }
    }
}

/// Pixels at every threshold, in one pass: a pixel is counted where the highest threshold that it reaches puts it, and
/// the counts are summed from the highest one down.
fn counts(map: &ProbabilityMap, lungs: &Mask, target: &Mask) -> Vec<ConfusionCounts> {
    let mut reached = [[0_u64; 2]; MASK_THRESHOLDS.len() + 1];
    let inside = map.values().iter().zip(lungs.bits()).zip(target.bits());
    for ((&value, &lung), &infected) in inside {
        let number = if lung { MASK_THRESHOLDS.partition_point(|&threshold| value >= threshold) } else { 0 };
        reached[number][usize::from(infected)] += 1;
    }
    let all = reached.iter().fold([0, 0], |sum, cell| [sum[0] + cell[0], sum[1] + cell[1]]);
    let mut counts = Vec::with_capacity(MASK_THRESHOLDS.len());
    let mut found = [0, 0];
    for cell in reached.iter().skip(1).rev() {
        found = [found[0] + cell[0], found[1] + cell[1]];
        counts.push(ConfusionCounts::new(found[1], found[0], all[1] - found[1], all[0] - found[0]));
    }
    counts.reverse();
    counts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn one_pass_counts_what_thresholds_cut(
            pixels in prop::collection::vec((0.0_f32..=1.0, any::<bool>(), any::<bool>()), 12),
            exact in 0..MASK_THRESHOLDS.len(),
        ) {
            let mut values: Vec<f32> = pixels.iter().map(|pixel| pixel.0).collect();
            values[0] = MASK_THRESHOLDS[exact];
            let map = ProbabilityMap::new(4, 3, values).unwrap();
            let lungs = Mask::from_bools(4, 3, pixels.iter().map(|pixel| pixel.1).collect()).unwrap();
            let target = Mask::from_bools(4, 3, pixels.iter().map(|pixel| pixel.2).collect()).unwrap();
            let expected: Vec<ConfusionCounts> = MASK_THRESHOLDS
                .iter()
                .map(|&threshold| {
                    let mask = map.threshold(threshold).and(&lungs).unwrap();
                    ConfusionCounts::from_masks(mask.bits(), target.bits()).unwrap()
                })
                .collect();
            prop_assert_eq!(counts(&map, &lungs, &target), expected);
        }
    }
}
