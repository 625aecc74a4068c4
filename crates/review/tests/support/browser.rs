//! A headless Chromium, driven through its DevTools protocol.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PATIENCE: Duration = Duration::from_secs(30);

/// A page in a browser of its own, which ends with this value.
pub(crate) struct Browser {
    process: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    session: Option<String>,
    next: u64,
    /// Errors that the page has met: exceptions, refused requests, violations of its policy.
    pub(crate) complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

/// The browser of this machine: the environment's `PULMO_BROWSER`, or a known name in the path.
pub(crate) fn installed() -> Option<PathBuf> {
    let given = std::env::var_os("PULMO_BROWSER").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut known = std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    given.or_else(|| known.find(|file| file.is_file()))
}

impl Browser {
    pub(crate) fn start(program: &Path) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .args(["--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--disable-dev-shm-usage", "--window-size=1440,900"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let url = lines.find_map(|line| Some(line.split_once("DevTools listening on ")?.1.to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        let (socket, _) = tungstenite::connect(url.expect("the browser says where it listens")).unwrap();
        let mut browser =
            Self { process, socket, session: None, next: 0, complaints: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached =
            browser.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            browser.call(domain, json!({}));
        }
        let screen = json!({ "width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.call("Emulation.setDeviceMetricsOverride", screen);
        browser
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(message.to_string())).unwrap();
        loop {
            let answer = self.socket.read().unwrap();
            let Ok(text) = answer.to_text() else { continue };
            let Ok(answer) = serde_json::from_str::<Value>(text) else { continue };
            if answer["id"] == id {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.listen(&answer);
        }
    }

    fn listen(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => {
                let text = &parameters["exceptionDetails"]["exception"]["description"];
                self.complaints.push(format!("exception: {text}"));
            }
            Some("Log.entryAdded") if parameters["entry"]["level"] == "error" => {
                self.complaints
                    .push(format!("log: {} {}", parameters["entry"]["text"], parameters["entry"]["url"]));
            }
            _ => {}
        }
    }

    pub(crate) fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
    }

    pub(crate) fn reload(&mut self) {
        // The page that goes must not be taken for the one that comes.
        self.evaluate("document.body.remove()");
        self.call("Page.reload", json!({}));
    }

    /// The value of a JavaScript expression.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Waits until an expression holds.
    pub(crate) fn until(&mut self, expression: &str) {
        let started = Instant::now();
        loop {
            let parameters = json!({ "expression": format!("Boolean({expression})"), "returnByValue": true });
            if self.call("Runtime.evaluate", parameters)["result"]["value"] == true {
                return;
            }
            if started.elapsed() > PATIENCE {
                let page = self.evaluate("document.body.innerText");
                panic!(
                    "'{expression}' did not come true; complaints {:?}; the page says {page}",
                    self.complaints
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key, with Shift where `shift` says so.
    pub(crate) fn press_with(&mut self, key: &str, shift: bool) {
        let modifiers = if shift { 8 } else { 0 };
        let mut down = json!({ "type": "keyDown", "key": key, "modifiers": modifiers });
        match key {
            "Enter" => down["text"] = json!("\r"),
            "Tab" => down["windowsVirtualKeyCode"] = json!(9),
            "Escape" => down["windowsVirtualKeyCode"] = json!(27),
            key if key.chars().count() == 1 => down["text"] = json!(key),
            _ => {}
        }
        self.call("Input.dispatchKeyEvent", down);
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key, "modifiers": modifiers }));
    }

    pub(crate) fn press(&mut self, key: &str) {
        self.press_with(key, false);
    }

    /// Moves the mouse to a point of the page.
    pub(crate) fn hover(&mut self, (x, y): (f64, f64)) {
        let event = json!({ "type": "mouseMoved", "x": x, "y": y, "button": "none", "buttons": 0 });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Drags the mouse along points of the page.
    pub(crate) fn drag(&mut self, points: &[(f64, f64)]) {
        let mut mouse = |kind: &str, (x, y): (f64, f64), buttons: u8| {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({ "type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event);
        };
        let (first, last) = (points[0], points[points.len() - 1]);
        mouse("mouseMoved", first, 0);
        mouse("mousePressed", first, 1);
        for &point in &points[1..] {
            mouse("mouseMoved", point, 1);
        }
        mouse("mouseReleased", last, 0);
    }

    /// Writes a picture of the page into the folder that `PULMO_SCREENSHOTS` names, if it does.
    pub(crate) fn screenshot(&mut self, name: &str) {
        use base64::Engine;
        let Some(folder) = std::env::var_os("PULMO_SCREENSHOTS") else { return };
        std::thread::sleep(Duration::from_millis(300));
        let picture = self.call("Page.captureScreenshot", json!({ "format": "png" }));
        let bytes = base64::prelude::BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // On some systems the program is a script that has become the browser; it ends with its first process.
        let _ended =
            self.socket.send(Message::text(json!({ "id": 0, "method": "Browser.close" }).to_string()));
        for _ in 0..100 {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _killed = self.process.kill();
        let _waited = self.process.wait();
    }
}
