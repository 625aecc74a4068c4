//! Named tensors on the host.

use std::collections::BTreeMap;

use crate::{Error, Result};

/// One tensor of a state dict: its shape and its values in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HostTensor {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

/// Tensors by SMP's key names, as `f32` on the host, in the order of their keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StateDict {
    tensors: BTreeMap<String, HostTensor>,
}

impl StateDict {
    /// Puts a tensor under `key`, replacing what was there.
    ///
    /// # Errors
    /// [`Error::NotFinite`] where a value is NaN or infinite.
    pub fn insert(&mut self, key: impl Into<String>, shape: &[usize], values: Vec<f32>) -> Result<()> {
        let key = key.into();
        let count = values.iter().filter(|value| !value.is_finite()).count();
        if count > 0 {
            return Err(Error::NotFinite { key, count });
        }
        self.tensors.insert(key, HostTensor { shape: shape.to_vec(), values });
        Ok(())
    }

    /// Shape and values of a tensor.
    pub fn get(&self, key: &str) -> Option<(&[usize], &[f32])> {
        self.tensors.get(key).map(|tensor| (tensor.shape.as_slice(), tensor.values.as_slice()))
    }

    /// The keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// Number of tensors.
    pub fn len(&self) -> usize {
        self.tensors.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tensors.is_empty()
    }

    /// The same tensors with every key changed by `rename`, for example to add a prefix.
    #[must_use]
    pub fn renamed(self, rename: impl Fn(&str) -> String) -> Self {
        Self { tensors: self.tensors.into_iter().map(|(key, tensor)| (rename(&key), tensor)).collect() }
    }

    /// Only the tensors whose key `keep` accepts.
    #[must_use]
    pub fn filtered(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.tensors.retain(|key, _| keep(key));
        self
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &HostTensor)> {
        self.tensors.iter().map(|(key, tensor)| (key.as_str(), tensor))
    }
}
