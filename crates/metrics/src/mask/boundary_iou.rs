//! Boundary IoU.

use super::{Direction, MaskMetric, MaskPair, Unit};

/// Width of the boundary as a share of the image's diagonal, as in the paper.
const WIDTH: f64 = 0.02;

/// Intersection over union of the two masks' inner boundaries, in 0..=1: of the pixels of each mask that lie within
/// 2 % of the image's diagonal, at least one pixel, of a pixel outside of it or of the image's edge (Cheng et al. 2021,
/// "Boundary IoU: Improving Object-Centric Image Segmentation Evaluation"). Distances are those of a square: the larger
/// of the horizontal and the vertical one, as in the authors' program.
///
/// IoU counts the inside of a large mask, which is easily right, as much as its outline; this sees the outline alone. Of
/// masks so narrow that they are all boundary, it is their IoU. Two empty masks count as 1, an empty one against another
/// as 0. It is averaged over images, never pooled over pixels.
///
/// ```
/// use pulmo_metrics::{BoundaryIou, MaskMetric, MaskPair};
///
/// // 5 x 5 pixels, all against all but the one in the middle, which is no part of the boundary.
/// let truth = [true; 25];
/// let mut prediction = truth;
/// prediction[12] = false;
/// let masks = MaskPair::new(5, 5, &prediction, &truth)?;
/// assert_eq!(BoundaryIou.of_image(&masks), Some(16.0 / 24.0));
/// # Ok::<(), pulmo_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct BoundaryIou;

impl MaskMetric for BoundaryIou {
    fn name(&self) -> &'static str {
        "boundary_iou"
    }

    fn label(&self) -> &'static str {
        "boundary IoU"
    }

    fn unit(&self) -> Unit {
        Unit::Share
    }

    fn direction(&self) -> Direction {
        Direction::HigherIsBetter
    }

    fn of_image(&self, masks: &MaskPair<'_>) -> Option<f64> {
        let (width, height) = (masks.width(), masks.height());
        let diagonal = (width as f64).hypot(height as f64);
        let reach = ((WIDTH * diagonal).round_ties_even() as usize).max(1);
        let boundary = |mask: &[bool]| -> Vec<bool> {
            let inside = eroded(mask, width, height, reach);
            mask.iter().zip(inside).map(|(&set, inside)| set && !inside).collect()
        };
        let (found, truth) = (boundary(masks.prediction()), boundary(masks.truth()));
        let number = |both: fn(bool, bool) -> bool| {
            found.iter().zip(&truth).filter(|&(&found, &truth)| both(found, truth)).count() as f64
        };
        self.empty_policy()
            .ratio(number(|found, truth| found && truth), number(|found, truth| found || truth))
    }
}

/// The pixels whose square of `2 reach + 1` pixels lies in the mask and in the image.
fn eroded(mask: &[bool], width: usize, height: usize, reach: usize) -> Vec<bool> {
    let rows: Vec<bool> = mask.chunks(width.max(1)).flat_map(|row| eroded_line(row, reach)).collect();
    let mut inside = vec![false; mask.len()];
    for x in 0..width {
        let column: Vec<bool> = rows.iter().skip(x).step_by(width).copied().collect();
        for (y, set) in eroded_line(&column, reach).into_iter().enumerate().take(height) {
            inside[y * width + x] = set;
        }
    }
    inside
}

/// The pixels that have `reach` others of the mask on either side.
fn eroded_line(line: &[bool], reach: usize) -> Vec<bool> {
    let mut inside = vec![false; line.len()];
    let mut run = 0;
    for (at, &set) in line.iter().enumerate() {
        run = if set { run + 1 } else { 0 };
        if run > 2 * reach {
            inside[at - reach] = true;
        }
    }
    inside
}
