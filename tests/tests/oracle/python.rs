//! How Python prints things.

/// `True` or `False`.
pub(crate) fn truth(is: bool) -> &'static str {
    if is { "True" } else { "False" }
}

/// A list of what prints itself as Python would.
pub(crate) fn list<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
    format!("[{}]", items.join(", "))
}

/// A string in quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{text}'")
}
