//! Progress on standard error.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use pulmo_segmentation::Task;

use crate::observer::{Activity, Observer};
use crate::{CaseResult, Cell, CellResult, Figure, NetworkName};

/// Shows a study's progress on standard error: a line per cell, and bars on a terminal.
#[derive(Debug)]
pub struct TerminalProgress {
    bar: ProgressBar,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    number: usize,
    total: usize,
    activity: Option<Activity>,
    started: Instant,
}

impl Default for TerminalProgress {
    fn default() -> Self {
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} {elapsed}<{eta}") {
            bar.set_style(style);
        }
        let state = State { number: 0, total: 0, activity: None, started: Instant::now() };
        Self { bar, state: Mutex::new(state) }
    }
}

impl Observer for TerminalProgress {
    fn cell(&self, cell: &Cell, number: usize, total: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State { number, total, activity: None, started: Instant::now() };
        eprintln!("[{number}/{total}] {cell}");
    }

    fn lungs(&self, network: NetworkName, fold: usize) {
        eprintln!("lung network of fold {fold}: {network}");
    }

    fn progress(&self, activity: Activity, done: usize, total: usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.activity != Some(activity) {
            state.activity = Some(activity);
            self.bar.reset();
            self.bar.set_prefix(match activity {
                Activity::Comparing => "looking for near-duplicates",
                Activity::Reading => "reading",
                Activity::Calibrating => "calibrating",
                Activity::Testing => "testing",
            });
        }
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
        if done == total {
            self.bar.finish_and_clear();
        }
    }

    fn done(&self, result: &CellResult, earlier: bool) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let cases: Vec<&CaseResult> = result.cases.iter().collect();
        let mut figures: Vec<String> = Vec::new();
        let shown = Figure::of_task(result.cell.task).into_iter().filter(|figure| match result.cell.task {
            Task::Lung => true,
            Task::Infection => !matches!(figure.title(), "IoU" | "IoU, COVID-19" | "pixel accuracy"),
        });
        for figure in shown {
            if let Some(value) = figure.value(&cases) {
                figures.push(format!("{} {:.2} %", figure.title(), 100.0 * value));
            }
        }
        let when = if earlier {
            "done before".to_owned()
        } else {
            format!("{} s", state.started.elapsed().as_secs())
        };
        eprintln!("[{}/{}] {when}: {}", state.number, state.total, figures.join(", "));
    }
}
