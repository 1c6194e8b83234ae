//! What is read out of what was typed, and the order of what was found.

#![allow(clippy::unwrap_used)]

use super::*;

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn tag(repository: &str, tag: &str, fit: Fit) -> Hit {
    Hit::tag(&name(repository), &Tag::parse(tag).unwrap(), fit)
}

fn action(text: &str, fit: Fit) -> Hit {
    Hit::new(Kind::Action, fit, text, Deed::Open(format!("/{text}")))
}

/// `Title: entry, entry`, group by group.
fn written(hits: Vec<Hit>) -> String {
    let groups = grouped(hits, Locale::en).into_iter().map(|group| {
        let entries: Vec<_> = group.entries.into_iter().map(|entry| entry.text).collect();
        format!("{}: {}", group.title, entries.join(", "))
    });
    groups.collect::<Vec<_>>().join("; ")
}

#[test]
fn an_image_is_a_repository_and_the_beginning_of_a_tag() {
    for (typed, expected) in [
        ("team/app", ("team/app", None)),
        ("team/app:1.", ("team/app", Some("1."))),
        ("team/app:", ("team/app", Some(""))),
        ("registry.example.com:5000/team/app:1.0", ("team/app", Some("1.0"))),
        ("registry.example.com:5000/team/app", ("team/app", None)),
        // Of another registry.
        ("other:5000/team/app", ("other:5000/team/app", None)),
        ("1.0", ("1.0", None)),
    ] {
        assert_eq!(image(typed, "registry.example.com:5000"), expected, "{typed}");
    }
}

#[test]
fn the_kind_with_the_best_comes_first() {
    let hits = || {
        vec![
            Hit::repository(&name("my/user-service"), Fit::Word),
            Hit::repository(&name("users-old"), Fit::Beginning),
            tag("team/app", "users", Fit::Word),
            action("users", Fit::Same),
        ]
    };
    assert_eq!(
        written(hits()),
        "Actions: users; Repositories: users-old, my/user-service; Tags: team/app:users",
        "each kind in the order of its entries"
    );
    let equal = hits().into_iter().map(|hit| Hit { fit: Fit::Word, ..hit }).collect();
    assert_eq!(
        written(equal),
        "Repositories: my/user-service, users-old; Tags: team/app:users; Actions: users",
        "of equals, names first, as they were found"
    );
}

#[test]
fn what_was_chosen_lately_comes_first_and_each_thing_once() {
    let app = Hit::repository(&name("team/app"), Fit::Inside);
    let hits = vec![Hit { recent: true, ..app.clone() }, Hit::repository(&name("apple"), Fit::Beginning), app];
    assert_eq!(written(hits), "Repositories: team/app, apple");
}

#[test]
fn a_path_that_was_chosen_leads_back_to_what_it_names() {
    for hit in [Hit::repository(&name("team/app"), Fit::Same), tag("team/app", "v1_2-x.3", Fit::Same)] {
        let (name, tag) = place(&hit.entry.deed.key()).unwrap();
        let again = match &tag {
            Some(tag) => Hit::tag(&name, tag, Fit::Same),
            None => Hit::repository(&name, Fit::Same),
        };
        assert_eq!(again.entry, hit.entry);
    }
    for key in
        ["/repositories", "/repositories/", "/repositories/Team", "/manifests/app?reference=", "//example.com", ""]
    {
        assert_eq!(place(key), None, "{key}");
    }
}
