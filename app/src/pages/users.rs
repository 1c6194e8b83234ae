//! Manage → Users: the list, with search, order and pages in its address.

use humpback::{
    account::{Role, UserName, UserSort, UserSummary},
    explorer::ListQuery,
};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::refused::Refused;
use crate::{
    api::{
        groups::GROUPS,
        users::{Users, list_users, user_path},
    },
    components::{
        DoneNote, Draw, EmptyState, Icon, Pagination, SearchField, TableSkeleton, TimeAgo,
        data_table::{Column, SortHeader, cell_class, link},
    },
    i18n::{Locale, t, t_string, use_i18n},
};

mod groups_form;
mod issued;
mod new;
mod tokens;
mod user;

pub use issued::IssuedPasswordPage;
pub use new::NewUserPage;
pub use user::UserPage;

/// Where the page is.
const PATH: &str = "/manage/users";

/// The page.
#[component]
pub fn UsersPage() -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let query = Memo::new(move |_| words.with(|words| ListQuery::<UserSort>::from_words(|key| words.get_str(key))));
    let page = Resource::new(move || query.get(), list_users);
    view! {
        <Title text=move || t_string!(i18n, manage.users.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, manage.users.title)}</h1>
                <p class="page__lead">{t!(i18n, manage.users.lead)}</p>
            </div>
        </header>
        <UserTabs groups=false />
        <DoneNote words=move |name: &str| {
            // Whatever else stands in the address is nobody's name.
            let name = UserName::parse(name).ok()?.to_string();
            Some(t_string!(i18n, manage.users.deleted, name = name).to_string())
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

/// The way from users to groups and back.
#[component]
pub fn UserTabs(
    /// Whether the groups are shown.
    groups: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let current = |here: bool| here.then_some("page");
    view! {
        <nav class="tabs" aria-label=move || t_string!(i18n, credentials.groups.tabs)>
            <a class="tabs__link" href=PATH aria-current=current(!groups)>
                {t!(i18n, manage.users.title)}
            </a>
            <a class="tabs__link" href=GROUPS aria-current=current(groups)>
                {t!(i18n, credentials.groups.title)}
            </a>
        </nav>
    }
}

#[component]
fn Loaded(page: Users, query: Memo<ListQuery<UserSort>>) -> impl IntoView {
    let i18n = use_i18n();
    let Users { list, now } = page;
    let asked = query.get_untracked();
    let (last_page, matching) = (list.last_page(), list.matching);
    let searched = !asked.search.is_empty();
    let count = move || {
        if searched {
            t_string!(i18n, manage.users.matching, count = matching).to_string()
        } else {
            t_string!(i18n, manage.users.found, count = matching).to_string()
        }
    };
    let content = if list.rows.is_empty() {
        let search = asked.search;
        view! {
            <EmptyState title=Signal::derive(move || t_string!(i18n, manage.users.no_match).to_string())>
                <p class="wrap-anywhere">
                    {move || t_string!(i18n, manage.users.no_match_text, search = search.clone()).to_string()}
                </p>
                <div class="empty-state__actions">
                    <a href=PATH class="button">
                        {t!(i18n, manage.users.all)}
                    </a>
                </div>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <Table rows=list.rows query=asked.clone() now=now />
            <Pagination query=asked matching=matching last_page=last_page path=PATH />
        }
        .into_any()
    };
    view! {
        <div class="toolbar">
            <SearchField
                query=query
                path=PATH.to_owned()
                label=Signal::derive(move || t_string!(i18n, manage.users.search).to_string())
            />
            <span class="toolbar__count">{count}</span>
            <a class="button button--primary" href="/manage/new-user">
                <Draw icon=Icon::Plus />
                {t!(i18n, manage.users.add)}
            </a>
        </div>
        {content}
    }
}

#[component]
fn Table(rows: Vec<UserSummary>, query: ListQuery<UserSort>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let header = |key, secondary, title: AnyView| {
        view! {
            <SortHeader key=key query=query.clone() path=PATH column=Column::Text secondary=secondary>
                {title}
            </SortHeader>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        {header(UserSort::Name, false, t!(i18n, manage.users.column.name).into_any())}
                        {header(UserSort::Role, false, t!(i18n, manage.users.column.role).into_any())}
                        <th scope="col">{t!(i18n, manage.users.column.state)}</th>
                        {header(UserSort::SignedIn, true, t!(i18n, manage.users.column.signed_in).into_any())}
                        {header(UserSort::Created, true, t!(i18n, manage.users.column.created).into_any())}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|user| view! { <Row user=user now=now /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(user: UserSummary, now: OffsetDateTime) -> impl IntoView {
    let name = user.name.to_string();
    view! {
        <tr>
            <th scope="row" class="data-table__cell--name">
                <a href=user_path(&name)>{name.clone()}</a>
            </th>
            <td>
                <RoleName role=user.role />
            </td>
            <td>
                <State disabled=user.disabled_at.is_some() />
            </td>
            <td class=cell_class(Column::Text, true)>
                <LastSignIn at=user.signed_in_at now=now />
            </td>
            <td class=cell_class(Column::Text, true)>
                <TimeAgo at=user.created_at now=now />
            </td>
        </tr>
    }
}

/// When someone signed in last, or that he never has.
#[component]
fn LastSignIn(at: Option<OffsetDateTime>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    match at {
        Some(at) => view! { <TimeAgo at=at now=now /> }.into_any(),
        None => t!(i18n, manage.never).into_any(),
    }
}

/// Whether someone may sign in.
#[component]
fn State(disabled: bool) -> impl IntoView {
    let i18n = use_i18n();
    if disabled {
        view! { <span class="badge badge--warning">{t!(i18n, manage.state.disabled)}</span> }.into_any()
    } else {
        view! { <span class="badge badge--success">{t!(i18n, manage.state.enabled)}</span> }.into_any()
    }
}

/// What an account may do.
#[component]
pub fn RoleName(
    /// The role.
    role: Role,
) -> impl IntoView {
    let i18n = use_i18n();
    move || role_name(i18n, role)
}

fn role_name(i18n: I18nContext<Locale>, role: Role) -> &'static str {
    match role {
        Role::Administrator => t_string!(i18n, manage.role.administrator),
        Role::Member => t_string!(i18n, manage.role.member),
    }
}

/// Chooses a role.
#[component]
fn RoleField(
    /// What is chosen at first.
    role: Role,
) -> impl IntoView {
    let i18n = use_i18n();
    let options = Role::ALL.into_iter().map(|choice| {
        view! {
            <option value=choice.as_str() selected={choice == role}>
                {move || role_name(i18n, choice)}
            </option>
        }
    });
    view! {
        <div class="field">
            <label for="role">{t!(i18n, manage.new.role)}</label>
            <select class="input" id="role" name="role">
                {options.collect_view()}
            </select>
        </div>
    }
}

/// The way back to the list, for the pages of one user.
fn back(i18n: I18nContext<Locale>) -> Signal<Vec<(String, String)>> {
    let first = link(PATH, &ListQuery::<UserSort>::default());
    Signal::derive(move || vec![(t_string!(i18n, manage.user.back).to_string(), first.clone())])
}
