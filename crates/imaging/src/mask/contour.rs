//! The boundary of a mask.

use super::Mask;

impl Mask {
    /// The boundary pixels as (x, y), row by row: set pixels with a clear pixel
    /// or the image's edge among their four neighbours.
    pub fn contour(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.pixels().filter(|&(x, y)| self.on_boundary(x, y))
    }

    fn on_boundary(&self, x: u32, y: u32) -> bool {
        let at_edge = x == 0 || y == 0 || x + 1 == self.width || y + 1 == self.height;
        at_edge || !self.get(x - 1, y) || !self.get(x + 1, y) || !self.get(x, y - 1) || !self.get(x, y + 1)
    }
}
