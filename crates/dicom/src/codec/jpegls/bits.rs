//! Bits of a scan, with the zero bit that follows each byte of ones left out (T.87, A.1).

use crate::error::{Error, Result};

const ENDED: Error = Error::Truncated { place: "the JPEG-LS pixels" };

pub(super) struct Bits<'a> {
    rest: &'a [u8],
    /// Bits not yet given, in the low [`held`](Self::held).
    buffer: u64,
    held: u32,
    /// Whether the last byte was 255.
    after_ones: bool,
}

impl<'a> Bits<'a> {
    pub(super) fn of(scan: &'a [u8]) -> Self {
        Self { rest: scan, buffer: 0, held: 0, after_ones: false }
    }

    fn fill(&mut self) -> Result<()> {
        let (&byte, rest) = self.rest.split_first().ok_or(ENDED)?;
        if self.after_ones && byte > 0x7F {
            // A marker.
            return Err(ENDED);
        }
        let width = if self.after_ones { 7 } else { 8 };
        self.buffer = self.buffer << width | u64::from(byte);
        self.held += width;
        self.after_ones = byte == u8::MAX;
        self.rest = rest;
        Ok(())
    }

    pub(super) fn bit(&mut self) -> Result<bool> {
        Ok(self.bits(1)? == 1)
    }

    /// The next `count` bits, at most 32, as a number.
    pub(super) fn bits(&mut self, count: u32) -> Result<i64> {
        while self.held < count {
            self.fill()?;
        }
        self.held -= count;
        let value = self.buffer >> self.held & ((1 << count) - 1);
        Ok(value as i64)
    }

    /// A number in limited-length Golomb code (T.87, A.5.3): at most `limit` bits, `escape` of them for a number that
    /// does not fit otherwise.
    pub(super) fn golomb(&mut self, k: u32, limit: u32, escape: u32) -> Result<i64> {
        let longest = limit.saturating_sub(escape + 1);
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > longest {
                return Err(Error::codec(super::CODEC, "a code is too long"));
            }
        }
        if zeros < longest { Ok(i64::from(zeros) << k | self.bits(k)?) } else { Ok(self.bits(escape)? + 1) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Bits;

    #[test]
    fn the_bit_after_eight_ones_is_left_out() {
        let mut bits = Bits::of(&[0xFF, 0x7F, 0x80]);
        assert_eq!(bits.bits(15).unwrap(), 0x7FFF);
        assert!(bits.bit().unwrap());
    }

    #[test]
    fn a_marker_ends_the_bits() {
        let mut bits = Bits::of(&[0xFF, 0xD9]);
        assert_eq!(bits.bits(8).unwrap(), 0xFF);
        assert!(bits.bit().is_err());
    }

    #[test]
    fn golomb_codes() {
        // 3 = 0b1, remainder 1 with k = 1: one zero, a one, then 1.
        assert_eq!(Bits::of(&[0b0110_0000]).golomb(1, 32, 8).unwrap(), 3);
        // 23 zeros mean that the number less one follows in 8 bits.
        assert_eq!(Bits::of(&[0, 0, 0b0000_0001, 41]).golomb(0, 32, 8).unwrap(), 42);
    }
}
