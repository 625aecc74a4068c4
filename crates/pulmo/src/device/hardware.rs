//! What stands behind a device.

use burn::tensor::Device;

/// The name of the hardware as its driver tells it, for example `llvmpipe (LLVM 15.0.6, 256 bits)`; `None` for the
/// flex backend, which is the CPU.
#[cfg(any(
    feature = "wgpu",
    feature = "vulkan",
    feature = "metal",
    feature = "cuda",
    feature = "rocm",
    feature = "cpu"
))]
pub fn hardware(device: &Device) -> Option<String> {
    device.identity().map(|identity| identity.name)
}

/// The name of the hardware as its driver tells it; `None`, since this build knows the CPU alone.
#[cfg(not(any(
    feature = "wgpu",
    feature = "vulkan",
    feature = "metal",
    feature = "cuda",
    feature = "rocm",
    feature = "cpu"
)))]
pub fn hardware(_device: &Device) -> Option<String> {
    None
}
