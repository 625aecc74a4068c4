//! Every metric of one image.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{MASK_METRICS, MaskMetric, MaskPair};
use crate::bootstrap::{bootstrap_mean, bootstrap_pooled};
use crate::counts::ConfusionCounts;
use crate::error::Result;
use crate::estimate::Estimate;

/// One image by every metric of [`MASK_METRICS`]: its confusion counts, and the values that do not follow from them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaskScores {
    counts: ConfusionCounts,
    /// By the metric's name; `None` where it is undefined on the image.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, Option<f64>>,
}

impl MaskScores {
    /// Measures an image. A value that is not finite counts as undefined.
    #[must_use]
    pub fn of(masks: &MaskPair<'_>) -> Self {
        Self::by(MASK_METRICS, masks)
    }

    /// Measures an image by metrics of your own.
    #[must_use]
    pub fn by(metrics: &[&dyn MaskMetric], masks: &MaskPair<'_>) -> Self {
        let others = metrics.iter().filter(|metric| metric.counted().is_none());
        let value = |metric: &dyn MaskMetric| metric.of_image(masks).filter(|value| value.is_finite());
        let values = others.map(|metric| (metric.name().to_owned(), value(*metric))).collect();
        Self { counts: *masks.counts(), values }
    }

    /// Of an image whose masks are gone: metrics that do not follow from its counts are not measured.
    #[must_use]
    pub const fn from_counts(counts: ConfusionCounts) -> Self {
        Self { counts, values: BTreeMap::new() }
    }

    /// The image's pixels.
    #[must_use]
    pub const fn counts(&self) -> &ConfusionCounts {
        &self.counts
    }

    /// Whether the metric was measured, defined or not.
    #[must_use]
    pub fn measures(&self, metric: &dyn MaskMetric) -> bool {
        metric.counted().is_some() || self.values.contains_key(metric.name())
    }

    /// The metric's value; `None` where it is undefined or was not measured.
    #[must_use]
    pub fn value(&self, metric: &dyn MaskMetric) -> Option<f64> {
        match metric.counted() {
            Some(counted) => counted.of_counts(&self.counts),
            None => *self.values.get(metric.name())?,
        }
    }

    /// The metric's mean over the images on which it is defined, with its bootstrap interval by image; `None` where it is
    /// defined on none of them, or was not measured on one.
    ///
    /// # Errors
    /// As [`bootstrap_mean`].
    pub fn mean(
        images: &[&Self],
        metric: &dyn MaskMetric,
        seed: u64,
        resamples: usize,
    ) -> Result<Option<Estimate>> {
        match Self::values(images, metric) {
            Some(values) => bootstrap_mean(&values, seed, resamples).map(Some),
            None => Ok(None),
        }
    }

    /// The metric's values on the images on which it is defined; `None` where there are none, or where it was not
    /// measured on one of the images.
    #[must_use]
    pub fn values(images: &[&Self], metric: &dyn MaskMetric) -> Option<Vec<f64>> {
        let measured = images.iter().all(|image| image.measures(metric));
        let values: Vec<f64> = images.iter().filter_map(|image| image.value(metric)).collect();
        (measured && !values.is_empty()).then_some(values)
    }

    /// The metric over the pixels of all images together, with its bootstrap interval by image: pixels of an image are no
    /// independent cases, so whole images are drawn. `None` where the metric does not follow from counts or is
    /// undefined, or without an image.
    ///
    /// # Errors
    /// There are too few resamples.
    pub fn pooled(
        images: &[&Self],
        metric: &dyn MaskMetric,
        seed: u64,
        resamples: usize,
    ) -> Result<Option<Estimate>> {
        let Some(counted) = metric.counted() else { return Ok(None) };
        let counts: Vec<ConfusionCounts> = images.iter().map(|image| image.counts).collect();
        if counted.of_counts(&counts.iter().copied().sum()).is_none() || counts.is_empty() {
            return Ok(None);
        }
        bootstrap_pooled(&counts, metric.name(), seed, resamples, |counts| counted.of_counts(counts))
            .map(Some)
    }
}
