//! Options that several subcommands have, each with one name, one help text and one meaning.

mod data;
mod device;
mod networks;
mod weights;

pub(crate) use data::{DataOption, SubsetOption};
pub(crate) use device::DeviceOption;
pub(crate) use networks::{GateOption, NetworkOptions, ThresholdOption, open_pipeline};
pub(crate) use weights::WeightFileOptions;
