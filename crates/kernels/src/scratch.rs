//! Working memory that calls share, so that a training step does not map fresh pages for every layer.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

const LINE: usize = 16;
/// Buffers kept for later; more are freed.
const KEPT: usize = 24;

/// A cache line of numbers.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Line([f32; LINE]);

impl Line {
    pub(crate) const ZERO: Self = Self([0.0; LINE]);

    pub(crate) fn flatten(lines: &[Self]) -> &[f32] {
        // SAFETY: a `Line` is its array (size 64, align 64), so the lines are `LINE` numbers each without gaps.
        unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), lines.len() * LINE) }
    }

    pub(crate) fn flatten_mut(lines: &mut [Self]) -> &mut [f32] {
        // SAFETY: as for `flatten`, and the lines are borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * LINE) }
    }
}

static POOL: Mutex<Vec<Vec<Line>>> = Mutex::new(Vec::new());

thread_local! {
    static LOCAL: Cell<Vec<Line>> = const { Cell::new(Vec::new()) };
}

/// Calls `f` with `len` elements that stay with this thread, and so in its cache; they hold whatever was there before.
pub(crate) fn with_local<R>(len: usize, f: impl FnOnce(&mut [f32]) -> R) -> R {
    let mut lines = LOCAL.take();
    if lines.len() < len.div_ceil(LINE) {
        lines.clear();
        lines.resize(len.div_ceil(LINE), Line::ZERO);
    }
    let result = f(&mut Line::flatten_mut(&mut lines)[..len]);
    LOCAL.set(lines);
    result
}

/// A buffer of `f32` on a cache line's boundary, holding whatever was there before.
pub(crate) struct Scratch {
    lines: Vec<Line>,
    len: usize,
}

impl Scratch {
    /// A buffer of `len` elements: the smallest kept one that is large enough, or a new one.
    pub(crate) fn take(len: usize) -> Self {
        let needed = len.div_ceil(LINE);
        let kept = {
            let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
            let best = (0..pool.len()).filter(|&i| pool[i].len() >= needed).min_by_key(|&i| pool[i].len());
            best.or_else(|| (pool.len() >= KEPT).then_some(0)).map(|i| pool.swap_remove(i))
        };
        let mut lines = kept.unwrap_or_default();
        if lines.len() < needed {
            lines.clear();
            lines.resize(needed, Line::ZERO);
        }
        Self { lines, len }
    }
}

impl Scratch {
    /// The buffer as half as many `f64`.
    pub(crate) fn as_wide(&mut self) -> &mut [f64] {
        // SAFETY: `lines` holds at least `len` initialised f32, that is `len / 2` f64, on a boundary of 64 bytes; every
        // bit pattern is an f64; and `self` is borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len / 2) }
    }
}

impl Deref for Scratch {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &Line::flatten(&self.lines)[..self.len]
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut Line::flatten_mut(&mut self.lines)[..self.len]
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.len() < KEPT {
            pool.push(std::mem::take(&mut self.lines));
        }
    }
}
