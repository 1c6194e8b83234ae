//! `Range` and `Content-Range`.
#![no_main]

use humpback::wire::range::{Wanted, content_range, wanted};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u64, &str)| {
    let (size, header) = input;
    // Sizes near the header's numbers as well as huge ones.
    for size in [size, size % 16] {
        match wanted(header, size) {
            Wanted::Part(part) => {
                assert!(part.start < part.end && part.end <= size, "{header:?} {size}");
                let again = format!("bytes={}-{}", part.start, part.end - 1);
                assert_eq!(wanted(&again, size), Wanted::Part(part));
            }
            Wanted::Outside => assert!(size > 0 && header.contains('=') && !header.contains(',')),
            Wanted::Whole => {}
        }
    }
    if let Some((first, length)) = content_range(header) {
        assert!(length > 0);
        let last = first.checked_add(length - 1).expect("the last byte's position");
        assert_eq!(content_range(&format!("{first}-{last}")), Some((first, length)));
        assert_eq!(content_range(&format!("bytes {first}-{last}/*")), Some((first, length)));
    }
});
