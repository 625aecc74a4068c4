//! The backends of Burn that Pulmo forwards to.

use std::fmt;
use std::str::FromStr;

use super::{Error, Result};

/// A backend of Burn, whether or not it is in this build; its name is also that of the Cargo feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Burn's CPU backend in pure Rust, with Pulmo's convolution kernels.
    Flex,
    /// A GPU through whichever of Vulkan, Metal, Direct3D 12 and OpenGL the machine has.
    Wgpu,
    /// A GPU through Vulkan.
    Vulkan,
    /// A GPU of an Apple machine.
    Metal,
    /// An NVIDIA GPU.
    Cuda,
    /// An AMD GPU.
    Rocm,
    /// CubeCL's CPU backend, which compiles its kernels with LLVM.
    Cpu,
    /// A device of another machine, which a server there lends.
    Remote,
}

impl Backend {
    /// Every backend that Pulmo forwards to.
    pub const ALL: &[Self] =
        &[Self::Flex, Self::Wgpu, Self::Vulkan, Self::Metal, Self::Cuda, Self::Rocm, Self::Cpu, Self::Remote];

    /// The backends of this build; the first is the default.
    pub fn compiled_in() -> &'static [Self] {
        &[
            #[cfg(feature = "flex")]
            Self::Flex,
            #[cfg(feature = "wgpu")]
            Self::Wgpu,
            #[cfg(feature = "vulkan")]
            Self::Vulkan,
            #[cfg(feature = "metal")]
            Self::Metal,
            #[cfg(feature = "cuda")]
            Self::Cuda,
            #[cfg(feature = "rocm")]
            Self::Rocm,
            #[cfg(feature = "cpu")]
            Self::Cpu,
            #[cfg(feature = "remote")]
            Self::Remote,
        ]
    }

    /// Whether this build has it.
    pub fn is_compiled_in(self) -> bool {
        Self::compiled_in().contains(&self)
    }

    /// The name on a command line, and of the Cargo feature.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flex => "flex",
            Self::Wgpu => "wgpu",
            Self::Vulkan => "vulkan",
            Self::Metal => "metal",
            Self::Cuda => "cuda",
            Self::Rocm => "rocm",
            Self::Cpu => "cpu",
            Self::Remote => "remote",
        }
    }

    /// Whether a machine can have several of its devices.
    pub(crate) fn is_indexed(self) -> bool {
        !matches!(self, Self::Flex | Self::Cpu | Self::Remote)
    }

    /// What a machine needs for it.
    pub(crate) fn needs(self) -> &'static str {
        match self {
            Self::Flex | Self::Cpu => "it needs a CPU",
            Self::Wgpu => {
                "it needs a driver for Vulkan, Metal, Direct3D 12 or OpenGL \
                 (Debian's mesa-vulkan-drivers has one in software)"
            }
            Self::Vulkan => "it needs a Vulkan driver (Debian's mesa-vulkan-drivers has one in software)",
            Self::Metal => "it needs an Apple machine with Metal",
            Self::Cuda => "it needs an NVIDIA GPU and its driver's libcuda (nvcuda.dll on Windows)",
            Self::Rocm => "it needs an AMD GPU and ROCm's libamdhip64",
            Self::Remote => "it needs a server's address, such as remote:gpu-machine:3000",
        }
    }

    /// Names with commas between them.
    pub(crate) fn names(backends: &[Self]) -> String {
        if backends.is_empty() {
            return "none".to_owned();
        }
        let names: Vec<&str> = backends.iter().map(|backend| backend.as_str()).collect();
        names.join(", ")
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Backend {
    type Err = Error;

    /// # Errors
    /// [`Error::UnknownBackend`]; a backend that this build lacks is not an error here.
    fn from_str(name: &str) -> Result<Self> {
        let known = Self::ALL.iter().copied().find(|backend| backend.as_str() == name);
        known.ok_or_else(|| Error::UnknownBackend { name: name.to_owned() })
    }
}
