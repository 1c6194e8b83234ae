//! `Warning`: one line that ends where it should, whatever it quotes.
#![no_main]

use humpback::wire::warning::value;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, &str)| {
    let (room, text) = input;
    let Some(value) = value(text, room.into()) else { return };
    assert!(value.len() <= usize::from(room).min(4096));
    let quoted = value.strip_prefix("299 - \"").and_then(|rest| rest.strip_suffix('"')).expect("one quoted text");
    let mut bytes = quoted.bytes();
    while let Some(byte) = bytes.next() {
        assert!((b' '..=b'~').contains(&byte) && byte != b'"');
        assert!(byte != b'\\' || matches!(bytes.next(), Some(b'"' | b'\\')), "half of an escape");
    }
});
