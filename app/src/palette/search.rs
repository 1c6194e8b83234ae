//! The palette's own: a field, and below it what fits, of which one is chosen (ARIA Authoring Practices, "Combobox").
//!
//! The server finds and orders. It is asked for one text at a time: what is typed meanwhile is asked for when the answer is
//! there, and what was overtaken is not asked for at all.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{
    Element,
    js_sys::{Function, Object, Reflect},
};

use super::{Shown, dialog::Around, element, keys::use_it, open, recent};
use crate::{
    api::palette::{Asked, Control, Deed, Entry, Found, Group, TYPED_MAX, find},
    components::{Draw, Icon},
    i18n::td_string,
};

/// The list's id. An option's is this with its place behind it.
const LIST: &str = "palette";

/// What the browser says of a key that an input method takes (UI Events, "keyCode"). Safari says it of the Enter that ends
/// a composition, too, when the composition is already over.
const PROCESSED: u32 = 229;

/// The state of one opening.
#[derive(Clone, Copy)]
struct Search {
    around: Around,
    /// What was found last; `None` until the first answer, and where none came.
    found: RwSignal<Option<Found>>,
    /// The place of the option that Enter chooses.
    active: RwSignal<usize>,
    failed: RwSignal<bool>,
    progress: StoredValue<Progress>,
    /// Below what else is opened.
    opener: StoredValue<Owner>,
}

/// Where the asking is.
#[derive(Default)]
struct Progress {
    /// Whether the server is asked.
    asking: bool,
    /// What is to be asked next.
    next: Option<String>,
    /// Whether Enter was pressed before the answer was there.
    hasty: bool,
    /// Whether an input method composes.
    composing: bool,
}

/// The field and the list.
pub(super) fn search(around: Around, opener: Owner) -> AnyView {
    let search = Search {
        around,
        found: RwSignal::new(None),
        active: RwSignal::new(0),
        failed: RwSignal::new(false),
        progress: StoredValue::default(),
        opener: StoredValue::new(opener),
    };
    search.ask(String::new());
    search.show_the_active();
    let language = around.language;
    let any = move || search.count() > 0;
    view! {
        <div class="palette__head">
            <div class="search__box">
                <Draw icon=Icon::Search />
                <input
                    class="input search__input"
                    type="text"
                    role="combobox"
                    aria-label=td_string!(language, palette.title)
                    placeholder=td_string!(language, palette.placeholder)
                    aria-autocomplete="list"
                    aria-controls=LIST
                    aria-expanded=move || any().to_string()
                    aria-activedescendant=move || any().then(|| option_id(search.active.get()))
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="go"
                    maxlength=TYPED_MAX.to_string()
                    autofocus
                    on:input=move |event| search.typed(event_target_value(&event))
                    on:compositionstart=move |_| search.composes(true)
                    on:compositionend=move |event| {
                        search.composes(false);
                        search.typed(event_target_value(&event));
                    }
                    on:keydown=move |event| search.pressed(&event)
                />
            </div>
            <button class="button" type="button" on:click=move |_| around.close()>
                {td_string!(language, common.close)}
            </button>
        </div>
        <div
            class="palette__list"
            id=LIST
            role="listbox"
            aria-label=td_string!(language, palette.list)
            hidden=move || !any()
            // The field keeps the focus.
            on:mousedown=|event| event.prevent_default()
        >
            {move || search.found.with(|found| found.as_ref().map(|found| search.groups(&found.groups)))}
        </div>
        {move || search.remark().map(|remark| view! { <p class="palette__note">{remark}</p> })}
    }
    .into_any()
}

fn option_id(place: usize) -> String {
    format!("{LIST}-{place}")
}

impl Search {
    /// Looks for what stands in the field. What an input method composes is not yet what is meant.
    fn typed(self, text: String) {
        let composing = self.progress.try_update_value(|progress| {
            progress.hasty = false;
            progress.composing
        });
        if composing == Some(false) {
            self.ask(text);
        }
    }

    fn composes(self, composing: bool) {
        self.progress.update_value(|progress| progress.composing = composing);
    }

    fn ask(self, text: String) {
        let waits = self.progress.try_update_value(|progress| {
            let waits = progress.asking;
            progress.asking = true;
            if waits {
                progress.next = Some(text.clone());
            }
            waits
        });
        if waits == Some(false) {
            leptos::task::spawn_local(self.ask_until_still(text));
        }
    }

    async fn ask_until_still(self, mut typed: String) {
        loop {
            let asked = Asked { typed, recent: recent::keys(), language: self.around.language };
            let answer = find(asked).await;
            let next = self.progress.try_update_value(|progress| {
                let next = progress.next.take();
                progress.asking = next.is_some();
                next
            });
            // Closed meanwhile: nobody waits for it.
            let Some(next) = next else { return };
            self.failed.set(answer.is_err());
            let found = answer.ok();
            let said = found.as_ref().map(|found| found.said.clone());
            self.active.set(0);
            self.found.set(found);
            match next {
                Some(next) => typed = next,
                None => {
                    let failed = || td_string!(self.around.language, palette.failed).to_owned();
                    self.around.announcer.say(said.unwrap_or_else(failed));
                    if self.progress.try_update_value(|progress| std::mem::take(&mut progress.hasty)) == Some(true) {
                        // Once it is drawn.
                        request_animation_frame(move || self.choose(false));
                    }
                    return;
                }
            }
        }
    }

    fn count(self) -> usize {
        self.found.with(|found| found.as_ref().map_or(0, |found| found.groups.iter().map(|g| g.entries.len()).sum()))
    }

    /// What is said below the list.
    fn remark(self) -> Option<String> {
        let language = self.around.language;
        if self.failed.get() {
            return Some(td_string!(language, palette.failed).to_owned());
        }
        self.found.with(|found| {
            let found = found.as_ref()?;
            let none = if found.groups.is_empty() { found.said.as_str() } else { "" };
            let text = [none, found.note.as_str()].join(" ");
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        })
    }

    fn pressed(self, event: &KeyboardEvent) {
        if event.key_code() == PROCESSED || self.progress.with_value(|progress| progress.composing) {
            return;
        }
        let beside = event.ctrl_key() || event.meta_key();
        let (count, active) = untrack(|| (self.count(), self.active.get()));
        let place = match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                let waits = self.progress.try_update_value(|progress| {
                    progress.hasty = progress.asking;
                    progress.asking
                });
                if waits == Some(false) {
                    self.choose(beside);
                }
                return;
            }
            "ArrowDown" => (active + 1).checked_rem(count),
            "ArrowUp" => (active + count).checked_sub(1).and_then(|place| place.checked_rem(count)),
            "Home" if !beside && !event.shift_key() => Some(0),
            "End" if !beside && !event.shift_key() => count.checked_sub(1),
            _ => return,
        };
        event.prevent_default();
        if let Some(place) = place {
            self.active.set(place);
        }
    }

    /// Chooses the active option, as by a click on it.
    fn choose(self, beside: bool) {
        let Some(place) = self.active.try_get_untracked() else { return };
        let option = element(&format!("#{}", option_id(place)));
        let path = option.as_ref().and_then(|option| option.get_attribute("href"));
        match (path, beside) {
            (Some(path), true) => {
                recent::remember(&path);
                let _ = window().open_with_url_and_target(&path, "_blank");
            }
            _ => {
                if let Some(option) = option.and_then(|option| option.dyn_into::<web_sys::HtmlElement>().ok()) {
                    option.click();
                }
            }
        }
    }

    /// The options, by their groups.
    fn groups(self, groups: &[Group]) -> AnyView {
        let mut place = 0;
        let groups = groups.iter().enumerate().map(|(at, group)| {
            let title = format!("{LIST}-group-{at}");
            let labelled_by = title.clone();
            let options: Vec<AnyView> = group
                .entries
                .iter()
                .map(|entry| {
                    place += 1;
                    self.option(place - 1, entry)
                })
                .collect();
            view! {
                <div role="group" aria-labelledby=labelled_by>
                    <div class="palette__title" id=title role="presentation">
                        {group.title.clone()}
                    </div>
                    {options}
                </div>
            }
            .into_any()
        });
        groups.collect::<Vec<_>>().into_any()
    }

    fn option(self, place: usize, entry: &Entry) -> AnyView {
        let Entry { text, detail, deed } = entry.clone();
        let selected = move || (self.active.get() == place).to_string();
        let what = view! {
            <span class="palette__text">{text}</span>
            <span class="palette__detail">{detail}</span>
        }
        .into_any();
        match deed {
            Deed::Open(path) => {
                let href = path.clone();
                // The link itself opens its page, here by the router, and beside this one by the browser.
                let chosen = move |event: leptos::ev::MouseEvent| {
                    recent::remember(&path);
                    if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                        self.around.close();
                    }
                };
                view! {
                    <a
                        class="palette__option"
                        role="option"
                        id=option_id(place)
                        href=href
                        tabindex="-1"
                        aria-selected=selected
                        on:click=chosen
                    >
                        {what}
                    </a>
                }
                .into_any()
            }
            Deed::Press(control) => view! {
                <div
                    class="palette__option"
                    role="option"
                    id=option_id(place)
                    aria-selected=selected
                    on:click=move |_| self.press(control)
                >
                    {what}
                </div>
            }
            .into_any(),
        }
    }

    /// Uses what is in the frame around the page, as its reader would.
    fn press(self, control: Control) {
        use leptos_i18n::Locale as _;
        recent::remember(&Deed::Press(control).key());
        self.around.close();
        let selector = match control {
            Control::Theme(theme) => format!("[name=theme][value='{}']", theme.as_str()),
            Control::Language(language) => format!("[name=language][value='{}']", language.as_str()),
            Control::SignIn => ".account a".to_owned(),
            Control::SignOut => {
                recent::forget();
                ".account button".to_owned()
            }
            Control::Shortcuts => {
                self.opener.with_value(|opener| open(opener, Shown::Shortcuts));
                return;
            }
        };
        use_it(&selector, web_sys::HtmlElement::click);
    }

    /// Keeps the active option in view.
    fn show_the_active(self) {
        Effect::new(move |_| {
            if let Some(option) = element(&format!("#{}", option_id(self.active.get()))) {
                into_view(&option);
            }
        });
    }
}

/// Scrolls as little as is needed (CSSOM View, "scrollIntoView").
fn into_view(element: &Element) {
    let options = Object::new();
    let scrolled = Reflect::set(&options, &"block".into(), &"nearest".into()).and_then(|_| {
        let scroll = Reflect::get(element, &"scrollIntoView".into())?;
        scroll.dyn_into::<Function>()?.call1(element, &options)
    });
    // Every browser that runs this can.
    let _ = scrolled;
}
