//! What every method runs on, and how its work is shared out.

use super::Prologue;
use super::geometry::{Geometry, Source};
use crate::Isa;
use crate::blocked::activation::Activation;
use crate::blocked::map::{Map, MapMut};

/// What a run works on. The maps have been checked.
pub(super) struct Run<'a> {
    pub(super) isa: Isa,
    pub(super) geometry: &'a Geometry,
    pub(super) bias: &'a [f32],
    pub(super) prologue: Option<&'a Prologue>,
    pub(super) activation: Activation,
    pub(super) sources: &'a [Source<'a>],
    pub(super) residual: Option<Map<'a>>,
    pub(super) output: &'a MapMut<'a>,
}

/// Multiply-adds below which a second thread costs more than it saves.
const SMALL: usize = 1 << 19;
/// Multiply-adds worth a task of their own.
const TASK: usize = 4 << 20;
/// Pieces of work for each thread, at most.
const TASKS_PER_THREAD: usize = 6;

/// How units of output (rows or tiles) and groups of output blocks are cut into tasks.
pub(super) struct Plan {
    pub(super) regions: usize,
    pub(super) splits: usize,
    pub(super) parallel: bool,
}

/// As little traffic as caches and threads allow: a region reads all its weights, a split all its input.
///
/// `weights` and `input` are these costs; `most_units` is the largest region for a number of splits.
pub(super) fn plan(
    groups: usize,
    units: usize,
    macs: usize,
    weights: usize,
    input: usize,
    most_units: impl Fn(usize) -> usize,
) -> Plan {
    let threads = rayon::current_num_threads();
    let parallel = macs > SMALL;
    let tasks = if parallel { (macs / TASK).clamp(threads, threads * TASKS_PER_THREAD) } else { 1 };
    let mut best = (usize::MAX, Plan { regions: 1, splits: 1, parallel });
    for splits in 1..=groups {
        let needed = units.div_ceil(most_units(splits).max(1)).max(tasks.div_ceil(splits)).min(units);
        // Equal shares for the threads, where there are units enough.
        let equal = (needed..needed + threads).find(|regions| (regions * splits).is_multiple_of(threads));
        let regions = equal.unwrap_or(needed).min(units);
        let idle = if regions * splits < tasks { usize::MAX / 2 } else { 0 };
        let cost =
            regions.saturating_mul(weights).saturating_add(splits.saturating_mul(input)).saturating_add(idle);
        if cost < best.0 {
            best = (cost, Plan { regions, splits, parallel });
        }
    }
    best.1
}
