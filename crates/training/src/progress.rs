//! What a training tells of itself while it runs.

use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};

/// How far a training is: told after every batch, and once more when the images of a split are done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TrainingProgress {
    /// The epoch, counted from 1.
    pub epoch: usize,
    /// Epochs in all.
    pub epochs: usize,
    /// Training or validation, as burn-train names the split.
    pub split: String,
    /// Images done of this epoch and split.
    pub done: usize,
    /// Images of the split.
    pub total: usize,
    /// Whether the split is done, and its figures are final.
    pub ended: bool,
    /// The figures so far, each with its name.
    pub figures: Vec<(String, String)>,
}

impl fmt::Display for TrainingProgress {
    /// For example `epoch 3/10 Train: Loss 0.31, DSC 92.1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, epochs, split, .. } = self;
        write!(f, "epoch {epoch}/{epochs} {split}: {}", self.figures_text())
    }
}

impl TrainingProgress {
    /// The figures as one text.
    #[must_use]
    pub fn figures_text(&self) -> String {
        let figures: Vec<String> = self.figures.iter().map(|(name, text)| format!("{name} {text}")).collect();
        figures.join(", ")
    }
}

/// Is told of a training's progress, from a thread of its own.
pub type TrainingObserver<'a> = dyn Fn(&TrainingProgress) + Sync + 'a;

/// Calls `work` with a way to tell progress that, other than `observer`, may outlive the call: burn-train wants a
/// renderer of its own.
pub(crate) fn forwarded<T>(
    observer: &TrainingObserver<'_>,
    work: impl FnOnce(Sender<Option<TrainingProgress>>) -> T,
) -> T {
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || forward(&receiver, observer));
        let _end = End(sender.clone());
        work(sender)
    })
}

fn forward(receiver: &Receiver<Option<TrainingProgress>>, observer: &TrainingObserver<'_>) {
    while let Ok(Some(progress)) = receiver.recv() {
        observer(&progress);
    }
}

/// Ends the forwarding when the work is done, or has panicked.
struct End(Sender<Option<TrainingProgress>>);

impl Drop for End {
    fn drop(&mut self) {
        // Nobody listens any more where the observer has panicked.
        let _sent = self.0.send(None);
    }
}
