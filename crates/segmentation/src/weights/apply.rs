//! From a state dict into a network.

use std::collections::BTreeSet;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};
use pulmo_nn::keys::{Keyed, Keys};

use super::keys::is_counter;
use super::{LoadReport, ShapeMismatch, StateDict};
use crate::{Error, Result};

/// What a load demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// Every tensor of the network is in the file and the other way round, with equal shapes.
    #[default]
    Strict,
    /// What fits is taken; the report says what did not.
    Partial,
}

/// Loads `dict` into `module`, by the keys that the module declares, which are SMP's. PyTorch's batch counters are accepted and left out.
///
/// # Errors
/// [`Error::Mismatch`] with the whole report where `strictness` is not met, [`Error::Unnamed`] where the module does not
/// name one of its tensors; the module is dropped then.
pub fn load<M: Module + Keyed>(
    module: M,
    dict: &StateDict,
    strictness: Strictness,
) -> Result<(M, LoadReport)> {
    let mut applier = Applier { dict, keys: Keys::of(&module), report: LoadReport::default(), unnamed: None };
    let module = module.map(&mut applier);
    if let Some(shape) = applier.unnamed {
        return Err(Error::Unnamed { shape });
    }
    let mut report = applier.report;
    let known: BTreeSet<&str> = report
        .applied
        .iter()
        .map(String::as_str)
        .chain(report.mismatched.iter().map(|mismatch| mismatch.key.as_str()))
        .collect();
    report.unused =
        dict.keys().filter(|key| !known.contains(key) && !is_counter(key)).map(str::to_owned).collect();
    match strictness {
        Strictness::Strict if !report.is_complete() => Err(Error::Mismatch(Box::new(report))),
        _ => Ok((module, report)),
    }
}

struct Applier<'a> {
    dict: &'a StateDict,
    keys: Keys,
    report: LoadReport,
    /// The shape of a tensor without a name.
    unnamed: Option<Vec<usize>>,
}

impl ModuleMapper for Applier<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let expected = param.lazy_shape().to_vec();
        let Some(key) = self.keys.get(param.id).map(str::to_owned) else {
            self.unnamed = Some(expected);
            return param;
        };
        match self.dict.get(&key) {
            None => {
                self.report.missing.push(key);
                param
            }
            Some((found, _)) if found != expected => {
                self.report.mismatched.push(ShapeMismatch { key, expected, found: found.to_vec() });
                param
            }
            Some((shape, values)) => {
                self.report.applied.push(key);
                let data = TensorData::new(values.to_vec(), shape.to_vec());
                let (id, device) = (param.id, param.lazy_device());
                // Spares drawing a value that would be replaced at once.
                param.transform_for_load(Tensor::from_data(data, &device), id)
            }
        }
    }
}
