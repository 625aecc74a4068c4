//! A device as a user names it.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use burn::tensor::{Device, DeviceType};

use super::{Backend, Error, Result, ServerAddress};

/// A backend and, where a machine has several of its devices, which: `flex`, `wgpu`, `cuda:1`; for a device of another
/// machine the address of its server, and which of the server's: `remote:gpu-machine:3000`, `remote:gpu-machine:3000/1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceName {
    backend: Backend,
    server: Option<ServerAddress>,
    index: Option<usize>,
}

impl DeviceName {
    /// The device that `backend` takes by itself. For the GPU backends on wgpu that is the fastest adapter, or the one
    /// that the environment variable `CUBECL_WGPU_DEFAULT_DEVICE` names; elsewhere it is the first.
    pub fn new(backend: Backend) -> Self {
        Self { backend, server: None, index: None }
    }

    /// The first device that a server on another machine lends.
    pub fn remote(server: ServerAddress) -> Self {
        Self { backend: Backend::Remote, server: Some(server), index: None }
    }

    /// The device of that index, counted from 0 in the order in which the backend lists them.
    ///
    /// # Errors
    /// [`Error::NoIndex`] for a backend that has one device only.
    pub fn with_index(self, index: usize) -> Result<Self> {
        if !self.backend.is_indexed() && self.server.is_none() {
            return Err(Error::NoIndex { backend: self.backend });
        }
        Ok(Self { index: Some(index), ..self })
    }

    /// The backend.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Which of the backend's devices; `None` leaves the choice to the backend.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// The server that lends it, if it is a remote one.
    pub fn server(&self) -> Option<&ServerAddress> {
        self.server.as_ref()
    }

    /// Finds the device on this machine, or connects to the server that lends it, and makes it ready, without gradients.
    ///
    /// The backend is asked for its devices first, which loads its driver where there is one; a device that is then
    /// found is made to answer once. (Burn itself would panic at the first computation instead.) A server is given the
    /// token in the environment variable [`TOKEN_VARIABLE`](super::TOKEN_VARIABLE), if that is set.
    ///
    /// # Errors
    /// [`Error::NotCompiledIn`], [`Error::NotFound`], [`Error::NoSuchIndex`], [`Error::Unusable`].
    pub fn open(&self) -> Result<Device> {
        let backend = self.backend;
        let unusable = |reason| Error::Unusable { device: self.clone(), reason };
        if let Some(server) = &self.server {
            return server.connect(self.index.unwrap_or(0))?.map_err(unusable);
        }
        let found = caught(|| Ok(enumerate(backend)));
        let found = found.map_err(unusable)?;
        let found = found.ok_or(Error::NotCompiledIn { backend })?;
        if found.is_empty() {
            return Err(Error::NotFound { backend });
        }
        let chosen = match self.index {
            Some(index) => found.get(index).cloned(),
            None => default_of(backend),
        };
        let device = chosen.ok_or_else(|| Error::NoSuchIndex { device: self.clone(), count: found.len() })?;
        caught(|| device.sync().map_err(|error| error.to_string())).map_err(unusable)?;
        Ok(device)
    }
}

/// The first backend of this build, or [`Backend::Flex`] where there is none.
impl Default for DeviceName {
    fn default() -> Self {
        Self::new(Backend::compiled_in().first().copied().unwrap_or(Backend::Flex))
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.server, self.index) {
            (Some(server), Some(index)) => f.pad(&format!("{}:{server}/{index}", self.backend)),
            (Some(server), None) => f.pad(&format!("{}:{server}", self.backend)),
            (None, Some(index)) => f.pad(&format!("{}:{index}", self.backend)),
            (None, None) => self.backend.fmt(f),
        }
    }
}

impl FromStr for DeviceName {
    type Err = Error;

    /// # Errors
    /// An unknown backend, one that this build lacks, an index that is none, or a server's address that is none.
    fn from_str(name: &str) -> Result<Self> {
        let (backend, index) = match name.split_once(':') {
            Some((backend, index)) => (backend, Some(index)),
            None => (name, None),
        };
        let backend: Backend =
            backend.parse().map_err(|_| Error::UnknownBackend { name: name.to_owned() })?;
        if !backend.is_compiled_in() {
            return Err(Error::NotCompiledIn { backend });
        }
        if backend == Backend::Remote {
            return remote(index.unwrap_or_default());
        }
        let Some(index) = index else { return Ok(Self::new(backend)) };
        let index = index.parse().map_err(|_| Error::Index { name: name.to_owned(), backend })?;
        Self::new(backend).with_index(index)
    }
}

/// From what stands behind `remote:`.
fn remote(text: &str) -> Result<DeviceName> {
    let (server, index) = match text.split_once('/') {
        Some((server, index)) => (server, Some(index)),
        None => (text, None),
    };
    let name = DeviceName::remote(server.parse()?);
    let Some(index) = index else { return Ok(name) };
    let index = index.parse().map_err(|_| Error::ServerAddress { address: text.to_owned() })?;
    name.with_index(index)
}

/// The backend's devices on this machine; `None` if this build lacks the backend.
fn enumerate(backend: Backend) -> Option<Vec<Device>> {
    // Without an address there are none.
    if cfg!(feature = "remote") && backend == Backend::Remote {
        return Some(Vec::new());
    }
    Some(Device::enumerate(device_type(backend)?).into_vec())
}

/// What Burn calls the backend's devices; `None` if this build lacks the backend.
fn device_type(backend: Backend) -> Option<DeviceType> {
    match backend {
        #[cfg(feature = "flex")]
        Backend::Flex => Some(DeviceType::Flex),
        #[cfg(feature = "wgpu")]
        Backend::Wgpu => Some(DeviceType::Wgpu),
        #[cfg(feature = "vulkan")]
        Backend::Vulkan => Some(DeviceType::Vulkan),
        #[cfg(feature = "metal")]
        Backend::Metal => Some(DeviceType::Metal),
        #[cfg(feature = "cuda")]
        Backend::Cuda => Some(DeviceType::Cuda),
        #[cfg(feature = "rocm")]
        Backend::Rocm => Some(DeviceType::Rocm),
        #[cfg(feature = "cpu")]
        Backend::Cpu => Some(DeviceType::Cpu),
        #[allow(unreachable_patterns, reason = "reached where the build lacks a backend")]
        _ => None,
    }
}

/// The device that the backend takes by itself.
fn default_of(backend: Backend) -> Option<Device> {
    match backend {
        #[cfg(feature = "flex")]
        Backend::Flex => Some(Device::flex()),
        #[cfg(feature = "wgpu")]
        Backend::Wgpu => Some(Device::wgpu(Default::default())),
        #[cfg(feature = "vulkan")]
        Backend::Vulkan => Some(Device::vulkan(Default::default())),
        #[cfg(feature = "metal")]
        Backend::Metal => Some(Device::metal(Default::default())),
        #[cfg(feature = "cuda")]
        Backend::Cuda => Some(Device::cuda(0usize)),
        #[cfg(feature = "rocm")]
        Backend::Rocm => Some(Device::rocm(0usize)),
        #[cfg(feature = "cpu")]
        Backend::Cpu => Some(Device::cpu()),
        #[allow(unreachable_patterns, reason = "reached where the build lacks a backend")]
        _ => None,
    }
}

/// What `call` returns; a driver that fails makes some backends panic, which is an error like any other here.
fn caught<T>(call: impl FnOnce() -> std::result::Result<T, String>) -> std::result::Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|payload| Err(message(payload.as_ref())))
}

/// The message of a panic.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("the backend panicked").to_owned()
}
