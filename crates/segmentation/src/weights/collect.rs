//! From a network to its state dict.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use pulmo_nn::keys::{Keyed, Keys};

use super::StateDict;
use super::keys::{counter_key, is_trained};
use crate::{Error, Result};

/// Every tensor of `module` under the key that the module declares, SMP's, with PyTorch's batch counters, ready for a
/// strict load there.
///
/// Of a module in training, the running statistics are those behind its last step.
///
/// # Errors
/// [`Error::Device`] where a tensor cannot be read, [`Error::NotFinite`] where one has NaN, [`Error::Unnamed`] where the
/// module names none of its tensors so.
pub fn collect<M: Module + Keyed>(module: &M) -> Result<StateDict> {
    let mut dict = StateDict::default();
    // In training, Burn keeps the latest running statistics apart until the module is taken out of it.
    let result = each_tensor(&module.valid(), |key, tensor| {
        if let Some(counter) = counter_key(&key) {
            dict.insert(counter, &[], vec![0.0])?;
        }
        let (shape, values) = tensor.read(&key)?;
        dict.insert(key, &shape, values)
    });
    result.map(|()| dict)
}

/// The SMP keys and shapes of `module`, batch counters included, sorted by key.
///
/// # Errors
/// [`Error::Unnamed`] as [`collect`].
pub fn key_shapes<M: Module + Keyed>(module: &M) -> Result<Vec<(String, Vec<usize>)>> {
    let mut found = Vec::new();
    each_tensor(module, |key, tensor| {
        found.extend(counter_key(&key).map(|counter| (counter, Vec::new())));
        found.push((key, tensor.shape()));
        Ok(())
    })?;
    found.sort();
    Ok(found)
}

/// Number of trained parameters of `module`; running statistics are none.
///
/// # Errors
/// As [`key_shapes`].
pub fn parameters<M: Module + Keyed>(module: &M) -> Result<u64> {
    let shapes = key_shapes(module)?;
    let trained = shapes.iter().filter(|(key, _)| is_trained(key));
    Ok(trained.map(|(_, shape)| shape.iter().map(|&side| side as u64).product::<u64>()).sum())
}

/// A tensor of any number of dimensions.
trait AnyTensor {
    /// Its shape, without drawing values that have not been used yet.
    fn shape(&self) -> Vec<usize>;
    /// Its shape and values.
    fn read(&self, key: &str) -> Result<(Vec<usize>, Vec<f32>)>;
}

impl<const D: usize> AnyTensor for Param<Tensor<D>> {
    fn shape(&self) -> Vec<usize> {
        self.lazy_shape().to_vec()
    }

    fn read(&self, key: &str) -> Result<(Vec<usize>, Vec<f32>)> {
        let tensor = self.val();
        let shape = tensor.dims().to_vec();
        let values = tensor
            .try_into_vec_as::<f32>()
            .map_err(|error| Error::Device { key: key.to_owned(), reason: error.to_string() })?;
        Ok((shape, values))
    }
}

/// Calls `f` with every tensor of `module` and its key, until one fails.
fn each_tensor<M: Module + Keyed>(
    module: &M,
    f: impl FnMut(String, &dyn AnyTensor) -> Result<()>,
) -> Result<()> {
    struct Visitor<F> {
        keys: Keys,
        f: F,
        result: Result<()>,
    }
    impl<F: FnMut(String, &dyn AnyTensor) -> Result<()>> ModuleVisitor for Visitor<F> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if self.result.is_ok() {
                self.result = match self.keys.get(param.id) {
                    Some(key) => (self.f)(key.to_owned(), param),
                    None => Err(Error::Unnamed { shape: param.lazy_shape().to_vec() }),
                };
            }
        }
    }
    let mut visitor = Visitor { keys: Keys::of(module), f, result: Ok(()) };
    module.visit(&mut visitor);
    visitor.result
}
