//! What is opened over the page: a dialog that is made for the occasion and gone with it.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html::Dialog,
    prelude::*,
    tachys::view::any_view::AnyViewState,
};

use wasm_bindgen::JsCast;

use super::{Shown, element, search::search, shortcuts::shortcuts};
use crate::{
    components::announcer::{Announcer, use_announcer},
    i18n::{Locale, td_string, use_i18n},
};

/// What the content of the dialog needs to know of it.
#[derive(Clone, Copy)]
pub(super) struct Around {
    dialog: NodeRef<Dialog>,
    /// The reader's language: what changes it closes the dialog.
    pub language: Locale,
    /// The page's voice.
    pub announcer: Announcer,
}

impl Around {
    /// Closes the dialog; the browser gives the focus back to where it was.
    pub(super) fn close(self) {
        if let Some(dialog) = self.dialog.get_untracked() {
            dialog.close();
        }
    }
}

/// Opens a dialog. Where one is open, whatever it asks comes first.
pub(super) fn show(owner: &Owner, shown: Shown) {
    let (None, Some(body)) = (element("dialog[open]"), document().body()) else { return };
    let inside = owner.child();
    let slot: Rc<RefCell<Option<(AnyViewState, Owner)>>> = Rc::default();
    let closed = {
        let slot = Rc::clone(&slot);
        move || {
            let slot = Rc::clone(&slot);
            // Not from within its own event.
            leptos::task::spawn_local(async move {
                if let Some((mut view, inside)) = slot.take() {
                    view.unmount();
                    inside.cleanup();
                }
            });
        }
    };
    let opener = owner.clone();
    let (dialog, mut view) = inside.with(|| {
        let around =
            Around { dialog: NodeRef::new(), language: use_i18n().get_locale_untracked(), announcer: use_announcer() };
        // What was said before has been heard.
        around.announcer.say("");
        let (name, content) = match shown {
            Shown::Palette => (td_string!(around.language, palette.title), search(around, opener)),
            Shown::Shortcuts => (td_string!(around.language, shortcuts.title), shortcuts(around)),
        };
        (around.dialog, frame(around, name, content, closed).build())
    });
    view.mount(&body, None);
    *slot.borrow_mut() = Some((view, inside));
    if let Some(dialog) = dialog.get_untracked() {
        // Fails only where the element is not in the page.
        let _ = dialog.show_modal();
    }
}

/// The dialog around its content. It has a voice of its own, which says the same as the page's: that one is out of reach
/// while the dialog is open.
fn frame(around: Around, name: &'static str, content: AnyView, closed: impl Fn() + 'static) -> AnyView {
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "k" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            // Else the page would hear it, too, and open the palette again.
            event.stop_propagation();
            around.close();
        }
    };
    // What is clicked beside the content is the dialog itself: its backdrop.
    let clicked = move |event: MouseEvent| {
        if event.target() == around.dialog.get_untracked().map(JsCast::unchecked_into) {
            around.close();
        }
    };
    view! {
        <dialog
            class="dialog palette"
            aria-label=name
            node_ref=around.dialog
            on:close=move |_| closed()
            on:keydown=pressed
            on:click=clicked
        >
            <div class="palette__content">{content}</div>
            <p class="visually-hidden" role="status">
                {around.announcer.text()}
            </p>
        </dialog>
    }
    .into_any()
}
