//! Lends this machine's devices to programs on others, which name them `remote:HOST:PORT`.
//!
//! `cargo run --release --features remote-server,cuda --example serve -- --device cuda --listen 0.0.0.0:3000`
//!
//! Whoever reaches it can compute on it and nothing is encrypted: it listens to this machine alone unless told
//! otherwise, and beyond it only with a token, in the environment variable PULMO_REMOTE_TOKEN of both sides.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;

use burn::server::{RemoteServer, TokenAuthorizer, WebSocketTransport};
use clap::Parser;
use pulmo::device::TOKEN_VARIABLE;
use pulmo::prelude::*;

#[derive(Parser)]
#[command(about = "Lends this machine's devices to programs on others")]
struct Options {
    /// What to lend, in the order in which clients count: flex, or other backends of this build, such as cuda:1; all of
    /// one kind
    #[arg(long, default_values_t = [DeviceName::default()])]
    device: Vec<DeviceName>,
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let devices =
        options.device.iter().map(|name| Ok(name.open()?)).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let server = RemoteServer::new(devices);
    let server = match std::env::var(TOKEN_VARIABLE) {
        Ok(token) => server.with_authorizer(TokenAuthorizer::new(token)?),
        Err(_) if options.listen.ip().is_loopback() => server,
        Err(_) => {
            return Err(format!(
                "{} is reached from other machines; set {TOKEN_VARIABLE} to a token that clients have to show",
                options.listen
            )
            .into());
        }
    };
    let listener = TcpListener::bind(options.listen)
        .map_err(|error| format!("cannot listen on {}: {error}; choose another --listen", options.listen))?;
    println!("remote:{}", listener.local_addr()?);
    server.serve(WebSocketTransport::from_listener(listener))?;
    Ok(())
}
