//! Options that several subcommands have, each with one name, one help text and one meaning.

mod data;
mod device;
mod networks;

#[allow(unused_imports, reason = "for the subcommands that read data sets")]
pub(crate) use data::{DataOption, SubsetOption};
pub(crate) use device::DeviceOption;
pub(crate) use networks::{GateOption, NetworkOptions, ThresholdOption};
