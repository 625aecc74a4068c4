//! How a run ends: its exit code, and its error in words.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::console::Console;
use crate::interrupt;

/// Some inputs failed, or the work did.
const FAILED: u8 = 1;
/// Wrong use: the code of clap's own errors.
const WRONG_USE: u8 = 2;

/// What a subcommand gives back.
pub(crate) type Outcome = Result<Done, Failure>;

/// A run that went to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Everything was done.
    All,
    /// Some inputs failed, and the user has been told which.
    SomeFailed,
}

impl Done {
    /// [`SomeFailed`](Self::SomeFailed) if anything failed.
    pub(crate) fn with_failed(failed: usize) -> Self {
        if failed == 0 { Self::All } else { Self::SomeFailed }
    }
}

/// A run that did not go to its end. Every error and every text becomes one by `?`, as [`Failure::Work`].
#[derive(Debug)]
pub(crate) enum Failure {
    /// The work failed.
    Work(Box<dyn Error>),
    /// An option has a value that makes no sense.
    WrongUse(Box<dyn Error>),
    /// The user stopped it.
    Interrupted,
}

impl Failure {
    /// Wrong use, in words that name the option, the value and the remedy.
    pub(crate) fn wrong_use(error: impl Into<Box<dyn Error>>) -> Self {
        Self::WrongUse(error.into())
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Work(error.into())
    }
}

/// Says which option a failure comes from.
pub(crate) trait ForOption<T> {
    /// The failure as wrong use of `option`, for example `--threshold`.
    fn for_option(self, option: &'static str) -> Result<T, Failure>;
}

impl<T, E: Into<Box<dyn Error>>> ForOption<T> for Result<T, E> {
    fn for_option(self, option: &'static str) -> Result<T, Failure> {
        self.map_err(|error| Failure::wrong_use(OptionError { option, error: error.into() }))
    }
}

/// An error with the option that it comes from before it.
#[derive(Debug)]
struct OptionError {
    option: &'static str,
    error: Box<dyn Error>,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.option, self.error)
    }
}

impl Error for OptionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Prints what went wrong and says it as an exit code.
pub(crate) fn code(outcome: Outcome, console: &Console) -> ExitCode {
    let code = match outcome {
        Ok(Done::All) => 0,
        Ok(Done::SomeFailed) => FAILED,
        Err(Failure::Work(error)) => {
            console.error(&in_words(error.as_ref()));
            FAILED
        }
        Err(Failure::WrongUse(error)) => {
            console.error(&in_words(error.as_ref()));
            WRONG_USE
        }
        Err(Failure::Interrupted) => interrupt::EXIT_CODE,
    };
    match console.flush() {
        Err(error) if code == 0 => {
            console.error(&format!("cannot write to standard output: {error}"));
            ExitCode::from(FAILED)
        }
        _ => ExitCode::from(code),
    }
}

/// The message of an error and its causes, one a line; a cause that the line above says already is left out.
fn in_words(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut said = text.clone();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_in_words = cause.to_string();
        if !said.contains(&cause_in_words) {
            text += &format!("\n  because: {cause_in_words}");
            said = cause_in_words;
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::error::Error;
    use std::fmt;

    use super::{Failure, ForOption, in_words};

    #[derive(Debug)]
    struct Link(&'static str, Option<Box<Link>>);

    impl fmt::Display for Link {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Link {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|link| link as _)
        }
    }

    fn chain(texts: &[&'static str]) -> Link {
        let (first, others) = texts.split_first().unwrap();
        Link(first, (!others.is_empty()).then(|| Box::new(chain(others))))
    }

    #[test]
    fn causes_are_told_once() {
        assert_eq!(in_words(&chain(&["cannot read a.png"])), "cannot read a.png");
        assert_eq!(
            in_words(&chain(&["cannot read a.png: no such file", "no such file"])),
            "cannot read a.png: no such file"
        );
        assert_eq!(
            in_words(&chain(&[
                "cannot read the model",
                "config.json is damaged",
                "line 3: expected a comma"
            ])),
            "cannot read the model\n  because: config.json is damaged\n  because: line 3: expected a comma"
        );
    }

    #[test]
    fn wrong_use_names_its_option_and_keeps_the_causes() {
        let failed: Result<(), _> = Err(chain(&["no number", "it is empty"]));
        let Err(Failure::WrongUse(error)) = failed.for_option("--size") else { unreachable!() };
        assert_eq!(in_words(error.as_ref()), "--size: no number\n  because: it is empty");
    }

    #[test]
    fn errors_and_texts_become_failures_of_the_work() {
        fn failing() -> Result<(), Failure> {
            std::fs::read("/nowhere/at/all")?;
            Ok(())
        }
        assert!(matches!(failing(), Err(Failure::Work(_))));
        assert!(matches!(Failure::from("a text"), Failure::Work(_)));
    }
}
