//! The registry behind the address: whose it is, and how it is read if it is another one.

use humpback::config::Owner;
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;

use crate::{
    api::{
        Error,
        remote_registry::{RemoteSettings, SaveRemoteRegistry, load_remote_registry},
    },
    components::{
        ErrorState,
        form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
        in_textarea, remote_failure,
    },
    i18n::{t, t_string, use_i18n},
    words,
};

/// What the card works with. Made where the page is: what is read below something that waits is read more than once, and
/// what the browser then takes over need not be what it sees.
#[derive(Clone, Copy)]
pub struct RemoteForm {
    action: ServerAction<SaveRemoteRegistry>,
    errors: FormErrors,
    /// Counts what was saved here: what failed keeps what was typed.
    saves: RwSignal<u32>,
    settings: Resource<Result<RemoteSettings, Error>>,
}

impl RemoteForm {
    /// `address_saves` counts what was saved of the address.
    pub fn new(address_saves: RwSignal<u32>) -> Self {
        let action = ServerAction::<SaveRemoteRegistry>::new();
        let errors = FormErrors::of(action);
        let saves = RwSignal::new(0_u32);
        Effect::new(move || {
            if matches!(action.value().get(), Some(Ok(()))) {
                saves.update(|saves| *saves += 1);
            }
        });
        let settings = Resource::new(move || (address_saves.get(), saves.get()), |_| load_remote_registry());
        Self { action, errors, saves, settings }
    }
}

/// The card.
#[component]
pub fn RemoteCard(
    /// What it works with.
    form: RemoteForm,
) -> impl IntoView {
    let i18n = use_i18n();
    let RemoteForm { action, errors, saves, settings } = form;
    view! {
        <section class="card" id="remote" aria-labelledby="remote-title">
            <h2 class="card__title" id="remote-title">
                {t!(i18n, config.remote.title)}
            </h2>
            <p>{t!(i18n, config.remote.lead)}</p>
            <Transition>
                {move || Suspend::new(async move {
                    match settings.await {
                        Ok(settings) => view! { <Loaded settings action errors saves /> }.into_any(),
                        Err(error) => view! { <ErrorState error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Loaded(
    settings: RemoteSettings,
    action: ServerAction<SaveRemoteRegistry>,
    errors: FormErrors,
    saves: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let by_form = use_query_map().with_untracked(|query| query.get("remote").as_deref() == Some("saved"));
    let saved = (by_form || saves.get_untracked() > 0).then(|| {
        view! {
            <p class="banner banner--success" role="status">
                {t!(i18n, config.remote.saved)}
            </p>
        }
    });
    let Some(address) = settings.address.clone() else {
        return view! { <p class="muted">{t!(i18n, config.remote.no_address)}</p> }.into_any();
    };
    view! {
        {saved}
        <Finding address=address settings=settings.clone() />
        <Form settings action errors />
    }
    .into_any()
}

/// What the address has said.
#[component]
fn Finding(address: String, settings: RemoteSettings) -> impl IntoView {
    let i18n = use_i18n();
    let RemoteSettings { owner, other, failure, .. } = settings;
    let shows_other = match owner {
        Owner::This => Some(false),
        Owner::Other => Some(true),
        Owner::Ask => other,
    };
    let whose = move || match shows_other {
        Some(true) => t_string!(i18n, config.remote.other, address = address.clone()).to_string(),
        Some(false) => t_string!(i18n, config.remote.this, address = address.clone()).to_string(),
        None => t_string!(i18n, config.remote.unknown, address = address.clone()).to_string(),
    };
    // That it is ourselves is no failure, unless the opposite was said.
    let failure = failure.filter(|_| shows_other != Some(false));
    let failed = failure.is_some();
    view! {
        <div class=if failed { "banner banner--warning" } else { "banner" } role="note">
            <div class="banner__text">
                <p class="banner__title wrap-anywhere">{whose}</p>
                {failure.map(|failure| view! { <p class="wrap-anywhere">{move || remote_failure(i18n, &failure)}</p> })}
            </div>
        </div>
    }
}

#[component]
fn Form(settings: RemoteSettings, action: ServerAction<SaveRemoteRegistry>, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let typed = move |name: &str| errors.shown().with_untracked(|e| e.as_ref()?.typed(name).map(ToOwned::to_owned));
    let chosen = typed("owner").map_or(settings.owner, |word| Owner::parse(&word));
    let option = move |owner: Owner| {
        let id = format!("owner-{}", owner.as_str());
        let label = move || match owner {
            Owner::Ask => t_string!(i18n, config.remote.owner.ask),
            Owner::This => t_string!(i18n, config.remote.owner.this),
            Owner::Other => t_string!(i18n, config.remote.owner.other),
        };
        view! {
            <div class="field field--inline">
                <input type="radio" id=id.clone() name="owner" value=owner.as_str() checked=chosen == owner />
                <label for=id>{label}</label>
            </div>
        }
    };
    let authority = typed("authority").unwrap_or(settings.authority);
    let has_password = settings.has_password;
    view! {
        <ActionForm action attr:class="form">
            <FormSummary errors />
            <fieldset class="field">
                <legend class="field__label">{t!(i18n, config.remote.owner.legend)}</legend>
                {Owner::ALL.map(option).collect_view()}
            </fieldset>
            <TextField
                name="user_name"
                label=move || t_string!(i18n, config.remote.user_name)
                caption=move || t_string!(i18n, config.remote.user_name_caption)
                kind=FieldKind::Text
                autocomplete="off"
                value=settings.user_name
                errors
            />
            <TextField
                name="password"
                label=move || t_string!(i18n, config.remote.password)
                caption=move || {
                    if has_password {
                        t_string!(i18n, config.remote.password_kept)
                    } else {
                        t_string!(i18n, config.remote.password_caption)
                    }
                }
                kind=FieldKind::Password
                autocomplete="new-password"
                errors
            />
            {has_password
                .then(|| {
                    view! {
                        <div class="field field--inline">
                            <input type="checkbox" id="forget" name="forget" value="true" />
                            <label for="forget">{t!(i18n, config.remote.forget)}</label>
                        </div>
                    }
                })}
            <TextField
                name="token_host"
                label=move || t_string!(i18n, config.remote.token_host)
                caption=move || t_string!(i18n, config.remote.token_host_caption)
                kind=FieldKind::Code
                autocomplete="off"
                value=settings.token_host
                errors
            />
            <Authority text=authority errors />
            <div class="form__actions">
                <SubmitButton
                    label=move || t_string!(i18n, config.remote.save)
                    busy=move || t_string!(i18n, config.busy)
                    pending=action.pending()
                />
            </div>
        </ActionForm>
    }
}

/// Certificates, to be pasted.
#[component]
fn Authority(text: String, errors: FormErrors) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Memo::new(move |_| errors.problem("authority"));
    let bad = move || problem.with(Option::is_some);
    view! {
        <div class="field">
            <label for="authority">{t!(i18n, config.remote.authority)}</label>
            <textarea
                class="input input--mono"
                id="authority"
                name="authority"
                rows="4"
                spellcheck="false"
                autocomplete="off"
                placeholder="-----BEGIN CERTIFICATE-----"
                aria-invalid=move || bad().then_some("true")
                aria-describedby="authority-hint"
                on:input=move |_| errors.typed_in("authority")
            >
                {in_textarea(text)}
            </textarea>
            <p class=move || if bad() { "field__error" } else { "field__caption" } id="authority-hint">
                {move || match problem.get() {
                    Some(problem) => words::problem(i18n, &problem),
                    None => t_string!(i18n, config.remote.authority_caption).to_owned(),
                }}
            </p>
        </div>
    }
}
