//! Normalisation by the statistics of the data: batch and group normalisation, with their gradients.
//!
//! Sums and the affine map are computed in `f64`, so that a result is the rounded true value: an activation close to
//! zero keeps its sign. A normalised unit is read from memory once per pass, statistics included.

mod backward;
mod forward;
mod lanes;
mod shape;

pub use backward::{NormGradients, normalise_add_relu_gradient, normalise_gradient, normalise_relu_gradient};
pub use forward::{Affine, Statistics, normalise, normalise_add_relu, normalise_relu};
pub use shape::{NormShape, Pooling};
