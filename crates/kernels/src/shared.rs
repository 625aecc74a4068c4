//! An output that several threads write, each its own rows.

use std::marker::PhantomData;

/// A mutable slice lent to several threads.
pub(crate) struct SharedOutput<'a> {
    start: *mut f32,
    len: usize,
    lent: PhantomData<&'a mut [f32]>,
}

// SAFETY: the only access is `row`, whose caller vouches that rows in use at the same time do not overlap.
unsafe impl Sync for SharedOutput<'_> {}

impl<'a> SharedOutput<'a> {
    pub(crate) fn new(output: &'a mut [f32]) -> Self {
        Self { start: output.as_mut_ptr(), len: output.len(), lent: PhantomData }
    }

    /// Elements `start..start + len`.
    ///
    /// # Safety
    /// No other reference to any of these elements may be in use at the same time.
    ///
    /// # Panics
    /// Where the range ends beyond the output: an error of this crate.
    #[expect(clippy::mut_from_ref, reason = "the caller vouches for exclusive use")]
    pub(crate) unsafe fn row(&self, start: usize, len: usize) -> &mut [f32] {
        assert!(start <= self.len && len <= self.len - start);
        // SAFETY: the range lies within the slice lent to `new`, and the caller vouches for exclusive use.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(start), len) }
    }
}
