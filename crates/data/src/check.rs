//! All that is wrong with a data set, listed at once.

use std::fmt;
use std::path::{Path, PathBuf};

use pulmo_core::Task;
use pulmo_imaging::Mask;
use pulmo_xray::XraySource;
use rayon::prelude::*;

use crate::case::{Case, Class, Split};
use crate::error::TURNED;
use crate::index::Index;
use crate::needs::Needs;

/// Something wrong with a data set; its `Display` names the case, the file and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is no case at all.
    NoCases,
    /// A class of a split that is there has no case.
    EmptyClass {
        /// The split.
        split: Split,
        /// The class.
        class: Class,
    },
    /// A mask file has no image.
    MaskWithoutImage {
        /// The mask file.
        path: PathBuf,
    },
    /// A case lacks a mask that is needed.
    MissingMask {
        /// The case.
        id: String,
        /// Which mask.
        kind: Task,
    },
    /// An X-ray cannot be decoded.
    UnreadableImage {
        /// The case.
        id: String,
        /// Why, with the file's name.
        reason: String,
    },
    /// A mask cannot be decoded.
    UnreadableMask {
        /// The case.
        id: String,
        /// Which mask.
        kind: Task,
        /// Why, with the file's name.
        reason: String,
    },
    /// A mask holds values other than 0 and 255.
    NotBinary {
        /// The case.
        id: String,
        /// Which mask.
        kind: Task,
        /// The mask file.
        path: PathBuf,
        /// Number of pixels that are neither 0 nor 255.
        others: u64,
    },
    /// A mask has another size than its X-ray.
    WrongSize {
        /// The case.
        id: String,
        /// Which mask.
        kind: Task,
        /// The mask file.
        path: PathBuf,
        /// Width and height of the mask in pixels.
        found: (u32, u32),
        /// Width and height of the X-ray in pixels.
        expected: (u32, u32),
    },
    /// An X-ray with masks is turned as its file says.
    TurnedImage {
        /// The case.
        id: String,
        /// The X-ray's file.
        path: PathBuf,
    },
    /// A lung mask marks nothing.
    EmptyLungMask {
        /// The case.
        id: String,
        /// The mask file.
        path: PathBuf,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCases => f.write_str("there is no case; check the root folder and the filters"),
            Self::EmptyClass { split, class } => {
                write!(f, "{split}/{class} has no case; add images or leave the class out")
            }
            Self::MaskWithoutImage { path } => {
                write!(f, "'{}' has no image of that name; add the image or remove the mask", path.display())
            }
            Self::MissingMask { id, kind } => {
                write!(f, "case '{id}' has no {kind} mask; add the file or remove the case")
            }
            Self::UnreadableImage { id, reason } => write!(f, "case '{id}', image: {reason}"),
            Self::UnreadableMask { id, kind, reason } => write!(f, "case '{id}', {kind} mask: {reason}"),
            Self::NotBinary { id, kind, path, others } => write!(
                f,
                "case '{id}': {kind} mask '{}' has {others} pixels that are neither 0 nor 255; save it losslessly",
                path.display()
            ),
            Self::WrongSize { id, kind, path, found, expected } => write!(
                f,
                "case '{id}': {kind} mask '{}' is {} x {} pixels and its image {} x {}; export both in one size",
                path.display(),
                found.0,
                found.1,
                expected.0,
                expected.1
            ),
            Self::TurnedImage { id, path } => write!(f, "case '{id}': image '{}' {TURNED}", path.display()),
            Self::EmptyLungMask { id, path } => {
                write!(
                    f,
                    "case '{id}': lung mask '{}' marks no pixel; draw it or remove the case",
                    path.display()
                )
            }
        }
    }
}

/// Decodes every image and every mask that is needed, in parallel, and lists all problems: first those of the folders,
/// then those of the cases in index order.
#[must_use]
pub fn check(index: &Index, needs: Needs) -> Vec<Problem> {
    let mut problems = folder_problems(index);
    problems.par_extend(index.cases().par_iter().flat_map_iter(|case| case_problems(case, needs)));
    problems
}

/// All that is wrong with a data set, as an error whose `Display` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// The problems, at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.0.len() == 1 { "problem" } else { "problems" };
        write!(f, "the data set has {} {noun}:", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

impl std::error::Error for Problems {}

/// Refuses a data set with problems, all of them at once; see [`check`].
///
/// # Errors
/// [`Problems`].
pub fn require_sound(index: &Index, needs: Needs) -> Result<(), Problems> {
    require_all_sound([index], needs)
}

/// Refuses several parts of a data set, such as its training and its validation images, with the problems of all of them
/// at once, each named once.
///
/// # Errors
/// [`Problems`].
pub fn require_all_sound<'a>(
    parts: impl IntoIterator<Item = &'a Index>,
    needs: Needs,
) -> Result<(), Problems> {
    let mut problems = Vec::new();
    for part in parts {
        let mut further = check(part, needs);
        further.retain(|problem| !problems.contains(problem));
        problems.append(&mut further);
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

fn folder_problems(index: &Index) -> Vec<Problem> {
    if index.is_empty() {
        return vec![Problem::NoCases];
    }
    let counts = index.counts();
    let empty = index.expected().iter().filter(|(split, class)| counts.get(*split, *class) == 0);
    let unmatched = index.unmatched_masks();
    empty
        .map(|&(split, class)| Problem::EmptyClass { split, class })
        .chain(unmatched.map(|path| Problem::MaskWithoutImage { path: path.to_owned() }))
        .collect()
}

fn case_problems(case: &Case, needs: Needs) -> Vec<Problem> {
    let mut problems = Vec::new();
    let size = match XraySource::path(case.image()).read() {
        Ok(xray) => {
            if xray.was_reoriented() && needs.tasks().any(|task| case.mask(task).is_some()) {
                problems
                    .push(Problem::TurnedImage { id: case.id().to_owned(), path: case.image().to_owned() });
                // A mask drawn before the image was turned by 90 degrees has its other size, which is no problem of its own.
                None
            } else {
                Some((xray.width(), xray.height()))
            }
        }
        Err(error) => {
            problems.push(Problem::UnreadableImage { id: case.id().to_owned(), reason: error.to_string() });
            None
        }
    };
    for kind in needs.tasks() {
        let problem = match case.mask(kind) {
            Some(path) => mask_problem(case, kind, path, size),
            None => Some(Problem::MissingMask { id: case.id().to_owned(), kind }),
        };
        problems.extend(problem);
    }
    problems
}

fn mask_problem(case: &Case, kind: Task, path: &Path, expected: Option<(u32, u32)>) -> Option<Problem> {
    let id = case.id().to_owned();
    let opened = Mask::open(path);
    let path = path.to_owned();
    let mask = match opened {
        Ok(mask) => mask,
        Err(error) => {
            return Some(match error.kind() {
                &pulmo_imaging::Error::NotBinary { others, .. } => {
                    Problem::NotBinary { id, kind, path, others }
                }
                _ => Problem::UnreadableMask { id, kind, reason: error.to_string() },
            });
        }
    };
    let found = (mask.width(), mask.height());
    match expected.filter(|expected| *expected != found) {
        Some(expected) => Some(Problem::WrongSize { id, kind, path, found, expected }),
        None if kind == Task::Lung && mask.is_empty() => Some(Problem::EmptyLungMask { id, path }),
        None => None,
    }
}
