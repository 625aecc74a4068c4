//! The folder that an analysis leaves.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use pulmo_core::files;
use pulmo_report::{CaseFiles, RelativePath};

use crate::{AnalysedCase, Error, Outputs, Result};

/// A folder with the files of one case, such as `lung.png` and `report.json`.
#[derive(Debug, Clone)]
pub struct CaseFolder {
    folder: PathBuf,
    name: String,
}

impl CaseFolder {
    /// The folder called `name` in `folder`. Nothing is made yet.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self { folder: folder.into(), name: name.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }

    /// Writes all outputs of a case, in a folder of their own beside this one that takes its place once it is complete.
    ///
    /// Files of Pulmo's that stood in an older folder of that name are gone afterwards, also those that were not asked for
    /// this time; files of others are kept.
    ///
    /// Gives the files that were written, as a summary in the folder above lists them.
    ///
    /// # Errors
    /// Where a file cannot be made or written; the older folder is then unharmed.
    pub fn write(&self, case: &AnalysedCase<'_>, outputs: &Outputs) -> Result<CaseFiles> {
        let named = self.path();
        let found = named.canonicalize().or_else(|_| std::path::absolute(&named));
        let target = found.map_err(pulmo_core::Error::file("write", &named))?;
        let unusable = |reason| Error::Core(pulmo_core::Error::file("write", &target)(reason));
        let fresh = Scratch::beside(&target).map_err(unusable)?;
        for output in outputs.iter() {
            output.write(case, fresh.path())?;
        }
        let written = outputs.files().into_iter().filter(|file| fresh.path().join(&file.name).is_file());
        let links =
            written.map(|file| Ok((file.kind, RelativePath::new(format!("{}/{}", self.name, file.name))?)));
        let links = links.collect::<Result<CaseFiles>>()?;
        let known = Outputs::all().files().into_iter().chain(outputs.files());
        let ours: Vec<OsString> = known.map(|file| file.name.into()).collect();
        fresh.replace(&target, &ours).map_err(unusable)?;
        files::sync_folder(target.parent().unwrap_or(&target))?;
        Ok(links)
    }
}

/// A folder that is deleted unless it takes another one's place.
struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder beside `target`.
    fn beside(target: &Path) -> io::Result<Self> {
        let path = unused_name(target);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    /// Takes the place of `target`. What stands in that and is not `ours` moves along.
    fn replace(self, target: &Path, ours: &[OsString]) -> io::Result<()> {
        match std::fs::metadata(target) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(io::ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return std::fs::rename(self.path(), target);
            }
            Err(error) => return Err(error),
        }
        let old = unused_name(target);
        std::fs::rename(target, &old)?;
        if let Err(error) = std::fs::rename(self.path(), target) {
            std::fs::rename(&old, target)?;
            return Err(error);
        }
        for entry in std::fs::read_dir(&old)? {
            let name = entry?.file_name();
            if !ours.contains(&name) {
                std::fs::rename(old.join(&name), target.join(&name))?;
            }
        }
        std::fs::remove_dir_all(&old)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing depends on it: a folder that stays has the name of a temporary one.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The name of a temporary folder beside `target` that nothing has. Whatever has one was left by a process of the same
/// number that was killed.
fn unused_name(target: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = target.with_file_name(format!(".pulmo-case-{}-{number}.tmp", std::process::id()));
        if std::fs::symlink_metadata(&path).is_err() {
            return path;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use pulmo_report::FileKind;

    use super::*;
    use crate::analysis::tests::phantom;
    use crate::{CaseOutput, OutputFile};

    fn write(folder: &CaseFolder, seed: u64, outputs: &Outputs) -> Result<CaseFiles> {
        let (xray, analysis) = phantom(seed);
        let report = analysis.report(format!("{seed}.png"));
        folder.write(&AnalysedCase::new(&xray, &analysis, &report), outputs)
    }

    /// The names in a folder, sorted.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn bytes(folder: &Path) -> Vec<Vec<u8>> {
        names(folder).iter().map(|name| fs::read(folder.join(name)).unwrap()).collect()
    }

    /// Writes half of what it promises, then fails.
    #[derive(Debug)]
    struct Failing;

    impl CaseOutput for Failing {
        fn name(&self) -> &str {
            "failing"
        }

        fn files(&self) -> Vec<OutputFile> {
            vec![OutputFile::new("failing.txt", FileKind::link("failing", "Failing", "nothing"))]
        }

        fn write(&self, _: &AnalysedCase<'_>, folder: &Path) -> Result<()> {
            let path = folder.join("failing.txt");
            fs::write(&path, "half").unwrap();
            Err(pulmo_core::Error::file("write", path)(io::ErrorKind::StorageFull.into()).into())
        }
    }

    #[test]
    fn what_was_asked_for_is_written_and_listed() {
        let out = tempfile::tempdir().unwrap();
        let folder = CaseFolder::new(out.path(), "case");
        let listed =
            |files: &CaseFiles| files.iter().map(|(kind, _)| kind.column.to_string()).collect::<Vec<_>>();

        let files = write(&folder, 1, &Outputs::default()).unwrap();
        assert_eq!(names(&folder.path()), ["infection.png", "lung.png", "overlay.png", "report.json"]);
        assert_eq!(listed(&files), ["overlay", "lung_mask", "infection_mask", "report"]);
        assert_eq!(files.picture().unwrap().as_path(), Path::new("case/overlay.png"));

        // The files of the first run are not those of the second.
        let files = write(&folder, 2, &"probabilities,report".parse().unwrap()).unwrap();
        assert_eq!(
            names(&folder.path()),
            ["infection-probabilities.png", "lung-probabilities.png", "report.json"]
        );
        assert_eq!(listed(&files), ["lung_probabilities", "infection_probabilities", "report"]);
        assert_eq!(names(out.path()), ["case"], "no temporary folder is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
            let plain = out.path().join("plain");
            fs::create_dir(&plain).unwrap();
            assert_eq!(mode(&folder.path()), mode(&plain), "readable as the user's umask says");
        }
    }

    #[test]
    fn probabilities_are_16_bit_grey() {
        let out = tempfile::tempdir().unwrap();
        let folder = CaseFolder::new(out.path(), "case");
        write(&folder, 3, &"probabilities".parse().unwrap()).unwrap();
        let (_, analysis) = phantom(3);
        for (name, map) in [
            ("lung-probabilities.png", &analysis.lung_probabilities),
            ("infection-probabilities.png", &analysis.infection_probabilities),
        ] {
            let picture = image::open(folder.path().join(name)).unwrap();
            let levels = picture.as_luma16().unwrap();
            assert_eq!(levels.dimensions(), (map.width(), map.height()));
            for (x, y, level) in levels.enumerate_pixels() {
                let probability = f32::from(level.0[0]) / f32::from(u16::MAX);
                assert!((probability - map.get(x, y).unwrap()).abs() < 1e-5, "{name} at {x}, {y}");
            }
        }
    }

    #[test]
    fn a_case_that_fails_leaves_the_older_one_whole() {
        let out = tempfile::tempdir().unwrap();
        let folder = CaseFolder::new(out.path(), "case");
        let failing = Outputs::default().with(Failing).unwrap();
        assert!(write(&folder, 1, &failing).is_err());
        assert_eq!(names(out.path()), [""; 0], "nothing is left of a first run that fails");

        write(&folder, 1, &Outputs::default()).unwrap();
        let before = bytes(&folder.path());
        let error = write(&folder, 2, &failing).unwrap_err();
        assert!(error.to_string().contains("failing.txt"), "{error}");
        assert_eq!(bytes(&folder.path()), before);
        assert_eq!(names(out.path()), ["case"]);
    }

    #[test]
    fn files_of_others_are_kept() {
        let out = tempfile::tempdir().unwrap();
        let folder = CaseFolder::new(out.path(), "case");
        write(&folder, 1, &Outputs::default()).unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        fs::create_dir(folder.path().join("more")).unwrap();
        fs::write(folder.path().join("more/scan.png"), "mine too").unwrap();
        write(&folder, 2, &"report".parse().unwrap()).unwrap();
        assert_eq!(names(&folder.path()), ["more", "notes.txt", "report.json"]);
        assert_eq!(fs::read_to_string(folder.path().join("more/scan.png")).unwrap(), "mine too");
        assert_eq!(names(out.path()), ["case"]);
    }

    #[test]
    fn a_file_in_the_folders_place_is_not_touched() {
        let out = tempfile::tempdir().unwrap();
        fs::write(out.path().join("case"), "a file").unwrap();
        let error = write(&CaseFolder::new(out.path(), "case"), 1, &Outputs::default()).unwrap_err();
        assert!(matches!(error, Error::Core(pulmo_core::Error::File { .. })), "{error}");
        assert_eq!(fs::read_to_string(out.path().join("case")).unwrap(), "a file");
        assert_eq!(names(out.path()), ["case"]);
    }

    #[test]
    fn outputs_that_would_meet_are_refused() {
        #[derive(Debug)]
        struct Named(&'static str, &'static str, &'static str);
        impl CaseOutput for Named {
            fn name(&self) -> &str {
                self.0
            }
            fn files(&self) -> Vec<OutputFile> {
                vec![OutputFile::new(self.1, FileKind::link(self.2, "Label", "about"))]
            }
            fn write(&self, _: &AnalysedCase<'_>, _: &Path) -> Result<()> {
                Ok(())
            }
        }
        let with = |name, file, column| Outputs::default().with(Named(name, file, column));
        assert!(with("extra", "extra.txt", "extra").is_ok());
        for name in ["", "lung", "a,b", "a b"] {
            assert!(matches!(with(name, "extra.txt", "extra"), Err(Error::OutputName { .. })), "{name}");
        }
        for file in ["", "Lung.png", "a/b", "..", ".hidden"] {
            assert!(matches!(with("extra", file, "extra"), Err(Error::OutputFileName { .. })), "{file}");
        }
        for column in ["", "report", "severity"] {
            assert!(
                matches!(with("extra", "extra.txt", column), Err(Error::OutputColumn { .. })),
                "{column}"
            );
        }
        for text in ["", "lung,", "masks", "lung,lung"] {
            assert!(text.parse::<Outputs>().is_err(), "{text:?}");
        }
        assert_eq!(Outputs::all().names().count(), 5);
    }
}
