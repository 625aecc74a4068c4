//! The cut between two lungs that touch.

use crate::components::BoundingBox;
use crate::mask::Mask;

/// What one lung pixel on the seam costs, so that it outweighs any number of
/// steps off the middle.
const LUNG_PIXEL_COST: u64 = 1 << 32;

/// The column per row, within `bounds`' rows, of the vertical seam that crosses
/// the fewest set pixels, staying in the middle third of `bounds` and near its
/// middle where it can. Neighbouring rows differ by at most one column.
pub(super) fn vertical_seam(mask: &Mask, bounds: BoundingBox) -> Vec<u32> {
    let third = bounds.width() / 3;
    let first = bounds.x_min + third.max(1);
    let last = first.max(bounds.x_max - third);
    let middle = bounds.x_min + bounds.width() / 2;
    let columns = (last - first + 1) as usize;
    let pixel_cost = |column: usize, y: u32| {
        let x = first + column as u32;
        let lung = if mask.get(x, y) { LUNG_PIXEL_COST } else { 0 };
        lung + u64::from(x.abs_diff(middle))
    };

    let mut cost: Vec<u64> = (0..columns).map(|c| pixel_cost(c, bounds.y_min)).collect();
    let mut came_from: Vec<Vec<usize>> = Vec::with_capacity(bounds.height() as usize);
    for y in bounds.y_min + 1..=bounds.y_max {
        let from: Vec<usize> = (0..columns).map(|c| cheapest_near(&cost, c)).collect();
        cost = (0..columns).map(|c| cost[from[c]] + pixel_cost(c, y)).collect();
        came_from.push(from);
    }

    let mut column = (0..columns).min_by_key(|&c| cost[c]).unwrap_or(0);
    let mut seam = vec![first + column as u32];
    for from in came_from.iter().rev() {
        column = from[column];
        seam.push(first + column as u32);
    }
    seam.reverse();
    seam
}

/// The cheapest of a column and its two neighbours, the column itself first.
fn cheapest_near(cost: &[u64], column: usize) -> usize {
    let low = column.saturating_sub(1);
    let high = (column + 1).min(cost.len() - 1);
    (low..=high).min_by_key(|&c| (cost[c], c.abs_diff(column))).unwrap_or(column)
}
