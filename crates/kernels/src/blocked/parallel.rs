//! Sharing an operation's work between the threads of the current rayon pool.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Most threads that share an operation.
const MAX_WORKERS: usize = 64;

/// Calls `task` with every number below `tasks` once, on several threads if `parallel`.
///
/// Each thread begins with a part of its own, the same for every operation, so that what it wrote is in its cache when
/// the next operation reads it; then it helps the others. No allocation.
pub(crate) fn for_each(tasks: usize, parallel: bool, task: impl Fn(usize) + Sync) {
    let workers = if parallel { rayon::current_num_threads().min(tasks).min(MAX_WORKERS) } else { 1 };
    if workers <= 1 {
        (0..tasks).for_each(task);
        return;
    }
    let next: [AtomicUsize; MAX_WORKERS] =
        std::array::from_fn(|part| AtomicUsize::new(part * tasks / workers));
    let work = |worker: usize| {
        for part in (worker..workers).chain(0..worker) {
            let end = (part + 1) * tasks / workers;
            loop {
                let index = next[part].fetch_add(1, Ordering::Relaxed);
                if index >= end {
                    break;
                }
                task(index);
            }
        }
    };
    fan_out(0..workers, &work);
}

fn fan_out(workers: Range<usize>, work: &(dyn Fn(usize) + Sync)) {
    if workers.len() == 1 {
        work(workers.start);
    } else {
        let middle = workers.start + workers.len().div_ceil(2);
        rayon::join(|| fan_out(workers.start..middle, work), || fan_out(middle..workers.end, work));
    }
}

/// Element operations below which a second thread costs more than it saves.
const SMALL: usize = 32 << 10;
/// Pieces of work for each thread.
const TASKS_PER_THREAD: usize = 4;

/// Calls `task(image, block, rows)` so that every row of every block is covered once; `row_cost` is the number of
/// elements that a row takes.
pub(crate) fn for_each_rows(
    images: usize,
    blocks: usize,
    height: usize,
    row_cost: usize,
    task: impl Fn(usize, usize, Range<usize>) + Sync,
) {
    let planes = images * blocks;
    let parallel = planes * height * row_cost > SMALL;
    let wanted = if parallel { TASKS_PER_THREAD * rayon::current_num_threads() } else { 1 };
    let cuts = wanted.div_ceil(planes).clamp(1, height);
    for_each(planes * cuts, parallel, |index| {
        let (plane, cut) = (index / cuts, index % cuts);
        task(plane / blocks, plane % blocks, cut * height / cuts..(cut + 1) * height / cuts);
    });
}
