//! Devices as users name them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pulmo::device::{Backend, DeviceName, Error, hardware};

fn message(name: &str) -> String {
    name.parse::<DeviceName>().unwrap_err().to_string()
}

#[test]
fn unknown_names_are_told_with_the_known() {
    for name in ["", "gpu", "Flex", "flex ", "cuda0", ":1", "libtorch:0"] {
        let known = "flex, wgpu, vulkan, metal, cuda, rocm, cpu, remote";
        assert_eq!(message(name), format!("unknown device '{name}'; known are {known}"));
    }
}

#[test]
fn backends_left_out_are_told_with_their_feature() {
    for &backend in Backend::ALL {
        let name = backend.to_string();
        assert_eq!(name.parse::<Backend>().unwrap(), backend);
        if backend == Backend::Remote && backend.is_compiled_in() {
            // Its names need an address; tests/remote.rs has them.
            continue;
        }
        if backend.is_compiled_in() {
            assert_eq!(name.parse::<DeviceName>().unwrap(), DeviceName::new(backend));
            continue;
        }
        for name in [name.clone(), format!("{name}:1"), format!("{name}:x")] {
            let message = message(&name);
            assert!(message.ends_with(&format!("build with --features {backend}")), "{message}");
        }
        let error = DeviceName::new(backend).open().unwrap_err();
        assert_eq!(error, Error::NotCompiledIn { backend });
    }
}

#[test]
fn the_default_is_the_first_of_the_build() {
    let first = Backend::compiled_in().first().copied().unwrap_or(Backend::Flex);
    assert_eq!(DeviceName::default(), DeviceName::new(first));
}

#[test]
fn indices_are_numbers_of_backends_with_several_devices() {
    for &backend in [Backend::Wgpu, Backend::Vulkan, Backend::Metal, Backend::Cuda, Backend::Rocm].iter() {
        let device = DeviceName::new(backend).with_index(3).unwrap();
        assert_eq!((device.to_string(), device.index()), (format!("{backend}:3"), Some(3)));
        if !backend.is_compiled_in() {
            continue;
        }
        assert_eq!(device.to_string().parse::<DeviceName>().unwrap(), device);
        for name in
            ["", "x", "-1", "1:1", "99999999999999999999999"].map(|index| format!("{backend}:{index}"))
        {
            let message = message(&name);
            assert!(
                message.starts_with(&format!("device '{name}' has no index behind its colon")),
                "{message}"
            );
        }
    }
    let error = DeviceName::new(Backend::Cpu).with_index(0).unwrap_err();
    assert_eq!(error, Error::NoIndex { backend: Backend::Cpu });
}

#[cfg(feature = "flex")]
#[test]
fn flex_is_there() {
    let device: DeviceName = "flex".parse().unwrap();
    assert_eq!(hardware(&device.open().unwrap()), None);
    assert_eq!(message("flex:0"), "device 'flex' takes no index, there is only one; write flex");
}
