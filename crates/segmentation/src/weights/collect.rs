//! From a network to its state dict.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;

use super::StateDict;
use super::keys::{KeyPath, counter_key, is_trained};
use crate::{Error, Result};

/// Every tensor of `module` under its SMP key, with PyTorch's batch counters, ready for a strict load there.
///
/// Of a module in training, the running statistics are those behind its last step.
///
/// # Errors
/// [`Error::Device`] where a tensor cannot be read, [`Error::NotFinite`] where one has NaN.
pub fn collect<M: Module>(module: &M) -> Result<StateDict> {
    let mut collector = Collector { path: KeyPath::default(), result: Ok(StateDict::default()) };
    // In training, Burn keeps the latest running statistics apart until the module is taken out of it.
    module.valid().visit(&mut collector);
    collector.result
}

/// The SMP keys and shapes of `module`, batch counters included, sorted by key.
///
/// # Errors
/// As [`collect`].
pub fn key_shapes<M: Module>(module: &M) -> Result<Vec<(String, Vec<usize>)>> {
    let mut shapes = Shapes::default();
    module.visit(&mut shapes);
    shapes.found.sort();
    Ok(shapes.found)
}

/// Number of trained parameters of `module`; running statistics are none.
///
/// # Errors
/// As [`key_shapes`].
pub fn parameters<M: Module>(module: &M) -> Result<u64> {
    let shapes = key_shapes(module)?;
    let trained = shapes.iter().filter(|(key, _)| is_trained(key));
    Ok(trained.map(|(_, shape)| shape.iter().map(|&side| side as u64).product::<u64>()).sum())
}

struct Collector {
    path: KeyPath,
    result: Result<StateDict>,
}

impl Collector {
    fn add<const D: usize>(&mut self, tensor: Tensor<D>) -> Result<()> {
        let key = self.path.key();
        let shape = tensor.dims();
        let values = tensor
            .try_into_vec_as::<f32>()
            .map_err(|error| Error::Device { key: key.clone(), reason: error.to_string() })?;
        let Ok(dict) = &mut self.result else { return Ok(()) };
        if let Some(counter) = counter_key(&key) {
            dict.insert(counter, &[], vec![0.0])?;
        }
        dict.insert(key, &shape, values)
    }
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Err(error) = self.add(param.val()) {
            self.result = Err(error);
        }
    }
}

#[derive(Default)]
struct Shapes {
    path: KeyPath,
    found: Vec<(String, Vec<usize>)>,
}

impl ModuleVisitor for Shapes {
    fn enter_module(&mut self, name: &str, container_type: &str) {
        self.path.enter(name, container_type);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let key = self.path.key();
        if let Some(counter) = counter_key(&key) {
            self.found.push((counter, Vec::new()));
        }
        self.found.push((key, param.lazy_shape().to_vec()));
    }
}
