//! The pages and the actions of the console, for whoever may open and do them. Nobody is told by this what he may do: each
//! page and each function asks for itself.

use humpback::account::Role;
use leptos_i18n::Locale as _;

use super::{Control, Deed};
use crate::{
    i18n::{Locale, td_string},
    language,
    theme::Theme,
};

/// A page or an action.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// Whether it is a page.
    pub page: bool,
    /// What comes of it.
    pub deed: Deed,
    /// Its names: in the reader's language, and in the others, for whoever knows it by one of these.
    pub names: Vec<String>,
}

/// Who is asking, and from where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader {
    /// What he may do; `None` if nobody is signed in.
    pub role: Option<Role>,
    /// Whether he may read anything of what lies in the registry.
    pub reads: bool,
    /// The theme in use.
    pub theme: Theme,
    /// The language in use.
    pub language: Locale,
}

/// All that there is for `reader`, in the order in which it is shown.
pub(super) fn offers(reader: Reader) -> Vec<Offer> {
    let mut list = List { language: reader.language, offers: Vec::new() };
    let administrator = reader.role == Some(Role::Administrator);
    list.page("/", |l| td_string!(l, common.nav.home).to_owned());
    if reader.reads {
        list.page("/repositories", |l| td_string!(l, common.nav.repositories).to_owned());
    }
    list.page("/setup", |l| td_string!(l, common.nav.setup).to_owned());
    list.page("/setup/troubleshooting", |l| td_string!(l, support.trouble.title).to_owned());
    list.page("/setup/proxy", |l| td_string!(l, support.proxy.title).to_owned());
    if reader.role.is_some() {
        list.page("/account", |l| td_string!(l, common.nav.account).to_owned());
    }
    if administrator {
        list.page("/manage/users", |l| td_string!(l, common.nav.users).to_owned());
        list.page("/manage/groups", |l| td_string!(l, credentials.groups.title).to_owned());
        list.page("/manage/robots", |l| td_string!(l, common.nav.robots).to_owned());
        list.page("/manage/access", |l| td_string!(l, common.nav.access).to_owned());
        list.page("/manage/activity", |l| td_string!(l, common.nav.activity).to_owned());
        list.page("/manage/deleted", |l| td_string!(l, common.nav.deleted).to_owned());
        list.page("/manage/notifications", |l| td_string!(l, common.nav.notifications).to_owned());
        list.page("/manage/system-config", |l| td_string!(l, common.nav.system_config).to_owned());
        list.action(open("/manage/new-user"), |l| td_string!(l, manage.users.add).to_owned());
        list.action(open("/manage/new-robot"), |l| td_string!(l, credentials.robots.add).to_owned());
    }
    if reader.role.is_some() {
        list.action(open("/account/new-token"), |l| td_string!(l, credentials.tokens.add).to_owned());
    }
    for theme in Theme::ALL.into_iter().filter(|theme| *theme != reader.theme) {
        let name = |l: Locale| match theme {
            Theme::System => td_string!(l, common.theme.system),
            Theme::Light => td_string!(l, common.theme.light),
            Theme::Dark => td_string!(l, common.theme.dark),
        };
        list.action(Deed::Press(Control::Theme(theme)), |l| {
            td_string!(l, palette.action.theme, theme = name(l)).to_string()
        });
    }
    for other in language::all().iter().copied().filter(|other| *other != reader.language) {
        // In its own words, whatever is spoken now.
        list.action(Deed::Press(Control::Language(other)), |l| {
            td_string!(l, palette.action.language, language = language::own_name(other)).to_string()
        });
    }
    list.action(Deed::Press(Control::Shortcuts), |l| td_string!(l, shortcuts.title).to_owned());
    if reader.role.is_some() {
        list.action(Deed::Press(Control::SignOut), |l| td_string!(l, session.account.sign_out).to_owned());
    } else {
        list.action(Deed::Press(Control::SignIn), |l| td_string!(l, session.account.sign_in).to_owned());
    }
    list.offers
}

fn open(path: &str) -> Deed {
    Deed::Open(path.to_owned())
}

struct List {
    language: Locale,
    offers: Vec<Offer>,
}

impl List {
    fn page(&mut self, path: &str, name: impl Fn(Locale) -> String) {
        self.add(true, open(path), name);
    }

    fn action(&mut self, deed: Deed, name: impl Fn(Locale) -> String) {
        self.add(false, deed, name);
    }

    fn add(&mut self, page: bool, deed: Deed, name: impl Fn(Locale) -> String) {
        let others = Locale::get_all().iter().copied().filter(|other| *other != self.language);
        let names = std::iter::once(self.language).chain(others).map(name).collect();
        self.offers.push(Offer { page, deed, names });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(role: Option<Role>) -> BTreeSet<String> {
        let reader = Reader { role, reads: true, theme: Theme::System, language: Locale::en };
        let offers = offers(reader);
        let keys: BTreeSet<_> = offers.iter().map(|offer| offer.deed.key()).collect();
        assert_eq!(keys.len(), offers.len(), "each once");
        keys
    }

    #[test]
    fn each_is_offered_what_he_may_open_and_do() {
        let [nobody, member, administrator] = [None, Some(Role::Member), Some(Role::Administrator)].map(keys);
        assert!(nobody.contains("sign in") && !nobody.contains("sign out") && !nobody.contains("/account"));
        assert!(member.contains("sign out") && !member.contains("sign in") && member.contains("/account/new-token"));
        for keys in [&nobody, &member] {
            assert!(keys.iter().all(|key| !key.starts_with("/manage")), "{keys:?}");
        }
        assert!(administrator.contains("/manage/system-config") && administrator.contains("/manage/new-user"));
        assert!(administrator.is_superset(&member));
    }

    #[test]
    fn what_is_in_use_already_is_not_offered() {
        let reader = Reader { role: None, reads: false, theme: Theme::Dark, language: Locale::zh_CN };
        let keys: Vec<_> = offers(reader).iter().map(|offer| offer.deed.key()).collect();
        assert!(keys.contains(&"theme light".to_owned()) && !keys.contains(&"theme dark".to_owned()));
        assert!(keys.contains(&"language en".to_owned()) && !keys.contains(&"language zh-CN".to_owned()));
        assert!(!keys.contains(&"/repositories".to_owned()));
    }

    #[test]
    fn both_languages_name_it_the_readers_own_first() {
        let reader = Reader { role: None, reads: true, theme: Theme::System, language: Locale::zh_CN };
        let offers = offers(reader);
        let dark = offers.iter().find(|offer| offer.deed.key() == "theme dark").map(|offer| offer.names.clone());
        assert_eq!(dark, Some(vec!["主题：深色".to_owned(), "Theme: Dark".to_owned()]));
    }
}
