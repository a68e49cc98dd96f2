//! The patterns of `SCAN ... MATCH` and `CONFIG GET`.

/// Whether all of `text` fits `pattern`: `*` any bytes, `?` one byte, `[a-c]` and `[^a-c]` one byte of a set or none of
/// it, and a backslash takes the special meaning away from the byte after it.
///
/// A star goes back to the last one only, so the time is at most the product of the two lengths.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on if what stands after the last star does not fit: behind the star, and one byte further.
    let mut retry = None;
    loop {
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            retry = Some((p, t));
            continue;
        }
        if t == text.len() && p == pattern.len() {
            return true;
        }
        match text.get(t).and_then(|&byte| one(&pattern[p..], byte)) {
            Some(length) => {
                p += length;
                t += 1;
            }
            None => match retry {
                Some((star, from)) if from < text.len() => {
                    (p, t) = (star, from + 1);
                    retry = Some((star, t));
                }
                _ => return false,
            },
        }
    }
}

/// Whether the first item of `pattern` takes `byte`; how long that item is.
fn one(pattern: &[u8], byte: u8) -> Option<usize> {
    match pattern {
        [] => None,
        [b'?', ..] => Some(1),
        [b'[', set @ ..] => {
            let (fits, length) = one_of(set, byte);
            fits.then_some(1 + length)
        }
        [b'\\', escaped, ..] => (*escaped == byte).then_some(2),
        [literal, ..] => (*literal == byte).then_some(1),
    }
}

/// Whether the set takes `byte`, and how long the set is with its bracket; a set that is not closed ends the pattern.
fn one_of(set: &[u8], byte: u8) -> (bool, usize) {
    let negated = set.first() == Some(&b'^');
    let mut at = usize::from(negated);
    let mut found = false;
    loop {
        match set[at..] {
            [] => break,
            [b']', ..] => {
                at += 1;
                break;
            }
            [b'\\', escaped, ..] => {
                found |= escaped == byte;
                at += 2;
            }
            [from, b'-', to, ..] => {
                found |= (from.min(to)..=from.max(to)).contains(&byte);
                at += 3;
            }
            [literal, ..] => {
                found |= literal == byte;
                at += 1;
            }
        }
    }
    (found != negated, at)
}
