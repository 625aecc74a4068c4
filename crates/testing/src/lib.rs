//! Files that the tests of several crates make.

mod dicom;

pub use dicom::DicomFile;
