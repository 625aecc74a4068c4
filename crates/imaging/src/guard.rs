//! A guard around third-party decoders.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// How many guarded calls this thread is inside.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Installs the quiet panic hook, once per process.
static QUIET: Once = Once::new();

/// What `work` returns, or `None` where it panics.
///
/// For decoders of other people: damaged input that makes one panic becomes an error of that input. Nothing is printed
/// for such a panic; panics elsewhere, also those of other threads, are reported as before. State that `work` was
/// changing must not be used afterwards.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    // Changing the hook is not allowed on a panicking thread.
    if !std::thread::panicking() {
        QUIET.call_once(silence_guarded_threads);
    }
    let _inside = Inside::enter();
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn silence_guarded_threads() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // The thread's variables may be gone already while it ends.
        if DEPTH.try_with(Cell::get).unwrap_or(0) == 0 {
            previous(info);
        }
    }));
}

/// Counts a guarded call for as long as it runs.
struct Inside;

impl Inside {
    fn enter() -> Self {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::{DEPTH, guarded};

    #[test]
    fn a_panic_is_no_result_and_leaves_the_guard() {
        assert_eq!(guarded(|| 7), Some(7));
        let outer = guarded(|| {
            assert_eq!(guarded::<u8>(|| panic!("inner")), None);
            assert_eq!(DEPTH.get(), 1);
            8
        });
        assert_eq!(outer, Some(8));
        assert_eq!(DEPTH.get(), 0);
    }
}
