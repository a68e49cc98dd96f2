//! The store and its patterns.

use asynkit_examples::resp::server::{pattern::matches, store::Store};

#[test]
fn patterns() {
    for (pattern, yes, no) in [
        ("", vec![""], vec!["a"]),
        ("*", vec!["", "abc"], vec![]),
        ("a*c", vec!["ac", "abc", "abcbc"], vec!["acb", "bac"]),
        ("a?c", vec!["abc"], vec!["ac", "abbc"]),
        ("h[ae]llo", vec!["hello", "hallo"], vec!["hillo"]),
        ("h[^e]llo", vec!["hallo"], vec!["hello"]),
        ("h[a-c]", vec!["ha", "hb", "hc"], vec!["hd", "h"]),
        ("h[c-a]", vec!["hb"], vec!["hd"]),
        (r"a\*", vec!["a*"], vec!["ab"]),
        (r"[\]]", vec!["]"], vec!["\\"]),
        ("[ab", vec!["a"], vec!["c"]),
        ("*a*b*c*", vec!["abc", "xxaxbxcx"], vec!["acb"]),
        ("**x", vec!["x", "aax"], vec!["xa"]),
    ] {
        for text in yes {
            assert!(matches(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
        for text in no {
            assert!(!matches(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
    }
}

#[test]
fn a_pattern_of_many_stars_is_answered_at_once() {
    let pattern = b"a*".repeat(200);
    let text = b"a".repeat(20_000);
    assert!(matches(&pattern, &text));
    assert!(!matches(&[&pattern, b"b".as_slice()].concat(), &text));
}

#[test]
fn keys_end_when_they_are_due() {
    let mut store = Store::new();
    for (key, end) in [(b"a", Some(10)), (b"b", Some(20)), (b"c", None)] {
        store.set(key, b"1".to_vec());
        store.set_end(key, end);
    }
    store.expire(9);
    assert_eq!((store.len(), store.ending()), (3, 2));
    store.expire(10);
    assert_eq!((store.get(b"a"), store.end(b"a")), (None, None));
    assert_eq!((store.end(b"b"), store.end(b"c")), (Some(Some(20)), Some(None)));
    // What ends no more, or is deleted, is not forgotten later on.
    store.set_end(b"b", None);
    store.remove(b"a");
    store.set(b"a", b"2".to_vec());
    store.expire(1000);
    assert_eq!((store.len(), store.ending()), (3, 0));
}

#[test]
fn a_scan_meets_each_key_that_stays_once_whatever_else_changes() {
    let key = |number: usize| format!("key{number}").into_bytes();
    let mut store = Store::new();
    for number in 0..100 {
        store.set(&key(number), vec![]);
    }
    let mut met = Vec::new();
    let mut cursor = 0;
    for round in 0.. {
        let (next, keys) = store.scan(cursor, 7);
        met.extend(keys.into_iter().map(<[u8]>::to_vec));
        cursor = next;
        if cursor == 0 {
            break;
        }
        // The odd ones come and go, before and behind the cursor.
        for number in (1..100).step_by(2) {
            if (number + round) % 3 == 0 {
                store.remove(&key(number));
            } else {
                store.set(&key(number), vec![1]);
            }
        }
        assert!(round < 1000, "the scan ends");
    }
    for number in (0..100).step_by(2) {
        assert_eq!(met.iter().filter(|met| **met == key(number)).count(), 1, "key{number}");
    }
}
