//! DSC over all pixels of an epoch.

use std::sync::Arc;

use burn::tensor::TensorReadError;
use burn::train::metric::{
    Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes, NumericEntry,
    SerializedEntry,
};

use super::output::OverlapInput;

/// The metric's name in logs.
pub(crate) const NAME: &str = "DSC";

/// DSC in percent, pooled: counts are added up over the epoch, never averaged over batches.
#[derive(Debug, Clone, Default)]
pub(crate) struct DscMetric {
    overlap: f64,
    predicted: f64,
    target: f64,
    batches: usize,
}

impl DscMetric {
    /// Two empty masks agree completely.
    fn percent(&self) -> f64 {
        let total = self.predicted + self.target;
        if total == 0.0 { 100.0 } else { 200.0 * self.overlap / total }
    }

    /// The value so far.
    fn running(&self) -> NumericEntry {
        NumericEntry::Aggregated { aggregated_value: self.percent(), count: self.batches }
    }

    fn entry(&self, value: &NumericEntry) -> SerializedEntry {
        SerializedEntry::new(format!("{:.2} %", self.percent()), value.serialize())
    }
}

impl Metric for DscMetric {
    type Input = OverlapInput;

    fn name(&self) -> MetricName {
        Arc::new(NAME.to_owned())
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes { unit: Some("%".to_owned()), higher_is_better: true }.into()
    }

    fn update(
        &mut self,
        item: &OverlapInput,
        _: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let counts = item.0.clone().try_into_vec_as::<f64>()?;
        if let [overlap, predicted, target] = counts[..] {
            self.overlap += overlap;
            self.predicted += predicted;
            self.target += target;
            self.batches += 1;
        }
        Ok(self.entry(&self.running()))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(self.entry(&self.final_value()))
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Numeric for DscMetric {
    fn value(&self) -> Option<NumericEntry> {
        Some(self.running())
    }

    fn running_value(&self) -> Option<NumericEntry> {
        Some(self.running())
    }

    fn final_value(&self) -> NumericEntry {
        NumericEntry::Final(self.percent())
    }
}
