//! What the server refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::net::SocketAddr;

use pulmo_annotation::Reviewer;
use pulmo_review::{Error, MAX_BODY, ReviewServer, ServerOptions, Token};
use serde_json::{Value, json};
use support::{Answer, get, loops, post, send, serve, serve_batch, serve_project};

const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz";

fn tasks(address: SocketAddr, reviewer: &str, count: usize) -> Vec<Value> {
    let answer = get(address, &format!("/api/tasks?queue=batch&reviewer={reviewer}&count={count}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["tasks"].as_array().unwrap().clone()
}

/// An accept of a task by Ada.
fn accept(task: &Value) -> Value {
    json!({
        "reviewer": "Ada", "queue": "batch", "place": task["place"], "masks": task["masks"],
        "decision": "accept", "pick": null, "mask": null, "seconds": 1.5,
    })
}

fn with(message: &Value, changes: &[(&str, Value)]) -> String {
    let mut message = message.clone();
    for (name, value) in changes {
        message[*name] = value.clone();
    }
    message.to_string()
}

fn says(answer: &Answer, status: u16, reason: &str) {
    let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
    assert_eq!(answer.status, status, "{error}");
    assert!(error.contains(reason), "{error}");
}

#[test]
fn every_answer_carries_the_policy_and_every_asset_is_there() {
    let served = serve(|options| options);
    let page = get(served.address, "/");
    assert_eq!(page.status, 200);
    for line in page.text().split('"').filter(|part| part.starts_with("/assets/")) {
        assert_eq!(get(served.address, line).status, 200, "{line}");
    }
    for path in ["/", "/assets/app.js", "/api/status", "/nowhere", "/api/xray/99"] {
        let answer = get(served.address, path);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    let text = page.text();
    assert!(
        !text.contains("<script>") && !text.contains("style=") && !text.contains("onclick"),
        "nothing inline"
    );
    assert!(!text.contains("http://") && !text.contains("https://"), "nothing from elsewhere");
}

#[test]
fn requests_for_another_host_are_refused() {
    let served = serve(|options| options);
    let port = served.address.port();
    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        "127.0.0.1:1",
        "",
        "10.0.0.1",
        &format!("10.0.0.1:{port}"),
        &format!("localhost.evil.example:{port}"),
        &format!("127.0.0.1.evil.example:{port}"),
    ] {
        assert_eq!(send(served.address, "GET /", &[("host", host)], b"").status, 403, "{host}");
    }
    for host in [format!("localhost:{port}"), format!("LOCALHOST:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(send(served.address, "GET /", &[("host", &host)], b"").status, 200, "{host}");
    }
    assert!((400..=403).contains(&send(served.address, "GET /", &[], b"").status));
    let named = serve(|options| {
        options.with_host("review.example.org").unwrap().with_token(Token::new(TOKEN).unwrap())
    });
    let bearer = format!("Bearer {TOKEN}");
    let through_proxy = [("host", "review.example.org"), ("authorization", &*bearer)];
    assert_eq!(send(named.address, "GET /", &through_proxy, b"").status, 200);
    let folder = tempfile::tempdir().unwrap();
    let (project, _) = loops::project(folder.path(), 1);
    let open = ServerOptions::loopback(0).with_host("review.example.org").unwrap();
    assert!(matches!(ReviewServer::bind(project, open), Err(Error::TokenNeededForHost { .. })));
    assert!(matches!(ServerOptions::loopback(0).with_host("a b"), Err(Error::Host { .. })));
}

#[test]
fn requests_from_another_origin_are_refused() {
    let served = serve(|options| options);
    let host = served.address.to_string();
    let before = std::fs::read(served.ledger()).unwrap();
    let message = accept(&tasks(served.address, "Ada", 1)[0]).to_string();
    let own = format!("http://{host}");
    let kind = ("content-type", "application/json");
    for headers in [
        vec![kind],
        vec![kind, ("origin", "http://evil.example")],
        vec![kind, ("origin", "null")],
        vec![kind, ("origin", "http://127.0.0.1:1")],
        vec![kind, ("origin", &own), ("sec-fetch-site", "cross-site")],
        vec![kind, ("origin", &own), ("sec-fetch-site", "same-site")],
    ] {
        let all: Vec<(&str, &str)> = [("host", &*host)].into_iter().chain(headers).collect();
        let answer = send(served.address, "POST /api/decide", &all, message.as_bytes());
        assert_eq!(answer.status, 403, "{all:?}");
    }
    let foreign = [("host", &*host), ("origin", "http://evil.example")];
    assert_eq!(send(served.address, "GET /api/status", &foreign, b"").status, 403);
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        let answer =
            send(served.address, &format!("{method} /api/decide"), &[("host", &host), ("origin", &own)], b"");
        assert_eq!(answer.status, 405, "{method}");
    }
    assert_eq!(std::fs::read(served.ledger()).unwrap(), before);
}

#[test]
fn no_path_reaches_a_file() {
    let served = serve(|options| options);
    std::fs::write(served.project.folder().join("secret.png"), "secret").unwrap();
    for path in [
        "/project.json",
        "/ledger.jsonl",
        "//etc/passwd",
        "/../etc/passwd",
        "/assets/../project.json",
        "/assets/%2e%2e/project.json",
        "/assets/..%2f..%2fproject.json",
        "/assets/",
        "/api",
        "/api/",
        "/api/mask/..%2fproject.json",
        "/api/mask/../../project.json",
        "/api/mask/secret",
        "/api/mask/%2e%2e%2fsecret.png",
        &format!("/api/mask/{}", "0".repeat(64)),
        &format!("/api/mask/{}", "A".repeat(64)),
        "/api/mask/%00",
        "/api/xray/../project.json",
        "/api/xray/-1",
        "/api/xray/10",
        "/api/xray/18446744073709551616",
        "/api/xray/0%2f..",
        "/api/xray/%ff",
        "/api/xray/0x0",
        "/api/xray/0",
        &format!("/api/xray/0/{}", "0".repeat(64)),
        "/api/xray/0/..%2fproject.json",
    ] {
        let answer = get(served.address, path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret\""), "{path}");
    }
    let task = &tasks(served.address, "Ada", 1)[0];
    // Each X-ray under its own hash alone, since browsers keep pictures beyond the project they are of.
    let (place, hash) = (task["place"].as_u64().unwrap(), task["sha256"].as_str().unwrap());
    assert_eq!(get(served.address, &format!("/api/xray/{}/{hash}", (place + 1) % 10)).status, 404);
    for path in
        [format!("/api/xray/{place}/{hash}"), format!("/api/mask/{}", task["masks"][0].as_str().unwrap())]
    {
        let answer = get(served.address, &path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/png")), "{path}");
        assert!(answer.body.starts_with(b"\x89PNG"));
    }
}

#[test]
fn malformed_and_oversized_bodies_are_refused_and_change_nothing() {
    let served = serve(|options| options);
    let before = std::fs::read(served.ledger()).unwrap();
    let task = tasks(served.address, "Ada", 1)[0].clone();
    let good = accept(&task);
    let decide = |body: &str| post(served.address, "/api/decide", body);
    let drawn = |mask: &str| with(&good, &[("decision", json!("reject")), ("mask", json!(mask))]);

    says(&decide(&"x".repeat(MAX_BODY + 1)), 413, "limit");
    assert_eq!(decide("").status, 400);
    assert_eq!(decide("{").status, 400);
    assert_eq!(decide(&"[".repeat(100_000)).status, 422);
    assert_eq!(
        decide(&with(
            &good,
            &[(
                "reviewer",
                serde_json::from_str(&format!("{}{}", "[".repeat(120), "]".repeat(120))).unwrap()
            )]
        ))
        .status,
        422
    );
    says(&decide("{}"), 422, "missing field");
    says(&decide(&with(&good, &[("more", json!(1))])), 422, "unknown field");
    says(&decide(&with(&good, &[("place", json!(-1))])), 422, "place");
    says(&decide(&with(&good, &[("place", json!(4_000_000_000_u64))])), 404, "no image");
    says(&decide(&with(&good, &[("queue", json!("../panel"))])), 422, "unknown variant");
    says(
        &decide(&with(&good, &[("queue", json!("panel")), ("decision", json!("deny"))])),
        409,
        "does not wait in the panel",
    );
    says(&decide(&with(&good, &[("decision", json!("pick")), ("pick", json!(1))])), 422, "has no decision");
    says(&decide(&with(&good, &[("decision", json!("confirm"))])), 422, "has no decision");
    says(&decide(&with(&good, &[("pick", json!(1))])), 422, "only a pick");
    says(&decide(&with(&good, &[("mask", json!("AAAA"))])), 422, "only a correction");
    says(&decide(&with(&good, &[("decision", json!("reject"))])), 422, "corrected mask");
    says(&decide(&drawn("not base64!")), 422, "base64");
    says(&decide(&drawn("AAAA")), 422, "48 x 48 pixels at one bit each make 288");
    says(&decide(&with(&good, &[("seconds", json!(-1.0))])), 422, "seconds");
    says(&decide(&with(&good, &[("seconds", json!(1e300))])), 422, "seconds");
    says(&decide(&with(&good, &[("seconds", json!(90_000.0))])), 422, "90000 s");
    says(&decide(&with(&good, &[("reviewer", json!(""))])), 422, "reviewer name");
    says(&decide(&with(&good, &[("reviewer", json!("=cmd()"))])), 422, "reviewer name");
    says(&decide(&with(&good, &[("masks", json!(["zz"]))])), 422, "SHA-256");
    says(&decide(&with(&good, &[("masks", json!(["0".repeat(64)]))])), 409, "other masks");
    let (host, origin) = (served.address.to_string(), format!("http://{}", served.address));
    let plain = [("host", &*host), ("origin", &*origin), ("content-type", "text/plain")];
    assert_eq!(send(served.address, "POST /api/decide", &plain, good.to_string().as_bytes()).status, 415);
    says(&post(served.address, "/api/undo", r#"{"reviewer":"Ada"}"#), 409, "nothing to undo");
    for query in [
        "",
        "?queue=batch",
        "?queue=none&reviewer=a&count=1",
        "?queue=batch&reviewer=a&count=-1",
        "?queue=batch&reviewer=a&count=1&path=/etc",
    ] {
        assert_eq!(get(served.address, &format!("/api/tasks{query}")).status, 400, "{query}");
    }
    assert_eq!(std::fs::read(served.ledger()).unwrap(), before, "nothing was recorded");

    assert_eq!(decide(&good.to_string()).status, 200);
    says(&decide(&good.to_string()), 409, "was decided by Ada in the meantime");
}

#[test]
fn other_addresses_need_a_token_which_guards_every_request() {
    let any: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (project, _) = loops::project(folder.path(), 1);
    let refused = ReviewServer::bind(project, ServerOptions::at(any));
    assert!(matches!(refused, Err(Error::TokenNeeded { .. })));
    for weak in ["", "short", &"a b".repeat(20), &"é".repeat(30)] {
        assert!(matches!(Token::new(weak), Err(Error::WeakToken { .. })), "{weak}");
    }
    assert!(!format!("{:?}", Token::new(TOKEN).unwrap()).contains(TOKEN));

    let served = serve(|options| options.with_token(Token::new(TOKEN).unwrap()));
    assert!(served.url.ends_with(&format!("/?token={TOKEN}")));
    let host = served.address.to_string();
    for path in [
        "/",
        "/assets/app.js",
        "/api/status",
        "/api/xray/0",
        "/nowhere",
        "/?token=wrong",
        &format!("/api/status?token={TOKEN}"),
    ] {
        assert_eq!(get(served.address, path).status, 401, "{path}");
    }
    assert_eq!(post(served.address, "/api/undo", r#"{"reviewer":"Ada"}"#).status, 401);
    let enter = get(served.address, &format!("/?token={TOKEN}"));
    assert_eq!((enter.status, enter.header("location")), (303, Some("/")));
    let cookie = enter.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(!cookie.contains("Secure"), "a browser would not send it back without TLS: {cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let ask = |name: &str, value: &str| {
        send(served.address, "GET /api/status", &[("host", &host), (name, value)], b"")
    };
    assert_eq!(ask("cookie", cookie).status, 200);
    assert_eq!(ask("cookie", &format!("other=1; {cookie}")).status, 200);
    assert_eq!(ask("cookie", "pulmo_token=wrong").status, 401);
    assert_eq!(ask("authorization", &format!("Bearer {TOKEN}")).status, 200);
    assert_eq!(ask("authorization", TOKEN).status, 401);

    // Opened from a mail, behind a proxy with TLS, or once more: the token leaves the address.
    let enter = |more: &[(&str, &str)]| {
        let headers = [&[("host", &*host)], more].concat();
        send(served.address, &format!("GET /?token={TOKEN}"), &headers, b"")
    };
    let mail =
        [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    assert_eq!(enter(&mail).status, 303);
    assert_eq!(enter(&[("cookie", cookie)]).status, 303);
    let secure = enter(&[("x-forwarded-proto", "https")]);
    assert!(secure.header("set-cookie").unwrap().ends_with("; Secure"));
    for (line, mode, dest) in [
        ("GET /", "no-cors", "script"),
        ("GET /", "navigate", "iframe"),
        ("GET /api/status", "navigate", "document"),
        ("POST /", "navigate", "document"),
    ] {
        let headers = [
            ("host", &*host),
            ("cookie", cookie),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", mode),
            ("sec-fetch-dest", dest),
        ];
        assert_eq!(send(served.address, line, &headers, b"").status, 403, "{line} {mode} {dest}");
    }
}

#[test]
fn two_reviewers_get_different_images_until_one_decides() {
    let served = serve(|options| options);
    let place = |task: &Value| task["place"].as_u64().unwrap();
    let ada: Vec<u64> = tasks(served.address, "Ada", 3).iter().map(place).collect();
    let grace: Vec<u64> = tasks(served.address, "Grace", 3).iter().map(place).collect();
    assert_eq!((ada.len(), grace.len()), (3, 2), "five images wait");
    assert!(ada.iter().all(|place| !grace.contains(place)));
    assert_eq!(
        tasks(served.address, "Ada", 3).iter().map(place).collect::<Vec<_>>(),
        ada,
        "asking again changes nothing"
    );
    assert!(tasks(served.address, "Ada", 1_000_000).len() <= pulmo_review::MAX_TASKS);
}

#[test]
fn reviewers_of_two_servers_begin_elsewhere() {
    let served = serve_batch(40, 20, |options| options);
    let project = pulmo_annotation::Project::open(served.project.folder()).unwrap();
    let second = ReviewServer::bind(project, ServerOptions::loopback(0)).unwrap();
    let address = second.address();
    std::thread::spawn(move || second.run().unwrap());
    let places = |address, reviewer| {
        let tasks = tasks(address, reviewer, 4);
        tasks.iter().map(|task| task["place"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    let (ada, grace) = (places(served.address, "Ada"), places(address, "Grace"));
    assert!(ada.iter().all(|place| !grace.contains(place)), "{ada:?} {grace:?}");
    assert_eq!(places(address, "Ada"), ada, "a reviewer's order is the same everywhere");
}

#[test]
fn a_page_keeps_what_it_holds() {
    let served = serve(|options| options);
    let all = tasks(served.address, "Ada", 5);
    let last = all[4]["place"].as_u64().unwrap();
    let ask = |query: &str| get(served.address, &format!("/api/tasks?queue=batch&{query}"));
    assert_eq!(ask(&format!("reviewer=Ada&count=0&holding={last},99")).status, 200);
    for bad in ["x", "-1", "1;2", "1,x"] {
        says(&ask(&format!("reviewer=Ada&count=0&holding={bad}")), 400, "places");
    }
    // What Ada has in hand cannot be held by another.
    assert_eq!(ask(&format!("reviewer=Grace&count=4&holding={last}")).json()["tasks"], json!([]));
}

#[test]
fn only_doctors_are_handed_what_doctors_decide() {
    let mut served = serve_project(|spec| spec.doctors = vec![loops::reviewer("Ito")], |options| options);
    for task in served.project.tasks::<pulmo_annotation::Batch>().collect::<Vec<_>>() {
        let unsure = pulmo_annotation::BatchDecision::Unsure;
        served.project.decide(&task, unsure, &loops::reviewer("Ada"), std::time::Duration::ZERO).unwrap();
    }
    let ask = |reviewer| get(served.address, &format!("/api/tasks?queue=doctor&reviewer={reviewer}&count=4"));
    says(&ask("Ada"), 403, "not among the project's doctors");
    assert_eq!(ask("Ito").json()["tasks"].as_array().unwrap().len(), 4, "Ada holds none of them");
}

#[test]
fn a_server_for_one_reviewer_takes_no_other_name() {
    let served = serve(|options| options.with_reviewer(Reviewer::new("Ada").unwrap()));
    let task = tasks(served.address, "Ada", 1)[0].clone();
    let other = post(served.address, "/api/decide", &with(&accept(&task), &[("reviewer", json!("Grace"))]));
    says(&other, 403, "decisions of Ada alone");
    assert_eq!(get(served.address, "/api/status").json()["reviewer"], "Ada");
}
