//! Keys, what they can hold, and patterns.

use asynkit_examples::kv::{
    pattern::matches,
    store::{End, Keys, Members, Sorted},
};

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
    let mut keys = Keys::new();
    for (key, end) in [(b"a", Some(10)), (b"b", Some(20)), (b"c", None)] {
        keys.set(key, 1, end.map_or(End::Never, End::At));
    }
    keys.expire(9, |_| panic!("none is due"));
    assert_eq!((keys.len(), keys.ending()), (3, 2));
    let mut gone = Vec::new();
    keys.expire(10, |key| gone.push(key.to_vec()));
    assert_eq!(gone, [b"a"]);
    assert_eq!((keys.get(b"a"), keys.end(b"a")), (None, None));
    assert_eq!((keys.end(b"b"), keys.end(b"c")), (Some(Some(20)), Some(None)));
    // What ends no more, or is deleted, is not forgotten later on.
    keys.set_end(b"b", None);
    keys.remove(b"a");
    keys.set(b"a", 2, End::Never);
    keys.expire(1000, |_| panic!("nothing ends any more"));
    assert_eq!((keys.len(), keys.ending()), (3, 0));
}

#[test]
fn a_scan_meets_each_key_that_stays_once_whatever_else_changes() {
    let key = |number: usize| format!("key{number}").into_bytes();
    let mut keys = Keys::new();
    for number in 0..100 {
        keys.set(&key(number), 0, End::Never);
    }
    let mut met = Vec::new();
    let mut cursor = 0;
    for round in 0.. {
        let (next, found) = keys.scan(cursor, 7);
        met.extend(found.into_iter().map(<[u8]>::to_vec));
        cursor = next;
        if cursor == 0 {
            break;
        }
        // The odd ones come and go, before and behind the cursor.
        for number in (1..100).step_by(2) {
            if (number + round) % 3 == 0 {
                keys.remove(&key(number));
            } else {
                keys.set(&key(number), 1, End::Never);
            }
        }
        assert!(round < 1000, "the scan ends");
    }
    for number in (0..100).step_by(2) {
        assert_eq!(met.iter().filter(|met| **met == key(number)).count(), 1, "key{number}");
    }
}

#[test]
fn setting_a_key_says_what_becomes_of_its_end() {
    let mut keys = Keys::new();
    assert_eq!(keys.set(b"k", 1, End::At(10)), None);
    assert_eq!(keys.set(b"k", 2, End::Kept), Some(1));
    assert_eq!(keys.end(b"k"), Some(Some(10)));
    assert_eq!(keys.set(b"k", 3, End::Never), Some(2));
    assert_eq!((keys.end(b"k"), keys.ending()), (Some(None), 0));
    assert_eq!(keys.set(b"k", 4, End::At(20)), Some(3));
    assert_eq!((keys.end(b"k"), keys.ending(), keys.remove(b"k")), (Some(Some(20)), 1, Some(4)));
    assert_eq!((keys.remove(b"k"), keys.ending()), (None, 0));
}

#[test]
fn a_set_gives_each_member_once() {
    let mut members = Members::default();
    for number in 0..100_u8 {
        assert!(members.insert(&[number]));
        assert!(!members.insert(&[number]));
    }
    assert!(members.remove(&[7]) && !members.remove(&[7]) && !members.contains(&[7]));
    let mut popped: Vec<u8> = std::iter::from_fn(|| members.pop()).map(|member| member[0]).collect();
    assert!(!popped.is_sorted(), "in no order");
    popped.sort_unstable();
    let all: Vec<u8> = (0..100).filter(|number| *number != 7).collect();
    assert_eq!((popped, members.is_empty()), (all, true));
}

#[test]
fn a_sorted_set_goes_by_score_and_then_by_member() {
    let mut sorted = Sorted::default();
    for (member, score) in
        [("b", 1.0), ("a", 1.0), ("c", -1.0), ("d", f64::INFINITY), ("e", 0.0), ("f", -0.0)]
    {
        assert_eq!(sorted.set(member.as_bytes(), score), None);
    }
    assert_eq!(sorted.set(b"c", 5.0), Some(-1.0));
    assert_eq!(sorted.remove(b"d"), Some(f64::INFINITY));
    let order: Vec<_> = sorted.iter().map(|(member, _)| member[0]).collect();
    assert_eq!(order, b"efabc");
    assert_eq!(sorted.pop_first(), Some((b"e".as_slice().into(), 0.0)));
    assert_eq!((sorted.len(), sorted.score(b"e")), (4, None));
}
