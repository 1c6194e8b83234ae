//! Manage → Notifications. Which endpoints there are is decided in the configuration file; the page shows how they do.

use leptos::prelude::*;
use leptos_meta::Title;
use time::OffsetDateTime;

use super::refused::Refused;
use crate::{
    api::notifications::{Endpoint, Failure, State, load_notifications},
    components::{
        CodeBlock, EmptyState, TableSkeleton, TimeAgo,
        data_table::{Column, cell_class},
    },
    format,
    i18n::{t, t_string, use_i18n},
};

/// What makes an endpoint, to be copied.
const EXAMPLE: &str = "notifications:
  endpoints:
    - name: ci
      url: https://ci.example.com/events
      headers:
        Authorization: [Bearer secret]
      timeout: 1s
      threshold: 10
      backoff: 1s";

/// The page `/manage/notifications`, for administrators.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let i18n = use_i18n();
    let page = Resource::new(|| (), |()| load_notifications());
    view! {
        <Title text=move || t_string!(i18n, notifications.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, notifications.title)}</h1>
                <p class="page__lead">{t!(i18n, notifications.lead)}</p>
            </div>
        </header>
        <Transition fallback=|| {
            view! { <TableSkeleton columns=5 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) if page.endpoints.is_empty() => view! { <NobodyIsTold /> }.into_any(),
                    Ok(page) => view! { <Table endpoints=page.endpoints now=page.now /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// Nobody is told of anything, and how that is changed.
#[component]
fn NobodyIsTold() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <EmptyState title=Signal::derive(move || t_string!(i18n, notifications.none.title).to_string())>
            <p>{t!(i18n, notifications.none.text)}</p>
            <CodeBlock code=EXAMPLE />
        </EmptyState>
    }
}

#[component]
fn Table(
    /// The rows.
    endpoints: Vec<Endpoint>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    let number = cell_class(Column::Number, false);
    let row = move |endpoint: Endpoint| {
        let Endpoint { name, url, state, pending, delivered, dropped, delivered_at, last_error } = endpoint;
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    <span>{name}</span>
                    <br />
                    <span class="mono muted">{url}</span>
                </th>
                <td>
                    <Badge state />
                </td>
                <td class=number>{format::number(pending)}</td>
                <td class=number>
                    {format::number(delivered)}
                    {delivered_at
                        .map(|at| {
                            view! {
                                <br />
                                <span class="muted">
                                    <TimeAgo at now />
                                </span>
                            }
                        })}
                </td>
                <td class=cell_class(Column::Number, true)>{format::number(dropped)}</td>
                <td>
                    <LastError failure=last_error now />
                </td>
            </tr>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, notifications.column.endpoint)}</th>
                        <th scope="col">{t!(i18n, notifications.column.state)}</th>
                        <th scope="col" class=number>
                            {t!(i18n, notifications.column.pending)}
                        </th>
                        <th scope="col" class=number>
                            {t!(i18n, notifications.column.delivered)}
                        </th>
                        <th scope="col" class=cell_class(Column::Number, true)>
                            {t!(i18n, notifications.column.dropped)}
                        </th>
                        <th scope="col">{t!(i18n, notifications.column.last_error)}</th>
                    </tr>
                </thead>
                <tbody>{endpoints.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="muted">{t!(i18n, notifications.policy)}</p>
    }
}

#[component]
fn Badge(
    /// Whether the endpoint gets anything.
    state: State,
) -> impl IntoView {
    let i18n = use_i18n();
    match state {
        State::Working => {
            view! { <span class="badge badge--success">{t!(i18n, notifications.state.working)}</span> }.into_any()
        }
        State::Disabled => view! { <span class="badge">{t!(i18n, notifications.state.disabled)}</span> }.into_any(),
        State::Failing(attempts) => {
            let text = move || t_string!(i18n, notifications.state.failing, count = attempts).to_string();
            view! { <span class="badge badge--danger">{text}</span> }.into_any()
        }
    }
}

/// What went wrong last, and when; it may be long ago.
#[component]
fn LastError(
    /// The failure.
    failure: Option<Failure>,
    /// The server's time.
    now: OffsetDateTime,
) -> impl IntoView {
    let i18n = use_i18n();
    match failure {
        Some(Failure { text, at }) => view! {
            <span class="mono">{text}</span>
            <br />
            <span class="muted">
                <TimeAgo at now />
            </span>
        }
        .into_any(),
        None => view! { <span class="muted">{t!(i18n, notifications.no_error)}</span> }.into_any(),
    }
}
