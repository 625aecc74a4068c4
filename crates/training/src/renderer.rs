//! burn-train's progress as [`TrainingProgress`].

use std::fmt;

use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation, MetricsRendererTraining,
};

use crate::TrainingProgress;

/// Whom the renderer tells.
type Listener = Box<dyn Fn(&TrainingProgress) + Send + Sync>;

/// A renderer for burn-train that shows nothing and tells a function of your own how far a training is.
pub struct ProgressRenderer {
    listener: Listener,
    metrics: Vec<(MetricId, String)>,
    progress: TrainingProgress,
}

impl fmt::Debug for ProgressRenderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressRenderer").field("progress", &self.progress).finish_non_exhaustive()
    }
}

impl Default for ProgressRenderer {
    /// Tells nobody.
    fn default() -> Self {
        Self::new(|_| {})
    }
}

impl ProgressRenderer {
    /// Tells `listener`.
    pub fn new(listener: impl Fn(&TrainingProgress) + Send + Sync + 'static) -> Self {
        let progress = TrainingProgress { epoch: 1, ..TrainingProgress::default() };
        Self { listener: Box::new(listener), metrics: Vec::new(), progress }
    }

    fn take(&mut self, state: MetricState) {
        let (MetricState::Generic(entry) | MetricState::Numeric(entry, _)) = state;
        let Some((_, name)) = self.metrics.iter().find(|(id, _)| *id == entry.metric_id) else { return };
        let text = entry.serialized_entry.formatted;
        let figures = &mut self.progress.figures;
        match figures.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = text,
            None => figures.push((name.clone(), text)),
        }
    }

    fn tell(&mut self, done: usize, ended: bool) {
        self.progress.done = done;
        self.progress.ended = ended;
        (self.listener)(&self.progress);
    }

    fn begin(&mut self, split: &str, total: usize) {
        self.progress.split = split.to_owned();
        self.progress.total = total;
        self.progress.figures.clear();
        self.tell(0, false);
    }
}

impl MetricsRendererTraining for ProgressRenderer {
    fn update_train(&mut self, state: MetricState) {
        self.take(state);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.take(state);
    }
}

impl TrainingProgressLogger for ProgressRenderer {
    fn start(&mut self, total_epochs: usize, starting_epoch: usize, _: Option<usize>, _: Option<&str>) {
        self.progress.epochs = total_epochs;
        self.progress.epoch = starting_epoch;
    }

    fn start_split(&mut self, split: &str, total_items: usize) {
        self.begin(split, total_items);
    }

    fn update_split(&mut self, items_processed: usize) {
        self.tell(items_processed, false);
    }

    fn end_split(&mut self) {
        self.tell(self.progress.total, true);
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.progress.epoch = epoch + 1;
    }

    fn end(&mut self) {}

    /// burn-train sends one event per iteration, which the progress says already.
    fn log_event_training(&mut self, _: String) {}
}

impl EvaluationProgressLogger for ProgressRenderer {
    fn start_global_progress(&mut self, _: usize) {}

    fn start_test(&mut self, name: &str, total_items: usize) {
        self.begin(name, total_items);
    }

    fn update_test_progress(&mut self, items_processed: usize) {
        self.tell(items_processed, false);
    }

    fn end_test(&mut self) {
        self.tell(self.progress.total, true);
    }

    fn end_global_progress(&mut self) {}

    fn log_event_evaluation(&mut self, _: String) {}
}

impl MetricsRendererEvaluation for ProgressRenderer {
    fn update_test(&mut self, _: EvaluationName, state: MetricState) {
        self.take(state);
    }
}

impl MetricsRenderer for ProgressRenderer {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        self.metrics.push((definition.metric_id, definition.name.to_string()));
    }
}
