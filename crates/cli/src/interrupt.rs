//! Ctrl-C.
//!
//! Work that has places to stop at looks at a [`Stop`] there: the first Ctrl-C lets it come to the next such place, a
//! second one ends the program at once. All other work ends at the first. Either way nothing is left half written, since
//! all files are written under another name first.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::console::Console;
use crate::exit::Failure;

/// The exit code of a program that was stopped by Ctrl-C: 128 and the number of SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

/// Whether some work looks for Ctrl-C.
static LOOKED_FOR: AtomicBool = AtomicBool::new(false);
/// Whether Ctrl-C was pressed while some work looked for it.
static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Takes Ctrl-C from here on.
pub(crate) fn install(console: &Console) {
    let say = console.remark("stopping as soon as nothing is half done; press Ctrl-C again to stop at once");
    let installed = ctrlc::set_handler(move || {
        if !LOOKED_FOR.load(Ordering::SeqCst) || REQUESTED.swap(true, Ordering::SeqCst) {
            std::process::exit(EXIT_CODE.into());
        }
        say();
    });
    if let Err(error) = installed {
        console.warning(format!("Ctrl-C ends the program at once: {error}"));
    }
}

/// Work that stops where it looks at this.
#[derive(Debug)]
pub(crate) struct Stop(());

impl Stop {
    /// From here on, the first Ctrl-C is a request.
    pub(crate) fn looked_for() -> Self {
        LOOKED_FOR.store(true, Ordering::SeqCst);
        Self(())
    }

    /// Whether the work is to stop.
    pub(crate) fn is_requested(&self) -> bool {
        self.flag().load(Ordering::SeqCst)
    }

    /// True once the work is to stop.
    pub(crate) fn flag(&self) -> &'static AtomicBool {
        &REQUESTED
    }

    /// Ends the work here if it is to stop.
    ///
    /// # Errors
    /// [`Failure::Interrupted`].
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.is_requested() { Err(Failure::Interrupted) } else { Ok(()) }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        LOOKED_FOR.store(false, Ordering::SeqCst);
    }
}
