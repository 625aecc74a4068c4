//! Where everything that the program prints goes through.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use anstyle::{AnsiColor, Style};
use indicatif::{MultiProgress, ProgressDrawTarget};
use pulmo::jobs::Event;
use serde::Serialize;

use crate::cli::Output;
use crate::progress::Progress;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// Standard output for results, standard error for the rest.
///
/// Standard output may be closed by its reader, as `| head -1` does: the rest of the output is then dropped, and the work
/// goes on. Colour is for terminals alone, and for none where `NO_COLOR` is set.
#[derive(Debug)]
pub(crate) struct Console {
    quiet: bool,
    json: bool,
    /// The bars of a terminal, which text must not be written over.
    bars: MultiProgress,
    /// Why standard output takes no more.
    closed: Mutex<Option<io::Error>>,
}

impl Console {
    pub(crate) fn new(output: &Output) -> Self {
        let bars = MultiProgress::new();
        if output.quiet {
            bars.set_draw_target(ProgressDrawTarget::hidden());
        }
        Self { quiet: output.quiet, json: output.json, bars, closed: Mutex::new(None) }
    }

    /// Whether the result is to be JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether only results and errors are to be printed.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The bars on standard error; `None` where it is no terminal.
    pub(crate) fn bars(&self) -> Option<&MultiProgress> {
        io::stderr().is_terminal().then_some(&self.bars)
    }

    /// Prints the result: `text` for people, which ends as it is to end, or `value` for programs.
    pub(crate) fn result(&self, text: impl Display, value: &impl Serialize) -> serde_json::Result<()> {
        if self.json {
            self.out(&format!("{}\n", serde_json::to_string_pretty(value)?));
        } else {
            self.out(&text.to_string());
        }
        Ok(())
    }

    /// Prints a line on standard output while the work goes on: a part of a result that people read early, and programs
    /// in the JSON at the end.
    pub(crate) fn detail(&self, line: impl Display) {
        if !self.quiet && !self.json {
            self.out(&format!("{line}\n"));
        }
    }

    /// Prints text on standard output as it is.
    pub(crate) fn out(&self, text: &str) {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if closed.is_none() {
            let written = self.bars.suspend(|| {
                let mut stdout = io::stdout().lock();
                stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush())
            });
            *closed = written.err();
        }
    }

    /// Prints a remark on standard error: what is done, and what to do next.
    pub(crate) fn note(&self, line: impl Display) {
        if !self.quiet {
            self.err(&format!("{line}\n"));
        }
    }

    /// Prints what the user should know although the work goes on.
    pub(crate) fn warning(&self, line: impl Display) {
        self.err(&format!("{WARNING}warning:{WARNING:#} {line}\n"));
    }

    /// Prints what went wrong.
    pub(crate) fn error(&self, text: &str) {
        self.err(&format!("{ERROR}error:{ERROR:#} {text}\n"));
    }

    fn err(&self, text: &str) {
        print_above(&self.bars, text);
    }

    /// A way to print one remark from another thread, such as that of a signal.
    pub(crate) fn remark(&self, line: &str) -> impl Fn() + Send + 'static {
        let (quiet, bars, text) = (self.quiet, self.bars.clone(), format!("{line}\n"));
        move || {
            if !quiet {
                print_above(&bars, &text);
            }
        }
    }

    /// Progress of work called `what`, of `total` steps; 0 where that is not yet known.
    pub(crate) fn progress(&self, what: &str, total: usize) -> Progress<'_> {
        Progress::new(self, what, total)
    }

    /// What shows the progress of a job here: its parts as a bar or lines, its messages as remarks.
    pub(crate) fn observer(&self) -> impl Fn(Event<'_>) + Sync + '_ {
        let bar = OnceLock::new();
        move |event| match event {
            Event::Progress { what, done, total, figures } => {
                bar.get_or_init(|| self.progress(what, total)).show(what, done, total, figures);
            }
            Event::Message(text) => self.note(text),
            _ => {}
        }
    }

    /// Why results could not be printed; a reader that wanted no more is no error.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner).take();
        closed.filter(|error| error.kind() != ErrorKind::BrokenPipe).map_or(Ok(()), Err)
    }
}

/// Prints on standard error without being drawn over by `bars`.
fn print_above(bars: &MultiProgress, text: &str) {
    // Where standard error takes nothing, there is nobody left to tell.
    let _ = bars.suspend(|| anstream::stderr().lock().write_all(text.as_bytes()));
}
