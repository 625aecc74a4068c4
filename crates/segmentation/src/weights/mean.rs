//! The mean of several state dicts.

use super::StateDict;
use crate::{Error, Result};

/// The mean of every tensor over `dicts`, running statistics included: a "model soup" (Wortsman et al., ICML 2022).
///
/// It is a network only where the dicts are of one training, or were trained from the same weights; it costs no more to
/// run than one of them.
///
/// # Errors
/// [`Error::Unequal`] where a tensor is missing in one of them or of another shape, and without any dict.
pub fn mean(dicts: &[StateDict]) -> Result<StateDict> {
    let unequal = |key: &str| Error::Unequal { key: key.to_owned() };
    let first = dicts.first().ok_or_else(|| unequal("none"))?;
    let missing = |dict: &StateDict| dict.keys().find(|key| first.get(key).is_none()).map(unequal);
    if let Some(error) = dicts.iter().find_map(missing) {
        return Err(error);
    }
    let number = dicts.len() as f64;
    let mut means = StateDict::default();
    for (key, tensor) in first.iter() {
        let mut sums = vec![0.0_f64; tensor.values.len()];
        for dict in dicts {
            let (shape, values) = dict.get(key).ok_or_else(|| unequal(key))?;
            if shape != tensor.shape {
                return Err(unequal(key));
            }
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let values = sums.into_iter().map(|sum| (sum / number) as f32).collect();
        means.insert(key, &tensor.shape, values)?;
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn dict(tensors: &[(&str, &[usize], &[f32])]) -> StateDict {
        let mut dict = StateDict::default();
        tensors.iter().for_each(|(key, shape, values)| dict.insert(*key, shape, values.to_vec()).unwrap());
        dict
    }

    #[test]
    fn every_value_is_the_mean() {
        let a = dict(&[("a", &[2], &[1.0, -4.0]), ("b", &[1, 1], &[3.0])]);
        let b = dict(&[("a", &[2], &[2.0, 4.0]), ("b", &[1, 1], &[3.0])]);
        let c = dict(&[("a", &[2], &[6.0, 0.0]), ("b", &[1, 1], &[0.0])]);
        assert_eq!(mean(&[a, b, c]).unwrap(), dict(&[("a", &[2], &[3.0, 0.0]), ("b", &[1, 1], &[2.0])]));
    }

    #[test]
    fn dicts_of_different_networks_are_refused() {
        let a = || dict(&[("a", &[2], &[1.0, 2.0])]);
        for other in [
            dict(&[("a", &[1, 2], &[1.0, 2.0])]),
            dict(&[("b", &[2], &[1.0, 2.0])]),
            dict(&[("a", &[2], &[1.0, 2.0]), ("b", &[1], &[1.0])]),
            StateDict::default(),
        ] {
            for pair in [[a(), other.clone()], [other, a()]] {
                assert!(matches!(mean(&pair), Err(Error::Unequal { .. })), "{pair:?}");
            }
        }
        assert!(mean(&[]).is_err());
    }
}
