//! "Verify": waits for a client to reach the registry and tells what came of it, live.
//!
//! Without scripts it shows the latest visits and a link to look again.

use std::collections::VecDeque;

use humpback::{
    client::{Client, Deed, Failure, Origin, Program, Visit},
    troubleshooting::Problem,
};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use time::OffsetDateTime;

use super::troubleshooting;
use crate::{
    api::visits::{FEED, SeenLately, recent_visits},
    components::{
        CodeBlock, TimeAgo,
        feed::{Link, listen},
        prose,
    },
    i18n::{Locale, t, t_string, use_i18n},
};

type I18n = I18nContext<Locale>;

/// How many visits stand on the page.
const SHOWN_MAX: usize = 12;

/// The section after the guide's steps.
#[component]
pub(super) fn Verify(
    /// The registry's address as it is typed.
    #[prop(into)]
    address: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let lately = Resource::new(|| (), |()| recent_visits());
    view! {
        <section class="page__section" aria-labelledby="verify-title">
            <h2 id="verify-title">{t!(i18n, support.verify.title)}</h2>
            <Suspense>
                {move || Suspend::new(async move {
                    // A page that can't tell of visits still shows the steps.
                    lately.await.ok().map(|lately| view! { <Seen lately=lately address=address /> })
                })}
            </Suspense>
        </section>
    }
}

#[component]
fn Seen(
    /// What had come when the page was made.
    lately: SeenLately,
    /// The registry's address as it is typed.
    address: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let SeenLately { visits, administrator, now } = lately;
    let last_visit = visits.first().map_or(0, |visit| visit.number);
    let seen = RwSignal::new(visits.into_iter().take(SHOWN_MAX).collect::<VecDeque<_>>());
    // What came since the page was made; the page's voice tells of nothing older.
    let fresh = RwSignal::new(None::<Visit>);
    let link = RwSignal::new(Link::Opening);
    let hear = move |visit: Visit| {
        // After a connection was lost the same may come again.
        let known = seen.with_untracked(|seen| seen.iter().any(|other| other.number == visit.number));
        if !known {
            seen.update(|seen| {
                seen.push_front(visit.clone());
                seen.truncate(SHOWN_MAX);
            });
            fresh.set(Some(visit));
        }
    };
    Effect::new(move |opened: Option<()>| {
        if opened.is_none() {
            let hear = move |data: String| {
                serde_json::from_str(&data).ok().map(hear);
            };
            listen(FEED, last_visit, vec![("message", Box::new(hear))], move |now| link.set(now));
        }
    });
    let registry = Signal::derive(move || {
        let typed = address.get();
        humpback::config::RegistryAddress::parse(&typed).map_or(typed, |address| address.authority())
    });
    let command = Signal::derive(move || format!("docker pull {}/verify", registry.get()));
    let said = move || match (fresh.get(), link.get()) {
        (Some(visit), _) => sentence(i18n, &visit),
        (None, Link::Opening | Link::Open) => t_string!(i18n, support.verify.waiting).to_string(),
        (None, Link::Lost) => t_string!(i18n, support.verify.lost).to_string(),
        (None, Link::Closed) => t_string!(i18n, support.verify.closed).to_string(),
    };
    view! {
        <p class="page__prose">{move || prose(t_string!(i18n, support.verify.lead))}</p>
        <CodeBlock code=command wrap=true />
        <p role="status">
            <strong>{said}</strong>
        </p>
        <ul class="visits" aria-label=move || t_string!(i18n, support.verify.list)>
            <For each=move || seen.get() key=|visit| visit.number let:visit>
                <Item visit=visit now=now address=address />
            </For>
        </ul>
        <p class="visits__aside">
            {move || prose(&t_string!(i18n, support.verify.nothing, registry = registry.get()).to_string())}
        </p>
        {(!administrator)
            .then(|| view! { <p class="visits__aside">{t!(i18n, support.verify.restricted)}</p> })}
        <p class="visits__reload">
            <a href="" rel="external">
                {t!(i18n, support.verify.reload)}
            </a>
        </p>
    }
}

#[component]
fn Item(
    /// What happened.
    visit: Visit,
    /// The server's time when the page was made.
    now: OffsetDateTime,
    /// The registry's address, which the page on a problem takes over.
    address: Signal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let problem = match visit.deed {
        Deed::Failed { failure, .. } => Problem::of(failure),
        _ => None,
    };
    let failed = matches!(visit.deed, Deed::Failed { .. }).then_some("");
    let at = visit.at;
    let (client, origin, deed) = (visit.client.clone(), visit.origin, visit.deed);
    view! {
        <li class="visits__item" data-failed=failed>
            <span class="visits__client">{move || client_name(i18n, &client)}</span>
            <span>{move || deed_words(i18n, &deed)}</span>
            <span class="visits__aside">{move || origin_words(i18n, origin)}</span>
            <span class="visits__aside">
                <TimeAgo at=at now=now.max(at) />
            </span>
            {problem
                .map(|problem| {
                    view! {
                        <a href=move || troubleshooting::href(problem.slug(), &address.get())>
                            {t!(i18n, support.verify.mend)}
                        </a>
                    }
                })}
        </li>
    }
}

/// A visit in one sentence.
fn sentence(i18n: I18n, visit: &Visit) -> String {
    let (client, deed) = (client_name(i18n, &visit.client), deed_words(i18n, &visit.deed));
    let origin = origin_words(i18n, visit.origin);
    if origin.is_empty() {
        t_string!(i18n, support.verify.sentence, client = client, deed = deed).to_string()
    } else {
        t_string!(i18n, support.verify.sentence_from, client = client, origin = origin, deed = deed).to_string()
    }
}

/// `Docker 24.0.5 (linux/amd64)`
fn client_name(i18n: I18n, client: &Client) -> String {
    let name = match &client.program {
        Program::Browser => t_string!(i18n, support.client.browser).to_string(),
        program => program.name().map_or_else(|| t_string!(i18n, support.client.unknown).to_string(), str::to_owned),
    };
    let version = client.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let system = match (&client.os, &client.architecture) {
        (Some(os), Some(architecture)) => format!(" ({os}/{architecture})"),
        (Some(one), None) | (None, Some(one)) => format!(" ({one})"),
        (None, None) => String::new(),
    };
    format!("{name}{version}{system}")
}

fn origin_words(i18n: I18n, origin: Origin) -> String {
    match origin {
        Origin::Hidden => String::new(),
        Origin::Own => t_string!(i18n, support.client.own).to_string(),
        Origin::Address(address) => address.to_string(),
    }
}

fn deed_words(i18n: I18n, deed: &Deed) -> String {
    match deed {
        Deed::Reached => t_string!(i18n, support.deed.reached).to_string(),
        Deed::SignedIn { user: Some(user) } => {
            t_string!(i18n, support.deed.signed_in_as, user = user.clone()).to_string()
        }
        Deed::SignedIn { user: None } => t_string!(i18n, support.deed.signed_in).to_string(),
        Deed::LookedUp { image: Some(image) } => {
            t_string!(i18n, support.deed.looked_up, image = image.clone()).to_string()
        }
        Deed::LookedUp { image: None } => t_string!(i18n, support.deed.looked_up_some).to_string(),
        Deed::Pulled { image: Some(image) } => t_string!(i18n, support.deed.pulled, image = image.clone()).to_string(),
        Deed::Pulled { image: None } => t_string!(i18n, support.deed.pulled_some).to_string(),
        Deed::Pushed { image: Some(image) } => t_string!(i18n, support.deed.pushed, image = image.clone()).to_string(),
        Deed::Pushed { image: None } => t_string!(i18n, support.deed.pushed_some).to_string(),
        Deed::Failed { failure, image: None } => failure_words(i18n, *failure),
        Deed::Failed { failure, image: Some(image) } => {
            let failure = failure_words(i18n, *failure);
            t_string!(i18n, support.deed.failed_at, failure = failure, image = image.clone()).to_string()
        }
    }
}

fn failure_words(i18n: I18n, failure: Failure) -> String {
    match failure {
        Failure::TlsOnPlainPort => t_string!(i18n, support.failure.tls_on_plain_port),
        Failure::PlainOnTlsPort => t_string!(i18n, support.failure.plain_on_tls_port),
        Failure::CertificateRefused => t_string!(i18n, support.failure.certificate_refused),
        Failure::OldProtocol => t_string!(i18n, support.failure.old_protocol),
        Failure::Credentials => t_string!(i18n, support.failure.credentials),
        Failure::TooManyAttempts => t_string!(i18n, support.failure.too_many_attempts),
        Failure::Denied => t_string!(i18n, support.failure.denied),
        Failure::Disabled => t_string!(i18n, support.failure.disabled),
        Failure::ManifestUnknown => t_string!(i18n, support.failure.manifest_unknown),
        Failure::NameUnknown => t_string!(i18n, support.failure.name_unknown),
        Failure::BlobUnknown => t_string!(i18n, support.failure.blob_unknown),
        Failure::UploadUnknown => t_string!(i18n, support.failure.upload_unknown),
        Failure::Truncated => t_string!(i18n, support.failure.truncated),
        Failure::Range => t_string!(i18n, support.failure.range),
        Failure::Digest => t_string!(i18n, support.failure.digest),
        Failure::NameInvalid => t_string!(i18n, support.failure.name_invalid),
        Failure::ManifestInvalid => t_string!(i18n, support.failure.manifest_invalid),
        Failure::OutOfSpace => t_string!(i18n, support.failure.out_of_space),
        Failure::Server => t_string!(i18n, support.failure.server),
        Failure::Other => t_string!(i18n, support.failure.other),
    }
    .to_string()
}
