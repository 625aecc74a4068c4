//! Logits with their targets, checked to belong together.

use burn::tensor::{Int, Tensor};

use crate::one_hot::one_hot;
use crate::{Error, Ignore, Result};

/// The label of the foreground where there is one.
const FOREGROUND: i64 = 1;

/// Logits `[N, C, H, W]` of two or more classes, with class indices `[N, H, W]`.
#[derive(Debug, Clone)]
pub struct MulticlassBatch {
    logits: Tensor<4>,
    target: Tensor<3, Int>,
    ignore: Ignore,
}

/// One logit per pixel, `[N, 1, H, W]`, with labels `[N, H, W]`: 1 is foreground, all else background.
#[derive(Debug, Clone)]
pub struct BinaryBatch {
    logits: Tensor<4>,
    target: Tensor<3, Int>,
    ignore: Ignore,
}

impl MulticlassBatch {
    /// Puts logits and class indices together. An index outside of the classes belongs to none of them, without an
    /// error, since finding it means waiting for the device; see [`check_labels`](Self::check_labels).
    ///
    /// # Errors
    /// [`Error::Channels`] for fewer than two classes, [`Error::Shape`], [`Error::NoPixel`].
    pub fn new(logits: Tensor<4>, target: Tensor<3, Int>) -> Result<Self> {
        let found = logits.dims()[1];
        if found < 2 {
            let what = "a multi-class loss";
            return Err(Error::Channels { what, found, needed: "at least 2, one for each class" });
        }
        check_shapes(&logits, &target)?;
        Ok(Self { logits, target, ignore: Ignore::Nothing })
    }

    /// With pixels that do not count.
    #[must_use]
    pub fn ignoring(mut self, ignore: Ignore) -> Self {
        self.ignore = ignore;
        self
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.logits.dims()[1]
    }

    /// The same with one logit per pixel, that of class 1 less that of class 0; its sigmoid is the SoftMax of class 1.
    ///
    /// # Errors
    /// [`Error::Channels`] for more than two classes.
    pub fn foreground(&self) -> Result<BinaryBatch> {
        let [n, found, h, w] = self.logits.dims();
        if found != 2 {
            let what = "a loss on foreground and background";
            return Err(Error::Channels { what, found, needed: "1 or 2" });
        }
        let plane = |class: usize| self.logits.clone().slice([0..n, class..class + 1, 0..h, 0..w]);
        let logits = plane(1) - plane(0);
        Ok(BinaryBatch { logits, target: self.target.clone(), ignore: self.ignore })
    }

    /// Waits for the targets and looks for labels that are neither a class nor ignored.
    ///
    /// # Errors
    /// [`Error::Label`] with the first, [`Error::Device`].
    pub fn check_labels(&self) -> Result<()> {
        check_labels(&self.target, self.classes(), self.ignore)
    }

    pub(crate) fn logits(&self) -> Tensor<4> {
        self.logits.clone()
    }

    /// 1 in the channel of each counted pixel's class, `[N, C, H, W]`.
    pub(crate) fn one_hot(&self) -> Tensor<4> {
        self.counted(one_hot(self.target.clone(), self.classes()))
    }

    /// `x` `[N, _, H, W]` with 0 where a pixel does not count.
    pub(crate) fn counted(&self, x: Tensor<4>) -> Tensor<4> {
        counted(x, self.mask())
    }

    /// 1 where a pixel counts, `[N, 1, H, W]`; `None` where all do.
    pub(crate) fn mask(&self) -> Option<Tensor<4>> {
        mask(&self.target, self.ignore)
    }
}

impl BinaryBatch {
    /// Puts logits and labels together. A label other than 1 is background, without an error, since finding it means
    /// waiting for the device; see [`check_labels`](Self::check_labels).
    ///
    /// # Errors
    /// [`Error::Channels`] for more or fewer than one channel, [`Error::Shape`], [`Error::NoPixel`].
    pub fn new(logits: Tensor<4>, target: Tensor<3, Int>) -> Result<Self> {
        let found = logits.dims()[1];
        if found != 1 {
            return Err(Error::Channels { what: "a binary loss", found, needed: "exactly 1" });
        }
        check_shapes(&logits, &target)?;
        Ok(Self { logits, target, ignore: Ignore::Nothing })
    }

    /// With pixels that do not count.
    #[must_use]
    pub fn ignoring(mut self, ignore: Ignore) -> Self {
        self.ignore = ignore;
        self
    }

    /// Waits for the targets and looks for labels that are neither 0, 1 nor ignored.
    ///
    /// # Errors
    /// [`Error::Label`] with the first, [`Error::Device`].
    pub fn check_labels(&self) -> Result<()> {
        check_labels(&self.target, 2, self.ignore)
    }

    pub(crate) fn logits(&self) -> Tensor<4> {
        self.logits.clone()
    }

    /// 1 in the counted foreground, `[N, 1, H, W]`.
    pub(crate) fn foreground(&self) -> Tensor<4> {
        let [n, h, w] = self.target.dims();
        self.counted(self.target.clone().equal_elem(FOREGROUND).float().reshape([n, 1, h, w]))
    }

    /// `x` `[N, _, H, W]` with 0 where a pixel does not count.
    pub(crate) fn counted(&self, x: Tensor<4>) -> Tensor<4> {
        counted(x, self.mask())
    }

    /// 1 where a pixel counts, `[N, 1, H, W]`; `None` where all do.
    pub(crate) fn mask(&self) -> Option<Tensor<4>> {
        mask(&self.target, self.ignore)
    }
}

fn check_shapes(logits: &Tensor<4>, target: &Tensor<3, Int>) -> Result<()> {
    let (logits, target) = (logits.dims(), target.dims());
    let [n, _, h, w] = logits;
    if target != [n, h, w] {
        return Err(Error::Shape { logits, target });
    }
    if n * h * w == 0 {
        return Err(Error::NoPixel { logits });
    }
    Ok(())
}

fn mask(target: &Tensor<3, Int>, ignore: Ignore) -> Option<Tensor<4>> {
    let Ignore::Label(label) = ignore else { return None };
    let [n, h, w] = target.dims();
    Some(target.clone().not_equal_elem(label).float().reshape([n, 1, h, w]))
}

pub(crate) fn counted(x: Tensor<4>, mask: Option<Tensor<4>>) -> Tensor<4> {
    match mask {
        Some(mask) => x * mask,
        None => x,
    }
}

fn check_labels(target: &Tensor<3, Int>, classes: usize, ignore: Ignore) -> Result<()> {
    let labels = target.clone().try_into_vec_as::<i64>().map_err(|error| Error::Device(error.to_string()))?;
    let fits = |label: &i64| (0..classes as i64).contains(label) || ignore == Ignore::Label(*label);
    match labels.into_iter().find(|label| !fits(label)) {
        Some(label) => Err(Error::Label { label, classes }),
        None => Ok(()),
    }
}
