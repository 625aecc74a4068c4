//! Draws that keep each class's share.

use rand::seq::SliceRandom;

use crate::case::{Case, Class};
use crate::error::{Error, Result};
use crate::random::{Purpose, stream};

/// Sorted positions of `n` of the cases, each class with its share.
pub(crate) fn draw(purpose: Purpose, cases: &[Case], n: usize, seed: u64) -> Result<Vec<usize>> {
    if n > cases.len() {
        return Err(Error::SubsetTooLarge { asked: n, available: cases.len() });
    }
    let strata = Class::ALL.map(|class| positions_of(cases, class));
    let shares = largest_remainder(&strata.each_ref().map(Vec::len), n);
    let mut drawn = Vec::with_capacity(n);
    for (class, (mut stratum, share)) in (0_u64..).zip(strata.into_iter().zip(shares)) {
        stratum.shuffle(&mut stream(purpose, seed, class, 0));
        drawn.extend(stratum.into_iter().take(share));
    }
    drawn.sort_unstable();
    Ok(drawn)
}

fn positions_of(cases: &[Case], class: Class) -> Vec<usize> {
    let all = cases.iter().enumerate();
    all.filter(|(_, case)| case.class() == class).map(|(position, _)| position).collect()
}

/// `n`, at most the sum of `sizes`, divided in proportion to `sizes` by largest remainder; ties go to the earlier one.
///
/// ```
/// assert_eq!(pulmo_data::largest_remainder(&[5, 3, 2], 4), [2, 1, 1]);
/// ```
#[must_use]
pub fn largest_remainder(sizes: &[usize], n: usize) -> Vec<usize> {
    let total: usize = sizes.iter().sum();
    if total == 0 {
        return vec![0; sizes.len()];
    }
    let n = n.min(total);
    let mut shares: Vec<usize> = sizes.iter().map(|size| size * n / total).collect();
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|&place| std::cmp::Reverse(sizes[place] * n % total));
    let missing = n - shares.iter().sum::<usize>();
    for &place in by_remainder.iter().take(missing) {
        shares[place] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn shares_sum_to_n_within_one_of_the_exact_proportion(a in 0_usize..50, b in 0_usize..50, c in 0_usize..50, part in 0.0_f64..=1.0) {
            let sizes = [a, b, c];
            let total: usize = sizes.iter().sum();
            let n = (total as f64 * part) as usize;
            let shares = largest_remainder(&sizes, n);
            proptest::prop_assert_eq!(shares.iter().sum::<usize>(), n);
            for (share, size) in shares.into_iter().zip(sizes) {
                proptest::prop_assert!(share <= size);
                let exact = if total == 0 { 0.0 } else { size as f64 * n as f64 / total as f64 };
                proptest::prop_assert!((share as f64 - exact).abs() < 1.0);
            }
        }
    }
}
