//! Parts of content: which one a client wants (`Range`), and which one it sends (`Content-Range`).

use std::ops::Range;

use super::number;

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything.
    Whole,
    /// These bytes, which lie inside.
    Part(Range<u64>),
    /// What is not there.
    Outside,
}

/// Which part of `size` bytes a `Range` header asks for (RFC 9110, section 14). The whole is also the answer to several
/// ranges, to units other than bytes, to what can't be read, and of nothing: some clients ask for a range of everything.
pub fn wanted(header: &str, size: u64) -> Wanted {
    let Some((unit, range)) = header.split_once('=') else { return Wanted::Whole };
    // Range units are case-insensitive (section 14.1).
    let Some((first, last)) = range.trim().split_once('-').filter(|_| unit.eq_ignore_ascii_case("bytes")) else {
        return Wanted::Whole;
    };
    if size == 0 || last.contains(',') {
        return Wanted::Whole;
    }
    match (number::<u64>(first), number::<u64>(last)) {
        (Some(first), last_read) if first >= size && (last_read.is_some() || last.is_empty()) => Wanted::Outside,
        // It may be ignored or refused (section 14.2); a refusal tells the client of its mistake.
        (Some(first), Some(last)) if last < first => Wanted::Outside,
        (Some(first), Some(last)) => Wanted::Part(first..last.saturating_add(1).min(size)),
        (Some(first), None) if last.is_empty() => Wanted::Part(first..size),
        (None, Some(0)) if first.is_empty() => Wanted::Outside,
        (None, Some(length)) if first.is_empty() => Wanted::Part(size.saturating_sub(length)..size),
        _ => Wanted::Whole,
    }
}

/// First byte and length of what a chunk's `Content-Range` announces; `None` if it can't be read.
///
/// The specification writes `0-99` without a unit; `bytes 0-99/200` and `bytes 0-99/*` are taken too.
pub fn content_range(header: &str) -> Option<(u64, u64)> {
    let range = header.strip_prefix("bytes ").unwrap_or(header);
    let range = match range.split_once('/') {
        Some((range, total)) if total == "*" || number::<u64>(total).is_some() => range,
        Some(_) => return None,
        None => range,
    };
    let (first, last) = range.split_once('-')?;
    let (first, last) = (number::<u64>(first)?, number::<u64>(last)?);
    Some((first, last.checked_sub(first)?.checked_add(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_ranges_of_rfc_9110() {
        let range = |header| wanted(header, 10);
        assert_eq!(range("bytes=0-4"), Wanted::Part(0..5));
        assert_eq!(range("Bytes=5-"), Wanted::Part(5..10));
        assert_eq!(range("bytes=-3"), Wanted::Part(7..10));
        assert_eq!(range("bytes=-30"), Wanted::Part(0..10));
        assert_eq!(range("bytes=2-99"), Wanted::Part(2..10));
        for outside in ["bytes=10-", "bytes=-0", "bytes=5-2"] {
            assert_eq!(range(outside), Wanted::Outside, "{outside}");
        }
        for whole in [
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=a-b",
            "bytes=-",
            "",
            "0-4",
            "bytes=+1-4",
            "bytes=1-+4",
            "bytes=10-12,0-1",
            "bytes=10-x",
        ] {
            assert_eq!(range(whole), Wanted::Whole, "{whole}");
        }
        assert_eq!(wanted("bytes=-5", 0), Wanted::Whole);
        assert_eq!(wanted("bytes=0-", 0), Wanted::Whole);
    }

    #[test]
    fn content_ranges_with_and_without_a_unit() {
        assert_eq!(content_range("0-99"), Some((0, 100)));
        assert_eq!(content_range("bytes 100-199/200"), Some((100, 100)));
        assert_eq!(content_range("bytes 100-199/*"), Some((100, 100)));
        for bad in
            ["", "5", "9-1", "a-b", "0-18446744073709551615", "-5", "1-", "+1-2", "1-2/x", "1-2/", "1-2-3", "bytes */9"]
        {
            assert_eq!(content_range(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_part_lies_inside_and_is_not_empty(header in "bytes=[0-9]{0,20}-[0-9]{0,20}", size in 0u64..1000) {
            if let Wanted::Part(range) = wanted(&header, size) {
                proptest::prop_assert!(range.start < range.end && range.end <= size);
            }
        }

        #[test]
        fn what_is_announced_is_read(first in 0u64..u64::MAX / 2, length in 1u64..u64::MAX / 2) {
            let header = format!("{first}-{}", first + length - 1);
            proptest::prop_assert_eq!(content_range(&header), Some((first, length)));
        }
    }
}
