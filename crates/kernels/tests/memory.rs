//! Freed memory is kept. A program of its own, since it acts on the whole process.

#![allow(clippy::expect_used)]

use pulmo_kernels::keep_freed_memory;

/// The bytes of blocks that have a mapping of their own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn mapped_bytes() -> usize {
    // SAFETY: takes nothing and returns a structure of integers. Its successor `mallinfo2` is missing before glibc 2.33.
    let bytes = unsafe { libc::mallinfo() }.hblkhd;
    usize::try_from(bytes).expect("far less than 2 GiB are mapped")
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn large_blocks_come_from_the_heap() {
    const LARGE: usize = 40 << 20;
    let mapped_for_a_block = || {
        let before = mapped_bytes();
        let _block = std::hint::black_box(vec![1_u8; LARGE]);
        mapped_bytes() - before
    };
    assert!(mapped_for_a_block() >= LARGE, "large blocks are mapped by default");
    assert!(keep_freed_memory());
    assert_eq!(mapped_for_a_block(), 0);
}

#[test]
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn other_systems_say_that_nothing_was_set() {
    assert!(!keep_freed_memory());
}
