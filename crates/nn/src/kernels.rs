//! Where Pulmo's kernels run.

use burn::prelude::Device;

/// Whether `device` is one where Pulmo's own CPU kernels take part: Burn's flex backend, with or without gradients.
pub fn has_own_kernels(device: &Device) -> bool {
    #[cfg(feature = "flex")]
    return crate::conv::is_flex(device);
    #[cfg(not(feature = "flex"))]
    {
        let _ = device;
        false
    }
}
