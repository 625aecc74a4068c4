//! Metrics of segmentations, per image and pooled.

use serde::{Deserialize, Serialize};

use crate::bootstrap::{bootstrap_mean, bootstrap_pooled};
use crate::counts::ConfusionCounts;
use crate::error::Result;
use crate::estimate::Estimate;
use crate::figures::Figures;
use crate::metric::Metric;
use crate::policy::EmptyPolicy;

/// Pixel counts of images, one entry per image, in the order they were pushed.
///
/// ```
/// use pulmo_metrics::{ConfusionCounts, EmptyPolicy, SegmentationMetrics};
///
/// let mut metrics = SegmentationMetrics::new();
/// metrics.push(ConfusionCounts::new(8, 2, 0, 90));
/// metrics.push(ConfusionCounts::new(0, 0, 0, 100));
/// assert_eq!(metrics.micro(EmptyPolicy::One).iou, Some(0.8));
/// assert_eq!(metrics.imagewise(EmptyPolicy::One).iou.map(|iou| iou.mean), Some(0.9));
/// assert_eq!(metrics.imagewise(EmptyPolicy::Skip).iou.map(|iou| iou.n), Some(1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SegmentationMetrics {
    images: Vec<ConfusionCounts>,
}

/// Mean over the images on which a figure is defined.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ImagewiseMean {
    /// Mean over the images.
    pub mean: f64,
    /// Sample standard deviation over the images; `None` for a single image.
    pub std: Option<f64>,
    /// Number of images.
    pub n: usize,
}

impl SegmentationMetrics {
    /// No image yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { images: Vec::new() }
    }

    /// Adds an image.
    pub fn push(&mut self, counts: ConfusionCounts) {
        self.images.push(counts);
    }

    /// Number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether no image was pushed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The counts of each image.
    #[must_use]
    pub fn images(&self) -> &[ConfusionCounts] {
        &self.images
    }

    /// The counts of all images together.
    #[must_use]
    pub fn pooled(&self) -> ConfusionCounts {
        self.images.iter().copied().sum()
    }

    /// Figures of the pooled counts: the reduction `micro` of segmentation_models_pytorch.
    #[must_use]
    pub fn micro(&self, policy: EmptyPolicy) -> Figures<Option<f64>> {
        let pooled = self.pooled();
        Figures::from_fn(|metric| pooled.figure(metric, policy))
    }

    /// Figures per image, then averaged: the reduction `micro-imagewise` of segmentation_models_pytorch. `None` where
    /// no image defines the figure.
    #[must_use]
    pub fn imagewise(&self, policy: EmptyPolicy) -> Figures<Option<ImagewiseMean>> {
        Figures::from_fn(|metric| ImagewiseMean::of(&self.values(metric, policy)))
    }

    /// One metric of every image on which it is defined.
    #[must_use]
    pub fn values(&self, metric: Metric, policy: EmptyPolicy) -> Vec<f64> {
        let images = self.images.iter();
        images.filter_map(|counts| counts.figure(metric, policy)).collect()
    }

    /// Mean of one metric over the images with its bootstrap interval.
    ///
    /// # Errors
    /// As [`bootstrap_mean`].
    pub fn imagewise_estimate(
        &self,
        metric: Metric,
        policy: EmptyPolicy,
        seed: u64,
        resamples: usize,
    ) -> Result<Estimate> {
        bootstrap_mean(&self.values(metric, policy), seed, resamples)
    }

    /// One metric of the pooled counts with its bootstrap interval over images: pixels of an image are no independent
    /// cases, so whole images are drawn. N is the number of images.
    ///
    /// # Errors
    /// There is no image, the metric is undefined on the pooled counts, or there are too few resamples.
    pub fn pooled_estimate(
        &self,
        metric: Metric,
        policy: EmptyPolicy,
        seed: u64,
        resamples: usize,
    ) -> Result<Estimate> {
        bootstrap_pooled(&self.images, metric.name(), seed, resamples, |counts| counts.figure(metric, policy))
    }
}

impl Extend<ConfusionCounts> for SegmentationMetrics {
    fn extend<I: IntoIterator<Item = ConfusionCounts>>(&mut self, images: I) {
        self.images.extend(images);
    }
}

impl FromIterator<ConfusionCounts> for SegmentationMetrics {
    fn from_iter<I: IntoIterator<Item = ConfusionCounts>>(images: I) -> Self {
        Self { images: images.into_iter().collect() }
    }
}

impl ImagewiseMean {
    fn of(values: &[f64]) -> Option<Self> {
        let n = values.len();
        if n == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let std = (n > 1).then(|| (squares / (n - 1) as f64).sqrt());
        Some(Self { mean, std, n })
    }
}
