//! The masks that a case is judged by.

use std::path::Path;

use pulmo_data::Case;
use pulmo_imaging::{ChestXray, Mask};

use crate::{Error, Result};

/// The true masks that a case has, at its X-ray's size.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    pub(crate) lung: Option<Mask>,
    pub(crate) infection: Option<Mask>,
}

impl Truth {
    pub(crate) fn of(case: &Case, xray: &ChestXray) -> Result<Self> {
        let open = |path: Option<&Path>| -> Result<Option<Mask>> {
            let Some(mask) = path.map(Mask::open).transpose()? else { return Ok(None) };
            if mask.size() != (xray.width(), xray.height()) {
                return Err(Error::Size {
                    id: case.id().to_owned(),
                    mask_width: mask.width(),
                    mask_height: mask.height(),
                    width: xray.width(),
                    height: xray.height(),
                });
            }
            Ok(Some(mask))
        };
        let has_mask = case.lung_mask().is_some() || case.infection_mask().is_some();
        if xray.was_reoriented() && has_mask {
            let (id, path) = (case.id().to_owned(), case.image().to_owned());
            return Err(pulmo_data::Error::TurnedImage { id, path }.into());
        }
        Ok(Self { lung: open(case.lung_mask())?, infection: open(case.infection_mask())? })
    }

    /// Infected share of the lungs in percent, where both masks are there and lungs in the picture.
    pub(crate) fn infected_percent(&self) -> Result<Option<f64>> {
        match (&self.lung, &self.infection) {
            (Some(lung), Some(infection)) if !lung.is_empty() => {
                Ok(Some(100.0 * lung.overlap(infection)? as f64 / lung.area() as f64))
            }
            _ => Ok(None),
        }
    }
}
