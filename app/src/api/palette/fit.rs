//! How well a name fits what was typed.

/// How well, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It is the name.
    Same,
    /// The name begins so.
    Beginning,
    /// A word of the name begins so.
    Word,
    /// Each word that was typed is somewhere in it.
    Inside,
}

/// How well the best of `names`, which name the same thing, fits `typed`; `None` if nothing was typed, or none fits.
pub(super) fn fit(typed: &str, names: &[&str]) -> Option<Fit> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let one = |name: &&str| {
        let name = name.to_lowercase();
        if words.is_empty() || !words.iter().all(|word| name.contains(word)) {
            None
        } else if name == typed {
            Some(Fit::Same)
        } else if name.starts_with(&typed) {
            Some(Fit::Beginning)
        } else if words.iter().all(|word| begins_a_word(&name, word)) {
            Some(Fit::Word)
        } else {
            Some(Fit::Inside)
        }
    };
    names.iter().filter_map(one).min()
}

/// Whether `part` stands in `name` where a word begins: at its beginning, or behind what is no letter.
fn begins_a_word(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| !name[..at].chars().next_back().is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_a_name_fits_the_earlier_it_comes() {
        for (typed, name, expected) in [
            ("team/app", "team/app", Some(Fit::Same)),
            ("Team", "team/app", Some(Fit::Beginning)),
            ("app", "team/app", Some(Fit::Word)),
            ("app te", "team/app", Some(Fit::Word)),
            ("pp", "team/app", Some(Fit::Inside)),
            ("app pp", "team/app", Some(Fit::Inside)),
            ("web", "team/app", None),
            ("app web", "team/app", None),
            ("", "team/app", None),
            ("  ", "team/app", None),
            ("系统", "系统配置", Some(Fit::Beginning)),
            ("配置", "系统配置", Some(Fit::Inside)),
        ] {
            assert_eq!(fit(typed, &[name]), expected, "{typed:?} {name:?}");
        }
    }

    #[test]
    fn the_best_of_several_names_counts() {
        assert_eq!(fit("users", &["用户", "Users"]), Some(Fit::Same));
        assert_eq!(fit("用户", &["用户", "Users"]), Some(Fit::Same));
        assert_eq!(fit("robots", &["用户", "Users"]), None);
    }
}
