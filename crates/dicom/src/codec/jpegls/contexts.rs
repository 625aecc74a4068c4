//! What is learnt of each context while a scan is decoded (T.87, A.6 and A.7).

use super::parameters::Parameters;

/// Regular contexts, of which the first is never used.
const REGULAR: usize = 365;
/// Bounds of the bias correction.
const BIAS: std::ops::RangeInclusive<i64> = -128..=127;

#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// Sum of the errors' magnitudes.
    magnitude: i64,
    /// Sum of the errors.
    sum: i64,
    /// What predictions are corrected by.
    pub(super) bias: i64,
    count: i64,
}

impl Context {
    pub(super) fn regular(parameters: &Parameters) -> [Self; REGULAR] {
        let magnitude = initial_magnitude(parameters);
        [Self { magnitude, sum: 0, bias: 0, count: 1 }; REGULAR]
    }

    pub(super) fn golomb_k(&self) -> u32 {
        golomb_k(self.count, self.magnitude)
    }

    /// The error that a code stands for.
    pub(super) fn unmapped(&self, code: i64, k: u32, near: i64) -> i64 {
        let error = if code & 1 == 0 { code >> 1 } else { -((code + 1) >> 1) };
        // Signs are exchanged where errors lean to the negative.
        if near == 0 && k == 0 && 2 * self.sum <= -self.count { -(error + 1) } else { error }
    }

    pub(super) fn update(&mut self, error: i64, parameters: &Parameters) {
        self.sum += error * (2 * parameters.near + 1);
        self.magnitude += error.abs();
        if self.count == parameters.reset {
            self.magnitude >>= 1;
            // Rounds down, as -((1 - sum) >> 1) does.
            self.sum >>= 1;
            self.count >>= 1;
        }
        self.count += 1;
        if self.sum <= -self.count {
            self.sum = (self.sum + self.count).max(1 - self.count);
            self.bias = (self.bias - 1).max(*BIAS.start());
        } else if self.sum > 0 {
            self.sum = (self.sum - self.count).min(0);
            self.bias = (self.bias + 1).min(*BIAS.end());
        }
    }
}

/// The context of a run's end; there is one for equal and one for unequal neighbours.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunContext {
    magnitude: i64,
    count: i64,
    negative: i64,
    /// 1 for equal neighbours, else 0.
    kind: i64,
}

impl RunContext {
    pub(super) fn new(kind: i64, parameters: &Parameters) -> Self {
        Self { magnitude: initial_magnitude(parameters), count: 1, negative: 0, kind }
    }

    pub(super) fn golomb_k(&self) -> u32 {
        golomb_k(self.count, self.magnitude + self.kind * (self.count >> 1))
    }

    /// The error that a code stands for; learns from it.
    pub(super) fn error(&mut self, code: i64, k: u32, parameters: &Parameters) -> i64 {
        let doubled = code + self.kind;
        let magnitude = (doubled + 1) >> 1;
        let odd = doubled & 1 == 1;
        let error = if (k != 0 || 2 * self.negative >= self.count) == odd { -magnitude } else { magnitude };
        if error < 0 {
            self.negative += 1;
        }
        self.magnitude += (code + 1 - self.kind) >> 1;
        if self.count == parameters.reset {
            self.magnitude >>= 1;
            self.count >>= 1;
            self.negative >>= 1;
        }
        self.count += 1;
        error
    }
}

fn initial_magnitude(parameters: &Parameters) -> i64 {
    ((parameters.range + 32) >> 6).max(2)
}

/// The smallest k for which `count` times 2^k reaches `magnitude`.
fn golomb_k(count: i64, magnitude: i64) -> u32 {
    const LARGEST: u32 = 32;
    (0..LARGEST).find(|k| count << k >= magnitude).unwrap_or(LARGEST)
}
