use std::net::{SocketAddr, TcpListener};

use burn::server::{RemoteServer, TokenAuthorizer, WebSocketTransport};
use clap::Args;
use pulmo::device::TOKEN_VARIABLE;
use pulmo::prelude::*;
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, Failure, Outcome};

/// Lend this machine's devices to programs on other machines, until Ctrl-C
///
/// Such programs name the devices remote:HOST:PORT. Whoever reaches the address can compute here, and nothing is encrypted.
/// Therefore other machines are let in only with a token: set the environment variable PULMO_REMOTE_TOKEN to the same secret
/// on both sides.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// A device to lend: flex, which is the CPU, or another backend of this build, such as cuda:1; give it several times to
    /// lend several devices of one kind, which clients count in this order
    #[arg(long, default_values_t = [DeviceName::default()])]
    device: Vec<DeviceName>,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
}

const EXAMPLES: &str = "\
Examples:
  pulmo serve --device cuda
  PULMO_REMOTE_TOKEN=... pulmo serve --device cuda:0 --device cuda:1 --listen 0.0.0.0:3000
  PULMO_REMOTE_TOKEN=... pulmo analyze x-rays/ --out results --device remote:gpu-machine:3000";

impl Serve {
    pub(crate) fn run(&self, console: &Console) -> Outcome {
        let devices = self.device.iter().map(DeviceName::open).collect::<pulmo::device::Result<Vec<_>>>()?;
        let server = RemoteServer::new(devices);
        let server = match std::env::var(TOKEN_VARIABLE) {
            Ok(token) => server.with_authorizer(TokenAuthorizer::new(token)?),
            Err(_) if self.listen.ip().is_loopback() => server,
            Err(_) => {
                return Err(Failure::wrong_use(format!(
                    "--listen: other machines reach {}; set {TOKEN_VARIABLE} to a token that they have to show",
                    self.listen
                )));
            }
        };
        let listener = TcpListener::bind(self.listen)
            .map_err(|error| format!("cannot listen on {}: {error}; choose another --listen", self.listen))?;
        let name = format!("remote:{}", listener.local_addr()?);
        console.result(format!("{name}\n"), &json!({ "device": name }))?;
        console.note("other programs can now name this device; end with Ctrl-C");
        server.serve(WebSocketTransport::from_listener(listener))?;
        Ok(Done::All)
    }
}
