//! Names of files that do not meet.

use std::collections::HashSet;

/// The name, or the name with the first free number behind it, also where case is not told apart; `taken` remembers
/// it.
///
/// ```
/// # use std::collections::HashSet;
/// let mut taken = HashSet::new();
/// let names = ["a", "A", "b"].map(|name| pulmo_imaging::unique_name(name, &mut taken));
/// assert_eq!(names, ["a", "A-2", "b"]);
/// ```
#[must_use]
pub fn unique_name(name: &str, taken: &mut HashSet<String>) -> String {
    let mut unique = name.to_owned();
    let mut number = 2;
    while !taken.insert(unique.to_lowercase()) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}
