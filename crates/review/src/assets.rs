//! The page, inside the program.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

const ASSETS: [(&str, &str, &str); 11] = [
    ("/", HTML, include_str!("../assets/index.html")),
    ("/assets/style.css", STYLE, include_str!("../assets/style.css")),
    ("/assets/icon.svg", PICTURE, include_str!("../assets/icon.svg")),
    ("/assets/app.js", SCRIPT, include_str!("../assets/app.js")),
    ("/assets/api.js", SCRIPT, include_str!("../assets/api.js")),
    ("/assets/bits.js", SCRIPT, include_str!("../assets/bits.js")),
    ("/assets/editor.js", SCRIPT, include_str!("../assets/editor.js")),
    ("/assets/keys.js", SCRIPT, include_str!("../assets/keys.js")),
    ("/assets/stage.js", SCRIPT, include_str!("../assets/stage.js")),
    ("/assets/status.js", SCRIPT, include_str!("../assets/status.js")),
    ("/assets/view.js", SCRIPT, include_str!("../assets/view.js")),
];

pub(crate) fn router() -> Router {
    ASSETS.into_iter().fold(Router::new(), |router, (path, kind, text)| {
        router.route(path, get(move || async move { ([(CONTENT_TYPE, kind)], text) }))
    })
}
