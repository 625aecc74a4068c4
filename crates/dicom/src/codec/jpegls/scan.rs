//! The lines of a scan (T.87, annex A and C.2).

use super::bits::Bits;
use super::contexts::{Context, RunContext};
use super::parameters::Parameters;
use crate::error::Result;

/// Logarithms of run lengths (T.87, A.2.1).
const RUN_BITS: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Decodes `width` times `height` values.
pub(super) fn decode(data: &[u8], width: usize, height: usize, parameters: &Parameters) -> Result<Vec<u16>> {
    let mut scan = Scan {
        bits: Bits::of(data),
        parameters,
        regular: Box::new(Context::regular(parameters)),
        runs: [RunContext::new(0, parameters), RunContext::new(1, parameters)],
        run_index: 0,
    };
    // One value more on either side: neighbours beyond the edges.
    let mut above = vec![0_i64; width + 2];
    let mut line = above.clone();
    let mut values = Vec::with_capacity(width * height);
    for _ in 0..height {
        line[0] = above[1];
        above[width + 1] = above[width];
        scan.line(&above, &mut line)?;
        values.extend(line[1..=width].iter().map(|&value| value as u16));
        std::mem::swap(&mut above, &mut line);
    }
    Ok(values)
}

struct Scan<'a> {
    bits: Bits<'a>,
    parameters: &'a Parameters,
    regular: Box<[Context; 365]>,
    runs: [RunContext; 2],
    run_index: usize,
}

impl Scan<'_> {
    /// Decodes `line[1..]` but for its last place; `line[0]` is given.
    fn line(&mut self, above: &[i64], line: &mut [i64]) -> Result<()> {
        let width = line.len() - 2;
        let near = self.parameters.near;
        let mut x = 1;
        while x <= width {
            let (left, up, up_left, up_right) = (line[x - 1], above[x], above[x - 1], above[x + 1]);
            let gradients = [up_right - up, up - up_left, up_left - left];
            if gradients.iter().all(|gradient| gradient.abs() <= near) {
                x = self.run(above, line, x)?;
            } else {
                line[x] = self.regular(left, up, up_left, gradients)?;
                x += 1;
            }
        }
        Ok(())
    }

    fn regular(&mut self, left: i64, up: i64, up_left: i64, gradients: [i64; 3]) -> Result<i64> {
        let p = self.parameters;
        let merged = gradients.iter().fold(0, |sum, gradient| 9 * sum + self.quantised(*gradient));
        let sign = if merged < 0 { -1 } else { 1 };
        // At least one gradient is not 0, so the magnitude lies in 1..365.
        let context = &mut self.regular[merged.unsigned_abs() as usize];
        let median = if up_left >= left.max(up) {
            left.min(up)
        } else if up_left <= left.min(up) {
            left.max(up)
        } else {
            left + up - up_left
        };
        let predicted = (median + sign * context.bias).clamp(0, p.maximum);
        let k = context.golomb_k();
        let code = self.bits.golomb(k, p.limit, p.error_bits)?;
        let error = context.unmapped(code, k, p.near);
        context.update(error, p);
        Ok(self.reconstructed(predicted, sign * error))
    }

    /// A gradient in -4..=4.
    fn quantised(&self, gradient: i64) -> i64 {
        let [t1, t2, t3] = self.parameters.thresholds;
        let magnitude = gradient.abs();
        let level = i64::from(magnitude > self.parameters.near)
            + i64::from(magnitude >= t1)
            + i64::from(magnitude >= t2)
            + i64::from(magnitude >= t3);
        level * gradient.signum()
    }

    fn reconstructed(&self, predicted: i64, error: i64) -> i64 {
        let p = self.parameters;
        let step = 2 * p.near + 1;
        let value = predicted + error * step;
        let wrapped = if value < -p.near {
            value + p.range * step
        } else if value > p.maximum + p.near {
            value - p.range * step
        } else {
            value
        };
        wrapped.clamp(0, p.maximum)
    }

    /// Decodes a run that begins at `x`, with the value that ends it; gives the place after it.
    fn run(&mut self, above: &[i64], line: &mut [i64], mut x: usize) -> Result<usize> {
        let end = line.len() - 1;
        let repeated = line[x - 1];
        while self.bits.bit()? {
            let length = 1 << RUN_BITS[self.run_index];
            let filled = length.min(end - x);
            line[x..x + filled].fill(repeated);
            x += filled;
            if filled == length && self.run_index < RUN_BITS.len() - 1 {
                self.run_index += 1;
            }
            if x == end {
                return Ok(x);
            }
        }
        let length = self.bits.bits(RUN_BITS[self.run_index])? as usize;
        let filled = length.min(end - x);
        line[x..x + filled].fill(repeated);
        x += filled;
        if x < end {
            line[x] = self.run_end(line[x - 1], above[x])?;
            x += 1;
        }
        self.run_index = self.run_index.saturating_sub(1);
        Ok(x)
    }

    fn run_end(&mut self, left: i64, up: i64) -> Result<i64> {
        let p = self.parameters;
        let equal = (left - up).abs() <= p.near;
        let context = &mut self.runs[usize::from(equal)];
        let k = context.golomb_k();
        let limit = p.limit - RUN_BITS[self.run_index] - 1;
        let code = self.bits.golomb(k, limit, p.error_bits)?;
        let error = context.error(code, k, p);
        let (predicted, sign) = match equal {
            true => (left, 1),
            false if left > up => (up, -1),
            false => (up, 1),
        };
        Ok(self.reconstructed(predicted, sign * error))
    }
}
