//! The probe: sends bodies of two sizes from the browser and tells what became of them.

mod browser;

use humpback::proxy_check::Passage;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::i18n::{Locale, t, t_string, use_i18n};

const MIB: usize = 1024 * 1024;
/// Just above nginx' default limit.
const SMALL: usize = 2 * MIB;
/// Well above what sockets hold.
const LARGE: usize = 32 * MIB;

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
    /// All of it arrived, and in which way, if that was watched.
    Arrived(Option<Passage>),
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
            let (size, outcome) = match browser::send(SMALL).await {
                Outcome::Arrived(_) => (LARGE, browser::send_and_watch(LARGE).await),
                outcome => (SMALL, outcome),
            };
            // Gone with the page, nobody has to see it.
            let _ = state.try_set(State::Done { size, outcome });
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
        State::Done { outcome: Outcome::Arrived(passage), .. } => {
            let passed = t_string!(i18n, support.proxy.probe.passed);
            match passage {
                Some(Passage::Gathered) => format!("{passed} {}", t_string!(i18n, support.proxy.probe.buffered)),
                Some(Passage::Streamed) => format!("{passed} {}", t_string!(i18n, support.proxy.probe.streamed)),
                None => passed.to_string(),
            }
        }
    }
}
