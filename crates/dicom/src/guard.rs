//! A wall around decoders of others.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` gives, `None` where it panics. Nothing that `work` was changing is looked at afterwards.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
