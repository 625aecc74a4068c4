//! A project that is served, and a bare HTTP client.
#![allow(dead_code)]

#[path = "../../../annotation/tests/support/mod.rs"]
pub(crate) mod loops;

pub(crate) mod browser;
pub(crate) mod pages;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use pulmo_annotation::{Project, ProjectSpec, Step};
use pulmo_review::{ReviewServer, ServerOptions};

/// A project in Stage II whose first batch waits, and its folder.
pub(crate) struct Served {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) project: Project,
    pub(crate) oracle: loops::Oracle,
    pub(crate) address: SocketAddr,
    pub(crate) url: String,
}

/// Half of ten images in one batch, a panel of six.
pub(crate) fn serve(options: impl FnOnce(ServerOptions) -> ServerOptions) -> Served {
    serve_batch(10, 5, options)
}

/// A batch of the first half of `images`.
pub(crate) fn serve_batch(
    images: u64,
    batch: usize,
    options: impl FnOnce(ServerOptions) -> ServerOptions,
) -> Served {
    serve_with(images, |spec| spec.batch_size = batch, options)
}

/// As [`serve`], of a project that is set otherwise.
pub(crate) fn serve_project(
    change: impl FnOnce(&mut ProjectSpec),
    options: impl FnOnce(ServerOptions) -> ServerOptions,
) -> Served {
    let changed = |spec: &mut ProjectSpec| {
        spec.batch_size = 5;
        change(spec);
    };
    serve_with(10, changed, options)
}

fn serve_with(
    images: u64,
    change: impl FnOnce(&mut ProjectSpec),
    options: impl FnOnce(ServerOptions) -> ServerOptions,
) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let mut spec = loops::spec();
    spec.panel = loops::names(&["unet-a", "unet-b", "unet-c", "unetplusplus-a", "unetplusplus-b", "fpn-a"]);
    change(&mut spec);
    let (mut project, mut oracle) = loops::project_with(folder.path(), images, spec);
    assert_eq!(loops::advance(&mut project, &mut oracle), Step::NetworkChosen);
    assert_eq!(loops::advance(&mut project, &mut oracle), Step::BatchProposed(1));
    let options = options(ServerOptions::loopback(0));
    let server = ReviewServer::bind(Project::open(project.folder()).unwrap(), options).unwrap();
    let (address, url) = (server.address(), server.url());
    std::thread::spawn(move || server.run().unwrap());
    Served { folder, project, oracle, address, url }
}

impl Served {
    pub(crate) fn ledger(&self) -> PathBuf {
        self.project.folder().join(pulmo_annotation::LEDGER_FILE)
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Sends a request exactly as given, with `connection: close` and a content length.
pub(crate) fn send(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    // A server that refuses early may close while a large body is still being sent.
    let _sent = stream.write_all(body);
    let mut bytes = Vec::new();
    let _read = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

/// A GET as the page's own.
pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    send(address, &format!("GET {path}"), &[("host", &address.to_string())], b"")
}

/// A POST as the page's own.
pub(crate) fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    let origin = format!("http://{address}");
    let headers =
        [("host", &*address.to_string()), ("origin", &origin), ("content-type", "application/json")];
    send(address, &format!("POST {path}"), &headers, body.as_bytes())
}
