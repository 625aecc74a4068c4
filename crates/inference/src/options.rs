//! How a plan computes.

use pulmo_kernels::Isa;
use pulmo_kernels::blocked::Method;

/// Choices that a plan otherwise makes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanOptions {
    isa: Option<Isa>,
    method: Option<Method>,
}

impl PlanOptions {
    /// With an instruction set instead of the machine's best.
    #[must_use]
    pub fn with_isa(mut self, isa: Isa) -> Self {
        self.isa = Some(isa);
        self
    }

    /// With one method for every convolution that it can compute, instead of the fastest for each shape.
    #[must_use]
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    pub(crate) fn isa(&self) -> Option<Isa> {
        self.isa
    }

    pub(crate) fn method(&self) -> Option<Method> {
        self.method
    }
}
