//! What of a text can be typed to find it: the text from each beginning of a word on, in lower case.

/// So many beginnings of one text are kept.
const WORDS_MAX: usize = 24;

/// So much of a text is kept from each beginning on, in characters; as much of what is typed is compared.
const LENGTH_MAX: usize = 64;

/// The text from each beginning of a word on. A word begins after a sign, with a digit after a word's first letters
/// (`1.4` in `v1.4`), and with each character of a script that does not part its words.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    // Whether only letters stand between here and the last beginning.
    let mut first_letters = false;
    for (at, character) in text.char_indices() {
        let after_sign = before.is_none_or(|before: char| !before.is_alphanumeric());
        let digit_after_letters =
            first_letters && character.is_ascii_digit() && before.is_some_and(char::is_alphabetic);
        if character.is_alphanumeric() && (after_sign || digit_after_letters || !character.is_ascii()) {
            let word: String = text[at..].chars().take(LENGTH_MAX).collect();
            if !words.contains(&word) {
                words.push(word);
            }
            if words.len() == WORDS_MAX {
                break;
            }
        }
        first_letters = character.is_alphabetic() && (after_sign || first_letters);
        before = Some(character);
    }
    words
}

/// What is typed, as the beginning of a word; `None` where it would find nearly everything: a single letter.
pub(super) fn wanted(typed: &str) -> Option<String> {
    let typed = typed.to_lowercase();
    let typed = typed.trim_start_matches(|character: char| !character.is_alphanumeric());
    let wanted: String = typed.chars().take(LENGTH_MAX).collect();
    let tells = wanted.chars().count() > 1 || !wanted.is_ascii();
    tells.then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_after_signs_with_numbers_and_where_nothing_parts_them() {
        assert_eq!(words("1.4-RC1"), ["1.4-rc1", "4-rc1", "rc1", "1"]);
        assert_eq!(words("v1.4"), ["v1.4", "1.4", "4"]);
        assert_eq!(words("latest"), ["latest"]);
        assert_eq!(words("a3f9c2"), ["a3f9c2", "3f9c2"], "not each digit of a hash");
        assert_eq!(words("org.title=My App"), ["org.title=my app", "title=my app", "my app", "app"]);
        assert_eq!(words("支付 v2"), ["支付 v2", "付 v2", "v2", "2"]);
        assert_eq!(words("a-a"), ["a-a", "a"]);
        assert!(words("--").is_empty() && words("").is_empty());
    }

    #[test]
    fn no_text_has_more_words_or_longer_ones_than_are_kept() {
        let text: Vec<_> = (1000..2000).map(|number| number.to_string()).collect();
        let words = words(&text.join(" "));
        assert_eq!(words.len(), WORDS_MAX);
        assert!(words.iter().all(|word| word.chars().count() == LENGTH_MAX));
    }

    #[test]
    fn what_is_typed_begins_with_a_word() {
        assert_eq!(wanted("RC1").as_deref(), Some("rc1"));
        assert_eq!(wanted("-rc1").as_deref(), Some("rc1"));
        assert_eq!(wanted("=库").as_deref(), Some("库"));
        for nothing in ["", "r", "-", "%", "' "] {
            assert_eq!(wanted(nothing), None, "{nothing}");
        }
        assert_eq!(wanted(&"a".repeat(500)), Some("a".repeat(LENGTH_MAX)));
    }
}
