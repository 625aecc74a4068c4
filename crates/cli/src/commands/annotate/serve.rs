use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::Args;
use pulmo::annotation::{Project, Reviewer};
use pulmo_review::{ReviewServer, ServerOptions, Token};
use serde_json::json;

use crate::console::Console;
use crate::exit::{Done, ForOption, Outcome};

/// How the review page is served.
#[derive(Debug, Args)]
#[command(next_help_heading = "Review page")]
pub(super) struct Serve {
    /// Port of the review page; 0 takes a free one
    #[arg(long, default_value_t = 8480)]
    port: u16,
    /// Address to serve on; any but this machine's own needs a token
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Secret that guards the page, at least 22 letters, digits, - and _; also taken from PULMO_TOKEN, which other
    /// users of the machine cannot see
    #[arg(long)]
    token: Option<String>,
    /// Host name under which the page is reached, such as a proxy's; needs a token
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
}

impl Serve {
    pub(super) fn run(&self, project: Project, reviewer: Option<Reviewer>, console: &Console) -> Outcome {
        let mut options = ServerOptions::at(SocketAddr::new(self.address, self.port));
        if let Some(token) = self.token.clone().or_else(|| std::env::var("PULMO_TOKEN").ok()) {
            options = options.with_token(Token::new(token).for_option("--token")?);
        }
        if let Some(reviewer) = reviewer {
            options = options.with_reviewer(reviewer);
        }
        for host in &self.host {
            options = options.with_host(host).for_option("--host")?;
        }
        let waiting = project.open_tasks();
        let server = ReviewServer::bind(project, options)?;
        console.result(format!("{}\n", server.url()), &json!({ "url": server.url().to_string() }))?;
        console.note(format!(
            "{waiting} images wait; open the address in a browser, end with Ctrl-C (nothing is lost)"
        ));
        server.run()?;
        Ok(Done::All)
    }
}
