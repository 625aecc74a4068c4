//! Inference on blocked maps.
//!
//! A [`Map`] holds images as `[N, ceil(C / 16), H + 2 halo, W + 2 halo, 16]`: 16 channels of a pixel lie together, and
//! a border of zeros as wide as the paddings spares the kernels every test of position. Maps are views of memory that
//! the caller owns, such as one [`Arena`] for a whole network. A [`PackedConv`] or a [`PackedDepthwise`] holds a
//! convolution's weights as the kernels read them, packed once; an [`Engine`] has the other operations. Every operation writes pixels alone:
//! [`MapMut::clear_halo`] once, and the halo stays zero.
//!
//! ```
//! use pulmo_kernels::blocked::{Activation, Arena, ConvOptions, Engine, MapShape, PackedConv, Source};
//! use pulmo_kernels::Conv2dShape;
//!
//! // One 4 x 4 image of 3 channels, two 3 x 3 filters, padded to keep its size.
//! let shape = Conv2dShape::new([1, 3, 4, 4], [2, 3, 3, 3], [1, 1], [1, 1])?;
//! let conv = PackedConv::new(&shape, &[0.5; 54], Some(&[0.0, 1.0]), &ConvOptions { activation: Activation::Relu, ..Default::default() })?;
//!
//! let (input, output) = (MapShape::new(3, 4, 4, 1)?, MapShape::new(2, 4, 4, 0)?);
//! let mut arena = Arena::new(input.len(1)? + output.len(1)?);
//! let engine = Engine::detect();
//! let mut x = arena.map_mut(input, 1, 0)?;
//! x.clear_halo();
//! engine.from_planar(&[1.0; 48], &mut x)?;
//! let (mut y, rest) = arena.split(output, 1, input.len(1)?)?;
//! conv.run(&[Source::new(rest.map(input, 1, 0)?)], None, &mut y)?;
//! let mut planar = [0.0; 32];
//! engine.to_planar(&y.as_map(), &mut planar)?;
//! assert_eq!((planar[0], planar[16]), (6.0, 7.0)); // a corner sees 4 of 9 pixels in each of 3 channels
//! # Ok::<(), pulmo_kernels::Error>(())
//! ```

mod activation;
mod arena;
mod conv;
mod depthwise;
mod engine;
mod gate;
mod group_norm;
mod lanes;
mod layout;
mod logistic;
mod map;
mod parallel;
mod pointwise;
mod pool;
mod shape;
mod upsample;

pub use activation::Activation;
pub use arena::{Arena, Rest};
pub use conv::{ConvOptions, Method, PackedConv, Source};
pub use depthwise::PackedDepthwise;
pub use engine::Engine;
pub use gate::Gate;
pub use map::{Map, MapMut};
pub use pool::Window;
pub use shape::{BLOCK, MapShape};
pub use upsample::Corners;
