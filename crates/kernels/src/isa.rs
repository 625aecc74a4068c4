//! The instruction sets the kernels are written for.

use std::sync::OnceLock;

use crate::simd::Kernels;
use crate::{Error, Result};

/// An instruction set that the kernels can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Isa {
    /// Plain Rust that the compiler vectorises for its target's baseline. On every machine.
    Portable,
    /// NEON of AArch64: 4 lanes, 32 registers. For blocked maps; the planar kernels use portable code.
    Neon,
    /// x86-64 with AVX2 and FMA: 8 lanes, 16 registers.
    Avx2,
    /// x86-64 with AVX-512F and VL: 16 lanes, 32 registers.
    Avx512,
}

impl Isa {
    /// The best instruction set of this machine, found once.
    #[must_use]
    pub fn detect() -> Self {
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(|| Self::available().last().copied().unwrap_or(Self::Portable))
    }

    /// Every instruction set of this machine, slowest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        [Self::Portable, Self::Neon, Self::Avx2, Self::Avx512]
            .into_iter()
            .filter(|isa| isa.is_available())
            .collect()
    }

    /// Whether this machine has the instruction set.
    #[must_use]
    pub fn is_available(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            match self {
                Self::Portable => true,
                Self::Neon => false,
                Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
                Self::Avx512 => is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl"),
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            self == Self::Portable || (cfg!(target_arch = "aarch64") && self == Self::Neon)
        }
    }

    /// A name for messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable instructions",
            Self::Neon => "NEON",
            Self::Avx2 => "AVX2 with FMA",
            Self::Avx512 => "AVX-512 (F and VL)",
        }
    }

    /// Refuses an instruction set that this machine lacks.
    pub(crate) fn check(self) -> Result<()> {
        if self.is_available() { Ok(()) } else { Err(Error::UnavailableIsa { isa: self.name() }) }
    }

    pub(crate) fn kernels(self) -> Result<&'static Kernels> {
        self.check()?;
        Ok(Kernels::of(self))
    }
}
