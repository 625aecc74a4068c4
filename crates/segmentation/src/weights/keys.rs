//! Which of a state dict's tensors are trained, and which PyTorch keeps beside them.

/// What a batch normalisation observes instead of learning.
const STATISTICS: [&str; 2] = ["running_mean", "running_var"];

/// Whether a key is that of a trained parameter.
pub(super) fn is_trained(key: &str) -> bool {
    !is_counter(key) && !STATISTICS.iter().any(|name| key.ends_with(name))
}

/// The counter that PyTorch keeps beside the running statistics of each batch normalisation.
pub(super) const COUNTER: &str = "num_batches_tracked";

/// The key of the counter that belongs to a `running_var`.
pub(super) fn counter_key(key: &str) -> Option<String> {
    key.strip_suffix("running_var").map(|prefix| format!("{prefix}{COUNTER}"))
}

/// Whether a key is such a counter; it takes no part in evaluation or training here.
pub(super) fn is_counter(key: &str) -> bool {
    key.ends_with(COUNTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_stand_beside_the_running_variance() {
        assert_eq!(
            counter_key("encoder.bn1.running_var").as_deref(),
            Some("encoder.bn1.num_batches_tracked")
        );
        assert_eq!(counter_key("encoder.bn1.weight"), None);
    }

    #[test]
    fn statistics_and_counters_are_not_trained() {
        let trained =
            ["bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked"]
                .map(is_trained);
        assert_eq!(trained, [true, true, false, false, false]);
    }
}
