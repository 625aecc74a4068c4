//! Names as people write them.

use crate::case::Class;

/// Letters and digits alone, in lower case.
pub(crate) fn normalised(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A class by any of its usual names.
pub(crate) fn class(name: &str) -> Option<Class> {
    match normalised(name).as_str() {
        "covid" | "covid19" => Some(Class::Covid19),
        "noncovid" | "noncovid19" => Some(Class::NonCovid),
        "normal" => Some(Class::Normal),
        _ => None,
    }
}
