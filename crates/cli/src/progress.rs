//! How far long work is, and how long it will take.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::console::Console;

/// What a bar says.
const TEMPLATE: &str = "{prefix} {bar:32} {pos}/{len}, {elapsed}, {eta} left {msg}";
/// How often a bar is drawn while nothing happens, so that its times go on.
const TICK: Duration = Duration::from_secs(1);
/// How often a line is printed where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(15);

/// Progress on standard error: a bar on a terminal, a line now and then elsewhere, nothing under `--quiet`. It ends with
/// this value.
#[derive(Debug)]
pub(crate) struct Progress<'c> {
    console: &'c Console,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Nothing,
    Bar(ProgressBar),
    Lines(Mutex<Lines>),
}

#[derive(Debug)]
struct Lines {
    what: String,
    done: usize,
    total: usize,
    figures: String,
    started: Instant,
    printed: Instant,
}

impl<'c> Progress<'c> {
    pub(crate) fn new(console: &'c Console, what: &str, total: usize) -> Self {
        let shown = match console.bars() {
            _ if console.is_quiet() => Shown::Nothing,
            Some(bars) => {
                let bar = bars.add(ProgressBar::new(total as u64).with_prefix(what.to_owned()));
                if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                    bar.set_style(style);
                }
                bar.enable_steady_tick(TICK);
                Shown::Bar(bar)
            }
            None => Shown::Lines(Mutex::new(Lines::new(what, total))),
        };
        Self { console, shown }
    }

    /// So many of so many steps of `what` are done; `figures` are what the work has found so far, or empty. Another `what`
    /// than before starts its own time.
    pub(crate) fn show(&self, what: &str, done: usize, total: usize, figures: &str) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                if bar.prefix() != what {
                    bar.reset();
                    bar.set_prefix(what.to_owned());
                }
                bar.set_length(total as u64);
                bar.set_position(done as u64);
                bar.set_message(figures.to_owned());
            }
            Shown::Lines(lines) => self.change(lines, |lines| {
                if lines.what != what {
                    *lines = Lines { printed: lines.printed, ..Lines::new(what, total) };
                }
                (lines.done, lines.total) = (done, total);
                figures.clone_into(&mut lines.figures);
            }),
        }
    }

    /// One more step is done.
    pub(crate) fn step(&self) {
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => bar.inc(1),
            Shown::Lines(lines) => self.change(lines, |lines| lines.done += 1),
        }
    }

    /// What is worked on.
    pub(crate) fn item(&self, name: &str) {
        if let Shown::Bar(bar) = &self.shown {
            bar.set_message(name.to_owned());
        }
    }

    fn change(&self, lines: &Mutex<Lines>, change: impl FnOnce(&mut Lines)) {
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut lines);
        if lines.printed.elapsed() >= BETWEEN_LINES {
            lines.printed = Instant::now();
            self.console.note(lines.text());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    fn new(what: &str, total: usize) -> Self {
        let now = Instant::now();
        Self { what: what.to_owned(), done: 0, total, figures: String::new(), started: now, printed: now }
    }

    /// For example `reading: 40 of 100, 30 seconds, about 45 seconds left`.
    fn text(&self) -> String {
        let elapsed = self.started.elapsed();
        let mut text = format!("{}: {} of {}, {}", self.what, self.done, self.total, HumanDuration(elapsed));
        if !self.figures.is_empty() {
            text += &format!(", {}", self.figures);
        }
        if (1..self.total).contains(&self.done) {
            let left = elapsed.mul_f64((self.total - self.done) as f64 / self.done as f64);
            text += &format!(", about {} left", HumanDuration(left));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::{Duration, Instant};

    use super::Lines;

    #[test]
    fn lines_tell_the_time_that_is_left() {
        let started = Instant::now().checked_sub(Duration::from_secs(120)).unwrap();
        let mut lines = Lines { started, ..Lines::new("reading", 100) };
        assert_eq!(lines.text(), "reading: 0 of 100, 2 minutes");
        lines.done = 40;
        assert_eq!(lines.text(), "reading: 40 of 100, 2 minutes, about 3 minutes left");
        lines.done = 100;
        assert_eq!(lines.text(), "reading: 100 of 100, 2 minutes");
    }
}
