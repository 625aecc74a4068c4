//! Disjoint sets.

/// Disjoint sets of consecutive numbers, with path halving. The smaller number
/// becomes the root.
#[derive(Debug, Default)]
pub(super) struct UnionFind {
    parent: Vec<u32>,
}

impl UnionFind {
    /// Adds a set of one and gives its number.
    pub(super) fn add(&mut self) -> u32 {
        let id = self.parent.len() as u32;
        self.parent.push(id);
        id
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.parent.len()
    }

    /// The root of `id`'s set.
    pub(super) fn root(&mut self, mut id: u32) -> u32 {
        while self.parent[id as usize] != id {
            let grandparent = self.parent[self.parent[id as usize] as usize];
            self.parent[id as usize] = grandparent;
            id = grandparent;
        }
        id
    }

    /// Joins two sets and gives the common root.
    pub(super) fn join(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
        low
    }
}
