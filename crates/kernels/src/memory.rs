//! What becomes of freed memory.

/// Makes this process keep the memory it frees for its next allocations, instead of handing large blocks back to the
/// system and having them cleared page by page when they are asked for again. True where that could be set: with the GNU
/// C library, which otherwise maps every block of 32 MiB or more anew; false, and nothing is changed, elsewhere.
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

#[cfg(test)]
mod tests {
    use super::keep_freed_memory;

    /// The bytes of blocks that have a mapping of their own.
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn mapped_bytes() -> usize {
        // SAFETY: takes nothing and returns a structure of integers.
        unsafe { libc::mallinfo2() }.hblkhd
    }

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn large_blocks_come_from_the_heap() {
        const LARGE: usize = 64 << 20;
        assert!(keep_freed_memory());
        let before = mapped_bytes();
        let block = std::hint::black_box(vec![1_u8; LARGE]);
        assert_eq!(mapped_bytes(), before, "a block of {} bytes was mapped", block.len());
    }

    #[test]
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    fn other_systems_say_that_nothing_was_set() {
        assert!(!keep_freed_memory());
    }
}
