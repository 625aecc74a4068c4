//! Who may ask: checks before anything else sees a request, and headers on every answer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, LOCATION, ORIGIN, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Failure;
use crate::options::Token;

const COOKIE_NAME: &str = "pulmo_token";
const TOKEN_PARAMETER: &str = "token";
/// What a proxy says of how it was reached.
const FORWARDED_SCHEME: &str = "x-forwarded-proto";

/// Nothing but this server, nothing inline, no frames, no forms.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// What a request is measured against.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) address: SocketAddr,
    pub(crate) token: Option<Token>,
    pub(crate) hosts: Vec<String>,
}

pub(crate) async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let checked = guard.check(request.method(), request.uri(), request.headers());
    let mut response = match checked {
        Ok(Pass::On) => next.run(request).await,
        Ok(Pass::Enter(cookie)) => {
            (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_static("/")), (SET_COOKIE, cookie)])
                .into_response()
        }
        Err(refused) => refused.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

enum Pass {
    On,
    /// The token came with the address: keep it in a cookie and take it out of the address.
    Enter(HeaderValue),
}

impl Guard {
    fn check(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Pass, Failure> {
        let refuse = |reason: &str| Failure::new(StatusCode::FORBIDDEN, reason);
        let host = text(headers, &HOST).ok_or_else(|| refuse("the request names no host"))?;
        if !self.serves(host) {
            return Err(refuse("the request is for another host; open the address that the program printed"));
        }
        if !matches!(*method, Method::GET | Method::HEAD | Method::POST) {
            return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, "only GET and POST are served"));
        }
        let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
        let foreign = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
        if foreign && !opens_the_page(method, uri, headers) {
            return Err(refuse("the request comes from another site"));
        }
        let own =
            |origin: &str| origin.strip_prefix("http://").or(origin.strip_prefix("https://")) == Some(host);
        match headers.get(ORIGIN) {
            Some(origin) if !origin.to_str().is_ok_and(own) => {
                return Err(refuse("the request comes from another origin"));
            }
            None if *method == Method::POST => return Err(refuse("a change needs an Origin header")),
            _ => {}
        }
        self.check_token(uri, headers)
    }

    fn check_token(&self, uri: &Uri, headers: &HeaderMap) -> Result<Pass, Failure> {
        let Some(token) = &self.token else { return Ok(Pass::On) };
        let mut parameters =
            uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let offered = parameters.find(|(name, _)| *name == TOKEN_PARAMETER).map(|(_, value)| value);
        if uri.path() == "/" && offered.is_some_and(|offered| token.is(offered)) {
            // Lax, so that a link in a mail opens the page; changes are held to their origin besides.
            let mut cookie = format!("{COOKIE_NAME}={}; Path=/; HttpOnly; SameSite=Lax", token.as_str());
            if text(headers, &HeaderName::from_static(FORWARDED_SCHEME)) == Some("https") {
                cookie += "; Secure";
            }
            return Ok(HeaderValue::from_str(&cookie).map_or(Pass::On, Pass::Enter));
        }
        let bearer = text(headers, &AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let cookie = cookies.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value);
        if [bearer, cookie].into_iter().flatten().any(|offered| token.is(offered)) {
            return Ok(Pass::On);
        }
        let reason = "the request lacks the token; open the address that the program printed";
        Err(Failure::new(StatusCode::UNAUTHORIZED, reason))
    }

    /// A name that an attacker's DNS could point here is not served; IP addresses cannot be pointed elsewhere.
    fn serves(&self, host: &str) -> bool {
        let (name, port) = split_port(host);
        let name = name.to_ascii_lowercase();
        if self.hosts.contains(&name) {
            return true;
        }
        if port.unwrap_or(80) != self.address.port() {
            return false;
        }
        let ip: Option<IpAddr> = name.trim_start_matches('[').trim_end_matches(']').parse().ok();
        match ip {
            Some(ip) if self.address.ip().is_loopback() => ip.is_loopback(),
            Some(ip) => self.address.ip().is_unspecified() || ip == self.address.ip(),
            None => {
                name == "localhost" && (self.address.ip().is_loopback() || self.address.ip().is_unspecified())
            }
        }
    }
}

/// Whether a person follows a link to the page, as from a mail: that shows the page and does nothing.
fn opens_the_page(method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
    let is = |name, value| text(headers, &HeaderName::from_static(name)) == Some(value);
    *method == Method::GET
        && uri.path() == "/"
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
}

fn split_port(host: &str) -> (&str, Option<u16>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => (name, port.parse().ok()),
        _ => (host, None),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
