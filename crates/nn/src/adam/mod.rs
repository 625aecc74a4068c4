//! A step of Adam or AdamW in one pass over parameter, gradient and moments.

#[cfg(feature = "flex")]
mod flex;

use burn::tensor::Tensor;
pub use pulmo_kernels::AdamStep;

/// The moments of a parameter's gradient.
#[derive(Debug, Clone)]
pub struct Moments<const D: usize> {
    /// Running mean of the gradient.
    pub first: Tensor<D>,
    /// Running mean of its square.
    pub second: Tensor<D>,
}

/// Whether [`step`] is there for `parameter` and `gradient`: `f32` tensors of equal shapes on the flex backend, without
/// gradients of their own.
pub fn covers<const D: usize>(parameter: &Tensor<D>, gradient: &Tensor<D>) -> bool {
    #[cfg(feature = "flex")]
    {
        flex::covers(parameter) && flex::covers(gradient) && parameter.dims() == gradient.dims()
    }
    #[cfg(not(feature = "flex"))]
    {
        let _ = (parameter, gradient);
        false
    }
}

/// The parameter and its moments behind one step, in the buffers of gradient and moments where nobody shares those.
///
/// What [`covers`] refuses is returned as it was.
pub fn step<const D: usize>(
    step: AdamStep,
    parameter: Tensor<D>,
    gradient: Tensor<D>,
    moments: Moments<D>,
) -> (Tensor<D>, Moments<D>) {
    #[cfg(feature = "flex")]
    if covers(&parameter, &gradient) {
        return flex::step(step, parameter, gradient, moments);
    }
    #[cfg(not(feature = "flex"))]
    let _ = (step, gradient);
    (parameter, moments)
}
