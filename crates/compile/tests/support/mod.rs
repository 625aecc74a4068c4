//! Sources made of phantoms.
#![allow(dead_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pulmo_compile::{Compiler, Options, Result, Source, Summary};
use pulmo_imaging::{ChestXray, Grey, Phantom, PhantomSpec};
use tempfile::TempDir;

/// Side of phantoms in pixels: not tiny, and quick to draw.
pub(crate) const SIDE: u32 = 160;

/// A folder for sources and one for what they become.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("set")
    }

    /// A source's folder.
    pub(crate) fn source(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Saves a phantom in a source's folder.
    pub(crate) fn phantom(&self, file: &str, seed: u64) -> PathBuf {
        self.save(file, phantom(SIDE, seed).xray().grey())
    }

    pub(crate) fn save(&self, file: &str, grey: &Grey) -> PathBuf {
        let path = self.folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        grey.to_gray_image().save(&path).unwrap();
        path
    }

    pub(crate) fn compiler(&self, sources: &[&str]) -> Compiler {
        let sources = sources.iter().map(|name| Source::new(name, self.source(name)).unwrap());
        Compiler::new(sources.collect(), self.out(), Options::default()).unwrap()
    }

    pub(crate) fn run(&self, sources: &[&str]) -> Result<Summary> {
        self.compiler(sources).run(&|_| {})
    }

    /// A table of the output, as rows by column.
    pub(crate) fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.out().join(name)).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }
}

pub(crate) fn phantom(size: u32, seed: u64) -> Phantom {
    Phantom::generate(&PhantomSpec::new(size, seed).unwrap()).unwrap()
}

/// An image with its values changed.
pub(crate) fn changed(xray: &ChestXray, change: impl Fn(f32) -> f32) -> Grey {
    let pixels = xray.pixels().iter().map(|value| change(*value).clamp(0.0, 1.0)).collect();
    Grey::new(xray.width(), xray.height(), pixels).unwrap()
}

/// All files below a folder with their bytes, but for temporary ones.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}
