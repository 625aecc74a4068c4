//! Procedural values shared with the reference figures.

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// `n` values in [0, 1), each a multiple of 2^-24: FNV-1a of the name seeds splitmix64.
pub(crate) fn uniform(name: &str, n: usize) -> Vec<f32> {
    let hash = name.bytes().fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
    (1..=n as u64)
        .map(|i| {
            let mut z = hash.wrapping_add(i.wrapping_mul(GAMMA));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^= z >> 31;
            (z >> 40) as f32 / (1_u32 << 24) as f32
        })
        .collect()
}
