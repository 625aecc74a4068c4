//! Random streams that depend on nothing but their keys, and the order of an epoch.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// What a stream is used for, so that equal seeds never give two uses the same numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Augment = 1,
    Order = 2,
    Subset = 3,
    Folds = 4,
    HeldOut = 5,
    Decoy = 6,
}

const WORD: usize = 8;

/// A stream keyed by purpose, seed and two further numbers; no state is shared between streams.
pub(crate) fn stream(purpose: Purpose, seed: u64, epoch: u64, index: u64) -> ChaCha8Rng {
    let mut key = [0_u8; 4 * WORD];
    for (slot, word) in key.chunks_exact_mut(WORD).zip([purpose as u64, seed, epoch, index]) {
        slot.copy_from_slice(&word.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key)
}

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
