//! A second look, at the mirror image.

/// Whether a network also sees the X-ray mirrored left to right, and its two answers are averaged. Ours; it doubles a
/// network's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TestTimeFlip {
    /// One look.
    #[default]
    Off,
    /// Two looks, at the X-ray and at its mirror image. Heart and lungs change sides in it, so networks profit that
    /// were trained with flips.
    Horizontal,
}

/// Row-major `values` with every row of `width` turned round.
pub(crate) fn mirrored(values: &[f32], width: usize) -> Vec<f32> {
    values.chunks(width).flat_map(|row| row.iter().rev().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::mirrored;

    #[test]
    fn rows_are_turned_round_one_by_one() {
        assert_eq!(mirrored(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    }
}
