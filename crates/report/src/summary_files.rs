//! The files of a summary.

use std::path::Path;

use crate::{Result, Summary, page, table};

impl Summary {
    /// The summary as CSV (RFC 4180, UTF-8): a header of [`SUMMARY_COLUMNS`] and
    /// the columns of [`files`](Self::files), and one row per X-ray.
    ///
    /// # Errors
    /// [`Error::Render`](crate::Error::Render) if it cannot be formatted.
    ///
    /// [`SUMMARY_COLUMNS`]: crate::SUMMARY_COLUMNS
    pub fn to_csv(&self) -> Result<String> {
        table::render(self)
    }

    /// Writes [`to_csv`](Self::to_csv) to a file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core) if the file cannot be written; an
    /// older file of that name is then unharmed.
    pub fn write_summary_csv(&self, path: &Path) -> Result<()> {
        Ok(pulmo_core::files::write(path, self.to_csv()?.as_bytes())?)
    }

    /// The summary as one HTML page that needs nothing but the pictures it
    /// links to and asks the network for nothing.
    ///
    /// # Errors
    /// [`Error::Render`](crate::Error::Render) if it cannot be formatted.
    pub fn to_html(&self) -> Result<String> {
        page::render(self)
    }

    /// Writes [`to_html`](Self::to_html) to a file, whole or not at all. The
    /// page belongs into the folder that the [`CaseFiles`](crate::CaseFiles) are relative to.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core) if the file cannot be written; an
    /// older file of that name is then unharmed.
    pub fn write_index_html(&self, path: &Path) -> Result<()> {
        Ok(pulmo_core::files::write(path, self.to_html()?.as_bytes())?)
    }
}
