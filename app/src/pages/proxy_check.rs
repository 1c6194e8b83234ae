//! The proxy check: what arrives through a proxy, what would be answered, and how to set the proxy up.

mod probe;

use humpback::proxy_check::{Finding, PageOrigin, Seen, findings};
use leptos::{either::Either, prelude::*};
use leptos_i18n::{I18nContext, Locale as _};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::probe::Probe;
use super::troubleshooting::Further;
use crate::{
    api::proxy_check::{Arrived, Configuration, proxy_check, proxy_configurations},
    components::{Breadcrumb, CardSkeleton, CodeBlock, ErrorState, prose},
    i18n::{Locale, t, t_string, use_i18n},
};

/// The page.
#[component]
pub fn ProxyCheck() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let arrived = Resource::new(|| (), |()| proxy_check());
    let address = move || query.with(|query| query.get("address").unwrap_or_default());
    let samples = Resource::new(
        move || (address(), i18n.get_locale().as_str().to_owned()),
        |(address, language)| proxy_configurations(address, language),
    );
    let steps = move || vec![(t_string!(i18n, guide.title).to_string(), "/setup".to_owned())];
    view! {
        <Title text=move || t_string!(i18n, support.proxy.title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=Signal::derive(steps) />
                <h1>{t!(i18n, support.proxy.title)}</h1>
                <p class="page__lead">{t!(i18n, support.proxy.lead)}</p>
            </div>
        </header>
        <Suspense fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match arrived.await {
                    Ok(arrived) => Either::Left(view! { <Checked arrived=arrived /> }),
                    Err(error) => Either::Right(view! { <ErrorState error=error /> }),
                }
            })}
        </Suspense>
        <section class="page__section" aria-labelledby="samples">
            <h2 id="samples">{t!(i18n, support.proxy.samples.title)}</h2>
            <p>{t!(i18n, support.proxy.samples.lead)}</p>
            <Transition>
                {move || Suspend::new(async move {
                    match samples.await {
                        Ok(samples) => Either::Left(samples.into_iter().map(one).collect_view()),
                        Err(error) => Either::Right(view! { <ErrorState error=error /> }),
                    }
                })}
            </Transition>
        </section>
        <Further />
    }
}

fn one(sample: Configuration) -> impl IntoView + use<> {
    let Configuration { name, file, text } = sample;
    let summary = name.clone();
    view! {
        <details class="page__details">
            <summary>
                <h3>{summary}</h3>
            </summary>
            <CodeBlock code=text label=format!("{name} · {file}") />
        </details>
    }
}

#[component]
fn Checked(
    /// The request, and where the browser says that it is.
    arrived: Arrived,
) -> impl IntoView {
    let i18n = use_i18n();
    let Arrived { seen, page, administrator } = arrived;
    let page = RwSignal::new(page);
    // The browser knows best where it is; before the scripts it may have said nothing.
    Effect::new(move |asked: Option<()>| {
        if asked.is_none()
            && let Ok(origin) = window().location().origin()
        {
            page.set(Some(origin));
        }
    });
    let request = seen.clone();
    let found = Memo::new(move |_| {
        let page = page.with(|page| page.as_deref().and_then(PageOrigin::of_url));
        findings(&request, page.as_ref())
    });
    let told = seen.clone();
    view! {
        <section class="page__section" aria-labelledby="findings">
            <h2 id="findings">{t!(i18n, support.proxy.findings)}</h2>
            <ul class="notes">
                {move || {
                    found
                        .get()
                        .into_iter()
                        .map(|finding| {
                            let class = if finding.is_fault() { "note note--warning" } else { "note" };
                            let text = words(i18n, finding, &told, page.get().as_deref().unwrap_or_default());
                            view! { <li class=class>{prose(&text)}</li> }
                        })
                        .collect_view()
                }}
            </ul>
        </section>
        <Facts seen=seen page=page />
        <Probe administrator=administrator />
    }
}

#[component]
fn Facts(
    /// The request.
    seen: Seen,
    /// Where the browser says that it is.
    page: RwSignal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let none = move || t_string!(i18n, support.proxy.none).to_string();
    let or_none = move |text: Option<String>| text.unwrap_or_else(none);
    let Seen { scheme, authority, host, client, peer, trusted, headers, location, fixed } = seen;
    let origin = move || page.get().and_then(|page| PageOrigin::of_url(&page).map(|origin| origin.to_string()));
    let has_headers = !headers.is_empty();
    let headers = headers
        .into_iter()
        .map(|(name, value)| {
            view! {
                <li class="mono">
                    {name} ": " {value}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="page__section" aria-labelledby="arrived">
            <h2 id="arrived">{t!(i18n, support.proxy.arrived)}</h2>
            <dl class="facts">
                <dt>{t!(i18n, support.proxy.page)}</dt>
                <dd class="mono">{move || or_none(origin())}</dd>
                <dt>{t!(i18n, support.proxy.scheme)}</dt>
                <dd class="mono">{scheme.as_str()}</dd>
                <dt>{t!(i18n, support.proxy.authority)}</dt>
                <dd class="mono">{move || or_none(authority.clone())}</dd>
                <dt>{t!(i18n, support.proxy.host)}</dt>
                <dd class="mono">{move || or_none(host.clone())}</dd>
                <dt>{t!(i18n, support.proxy.client)}</dt>
                <dd class="mono">{move || or_none(client.map(|client| client.to_string()))}</dd>
                <dt>{t!(i18n, support.proxy.peer)}</dt>
                <dd class="mono">{move || or_none(peer.map(|peer| peer.to_string()))}</dd>
                <dt>{t!(i18n, support.proxy.headers)}</dt>
                <dd>
                    {if has_headers {
                        let trust = move || if trusted {
                            t_string!(i18n, support.proxy.believed)
                        } else {
                            t_string!(i18n, support.proxy.not_believed)
                        };
                        Either::Left(view! { <ul>{headers}</ul> <span>"("{trust}")"</span> })
                    } else {
                        Either::Right(none)
                    }}
                </dd>
                <dt>
                    {move || if fixed {
                        t_string!(i18n, support.proxy.location_fixed)
                    } else {
                        t_string!(i18n, support.proxy.location)
                    }}
                </dt>
                <dd class="mono">{location}</dd>
            </dl>
        </section>
    }
}

/// A finding in the reader's language. Code stands between backticks.
fn words(i18n: I18nContext<Locale>, finding: Finding, seen: &Seen, page: &str) -> String {
    let scheme =
        |url: &str| PageOrigin::of_url(url).map_or_else(String::new, |origin| origin.scheme().as_str().to_owned());
    match finding {
        Finding::Fine => t_string!(i18n, support.proxy.finding.fine).to_string(),
        Finding::Direct => t_string!(i18n, support.proxy.finding.direct).to_string(),
        Finding::Untrusted => {
            let peer = seen.peer.map_or_else(String::new, |peer| peer.to_string());
            t_string!(i18n, support.proxy.finding.untrusted, peer = peer).to_string()
        }
        Finding::SchemeLost => {
            let (page, location) = (scheme(page), scheme(&seen.location));
            t_string!(i18n, support.proxy.finding.scheme_lost, page = page, location = location).to_string()
        }
        Finding::HostLost => t_string!(i18n, support.proxy.finding.host_lost).to_string(),
        Finding::PortLost => t_string!(i18n, support.proxy.finding.port_lost).to_string(),
        Finding::ClientHidden => t_string!(i18n, support.proxy.finding.client_hidden).to_string(),
    }
}
