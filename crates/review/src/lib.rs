//! The review page: a person judges the masks that networks propose, in a browser, with the keyboard alone.
//!
//! A [`ReviewServer`] serves one annotation project. Its page needs no build step and asks nobody but this server:
//! assets are embedded, and a strict content security policy says so. It binds the loopback address; any other needs a
//! [`Token`]. Requests under foreign host names (DNS rebinding) or from foreign origins are refused, bodies are
//! limited ([`MAX_BODY`]), and no path of a request ever becomes a path on the disk.
//!
//! ```no_run
//! use pulmo_annotation::{Project, Reviewer};
//! use pulmo_review::{ReviewServer, ServerOptions};
//!
//! let options = ServerOptions::loopback(8480).with_reviewer(Reviewer::new("Ada")?);
//! let server = ReviewServer::bind(Project::open("project")?, options)?;
//! println!("{}", server.url());
//! server.run()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod api;
mod assets;
mod desk;
mod error;
mod guard;
mod mask_bits;
mod options;
mod server;

pub use api::{MAX_BODY, MAX_TASKS};
pub use desk::LEASE;
pub use error::{Error, Result};
pub use options::{MIN_TOKEN, ServerOptions, Token};
pub use server::ReviewServer;
