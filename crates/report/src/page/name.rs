use std::path::{Path, PathBuf};

/// What files are called on the page: as the user knows them, but for absolute paths, of which the folders that they all
/// share are left out. They say where somebody keeps patients' pictures, and the page may be passed on.
pub(super) struct Names {
    /// Of all absolute paths, where there are any.
    shared: Option<PathBuf>,
}

impl Names {
    pub(super) fn of<'a>(files: impl Iterator<Item = &'a str>) -> Self {
        let folders = files.map(Path::new).filter(|path| path.is_absolute()).filter_map(Path::parent);
        let shared = folders.map(Path::to_owned).reduce(|shared, folder| common(&shared, &folder));
        Self { shared }
    }

    pub(super) fn name(&self, file: &str) -> String {
        let path = Path::new(file);
        let short = self.shared.as_ref().and_then(|shared| path.strip_prefix(shared).ok());
        short.map_or_else(|| file.to_owned(), |short| short.to_string_lossy().into_owned())
    }
}

fn common(one: &Path, other: &Path) -> PathBuf {
    let pairs = one.components().zip(other.components());
    pairs.take_while(|(a, b)| a == b).map(|(part, _)| part).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::Names;

    fn names(files: &[&str]) -> Vec<String> {
        let names = Names::of(files.iter().copied());
        files.iter().map(|file| names.name(file)).collect()
    }

    #[test]
    fn folders_that_absolute_paths_share_are_left_out() {
        assert_eq!(names(&["/home/a/b.png"]), ["b.png"]);
        assert_eq!(names(&["/home/a/one/b.png", "/home/a/two/b.png"]), ["one/b.png", "two/b.png"]);
        assert_eq!(names(&["/home/a/b.png", "/home/a/c/d.png"]), ["b.png", "c/d.png"]);
        assert_eq!(names(&["a/b.png", "/x/c.png", "../d.png"]), ["a/b.png", "c.png", "../d.png"]);
        assert_eq!(names(&["", "/"]), ["", "/"]);
    }
}
