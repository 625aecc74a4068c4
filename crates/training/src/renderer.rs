//! Progress of a training: a bar with the live loss on a terminal, a line per epoch elsewhere.

use std::time::{Duration, Instant};

use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation, MetricsRendererTraining,
};
use indicatif::{ProgressBar, ProgressStyle};

/// How often a line is printed where there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(30);

/// Shows how far a training is, on standard error.
#[derive(Debug)]
pub struct ProgressRenderer {
    bar: ProgressBar,
    metrics: Vec<(MetricId, String)>,
    shown: Vec<(String, String)>,
    epoch: usize,
    epochs: usize,
    total: usize,
    split: String,
    started: Instant,
    last_line: Instant,
}

impl Default for ProgressRenderer {
    fn default() -> Self {
        let style = ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta} {msg}");
        let bar = ProgressBar::new(0);
        if let Ok(style) = style {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self {
            bar,
            metrics: Vec::new(),
            shown: Vec::new(),
            epoch: 1,
            epochs: 0,
            total: 0,
            split: String::new(),
            started: now,
            last_line: now,
        }
    }
}

impl ProgressRenderer {
    fn show(&mut self, state: MetricState) {
        let (MetricState::Generic(entry) | MetricState::Numeric(entry, _)) = state;
        let Some((_, name)) = self.metrics.iter().find(|(id, _)| *id == entry.metric_id) else { return };
        let text = entry.serialized_entry.formatted;
        match self.shown.iter_mut().find(|(shown, _)| shown == name) {
            Some((_, shown)) => *shown = text,
            None => self.shown.push((name.clone(), text)),
        }
    }

    fn figures(&self) -> String {
        let figures: Vec<String> = self.shown.iter().map(|(name, text)| format!("{name} {text}")).collect();
        figures.join(", ")
    }

    fn line(&self, done: usize) {
        if self.bar.is_hidden() {
            let seconds = self.started.elapsed().as_secs();
            let Self { epoch, epochs, split, total, .. } = self;
            eprintln!("epoch {epoch}/{epochs} {split} {done}/{total} after {seconds} s: {}", self.figures());
        }
    }
}

impl MetricsRendererTraining for ProgressRenderer {
    fn update_train(&mut self, state: MetricState) {
        self.show(state);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.show(state);
    }
}

impl TrainingProgressLogger for ProgressRenderer {
    fn start(&mut self, total_epochs: usize, starting_epoch: usize, _: Option<usize>, _: Option<&str>) {
        self.epochs = total_epochs;
        self.epoch = starting_epoch;
        self.started = Instant::now();
    }

    fn start_split(&mut self, split: &str, total_items: usize) {
        self.split = split.to_owned();
        self.total = total_items;
        self.shown.clear();
        self.bar.reset();
        self.bar.set_length(total_items as u64);
        self.bar.set_prefix(format!("epoch {}/{} {split}", self.epoch, self.epochs));
        self.last_line = Instant::now();
    }

    fn update_split(&mut self, items_processed: usize) {
        self.bar.set_message(self.figures());
        self.bar.set_position(items_processed as u64);
        if self.last_line.elapsed() >= LINE_INTERVAL {
            self.line(items_processed);
            self.last_line = Instant::now();
        }
    }

    fn end_split(&mut self) {
        self.line(self.total);
        let figures = self.figures();
        self.bar.println(format!("epoch {}/{} {}: {figures}", self.epoch, self.epochs, self.split));
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.epoch = epoch + 1;
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }

    /// burn-train sends one event per iteration, which the bar shows already.
    fn log_event_training(&mut self, _: String) {}
}

impl EvaluationProgressLogger for ProgressRenderer {
    fn start_global_progress(&mut self, _: usize) {}

    fn start_test(&mut self, name: &str, total_items: usize) {
        self.start_split(name, total_items);
    }

    fn update_test_progress(&mut self, items_processed: usize) {
        self.update_split(items_processed);
    }

    fn end_test(&mut self) {
        self.end_split();
    }

    fn end_global_progress(&mut self) {
        self.end();
    }

    fn log_event_evaluation(&mut self, _: String) {}
}

impl MetricsRendererEvaluation for ProgressRenderer {
    fn update_test(&mut self, _: EvaluationName, state: MetricState) {
        self.show(state);
    }
}

impl MetricsRenderer for ProgressRenderer {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        self.metrics.push((definition.metric_id, definition.name.to_string()));
    }
}
