//! The adapter that the tests run on, and what happens without one.

use std::process::Command;
use std::sync::OnceLock;

use pulmo::device::{self, Backend, DeviceName, Error};
use pulmo::prelude::*;

/// Set for a process whose graphics drivers are hidden.
const HIDDEN: &str = "PULMO_TEST_HIDDEN_DRIVERS";

/// The default adapter; `None`, and a line that says so, where there is none.
pub(crate) fn adapter() -> Option<Device> {
    static OPENED: OnceLock<pulmo::device::Result<Device>> = OnceLock::new();
    match OPENED.get_or_init(|| DeviceName::new(Backend::Wgpu).open()) {
        Ok(device) => Some(device.clone()),
        Err(error @ Error::NotFound { .. }) => {
            eprintln!("skipped: no WebGPU adapter ({error})");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_listed_adapter_opens_by_its_index() {
    if adapter().is_none() {
        return;
    }
    let first = DeviceName::new(Backend::Wgpu).with_index(0).unwrap();
    assert_eq!(first.to_string(), "wgpu:0");
    assert!(device::hardware(&first.open().unwrap()).is_some());
}

#[test]
fn an_index_past_the_last_adapter_is_an_error() {
    let past = DeviceName::new(Backend::Wgpu).with_index(250).unwrap();
    let error = past.open().unwrap_err();
    if adapter().is_some() {
        let message = error.to_string();
        assert!(message.starts_with("there is no device 'wgpu:250': 'wgpu' has "), "{message}");
    } else {
        assert_eq!(error, Error::NotFound { backend: Backend::Wgpu });
    }
}

#[test]
fn hidden_drivers_are_an_error() {
    if std::env::var_os(HIDDEN).is_some() {
        let error = DeviceName::new(Backend::Wgpu).open().unwrap_err();
        assert_eq!(error, Error::NotFound { backend: Backend::Wgpu });
        return;
    }
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: drivers are hidden on Linux only");
        return;
    }
    let nowhere = "/nonexistent";
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "adapter::hidden_drivers_are_an_error"])
        .env(HIDDEN, "1")
        .envs([("VK_DRIVER_FILES", nowhere), ("VK_ICD_FILENAMES", nowhere)])
        .envs([("__EGL_VENDOR_LIBRARY_FILENAMES", nowhere), ("LIBGL_DRIVERS_PATH", nowhere)])
        .status()
        .unwrap();
    assert!(status.success());
}
