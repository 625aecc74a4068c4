//! What becomes of freed memory.

/// Makes this process keep the memory it frees for its next allocations, instead of handing large blocks back to the
/// system and having them cleared page by page when they are asked for again. True where that could be set: with the GNU
/// C library, which otherwise maps every block of 32 MiB or more anew; false, and nothing is changed, elsewhere.
///
/// Blocks of 64 MiB or more that a thread other than the main one asks for do not fit the heaps of that library and are
/// mapped as before.
///
/// For programs that train: the tensors of each step are as large as those of the one before. It acts on the whole
/// process and cannot be taken back, so that it is for programs to call, at their start, and no crate of Pulmo does. Rust
/// programs with another global allocator than the system's are not touched by it.
pub fn keep_freed_memory() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// As `mallopt` reports success.
        const DONE: libc::c_int = 1;
        /// No block gets a mapping of its own.
        const NO_MAPPINGS: libc::c_int = 0;
        /// The heap's end is never handed back.
        const NEVER: libc::c_int = -1;
        // SAFETY: `mallopt` takes two integers, reads no memory of ours and may be called at any time from any thread:
        // it locks the arena that it changes. Blocks that were mapped before are still unmapped when they are freed.
        unsafe {
            libc::mallopt(libc::M_MMAP_MAX, NO_MAPPINGS) == DONE
                && libc::mallopt(libc::M_TRIM_THRESHOLD, NEVER) == DONE
        }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    false
}
