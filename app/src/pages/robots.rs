//! Manage → Robots: the list, with search, order and pages in its address.

use humpback::{
    account::{Robot, RobotName, RobotSort, has_ended},
    explorer::ListQuery,
};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::refused::Refused;
use crate::{
    api::robots::{ROBOTS, Robots, list_robots, robot_path},
    components::{
        DoneNote, Draw, EmptyState, Expiry, Icon, LastUsed, Pagination, ScopeText, SearchField, TableSkeleton,
        data_table::{Column, SortHeader, cell_class, link},
    },
    i18n::{Locale, t, t_string, use_i18n},
};

mod form;
mod issued;
mod new;
mod robot;

pub use issued::IssuedRobotPage;
pub use new::NewRobotPage;
pub use robot::RobotPage;

/// Where a robot is made.
const NEW: &str = "/manage/new-robot";

/// The page `/manage/robots`.
#[component]
pub fn RobotsPage() -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let query = Memo::new(move |_| words.with(|words| ListQuery::<RobotSort>::from_words(|key| words.get_str(key))));
    let page = Resource::new(move || query.get(), list_robots);
    view! {
        <Title text=move || t_string!(i18n, credentials.robots.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, credentials.robots.title)}</h1>
                <p class="page__lead">{t!(i18n, credentials.robots.lead)}</p>
            </div>
        </header>
        <DoneNote words=move |name: &str| {
            // Whatever else stands in the address is no robot's name.
            let name = RobotName::parse(name).ok()?.login();
            Some(t_string!(i18n, credentials.robots.deleted, name = name).to_string())
        } />
        <Transition fallback=|| {
            view! { <TableSkeleton columns=5 /> }
        }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => view! { <Loaded page=page query=query /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(page: Robots, query: Memo<ListQuery<RobotSort>>) -> impl IntoView {
    let i18n = use_i18n();
    let Robots { list, now } = page;
    let add = move || {
        view! {
            <a class="button button--primary" href=NEW>
                <Draw icon=Icon::Plus />
                {t!(i18n, credentials.robots.add)}
            </a>
        }
    };
    if list.total == 0 {
        return view! {
            <EmptyState title=Signal::derive(move || t_string!(i18n, credentials.robots.none).to_string())>
                <p>{t!(i18n, credentials.robots.none_text)}</p>
                <div class="empty-state__actions">{add()}</div>
            </EmptyState>
        }
        .into_any();
    }
    let asked = query.get_untracked();
    let (last_page, matching) = (list.last_page(), list.matching);
    let content = if list.rows.is_empty() {
        let search = asked.search;
        view! {
            <EmptyState title=Signal::derive(move || t_string!(i18n, credentials.robots.no_match).to_string())>
                <p class="wrap-anywhere">
                    {move || t_string!(i18n, credentials.robots.no_match_text, search = search.clone()).to_string()}
                </p>
                <div class="empty-state__actions">
                    <a href=ROBOTS class="button">
                        {t!(i18n, credentials.robots.all)}
                    </a>
                </div>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <Table rows=list.rows query=asked.clone() now=now />
            <Pagination query=asked matching=matching last_page=last_page path=ROBOTS />
        }
        .into_any()
    };
    view! {
        <div class="toolbar">
            <SearchField
                query=query
                path=ROBOTS.to_owned()
                label=Signal::derive(move || t_string!(i18n, credentials.robots.search).to_string())
            />
            <span class="toolbar__count">
                {move || t_string!(i18n, credentials.robots.found, count = matching).to_string()}
            </span>
            {add()}
        </div>
        {content}
    }
    .into_any()
}

#[component]
fn Table(rows: Vec<Robot>, query: ListQuery<RobotSort>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let header = |key, title: AnyView| {
        view! {
            <SortHeader key=key query=query.clone() path=ROBOTS column=Column::Text>
                {title}
            </SortHeader>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        {header(RobotSort::Name, t!(i18n, credentials.robots.column.name).into_any())}
                        <th scope="col" class=cell_class(Column::Text, true)>
                            {t!(i18n, credentials.tokens.column.scope)}
                        </th>
                        <th scope="col">{t!(i18n, manage.users.column.state)}</th>
                        {header(RobotSort::Expires, t!(i18n, credentials.tokens.column.expires).into_any())}
                        {header(RobotSort::Used, t!(i18n, credentials.tokens.column.used).into_any())}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|robot| view! { <Row robot=robot now=now /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(robot: Robot, now: OffsetDateTime) -> impl IntoView {
    let Robot { name, description, scope, expires_at, disabled_at, used, .. } = robot;
    let description = description.to_string();
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                <a href=robot_path(name.as_str())>{name.login()}</a>
                {(!description.is_empty()).then(|| view! { <span class="robot__for">{description}</span> })}
            </th>
            <td class=cell_class(Column::Text, true)>
                <ScopeText scope=Some(scope) />
            </td>
            <td>
                <State disabled=disabled_at.is_some() ended=has_ended(expires_at, now) />
            </td>
            <td>
                <Expiry at=expires_at now />
            </td>
            <td>
                <LastUsed used now />
            </td>
        </tr>
    }
}

/// Whether a robot can sign in.
#[component]
fn State(disabled: bool, ended: bool) -> impl IntoView {
    let i18n = use_i18n();
    if disabled {
        view! { <span class="badge badge--warning">{t!(i18n, manage.state.disabled)}</span> }.into_any()
    } else if ended {
        view! { <span class="badge badge--danger">{t!(i18n, credentials.robots.ended)}</span> }.into_any()
    } else {
        view! { <span class="badge badge--success">{t!(i18n, manage.state.enabled)}</span> }.into_any()
    }
}

/// The way back to the list, for the pages of one robot.
fn back(i18n: I18nContext<Locale>) -> Signal<Vec<(String, String)>> {
    let first = link(ROBOTS, &ListQuery::<RobotSort>::default());
    Signal::derive(move || vec![(t_string!(i18n, credentials.robots.title).to_string(), first.clone())])
}
