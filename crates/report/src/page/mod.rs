//! The summary as an HTML page.

mod card;
mod header;
mod key;

use askama::Template;
use card::Card;
use header::Header;
use key::{KeyEntry, key};

use crate::{CaseOutcome, Error, Result, Summary};

/// What the template shows. Askama escapes every text on the way out.
#[derive(Template)]
#[template(path = "index.html")]
struct Page<'a> {
    title: &'a str,
    header: Header,
    key: [KeyEntry; 3],
    cards: Vec<Card<'a>>,
    failures: Vec<Failure<'a>>,
}

struct Failure<'a> {
    file: &'a str,
    error: &'a str,
}

pub(crate) fn render(summary: &Summary) -> Result<String> {
    let mut cards = Vec::new();
    let mut failures = Vec::new();
    for outcome in summary.cases() {
        match outcome {
            CaseOutcome::Done { report, files } => cards.push(Card::new(report, files)),
            CaseOutcome::Failed { file, error } => failures.push(Failure { file, error }),
        }
    }
    let page = Page { title: summary.title(), header: Header::of(summary), key: key(), cards, failures };
    page.render().map_err(|source| Error::Render { what: "HTML page", source: Box::new(source) })
}
