//! One figure over all pixels of an epoch.

use std::sync::Arc;

use burn::tensor::TensorReadError;
use burn::train::metric::{
    Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes, NumericEntry,
    SerializedEntry,
};
use pulmo_metrics::{ConfusionCounts, Direction, EmptyPolicy, MaskMetric, Metric as Figure};

use super::ConfusionInput;

/// A figure of pulmo-metrics for burn-train: counts are added up over the epoch and the figure is taken of the sum,
/// never averaged over batches. In percent, but for the correlation of Matthews.
///
/// It can choose checkpoints and stop a training:
///
/// ```
/// use burn::train::metric::store::{Aggregate, Direction, Split};
/// use burn::train::{MetricEarlyStoppingStrategy, StoppingCondition};
/// use pulmo_training::ConfusionMetric;
///
/// let stop = MetricEarlyStoppingStrategy::new(
///     &ConfusionMetric::iou(),
///     Aggregate::Mean,
///     Direction::Highest,
///     Split::Valid,
///     StoppingCondition::NoImprovementSince { n_epochs: 5 },
/// );
/// ```
#[derive(Debug, Clone)]
pub struct ConfusionMetric {
    figure: Figure,
    policy: EmptyPolicy,
    counts: ConfusionCounts,
    batches: usize,
}

impl ConfusionMetric {
    /// Any figure; what it is worth without cases is up to the policy. With [`EmptyPolicy::Skip`] an epoch without
    /// cases is NaN, which is never the best one.
    #[must_use]
    pub fn new(figure: Figure, policy: EmptyPolicy) -> Self {
        Self { figure, policy, counts: ConfusionCounts::default(), batches: 0 }
    }

    /// Intersection over union; two empty masks agree completely.
    #[must_use]
    pub fn iou() -> Self {
        Self::new(Figure::Iou, EmptyPolicy::One)
    }

    /// Dice similarity coefficient; two empty masks agree completely.
    #[must_use]
    pub fn dsc() -> Self {
        Self::new(Figure::Dsc, EmptyPolicy::One)
    }

    /// Share of the foreground that was found; 1 where there is none.
    #[must_use]
    pub fn sensitivity() -> Self {
        Self::new(Figure::Sensitivity, EmptyPolicy::One)
    }

    /// Share of the background that was left alone; 1 where there is none.
    #[must_use]
    pub fn specificity() -> Self {
        Self::new(Figure::Specificity, EmptyPolicy::One)
    }

    /// Share of pixels that are right.
    #[must_use]
    pub fn accuracy() -> Self {
        Self::new(Figure::Accuracy, EmptyPolicy::One)
    }

    /// The counts of the epoch so far.
    #[must_use]
    pub const fn counts(&self) -> &ConfusionCounts {
        &self.counts
    }

    /// `Sensitivity`, `DSC`.
    fn label(&self) -> String {
        let title = self.figure.title();
        let mut letters = title.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    fn unit(&self) -> Option<&'static str> {
        self.figure.unit().symbol()
    }

    /// The figure so far, in its unit.
    fn current(&self) -> Option<f64> {
        let scale = if self.unit().is_some() { 100.0 } else { 1.0 };
        Some(self.counts.figure(self.figure, self.policy)? * scale)
    }

    fn entry(&self, entry: Option<NumericEntry>) -> SerializedEntry {
        let Some(entry) = entry else { return SerializedEntry::not_available(self.unit()) };
        let formatted = match self.unit() {
            Some(unit) => format!("{:.2} {unit}", entry.current()),
            None => format!("{:.4}", entry.current()),
        };
        SerializedEntry::new(formatted, entry.serialize())
    }
}

impl Metric for ConfusionMetric {
    type Input = ConfusionInput;

    fn name(&self) -> MetricName {
        Arc::new(self.label())
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes {
            unit: self.unit().map(str::to_owned),
            higher_is_better: self.figure.direction() == Direction::HigherIsBetter,
        }
        .into()
    }

    fn update(
        &mut self,
        item: &ConfusionInput,
        _: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        self.counts += item.read()?;
        self.batches += 1;
        Ok(self.entry(self.running_value()))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(self.entry(Some(self.final_value())))
    }

    fn clear(&mut self) {
        *self = Self::new(self.figure, self.policy);
    }
}

impl Numeric for ConfusionMetric {
    fn value(&self) -> Option<NumericEntry> {
        self.running_value()
    }

    fn running_value(&self) -> Option<NumericEntry> {
        let aggregated_value = self.current()?;
        Some(NumericEntry::Aggregated { aggregated_value, count: self.batches })
    }

    fn final_value(&self) -> NumericEntry {
        NumericEntry::Final(self.current().unwrap_or(f64::NAN))
    }
}
