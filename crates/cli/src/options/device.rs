use clap::Args;
use pulmo::prelude::*;

#[derive(Debug, Clone, Args)]
pub(crate) struct DeviceOption {
    /// Where to compute: flex, which is the CPU, or another backend of this build, such as wgpu or cuda:1
    #[arg(long, default_value_t)]
    pub(crate) device: DeviceName,
}

impl DeviceOption {
    /// Makes the device ready.
    pub(crate) fn open(&self) -> pulmo::device::Result<Device> {
        self.device.open()
    }
}
