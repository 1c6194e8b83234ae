//! The list of the shortcuts, and the switch for those that are a single key.

use leptos::prelude::*;

use super::{dialog::Around, preference};
use crate::{api::preferences::set_shortcuts, i18n::td_string};

/// The list.
pub(super) fn shortcuts(around: Around) -> AnyView {
    let l = around.language;
    let (or, then) = (td_string!(l, shortcuts.or), td_string!(l, shortcuts.then));
    let go = |page: &str| td_string!(l, shortcuts.go, page = page.to_owned()).to_string();
    let everywhere = [
        (td_string!(l, shortcuts.palette).to_owned(), vec!["Ctrl", "+", "K", or, "⌘", "+", "K"]),
        (td_string!(l, shortcuts.filter).to_owned(), vec!["/"]),
        (td_string!(l, shortcuts.list).to_owned(), vec!["?"]),
        (go(td_string!(l, common.nav.home)), vec!["G", then, "H"]),
        (go(td_string!(l, common.nav.repositories)), vec!["G", then, "R"]),
        (go(td_string!(l, common.nav.setup)), vec!["G", then, "S"]),
    ];
    let within = [
        (td_string!(l, shortcuts.choose).to_owned(), vec!["↑", or, "↓"]),
        (td_string!(l, shortcuts.ends).to_owned(), vec!["Home", or, "End"]),
        (td_string!(l, shortcuts.open).to_owned(), vec!["Enter"]),
        (td_string!(l, shortcuts.open_beside).to_owned(), vec!["Ctrl", "+", "Enter", or, "⌘", "+", "Enter"]),
        (td_string!(l, shortcuts.close).to_owned(), vec!["Esc"]),
    ];
    let list = |rows: Vec<(String, Vec<&'static str>)>| {
        let rows = rows.into_iter().map(|(what, keys)| {
            let keys: Vec<AnyView> = keys.into_iter().map(|word| key(word, &[or, then, "+"])).collect();
            view! {
                <div class="shortcut">
                    <dt>{what}</dt>
                    <dd>{keys}</dd>
                </div>
            }
            .into_any()
        });
        view! { <dl class="shortcuts">{rows.collect::<Vec<_>>()}</dl> }.into_any()
    };
    let on = RwSignal::new(preference::are_on());
    let turned = move |_| {
        let now = !on.get_untracked();
        on.set(now);
        preference::apply(now);
        leptos::task::spawn_local(async move {
            if set_shortcuts(now).await.is_err() {
                preference::apply(!now);
                // The dialog may be closed by now.
                let _ = on.try_set(!now);
                around.announcer.say(td_string!(l, shortcuts.failed));
            }
        });
    };
    view! {
        <div class="palette__head">
            <h2>{td_string!(l, shortcuts.title)}</h2>
            <button class="button" type="button" autofocus on:click=move |_| around.close()>
                {td_string!(l, common.close)}
            </button>
        </div>
        <h3>{td_string!(l, shortcuts.everywhere)}</h3>
        {list(everywhere.into())}
        <h3>{td_string!(l, shortcuts.within)}</h3>
        {list(within.into())}
        <div class="field field--inline">
            <input
                type="checkbox"
                role="switch"
                id="shortcuts-switch"
                aria-describedby="shortcuts-note"
                prop:checked=on
                on:change=turned
            />
            <label for="shortcuts-switch">{td_string!(l, shortcuts.switch)}</label>
            <p class="field__caption" id="shortcuts-note">
                {td_string!(l, shortcuts.switch_note)}
            </p>
        </div>
    }
    .into_any()
}

/// A key, or one of the words between keys.
fn key(word: &'static str, between: &[&'static str]) -> AnyView {
    if between.contains(&word) {
        view! { <span>{word}</span>" " }.into_any()
    } else {
        view! { <kbd>{word}</kbd>" " }.into_any()
    }
}
