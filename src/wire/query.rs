//! The query of a URL as forms write it (WHATWG URL, `application/x-www-form-urlencoded`).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The names and values of a query, in order. What is not UTF-8 is replaced by a mark that no name or digest holds.
pub fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// Every value of that name.
pub fn all<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
    pairs(query).filter(move |(key, _)| key == name).map(|(_, value)| value)
}

/// The value of that name; the first, if it is there more than once.
pub fn first<'a>(query: &'a str, name: &'a str) -> Option<Cow<'a, str>> {
    all(query, name).next()
}

fn decode(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
    } else {
        percent_decode_str(text).decode_utf8_lossy()
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    use super::*;

    #[test]
    fn names_values_and_what_is_left_out() {
        let read = |query| pairs(query).map(|(name, value)| format!("{name}|{value}")).collect::<Vec<_>>();
        assert_eq!(read("a=1&b=%3A+x&&c&=d&a=2=3"), ["a|1", "b|: x", "c|", "|d", "a|2=3"]);
        assert_eq!(read(""), Vec::<String>::new());
        assert_eq!(read("a=%zz%4&b=%ff"), ["a|%zz%4", "b|\u{fffd}"]);
        assert_eq!(first("n=1&n=2", "n").as_deref(), Some("1"));
        assert_eq!(all("tag=a&x=y&tag=b", "tag").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(first("digest=sha256%3Aab", "digest").as_deref(), Some("sha256:ab"));
    }

    proptest::proptest! {
        #[test]
        fn what_is_encoded_is_read(value in ".{0,40}") {
            let query = format!("a=b&last={}&n=2", utf8_percent_encode(&value, NON_ALPHANUMERIC));
            proptest::prop_assert_eq!(first(&query, "last").map(Cow::into_owned), Some(value));
        }
    }
}
