#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::account::{GroupName, RobotName, Role, UserName};

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).unwrap()
}

/// `allow pull,push user:ann team/**`
fn rule(line: &str) -> Rule {
    let mut words = line.split(' ');
    let mut next = || words.next().unwrap();
    let effect = if next() == "deny" { Effect::Deny } else { Effect::Allow };
    let actions = next().split(',').map(|word| word.parse::<Action>().unwrap()).collect();
    Rule { effect, actions, subject: next().parse().unwrap(), pattern: pattern(next()) }
}

fn rules(lines: &[&str]) -> Rules {
    Rules(lines.iter().map(|line| rule(line)).collect())
}

fn user(name: &str, groups: &[&str]) -> Principal {
    let groups = groups.iter().map(|group| GroupName::parse(group).unwrap()).collect();
    Principal::User { name: UserName::parse(name).unwrap(), role: Role::Member, groups }
}

fn administrator() -> Principal {
    Principal::User { name: UserName::parse("admin").unwrap(), role: Role::Administrator, groups: Vec::new() }
}

fn robot(name: &str) -> Principal {
    Principal::Robot { name: RobotName::parse(name).unwrap() }
}

#[test]
fn patterns_stand_for_repositories() {
    for (text, names, others) in [
        ("team/app", &["team/app"][..], &["team/app2", "team", "team/app/x", "xteam/app"][..]),
        ("**", &["a", "a/b", "a/b/c"], &[]),
        ("*", &["a", "a-b.c"], &["a/b"]),
        ("team/*", &["team/app"], &["team", "team/app/x", "teams/app"]),
        ("team/**", &["team", "team/app", "team/app/x"], &["teams", "a/team"]),
        ("*/cache", &["a/cache"], &["cache", "a/b/cache"]),
        ("**/cache", &["cache", "a/cache", "a/b/cache"], &["a/cache/x"]),
        ("a/**/z", &["a/z", "a/b/z", "a/b/c/z"], &["a", "z", "a/b/z/c"]),
        ("team/app-*", &["team/app-1", "team/app-1-2"], &["team/app", "team/app-1/x"]),
        ("*-*", &["a-b", "a-b-c"], &["a", "a/b-c"]),
        ("a*b*c", &["abc", "axbxxc", "abbcc"], &["ab", "abcx"]),
    ] {
        names.iter().for_each(|name| assert!(pattern(text).matches(name), "{text} {name}"));
        others.iter().for_each(|name| assert!(!pattern(text).matches(name), "{text} {name}"));
    }
}

#[test]
fn what_is_no_pattern_says_why() {
    use InvalidPattern::{DoubleStar, Form, Missing, TooLong};
    let long = "a".repeat(256);
    for (text, problem) in [
        ("", Missing),
        (" / ", Missing),
        ("Team/app", Form),
        ("a//b", Form),
        ("a/", Form),
        ("a b", Form),
        ("a?", Form),
        ("团队", Form),
        ("a**", DoubleStar),
        ("a/***", DoubleStar),
        (&long, TooLong),
    ] {
        assert_eq!(Pattern::parse(text), Err(problem), "{text}");
    }
    assert_eq!(pattern(" /team/* ").as_str(), "team/*");
    assert!(pattern("**/**").is_everything() && !pattern("*/**").is_everything());
}

#[test]
fn a_pattern_of_many_wildcards_is_no_work() {
    let wild = pattern(&"*a".repeat(120));
    assert!(!wild.matches(&"a".repeat(119)));
    assert!(wild.matches(&"a".repeat(255)));
    let deep = pattern(&format!("{}x", "**/a/".repeat(50)));
    assert!(!deep.matches(&["a"; 127].join("/")));
}

#[test]
fn the_rule_that_says_most_closely_what_it_means_decides() {
    let all = [
        "allow pull anyone **",
        "allow pull,push group:dev team/**",
        "deny push user:bob team/**",
        "deny pull anyone team/secret",
        "allow pull user:ann team/secret",
        "allow push robot:ci */cache",
        "allow administer user:ann own/**",
        "deny delete anyone own/kept",
    ];
    let rules = rules(&all);
    let (ann, bob, eve, ci) = (user("ann", &["dev"]), user("bob", &["dev"]), user("eve", &[]), robot("ci"));
    for (principal, repository, action, expected, by) in [
        (&Principal::Anonymous, "a", Action::Pull, true, Some(0)),
        (&Principal::Anonymous, "a", Action::Push, false, None),
        (&eve, "team/app", Action::Pull, true, Some(0)),
        (&eve, "team/app", Action::Push, false, None),
        (&ann, "team/app", Action::Push, true, Some(1)),
        (&bob, "team/app", Action::Push, false, Some(2)),
        (&bob, "team/app", Action::Pull, true, Some(1)),
        (&bob, "team/secret", Action::Pull, false, Some(3)),
        (&ann, "team/secret", Action::Pull, true, Some(4)),
        (&ann, "team/secret", Action::Push, true, Some(1)),
        (&ci, "x/cache", Action::Push, true, Some(5)),
        (&ci, "x/cache", Action::Pull, true, Some(5)),
        (&ci, "x/y/cache", Action::Push, false, None),
        (&ann, "own/a", Action::Delete, true, Some(6)),
        (&ann, "own/kept", Action::Delete, false, Some(7)),
        (&ann, "own/kept", Action::Administer, true, Some(6)),
        (&administrator(), "own/kept", Action::Delete, true, None),
    ] {
        let decision = rules.decide(principal, repository, action);
        let by = by.map(|index: usize| rule(all[index]));
        assert_eq!((decision.allowed, decision.by), (expected, by.as_ref()), "{principal:?} {repository} {action}");
    }
}

#[test]
fn patterns_count_before_people_and_a_tie_is_denied() {
    let (ann, path) = (user("ann", &["dev", "ops"]), "team/app");
    for (lines, allowed) in [
        (&["allow pull user:ann team/**", "deny pull anyone team/*"][..], false),
        (&["deny pull user:ann team/*", "allow pull anyone team/app"], true),
        (&["deny pull anyone **", "allow pull anyone */*"], true),
        (&["deny pull anyone */*", "allow pull anyone t*/*"], true),
        (&["allow pull group:dev team/*", "deny pull group:ops team/*"], false),
        (&["deny pull group:ops team/*", "allow pull group:dev team/*"], false),
        (&["deny pull group:ops team/*", "allow pull user:ann team/*"], true),
        (&["deny pull anyone team/*", "allow pull signed-in team/*"], true),
        (&["deny pull signed-in team/*", "allow pull anyone team/*"], false),
        (&[], false),
    ] {
        assert_eq!(rules(lines).decide(&ann, path, Action::Pull).allowed, allowed, "{lines:?}");
    }
}

#[test]
fn someone_known_elsewhere_is_signed_in_and_has_a_name_letter_for_letter() {
    let rules = rules(&["allow pull signed-in **", "allow push user:ann **", "allow delete robot:ann **"]);
    let external = |name: &str| Principal::External { name: name.to_owned() };
    let may = |name, action| rules.decide(&external(name), "a", action).allowed;
    assert!(may("ann", Action::Pull) && may("Ann", Action::Pull) && may("", Action::Pull));
    assert!(may("ann", Action::Push) && !may("Ann", Action::Push) && !may("ann", Action::Delete));
}

#[test]
fn a_credential_reaches_no_further_than_its_scope() {
    let rules = rules(&["allow pull,push user:ann **"]);
    let scope = |entries: &[(&str, &[Action])]| {
        Some(Scope(entries.iter().map(|(text, actions)| (pattern(text), Actions::of(actions))).collect()))
    };
    let with = |scope| Identity { principal: user("ann", &[]), scope, credential: CredentialId::None };
    let limited = with(scope(&[("team/**", &[Action::Pull, Action::Delete])]));
    assert!(rules.allow(&limited, "team/a", Action::Pull));
    assert!(!rules.allow(&limited, "a", Action::Pull));
    assert!(!rules.allow(&limited, "team/a", Action::Push), "not in the scope");
    assert!(!rules.allow(&limited, "team/a", Action::Delete), "in the scope alone");
    assert!(!rules.allow(&with(scope(&[])), "a", Action::Pull));
    assert!(rules.allow(&with(None), "a", Action::Push));
    let limited = Identity { principal: administrator(), ..limited };
    assert!(rules.allow(&limited, "team/a", Action::Delete) && !rules.allow(&limited, "a", Action::Pull));
}

#[test]
fn presets_are_what_they_are_called() {
    let anyone = Principal::Anonymous;
    let member = user("ann", &[]);
    for (preset, [pull, push, member_pull, member_push]) in [
        (Preset::Open, [true, true, true, true]),
        (Preset::SignInToPush, [true, false, true, true]),
        (Preset::Private, [false, false, true, true]),
    ] {
        let rules = preset.rules();
        let may = |principal, action| {
            let everywhere = rules.allow_everywhere(principal, action);
            assert_eq!(rules.allow_somewhere(principal, action), everywhere);
            assert_eq!(rules.decide(principal, "team/app", action).allowed, everywhere);
            everywhere
        };
        assert_eq!([may(&anyone, Action::Pull), may(&anyone, Action::Push)], [pull, push]);
        assert_eq!([may(&member, Action::Pull), may(&member, Action::Push)], [member_pull, member_push]);
        assert!(!may(&member, Action::Delete) && may(&administrator(), Action::Delete));
        let turned = Rules(rules.0.iter().rev().cloned().collect());
        assert_eq!(Preset::of(&turned), Some(preset));
        assert_eq!(preset.as_str().parse(), Ok(preset));
    }
    assert_eq!(Preset::of(&Rules::default()), None);
}

#[test]
fn rules_are_written_as_people_read_them() {
    let json = r#"[{"pattern":"team/**","subject":"group:dev","effect":"deny","actions":["pull","push"]}]"#;
    let read: Rules = serde_json::from_str(json).unwrap();
    assert_eq!(read, rules(&["deny pull,push group:dev team/**"]));
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
    for broken in ["user:", "user:a b", "groups:a", "everyone", "anyone:x", ""] {
        assert_eq!(broken.parse::<Subject>(), Err(InvalidSubject), "{broken}");
    }
}

/// The same as a pattern says, told by trying everything.
fn slow(pattern: &[&str], name: &[&str]) -> bool {
    fn segment(wanted: &[u8], text: &[u8]) -> bool {
        match wanted.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|taken| segment(rest, &text[taken..])),
            Some((byte, rest)) => text.first() == Some(byte) && segment(rest, &text[1..]),
        }
    }
    match pattern.split_first() {
        None => name.is_empty(),
        Some((&"**", rest)) => (0..=name.len()).any(|taken| slow(rest, &name[taken..])),
        Some((wanted, rest)) => {
            name.first().is_some_and(|first| segment(wanted.as_bytes(), first.as_bytes())) && slow(rest, &name[1..])
        }
    }
}

fn names() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::collection::vec(prop_oneof![Just('a'), Just('b')], 1..4), 1..5)
        .prop_map(|parts| parts.iter().map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("/"))
}

fn patterns() -> impl Strategy<Value = Pattern> {
    let part = prop::collection::vec(prop_oneof![Just('a'), Just('b'), Just('*')], 1..5)
        .prop_map(|part| part.iter().collect::<String>())
        .prop_filter("a wildcard in a segment is a single one", |part| !part.contains("**"));
    let segment = prop_oneof![3 => part, 1 => Just("**".to_owned())];
    prop::collection::vec(segment, 1..5).prop_map(|parts| pattern(&parts.join("/")))
}

fn principals() -> impl Strategy<Value = Principal> {
    prop_oneof![
        Just(Principal::Anonymous),
        Just(user("ann", &["dev"])),
        Just(user("bob", &["dev", "ops"])),
        Just(robot("ci")),
        Just(Principal::External { name: "ann".to_owned() }),
    ]
}

fn some_rules() -> impl Strategy<Value = Rules> {
    let subject = prop::sample::select(vec!["anyone", "signed-in", "group:dev", "group:ops", "user:ann", "robot:ci"]);
    let one = (patterns(), subject, any::<bool>(), 1_u8..16).prop_map(|(pattern, subject, deny, bits)| Rule {
        pattern,
        subject: subject.parse().unwrap(),
        effect: if deny { Effect::Deny } else { Effect::Allow },
        actions: Action::ALL.into_iter().filter(|action| bits & (1 << *action as u8) != 0).collect(),
    });
    prop::collection::vec(one, 0..8).prop_map(Rules)
}

proptest! {
    #[test]
    fn a_pattern_matches_what_it_describes(pattern in patterns(), name in names()) {
        let wanted: Vec<_> = pattern.as_str().split('/').collect();
        prop_assert_eq!(pattern.matches(&name), slow(&wanted, &name.split('/').collect::<Vec<_>>()));
    }

    #[test]
    fn a_name_is_the_pattern_of_itself_alone(name in names(), other in names()) {
        let pattern = pattern(&name);
        prop_assert!(pattern.is_exact());
        prop_assert_eq!(pattern.matches(&other), name == other);
    }

    #[test]
    fn the_order_of_the_rules_decides_nothing(
        rules in some_rules(), principal in principals(), name in names(), at in 0_usize..8,
    ) {
        let mut turned = rules.clone();
        turned.0.reverse();
        let middle = at.min(turned.0.len());
        turned.0.rotate_left(middle);
        for action in Action::ALL {
            let (one, other) = (rules.decide(&principal, &name, action), turned.decide(&principal, &name, action));
            prop_assert_eq!(one.allowed, other.allowed);
        }
    }

    #[test]
    fn what_decides_is_outdone_by_nothing(rules in some_rules(), principal in principals(), name in names()) {
        for action in Action::ALL {
            let decision = rules.decide(&principal, &name, action);
            let concerned: Vec<&Rule> = rules.0.iter()
                .filter(|rule| rule.concerns(action) && rule.subject.includes(&principal) && rule.pattern.matches(&name))
                .collect();
            match decision.by {
                None => prop_assert!(concerned.is_empty() && !decision.allowed),
                Some(by) => {
                    prop_assert!(concerned.contains(&by));
                    prop_assert_eq!(decision.allowed, by.effect == Effect::Allow);
                    prop_assert!(!concerned.iter().any(|rule| rule.outdoes(by)));
                }
            }
        }
    }

    #[test]
    fn everywhere_and_somewhere_are_true_of_every_name(
        rules in some_rules(), principal in principals(), name in names(),
    ) {
        for action in Action::ALL {
            let allowed = rules.decide(&principal, &name, action).allowed;
            prop_assert!(allowed || !rules.allow_everywhere(&principal, action));
            prop_assert!(!allowed || rules.allow_somewhere(&principal, action));
        }
    }

    #[test]
    fn rules_come_back_from_json_as_they_were(rules in some_rules()) {
        let json = serde_json::to_string(&rules).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), rules);
    }
}
