//! The order in which an epoch visits the samples.

use rand::seq::SliceRandom;

use crate::random::{Purpose, stream};

/// A permutation of `0..len` that depends on `seed` and `epoch` alone.
///
/// ```
/// let first = pulmo_data::order(5, 7, 0);
/// assert_eq!(first, pulmo_data::order(5, 7, 0));
/// assert_eq!(first.len(), 5);
/// ```
#[must_use]
pub fn order(len: usize, seed: u64, epoch: u64) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..len).collect();
    positions.shuffle(&mut stream(Purpose::Order, seed, epoch, 0));
    positions
}
