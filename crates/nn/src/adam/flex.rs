//! The update as an operation of Burn's flex backend.

use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{DType, Tensor};
use pulmo_kernels::{AdamStep, adam_step};

use super::Moments;
use crate::buffers;
use crate::conv::is_flex;

pub(super) fn covers<const D: usize>(x: &Tensor<D>) -> bool {
    x.dtype() == DType::F32 && is_flex(&x.device()) && !x.device().is_autodiff()
}

pub(super) fn step<const D: usize>(
    step: AdamStep,
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    moments: Moments<D>,
) -> (Tensor<D>, Moments<D>) {
    let (parameter, first, second) = <Dispatch as AdamUpdate>::adam_update(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        moments.first.into_dispatch(),
        moments.second.into_dispatch(),
        step,
    );
    let [first, second] = [first, second].map(Tensor::from_dispatch);
    (Tensor::from_dispatch(parameter), Moments { first, second })
}

#[backend_extension(Flex)]
trait AdamUpdate: Backend {
    fn adam_update(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl AdamUpdate for Flex {
    fn adam_update(
        parameter: FlexTensor,
        gradient: FlexTensor,
        first: FlexTensor,
        second: FlexTensor,
        step: AdamStep,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [parameter, mut updated, mut first, mut second] =
            [parameter, gradient, first, second].map(buffers::contiguous);
        let done = adam_step(
            &step,
            parameter.as_slice().unwrap_or_default(),
            updated.storage_mut(),
            [first.storage_mut(), second.storage_mut()],
        );
        // `step` has compared the shapes; a parameter that could not be updated would stay as it was.
        (if done.is_ok() { updated } else { parameter }, first, second)
    }
}
