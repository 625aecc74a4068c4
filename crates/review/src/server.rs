//! Binding and serving.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use pulmo_annotation::Project;

use crate::desk::Desk;
use crate::error::{Error, Result};
use crate::guard::{Guard, guard};
use crate::options::ServerOptions;
use crate::{api, assets};

/// Serves the review page of one project.
#[derive(Debug)]
pub struct ReviewServer {
    listener: TcpListener,
    address: SocketAddr,
    options: ServerOptions,
    project: Project,
}

impl ReviewServer {
    /// Takes the address, so that requests wait from here on.
    ///
    /// # Errors
    /// [`Error::TokenNeeded`], [`Error::TokenNeededForHost`], [`Error::Bind`].
    pub fn bind(project: Project, options: ServerOptions) -> Result<Self> {
        options.validate()?;
        let failed = |reason| Error::Bind { address: options.address, reason };
        let listener = TcpListener::bind(options.address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, options, project })
    }

    /// The address that was bound.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The page's address for a browser, with the token where there is one.
    #[must_use]
    pub fn url(&self) -> String {
        match &self.options.token {
            None => format!("http://{}/", self.address),
            Some(token) => format!("http://{}/?token={}", self.address, token.as_str()),
        }
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn run(self) -> Result<()> {
        self.run_until(std::future::pending())
    }

    /// Serves until `end` is ready.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn run_until(self, end: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let stopped = |reason| Error::Stopped { reason };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_io().build().map_err(stopped)?;
        let Self { listener, address, options, project } = self;
        let guarded = Guard { address, token: options.token, hosts: options.hosts };
        let desk = Arc::new(Desk::new(project, options.reviewer));
        let router: Router = Router::new()
            .merge(assets::router())
            .merge(api::router(desk))
            .fallback(api::not_found)
            .layer(from_fn_with_state(Arc::new(guarded), guard));
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).map_err(stopped)?;
            axum::serve(listener, router).with_graceful_shutdown(end).await.map_err(stopped)
        })
    }
}
