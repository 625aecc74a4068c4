//! Component labelling.

use super::Connectivity;
use super::union_find::UnionFind;
use crate::mask::Mask;

/// The smallest upright box around some pixels; all bounds are inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundingBox {
    /// Leftmost column.
    pub x_min: u32,
    /// Topmost row.
    pub y_min: u32,
    /// Rightmost column.
    pub x_max: u32,
    /// Bottommost row.
    pub y_max: u32,
}

impl BoundingBox {
    /// Width in pixels, at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.x_max - self.x_min + 1
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.y_max - self.y_min + 1
    }
}

/// One connected component.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    label: u32,
    area: u64,
    bounding_box: BoundingBox,
    x_sum: u64,
    y_sum: u64,
}

impl Component {
    fn starting_at(label: u32, x: u32, y: u32) -> Self {
        Self {
            label,
            area: 0,
            bounding_box: BoundingBox { x_min: x, y_min: y, x_max: x, y_max: y },
            x_sum: 0,
            y_sum: 0,
        }
    }

    fn add(&mut self, x: u32, y: u32) {
        self.area += 1;
        self.x_sum += u64::from(x);
        self.y_sum += u64::from(y);
        let b = &mut self.bounding_box;
        b.x_min = b.x_min.min(x);
        b.x_max = b.x_max.max(x);
        b.y_min = b.y_min.min(y);
        b.y_max = b.y_max.max(y);
    }

    /// The component's number, from 1 on.
    #[must_use]
    pub fn label(&self) -> u32 {
        self.label
    }

    /// Number of pixels, at least 1.
    #[must_use]
    pub fn area(&self) -> u64 {
        self.area
    }

    /// The smallest upright box around the component.
    #[must_use]
    pub fn bounding_box(&self) -> BoundingBox {
        self.bounding_box
    }

    /// Mean column and mean row of the pixels.
    #[must_use]
    pub fn centroid(&self) -> (f64, f64) {
        let area = self.area as f64;
        (self.x_sum as f64 / area, self.y_sum as f64 / area)
    }
}

/// A mask's components, and the component of every pixel.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    width: u32,
    height: u32,
    labels: Vec<u32>,
    components: Vec<Component>,
}

impl Labels {
    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The components in the order of their labels: the first pixel met, row by
    /// row, decides.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }

    /// The components from the largest to the smallest; equal ones in the order
    /// of their labels.
    #[must_use]
    pub fn by_area(&self) -> Vec<&Component> {
        let mut sorted: Vec<&Component> = self.components.iter().collect();
        sorted.sort_by_key(|c| std::cmp::Reverse(c.area));
        sorted
    }

    /// The label of every pixel, row-major; 0 where the mask is clear.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The label at column `x` and row `y`; 0 outside.
    #[must_use]
    pub fn get(&self, x: u32, y: u32) -> u32 {
        if x < self.width && y < self.height {
            self.labels[y as usize * self.width as usize + x as usize]
        } else {
            0
        }
    }

    /// The pixels that carry one of `labels`.
    #[must_use]
    pub fn mask_of(&self, labels: &[u32]) -> Mask {
        let mut wanted = vec![false; self.components.len() + 1];
        for &label in labels.iter().filter(|&&label| label != 0) {
            if let Some(slot) = wanted.get_mut(label as usize) {
                *slot = true;
            }
        }
        let bits = self.labels.iter().map(|&l| wanted[l as usize]).collect();
        Mask::trusted(self.width, self.height, bits)
    }
}

/// Finds the connected components of `mask` by union-find in two passes.
#[must_use]
pub fn label(mask: &Mask, connectivity: Connectivity) -> Labels {
    let (provisional, mut sets) = provisional_labels(mask, connectivity);
    let mut final_label = vec![0_u32; sets.len()];
    let mut labels = vec![0_u32; provisional.len()];
    let mut components: Vec<Component> = Vec::new();
    for (x, y) in mask.pixels() {
        let i = y as usize * mask.width() as usize + x as usize;
        let root = sets.root(provisional[i]) as usize;
        if final_label[root] == 0 {
            let next = components.len() as u32 + 1;
            final_label[root] = next;
            components.push(Component::starting_at(next, x, y));
        }
        labels[i] = final_label[root];
        components[final_label[root] as usize - 1].add(x, y);
    }
    Labels { width: mask.width(), height: mask.height(), labels, components }
}

/// Labels each pixel by the neighbours already met and joins labels that touch.
fn provisional_labels(mask: &Mask, connectivity: Connectivity) -> (Vec<u32>, UnionFind) {
    let width = mask.width() as usize;
    let mut sets = UnionFind::default();
    sets.add();
    let mut labels = vec![0_u32; mask.bits().len()];
    for (x, y) in mask.pixels() {
        let i = y as usize * width + x as usize;
        let (left, up) = (x > 0, y > 0);
        let right = connectivity == Connectivity::Eight && (x as usize) + 1 < width;
        let diagonal = connectivity == Connectivity::Eight && left;
        let earlier = [
            left.then(|| labels[i - 1]),
            up.then(|| labels[i - width]),
            (up && diagonal).then(|| labels[i - width - 1]),
            (up && right).then(|| labels[i - width + 1]),
        ];
        let joined = earlier.into_iter().flatten().filter(|&l| l != 0).reduce(|a, b| sets.join(a, b));
        labels[i] = joined.unwrap_or_else(|| sets.add());
    }
    (labels, sets)
}
