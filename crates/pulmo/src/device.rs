//! Devices by name, for programs that let their users choose.

use std::fmt;
use std::str::FromStr;

use burn::tensor::Device;

/// A device that this build of Pulmo can be asked for, by its name on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceName {
    /// Burn's CPU backend in pure Rust, with Pulmo's convolution kernels.
    #[cfg(feature = "flex")]
    Flex,
    /// A GPU through WebGPU.
    #[cfg(feature = "wgpu")]
    Wgpu,
    /// A GPU through Vulkan.
    #[cfg(feature = "vulkan")]
    Vulkan,
    /// An NVIDIA GPU.
    #[cfg(feature = "cuda")]
    Cuda,
}

/// Why there is no such device.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The name is none of Pulmo's, or its backend was not built in.
    #[error(
        "device '{name}' is not in this build, which has {known}; build with --features <device> for another"
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

impl DeviceName {
    /// The devices of this build; the first is the default.
    pub const ALL: &[Self] = &[
        #[cfg(feature = "flex")]
        Self::Flex,
        #[cfg(feature = "wgpu")]
        Self::Wgpu,
        #[cfg(feature = "vulkan")]
        Self::Vulkan,
        #[cfg(feature = "cuda")]
        Self::Cuda,
    ];

    /// The name on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => "flex",
            #[cfg(feature = "wgpu")]
            Self::Wgpu => "wgpu",
            #[cfg(feature = "vulkan")]
            Self::Vulkan => "vulkan",
            #[cfg(feature = "cuda")]
            Self::Cuda => "cuda",
        }
    }

    /// The device, without gradients.
    pub fn device(self) -> Device {
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => Device::flex(),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Device::wgpu(Default::default()),
            #[cfg(feature = "vulkan")]
            Self::Vulkan => Device::vulkan(Default::default()),
            #[cfg(feature = "cuda")]
            Self::Cuda => Device::cuda(0usize),
        }
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeviceName {
    type Err = DeviceError;

    fn from_str(name: &str) -> Result<Self, DeviceError> {
        Self::ALL.iter().copied().find(|device| device.as_str() == name).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|device| device.as_str()).collect();
            DeviceError::Unknown { name: name.to_owned(), known: known.join(", ") }
        })
    }
}
