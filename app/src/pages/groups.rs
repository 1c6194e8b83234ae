//! Manage → Users → Groups: the list, with search, order and pages in its address, and a form for a new one.

use humpback::{
    account::{GroupName, GroupSort, GroupSummary},
    explorer::ListQuery,
};
use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_i18n::I18nContext;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::{go_when_done, refused::Refused, users::UserTabs};
use crate::{
    api::groups::{CreateGroup, GROUPS, Groups, check_group_name, group_path, list_groups},
    components::{
        DoneNote, EmptyState, Pagination, SearchField, TableSkeleton, TimeAgo,
        data_table::{Column, SortHeader, cell_class, link},
        form::{FieldKind, FormErrors, FormSummary, SubmitButton, TextField},
    },
    format,
    i18n::{Locale, t, t_string, use_i18n},
};

mod group;

pub use group::GroupPage;

/// The page `/manage/groups`.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let i18n = use_i18n();
    let words = use_query_map();
    let query = Memo::new(move |_| words.with(|words| ListQuery::<GroupSort>::from_words(|key| words.get_str(key))));
    let page = Resource::new(move || query.get(), list_groups);
    view! {
        <Title text=move || t_string!(i18n, credentials.groups.title) />
        <header class="page__header">
            <div class="page__title">
                <h1>{t!(i18n, credentials.groups.title)}</h1>
                <p class="page__lead">{t!(i18n, credentials.groups.lead)}</p>
            </div>
        </header>
        <UserTabs groups=true />
        <DoneNote words=move |name: &str| {
            // Whatever else stands in the address is no group's name.
            let name = GroupName::parse(name).ok()?.to_string();
            Some(t_string!(i18n, credentials.groups.deleted, name = name).to_string())
        } />
        <Transition fallback=|| {
            view! { <TableSkeleton columns=3 /> }
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
fn Loaded(page: Groups, query: Memo<ListQuery<GroupSort>>) -> impl IntoView {
    let i18n = use_i18n();
    let Groups { list, now } = page;
    if list.total == 0 {
        return view! {
            <EmptyState title=Signal::derive(move || t_string!(i18n, credentials.groups.none).to_string())>
                <p>{t!(i18n, credentials.groups.none_text)}</p>
            </EmptyState>
            <NewGroup />
        }
        .into_any();
    }
    let asked = query.get_untracked();
    let (last_page, matching) = (list.last_page(), list.matching);
    let content = if list.rows.is_empty() {
        let search = asked.search;
        view! {
            <EmptyState title=Signal::derive(move || t_string!(i18n, credentials.groups.no_match).to_string())>
                <p class="wrap-anywhere">
                    {move || t_string!(i18n, credentials.groups.no_match_text, search = search.clone()).to_string()}
                </p>
                <div class="empty-state__actions">
                    <a href=GROUPS class="button">
                        {t!(i18n, credentials.groups.all)}
                    </a>
                </div>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <Table rows=list.rows query=asked.clone() now=now />
            <Pagination query=asked matching=matching last_page=last_page path=GROUPS />
        }
        .into_any()
    };
    view! {
        <div class="toolbar">
            <SearchField
                query=query
                path=GROUPS.to_owned()
                label=Signal::derive(move || t_string!(i18n, credentials.groups.search).to_string())
            />
            <span class="toolbar__count">
                {move || t_string!(i18n, credentials.groups.found, count = matching).to_string()}
            </span>
        </div>
        {content}
        <NewGroup />
    }
    .into_any()
}

#[component]
fn Table(rows: Vec<GroupSummary>, query: ListQuery<GroupSort>, now: OffsetDateTime) -> impl IntoView {
    let i18n = use_i18n();
    let header = |key, column, secondary, title: AnyView| {
        view! {
            <SortHeader key=key query=query.clone() path=GROUPS column=column secondary=secondary>
                {title}
            </SortHeader>
        }
    };
    let rows = rows.into_iter().map(|group| {
        let name = group.name.to_string();
        view! {
            <tr>
                <th scope="row" class="data-table__cell--name">
                    <a href=group_path(&name)>{name.clone()}</a>
                </th>
                <td class=cell_class(Column::Number, false)>{format::number(group.members)}</td>
                <td class=cell_class(Column::Text, true)>
                    <TimeAgo at=group.created_at now=now />
                </td>
            </tr>
        }
    });
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        {header(
                            GroupSort::Name,
                            Column::Text,
                            false,
                            t!(i18n, credentials.groups.column.name).into_any(),
                        )}
                        {header(
                            GroupSort::Members,
                            Column::Number,
                            false,
                            t!(i18n, credentials.groups.column.members).into_any(),
                        )}
                        {header(
                            GroupSort::Created,
                            Column::Text,
                            true,
                            t!(i18n, credentials.groups.column.created).into_any(),
                        )}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn NewGroup() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<CreateGroup>::new();
    let errors = FormErrors::of(action);
    go_when_done(action);
    let check = move |event: SubmitEvent| {
        let checked = match CreateGroup::from_event(&event) {
            Ok(form) => check_group_name(&form.group_name),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, credentials.groups.add_title)}</h2>
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <TextField
                    name="group_name"
                    label=move || t_string!(i18n, credentials.groups.name)
                    caption=move || t_string!(i18n, credentials.groups.name_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.groups.add)
                        busy=move || t_string!(i18n, credentials.groups.add_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

/// The way back to the list, for the page of one group.
fn back(i18n: I18nContext<Locale>) -> Signal<Vec<(String, String)>> {
    let first = link(GROUPS, &ListQuery::<GroupSort>::default());
    Signal::derive(move || vec![(t_string!(i18n, credentials.groups.title).to_string(), first.clone())])
}
