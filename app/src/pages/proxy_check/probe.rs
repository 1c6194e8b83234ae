//! The probe: sends bodies of two sizes from the browser and tells what became of them.

use humpback::proxy_check::is_buffered;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::{
    api::proxy_check::PROBE,
    i18n::{Locale, t, t_string, use_i18n},
};

const MIB: usize = 1024 * 1024;
/// Just above nginx' default limit, and well above what sockets hold.
const SIZES: [usize; 2] = [2 * MIB, 32 * MIB];

/// How far the probe has come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Ready,
    Running,
    Done { size: usize, outcome: Outcome },
}

/// What became of one body.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// All of it arrived. When it had been sent and when it was answered, in milliseconds from the beginning.
    Arrived { sent_ms: f64, answered_ms: f64 },
    /// Another status than 200.
    Status(u16),
    /// No answer at all.
    Cut,
}

/// A button, and the verdict.
#[component]
pub(super) fn Probe(
    /// Whether the reader may send probes.
    administrator: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = RwSignal::new(State::Ready);
    let run = move |_| {
        state.set(State::Running);
        leptos::task::spawn_local(async move {
            for size in SIZES {
                let outcome = browser::send(PROBE, size).await;
                let last = size == SIZES[SIZES.len() - 1];
                if last || !matches!(outcome, Outcome::Arrived { .. }) {
                    // Gone with the page, nobody has to see it.
                    let _ = state.try_set(State::Done { size, outcome });
                    return;
                }
            }
        });
    };
    view! {
        <section class="page__section" aria-labelledby="probe">
            <h2 id="probe">{t!(i18n, support.proxy.probe.title)}</h2>
            <p>{t!(i18n, support.proxy.probe.lead)}</p>
            {if administrator {
                view! {
                    <p class="visits__reload">{t!(i18n, support.proxy.probe.scripts)}</p>
                    <div class="form__actions needs-scripts">
                        <button
                            class="button"
                            type="button"
                            aria-disabled=move || (state.get() == State::Running).then_some("true")
                            on:click=move |event| {
                                if state.get_untracked() != State::Running {
                                    run(event);
                                }
                            }
                        >
                            {t!(i18n, support.proxy.probe.run)}
                        </button>
                    </div>
                    <p role="status">{move || words(i18n, state.get())}</p>
                }
                    .into_any()
            } else {
                view! { <p class="visits__aside">{t!(i18n, support.proxy.probe.sign_in)}</p> }.into_any()
            }}
        </section>
    }
}

fn words(i18n: I18nContext<Locale>, state: State) -> String {
    let mib = |size: usize| format!("{} MiB", size / MIB);
    match state {
        State::Ready => String::new(),
        State::Running => t_string!(i18n, support.proxy.probe.running).to_string(),
        State::Done { size, outcome: Outcome::Status(413) } => {
            t_string!(i18n, support.proxy.probe.refused, size = mib(size)).to_string()
        }
        State::Done { outcome: Outcome::Status(status), .. } => {
            t_string!(i18n, support.proxy.probe.status, status = status).to_string()
        }
        State::Done { size, outcome: Outcome::Cut } => {
            t_string!(i18n, support.proxy.probe.cut, size = mib(size)).to_string()
        }
        State::Done { outcome: Outcome::Arrived { sent_ms, answered_ms }, .. } => {
            let buffer = if is_buffered(sent_ms, answered_ms) {
                t_string!(i18n, support.proxy.probe.buffered)
            } else {
                t_string!(i18n, support.proxy.probe.streamed)
            };
            format!("{} {buffer}", t_string!(i18n, support.proxy.probe.passed))
        }
    }
}

mod browser {
    use std::{cell::Cell, rc::Rc};

    use leptos::prelude::window;
    use wasm_bindgen::{JsCast as _, JsValue, prelude::Closure};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{XmlHttpRequest, js_sys::Promise};

    use super::Outcome;

    /// Sends that many bytes. Not by `fetch`, which does not tell when they have been sent.
    pub(super) async fn send(url: &str, size: usize) -> Outcome {
        try_send(url, size).await.unwrap_or(Outcome::Cut)
    }

    async fn try_send(url: &str, size: usize) -> Result<Outcome, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open("POST", url)?;
        request.set_request_header("content-type", "application/octet-stream")?;
        let (begun, sent) = (now(), Rc::new(Cell::new(None)));
        let note = Rc::clone(&sent);
        let uploaded = Closure::<dyn Fn()>::new(move || note.set(Some(now() - begun)));
        request.upload()?.set_onload(Some(uploaded.as_ref().unchecked_ref()));
        let over = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
        // Bytes that no proxy can compress away would cost time to make; none compresses what clients send.
        request.send_with_opt_u8_array(Some(&vec![0; size]))?;
        JsFuture::from(over).await?;
        let answered_ms = now() - begun;
        Ok(match (request.status()?, sent.get()) {
            (0, _) => Outcome::Cut,
            (200, Some(sent_ms)) => Outcome::Arrived { sent_ms, answered_ms },
            (status, _) => Outcome::Status(status),
        })
    }

    fn now() -> f64 {
        window().performance().map(|clock| clock.now()).unwrap_or_default()
    }
}
