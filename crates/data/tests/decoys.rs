//! Drawn pictures without a chest.
#![allow(clippy::unwrap_used)]

use pulmo_data::{SampleCache, decoys};

#[test]
fn decoys_repeat_by_seed_and_have_empty_masks() {
    let first = decoys(10, 32, 7).unwrap();
    assert_eq!(first.len(), 10);
    for (one, again) in first.iter().zip(decoys(10, 32, 7).unwrap()) {
        assert_eq!(one.xray(), again.xray(), "{}", one.id());
        assert_eq!(one.xray().len(), 32 * 32);
        assert!(one.lung().iter().chain(one.infection()).all(|&pixel| pixel == 0), "{}", one.id());
    }
    assert!(first.iter().zip(decoys(10, 32, 8).unwrap()).any(|(one, other)| one.xray() != other.xray()));
}

#[test]
fn decoys_of_no_size_are_refused() {
    assert!(decoys(1, 0, 0).is_err());
}

#[test]
fn a_cache_takes_further_samples_of_its_size_only() {
    let cache = || SampleCache::from_samples(decoys(2, 32, 0).unwrap()).unwrap();
    assert_eq!(cache().with(decoys(3, 32, 1).unwrap()).unwrap().len(), 5);
    assert!(cache().with(decoys(1, 64, 1).unwrap()).is_err());
}
