//! Makes lung masks of your own X-rays, networks and people together: the review page, and the steps between reviews.
//!
//! `cargo run --release --example annotate -- <project>` serves the review page of a project on this machine;
//! `<project> new`, `advance`, `status` and `export` make a project, let the networks take their next step, say how
//! far it is, and write the data set.

mod make;
#[path = "../proposer/mod.rs"]
mod proposer;
mod step;

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use pulmo::annotation::{Project, Repair, Reviewer};
use pulmo_review::{ReviewServer, ServerOptions, Token};

#[derive(Parser)]
#[command(about, long_about = None, args_conflicts_with_subcommands = false, subcommand_precedence_over_arg = true)]
struct Options {
    /// Folder of the project
    project: PathBuf,
    #[command(flatten)]
    serve: Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Args)]
struct Serve {
    /// Port of the review page; 0 takes a free one
    #[arg(long, default_value_t = 8480)]
    port: u16,
    /// Record every decision under this name; without it the page asks
    #[arg(long, global = true)]
    reviewer: Option<Reviewer>,
    /// Address to serve on; any but this machine's own needs a token
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Secret that guards the page, at least 22 letters, digits, - and _; also taken from PULMO_TOKEN, which other
    /// users of the machine cannot see
    #[arg(long)]
    token: Option<String>,
    /// Host name under which the page is reached, such as a proxy's; needs a token
    #[arg(long)]
    host: Vec<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Make a project of X-rays and seed masks
    New(make::New),
    /// Let the networks take their next steps, until people are needed
    Advance(step::Advance),
    /// Say how far the project is
    Status,
    /// Write the masks so far in the layout of COVID-QU-Ex, with their provenance
    Export {
        /// Folder to write into
        out: PathBuf,
    },
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
    let by = options.serve.reviewer.clone();
    match &options.command {
        Some(Command::New(new)) => make::run(&options.project, new, &operator(by)?),
        Some(Command::Advance(advance)) => step::run(open(&options.project)?, advance, &operator(by)?),
        Some(Command::Status) => status(&open(&options.project)?),
        Some(Command::Export { out }) => export(&open(&options.project)?, out),
        None => serve(open(&options.project)?, &options.serve),
    }
}

/// Under whose name a step of the networks is recorded.
fn operator(by: Option<Reviewer>) -> Result<Reviewer, Box<dyn Error>> {
    Ok(by.map_or_else(|| Reviewer::new("operator"), Ok)?)
}

fn open(folder: &Path) -> Result<Project, Box<dyn Error>> {
    let project = Project::open(folder)?;
    match project.repair() {
        Some(Repair::Cut { entry, bytes, kept }) => {
            eprintln!("{bytes} bytes of an unconfirmed entry {entry} were moved to {}", kept.display());
        }
        Some(Repair::Ended { entry }) => eprintln!("the end of entry {entry} was repaired"),
        _ => {}
    }
    Ok(project)
}

fn serve(project: Project, serve: &Serve) -> Result<(), Box<dyn Error>> {
    let mut options = ServerOptions::at(SocketAddr::new(serve.address, serve.port));
    if let Some(token) = serve.token.clone().or_else(|| std::env::var("PULMO_TOKEN").ok()) {
        options = options.with_token(Token::new(token)?);
    }
    if let Some(reviewer) = &serve.reviewer {
        options = options.with_reviewer(reviewer.clone());
    }
    for host in &serve.host {
        options = options.with_host(host)?;
    }
    let waiting = project.open_tasks();
    let server = ReviewServer::bind(project, options)?;
    println!("{}", server.url());
    eprintln!("{waiting} images wait; open the address in a browser, end with Ctrl-C (nothing is lost)");
    Ok(server.run()?)
}

fn status(project: &Project) -> Result<(), Box<dyn Error>> {
    println!("{}", serde_json::to_string_pretty(&project.statistics())?);
    let head = project.head();
    eprintln!(
        "ledger: {} entries, last hash {}; kept elsewhere, it proves the ledger whole",
        head.entries, head.hash
    );
    Ok(())
}

fn export(project: &Project, out: &Path) -> Result<(), Box<dyn Error>> {
    let exported = project.export(out)?;
    for (split, images) in &exported.images {
        eprintln!("{split}: {images} images");
    }
    println!("{}", exported.provenance.display());
    Ok(())
}
