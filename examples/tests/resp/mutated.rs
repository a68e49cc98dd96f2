//! The fuzz target's check over a seeded corpus: the recorded session, damaged.

use crate::session;
use asynkit_examples::resp::{Cuts, check::any_bytes};

/// Damages `bytes` at a few places.
fn damage(mut bytes: Vec<u8>, chance: &mut Cuts) -> Vec<u8> {
    let mut pick = |most: usize| usize::try_from(chance.next_number() % most as u64).unwrap();
    for _ in 0..pick(4) {
        if bytes.is_empty() {
            break;
        }
        let at = pick(bytes.len());
        match pick(5) {
            0 => bytes[at] = b"+-:$*_#,(!=%~|>;.?\r\n0123456789 \"'\\x"[pick(35)],
            1 => bytes[at] ^= 1 << pick(8),
            2 => drop(bytes.remove(at)),
            3 => bytes.truncate(at + 1),
            _ => {
                let end = (at + 1 + pick(20)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
    }
    bytes
}

#[test]
fn a_damaged_session_is_read_the_same_wherever_it_is_cut() {
    let mut chance = Cuts::new(7, 600);
    let session = session();
    for round in 0..1500 {
        let (bytes, _) = &session[round % 2];
        let start = usize::try_from(chance.next_number() % bytes.len() as u64).unwrap();
        let end = (start + chance.next_size()).min(bytes.len());
        // Mostly from the start of some line, so that it is not wrong from its first byte on.
        let start = bytes[..start].iter().rposition(|byte| *byte == b'\n').map_or(start, |line| line + 1);
        any_bytes(&damage(bytes[start..end].to_vec(), &mut chance), round as u64);
    }
}

#[test]
fn crafted_input_is_read_the_same_wherever_it_is_cut() {
    let crafted: &[&[u8]] = &[
        b"",
        b"\r\n",
        b"\n",
        b"\0",
        b"*",
        b"*\r\n",
        b"*1\r\n$1\r\n",
        b"$?\r\n;3\r\nabc\r\n;0\r\n*?\r\n:1\r\n.\r\n%?\r\n+a\r\n.\r\n",
        b"|1\r\n+a\r\n|1\r\n+b\r\n:1\r\n:2\r\n",
        b"*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        b"PING\r\n\"unbalanced\r\n",
        b"$1000\r\n",
        b"*101\r\n",
        b"*99\r\n*99\r\n*99\r\n",
        b"+0123456789012345678901234567890123456789012345678901234567890123456789",
        b",nan\r\n,-nan\r\n,1e999\r\n,-1e999\r\n,5e-324\r\n,1e17\r\n",
    ];
    for bytes in crafted {
        any_bytes(bytes, 0);
    }
}
