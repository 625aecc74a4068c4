//! From text to losses.

use super::Term;
use crate::{Error, Positive, Result};

/// `[weight*]name[(option=value,..)]`, joined by `+`.
pub(super) fn terms(text: &str) -> Result<Vec<(Positive, Term)>> {
    split(text, '+')?.into_iter().map(weighted).collect()
}

fn weighted(text: &str) -> Result<(Positive, Term)> {
    let (head, _) = text.split_once('(').unwrap_or((text, ""));
    match head.split_once('*') {
        Some((weight, _)) => {
            let term = &text[weight.len() + 1..];
            Ok((weight.trim().parse()?, term_of(term.trim())?))
        }
        None => Ok((Positive(1.0), term_of(text)?)),
    }
}

fn term_of(text: &str) -> Result<Term> {
    let (name, options) = match text.split_once('(') {
        Some((name, rest)) => {
            let inside = rest.strip_suffix(')').ok_or_else(|| syntax(text, "that ends where it has to"))?;
            (name.trim(), Some(inside))
        }
        None => (text, None),
    };
    let known = || Term::NAMES.join(", ");
    let mut term =
        Term::named(name).ok_or_else(|| Error::UnknownLoss { name: name.to_owned(), known: known() })?;
    if let Some(options) = options.filter(|options| !options.trim().is_empty()) {
        let mut seen = Vec::new();
        for option in split(options, ',')? {
            let (key, value) = option.split_once('=').ok_or_else(|| syntax(text, "with option=value"))?;
            let key = key.trim();
            if seen.contains(&key) {
                return Err(syntax(text, "that names each option once"));
            }
            set(&mut term, key, value.trim())?;
            seen.push(key);
        }
    }
    Ok(term)
}

fn set(term: &mut Term, key: &str, value: &str) -> Result<()> {
    let loss = term.name();
    let mut known = Vec::new();
    let mut result = None;
    term.fields(&mut |name, field| {
        known.push(name);
        if name == key {
            let wrap = |error| Error::Option { loss, option: name, reason: Box::new(error) };
            result = Some(field.read(value).map_err(wrap));
        }
    });
    result.unwrap_or_else(|| {
        let known = format!("it has {}", known.join(", "));
        Err(Error::UnknownOption { loss, option: key.to_owned(), known })
    })
}

/// Parts between separators that are not in parentheses, trimmed and not empty.
fn split(text: &str, separator: char) -> Result<Vec<&str>> {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut parts = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or_else(|| syntax(text, "with paired parentheses"))?,
            _ if character == separator && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(syntax(text, "with paired parentheses"));
    }
    parts.push(&text[start..]);
    let parts: Vec<&str> = parts.into_iter().map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Err(syntax(text, "without gaps"));
    }
    Ok(parts)
}

fn syntax(text: &str, problem: &'static str) -> Error {
    Error::Syntax { text: text.to_owned(), problem }
}
