//! Which name was meant.

/// The candidate that is nearest to `wanted`: one with the same last part (`alpine` for `library/alpine`), else the
/// one with the fewest letters to change, if they are few. `None` if nothing is near.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let wanted_last = last(wanted);
    let limit = (wanted.chars().count() + 1) / 3;
    candidates
        .into_iter()
        .map(|name| {
            let same_last = last(name) == wanted_last;
            (if same_last { 1 } else { distance(wanted, name) }, name)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// Letters to insert, delete or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_and_forgotten_namespaces_are_understood() {
        let names = ["library/alpine", "team/api", "team/app", "nginx"];
        for (wanted, expected) in [
            ("alpine", Some("library/alpine")),
            ("library/aplne", Some("library/alpine")),
            ("team/ap", Some("team/api")),
            ("ngnix", Some("nginx")),
            ("ngin", Some("nginx")),
            ("postgres", None),
            ("", None),
        ] {
            assert_eq!(nearest(wanted, names), expected, "{wanted}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, expected) in [("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0), ("ab", "ba", 2)] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
