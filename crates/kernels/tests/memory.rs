//! Freed memory is kept. A program of its own, since it acts on the whole process.

use pulmo_kernels::keep_freed_memory;

/// The bytes of blocks that have a mapping of their own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn mapped_bytes() -> usize {
    // SAFETY: takes nothing and returns a structure of integers.
    unsafe { libc::mallinfo2() }.hblkhd
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn large_blocks_come_from_the_heap() {
    const LARGE: usize = 40 << 20;
    let block = || std::hint::black_box(vec![1_u8; LARGE]);
    let mapped = |block: &dyn Fn() -> Vec<u8>| {
        let before = mapped_bytes();
        let _block = block();
        mapped_bytes() - before
    };
    assert!(mapped(&block) >= LARGE, "large blocks are mapped by default");
    assert!(keep_freed_memory());
    assert_eq!(mapped(&block), 0);
}

#[test]
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn other_systems_say_that_nothing_was_set() {
    assert!(!keep_freed_memory());
}
