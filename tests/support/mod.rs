//! The reference figures of PyTorch and segmentation_models.pytorch in `tests/data/oracle`, and the weights and
//! inputs that they were made with: procedural, so that no checkpoint is needed.

#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod oracle;
pub(crate) use pulmo::jobs::reference;
