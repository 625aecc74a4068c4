//! Decoding of one case into a sample.

use std::path::Path;

use pulmo_core::Task;
use pulmo_imaging::{ChestXray, Mask};
use pulmo_xray::XraySource;

use crate::case::Case;
use crate::error::{Error, Result};
use crate::needs::Needs;
use crate::resample;
use crate::sample::Sample;

/// Decodes a case, changes its X-ray by `map` and brings it to `size x size`; the aspect ratio is not kept. A mask that
/// is not needed is empty.
pub(crate) fn sample(
    case: &Case,
    needs: Needs,
    size: usize,
    map: impl Fn(ChestXray) -> Result<ChestXray>,
) -> Result<Sample> {
    let xray =
        XraySource::path(case.image()).read().map_err(|error| unreadable(case, case.image(), error))?;
    let xray = map(xray)?;
    let side = u32::try_from(size).unwrap_or(u32::MAX);
    let grey = xray.resized(side, side);
    let plane = |task| match needs.includes(task) {
        true => mask(case, task, (xray.width(), xray.height()), size),
        false => Ok(vec![0; size * size]),
    };
    Sample::new(
        case.id(),
        case.class(),
        size,
        grey.pixels().iter().copied().map(to_byte).collect(),
        plane(Task::Lung)?,
        plane(Task::Infection)?,
    )
}

fn mask(case: &Case, kind: Task, expected: (u32, u32), size: usize) -> Result<Vec<u8>> {
    let path = case.mask(kind).ok_or_else(|| Error::MissingMask { id: case.id().to_owned(), kind })?;
    let mask = Mask::open(path).map_err(|error| unreadable(case, path, error.into()))?;
    let found = (mask.width(), mask.height());
    if found != expected {
        return Err(Error::SizeMismatch { id: case.id().to_owned(), path: path.to_owned(), found, expected });
    }
    let is_set = |x: usize, y: usize| mask.get(x as u32, y as u32);
    Ok(resample::mask(found.0 as usize, found.1 as usize, size, is_set))
}

fn unreadable(case: &Case, path: &Path, reason: pulmo_xray::Error) -> Error {
    Error::Unreadable { id: case.id().to_owned(), path: path.to_owned(), reason }
}

fn to_byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * f32::from(u8::MAX)).round() as u8
}
