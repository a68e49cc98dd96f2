//! The digest, and what it is checked against.

use crate::{Place, common::has, run};
use asynkit_examples::worker::Sha256;
use std::process::Command;

fn hex(bytes: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(bytes);
    digest.finish().map(|byte| format!("{byte:02x}")).concat()
}

#[test]
fn the_examples_of_the_standard() {
    for (text, digest) in [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ] {
        assert_eq!(hex(text.as_bytes()), digest);
    }
    let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    assert_eq!(hex(&vec![b'a'; 1_000_000]), million);
}

#[test]
fn pieces_make_no_difference() {
    let bytes: Vec<u8> = (0..1000_u32).map(|n| (n * n % 251) as u8).collect();
    for length in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000] {
        let whole = hex(&bytes[..length]);
        for piece in [1, 7, 64, 100] {
            let mut digest = Sha256::new();
            bytes[..length].chunks(piece).for_each(|piece| digest.update(piece));
            assert_eq!(digest.finish().map(|byte| format!("{byte:02x}")).concat(), whole);
        }
    }
}

#[cfg(unix)]
#[test]
fn the_report_is_one_that_sha256sum_checks() {
    if !has("sha256sum", "the_report_is_one_that_sha256sum_checks") {
        return;
    }
    let place = Place::new("sha256sum");
    place.fill("files", 20, 12_345);
    place.write("files/with space", "x");
    place.write("files/with\nline\\and more", "y");
    place.write("files/empty", "");
    run(&place, "piece 100\njob all sha256 files");
    let mut check = Command::new("sha256sum");
    let check = check.args(["--check", "--strict", "reports/all.sha256"]).current_dir(&place.0);
    let output = check.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().matches(": OK").count(), 23);
}
