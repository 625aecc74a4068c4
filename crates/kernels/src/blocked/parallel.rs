//! Sharing an operation's work between the threads of the current rayon pool.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Calls `task` with every number below `tasks` once, on several threads if `parallel`.
///
/// Threads draw the next number when they are free. No allocation.
pub(crate) fn for_each(tasks: usize, parallel: bool, task: impl Fn(usize) + Sync) {
    let workers = if parallel { rayon::current_num_threads().min(tasks) } else { 1 };
    if workers <= 1 {
        (0..tasks).for_each(task);
        return;
    }
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= tasks {
                break;
            }
            task(index);
        }
    };
    fan_out(workers, &work);
}

fn fan_out(workers: usize, work: &(dyn Fn() + Sync)) {
    if workers <= 1 {
        work();
    } else {
        rayon::join(|| fan_out(workers - workers / 2, work), || fan_out(workers / 2, work));
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
    task: impl Fn(usize, usize, std::ops::Range<usize>) + Sync,
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
