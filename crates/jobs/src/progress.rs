//! What a job tells while it works.

/// What a job tells while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// So much is done of one part of the work.
    Progress {
        /// The part, for example `reading`.
        what: &'a str,
        /// How many are done, of [`total`](Self::Progress::total); from several threads, not always in rising order.
        done: usize,
        /// How many there are.
        total: usize,
        /// Figures so far, for example a loss; often empty.
        figures: &'a str,
    },
    /// Something that a person wants to read.
    Message(&'a str),
}

/// Is told of a job's progress, from any thread.
///
/// ```
/// use pulmo_jobs::{Event, Observer};
///
/// let observer: &Observer<'_> = &|event| match event {
///     Event::Message(text) => eprintln!("{text}"),
///     Event::Progress { what, done, total, .. } => eprintln!("{what}: {done} of {total}"),
///     _ => {}
/// };
/// observer(Event::Message("reading 12 images"));
/// ```
pub type Observer<'a> = dyn Fn(Event<'_>) + Sync + 'a;

/// Tells a message.
#[cfg(any(feature = "train", feature = "annotate"))]
pub(crate) fn say(observer: &Observer<'_>, text: impl AsRef<str>) {
    observer(Event::Message(text.as_ref()));
}

/// Tells how many are done.
#[cfg(any(feature = "train", feature = "annotate", feature = "evaluate"))]
pub(crate) fn count(observer: &Observer<'_>, what: &str, done: usize, total: usize) {
    observer(Event::Progress { what, done, total, figures: "" });
}

/// Tells how far a training is, and the figures of a split when it is done.
#[cfg(feature = "train")]
pub(crate) fn training(observer: &Observer<'_>, progress: &pulmo_training::TrainingProgress) {
    let what = format!("epoch {}/{} {}", progress.epoch, progress.epochs, progress.split);
    observer(Event::Progress {
        what: &what,
        done: progress.done,
        total: progress.total,
        figures: &progress.figures_text(),
    });
    if progress.ended {
        say(observer, progress.to_string());
    }
}
