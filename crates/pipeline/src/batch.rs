//! Many files, one after the other or several at once.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use pulmo_core::files;
use pulmo_report::{CaseFiles, CaseOutcome, CaseReport, Summary};
use pulmo_xray::XraySource;

use crate::{AnalysedCase, CaseFolder, Input, Outputs, Pipeline, Result};

/// Called after each file, from any thread: how many are done, of how many, and what became of this one.
pub type Progress<'a> = dyn Fn(usize, usize, &CaseOutcome) + Sync + 'a;

/// Analyses files into a folder, with a summary over all.
#[derive(Debug)]
pub struct Batch<'a> {
    pipeline: &'a Pipeline,
    out: PathBuf,
    jobs: usize,
    outputs: Outputs,
    stop: Option<&'a AtomicBool>,
}

impl<'a> Batch<'a> {
    /// The summary table's file name.
    pub const SUMMARY: &'static str = "summary.csv";
    /// The page's file name.
    pub const INDEX: &'static str = "index.html";

    /// Makes the output folder.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core).
    pub fn new(pipeline: &'a Pipeline, out: &Path) -> Result<Self> {
        files::create_folder(out)?;
        Ok(Self { pipeline, out: out.into(), jobs: 1, outputs: Outputs::default(), stop: None })
    }

    /// With several files at once; 0 counts as 1. One file already uses all cores.
    #[must_use]
    pub fn with_jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs.max(1);
        self
    }

    /// With other outputs in the case folders.
    #[must_use]
    pub fn with_outputs(mut self, outputs: Outputs) -> Self {
        self.outputs = outputs;
        self
    }

    /// Begins no file once `stop` is true; the summary then has those that were begun before.
    #[must_use]
    pub fn with_stop(self, stop: &'a AtomicBool) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// Analyses every input, failed ones included in the summary, and writes `summary.csv` and `index.html`.
    ///
    /// # Errors
    /// Where the summary cannot be written; a file that fails is an outcome, not an error.
    pub fn run(&self, inputs: &[Input], progress: &Progress<'_>) -> Result<Summary> {
        let next = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let outcomes: Mutex<Vec<(usize, CaseOutcome)>> = Mutex::new(Vec::with_capacity(inputs.len()));
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.min(inputs.len()) {
                scope.spawn(|| {
                    while let Some((index, input)) = self.take(&next, inputs) {
                        let outcome = self.outcome(input);
                        progress(done.fetch_add(1, Ordering::Relaxed) + 1, inputs.len(), &outcome);
                        outcomes.lock().unwrap_or_else(PoisonError::into_inner).push((index, outcome));
                    }
                });
            }
        });
        let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcomes.sort_by_key(|(index, _)| *index);
        let outcomes = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
        let summary = Summary::new(outcomes).with_files(self.outputs.kinds());
        summary.write_summary_csv(&self.out.join(Self::SUMMARY))?;
        summary.write_index_html(&self.out.join(Self::INDEX))?;
        Ok(summary)
    }

    fn take<'i>(&self, next: &AtomicUsize, inputs: &'i [Input]) -> Option<(usize, &'i Input)> {
        if self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
            return None;
        }
        let index = next.fetch_add(1, Ordering::Relaxed);
        inputs.get(index).map(|input| (index, input))
    }

    fn outcome(&self, input: &Input) -> CaseOutcome {
        match self.analyze(input) {
            Ok((report, files)) => CaseOutcome::done(report, files),
            Err(error) => CaseOutcome::failed(input.file.display().to_string(), &error),
        }
    }

    fn analyze(&self, input: &Input) -> Result<(CaseReport, CaseFiles)> {
        let start = Instant::now();
        let xray = XraySource::path(&input.file).read()?;
        let decoding = start.elapsed();
        let analysis = self.pipeline.analyze(&xray)?.with_decoding(decoding);
        let report = analysis.report(input.file.display().to_string());
        let case = AnalysedCase::new(&xray, &analysis, &report);
        let files = CaseFolder::new(&self.out, &input.name).write(&case, &self.outputs)?;
        Ok((report, files))
    }
}
