//! Buffers of tensors that are done with, kept for new tensors of the same length.
//!
//! Every training step makes tensors of the same sizes again; a buffer from the system would have to be mapped and
//! cleared first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use burn::backend::flex::FlexTensor;
#[cfg(feature = "autodiff")]
use burn::tensor::DType;

/// Elements from which on a buffer is kept; smaller ones the allocator keeps by itself.
#[cfg(feature = "autodiff")]
const LEAST: usize = 32 << 10;
/// Elements kept in all: 1 GiB.
#[cfg(feature = "autodiff")]
const MOST: usize = 256 << 20;

#[derive(Default)]
struct Kept {
    by_len: HashMap<usize, Vec<Vec<f32>>>,
    elements: usize,
}

static KEPT: Mutex<Option<Kept>> = Mutex::new(None);

fn with_kept<T>(f: impl FnOnce(&mut Kept) -> T) -> T {
    f(KEPT.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default())
}

/// A buffer of `len` numbers, whatever they are.
pub(crate) fn take(len: usize) -> Vec<f32> {
    let kept = with_kept(|kept| {
        let found = kept.by_len.get_mut(&len)?.pop()?;
        kept.elements -= len;
        Some(found)
    });
    kept.unwrap_or_else(|| vec![0.0; len])
}

/// The tensor contiguous, without a second handle to its buffer where there was one owner.
pub(crate) fn contiguous(tensor: FlexTensor) -> FlexTensor {
    tensor.to_contiguous()
}

/// Keeps the buffer of a tensor that nobody else holds.
#[cfg(feature = "autodiff")]
pub(crate) fn keep(tensor: FlexTensor) {
    let len = tensor.layout().num_elements();
    if len < LEAST || !tensor.is_unique() || tensor.dtype() != DType::F32 || !tensor.is_contiguous() {
        return;
    }
    let Ok(values) = tensor.into_data().try_into_vec::<f32>() else { return };
    with_kept(|kept| {
        if kept.elements + len <= MOST {
            kept.elements += len;
            kept.by_len.entry(len).or_default().push(values);
        }
    });
}
