//! One group: who is in it, and what an administrator can do about it. Each deed is a form of its own.

use humpback::{
    account::{GroupDetail, MemberSort, UserName},
    explorer::{List, ListQuery},
};
use leptos::{ev::SubmitEvent, form::ActionForm, form::FromFormData as _, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::back;
use crate::{
    api::{
        groups::{
            AddGroupMember, DeleteGroup, RemoveGroupMember, RenameGroup, check_group_name, check_member, group_path,
            read_group,
        },
        users::user_path,
    },
    components::{
        Breadcrumb, CardSkeleton, DoneNote, EmptyState, Pagination, SearchField,
        form::{DeleteButton, DeletionCard, FieldKind, FormSummary, SubmitButton, TextField},
    },
    i18n::{t, t_string, use_i18n},
    pages::{leading, refused::Refused},
};

/// The page `/manage/group/:name`.
#[component]
pub fn GroupPage() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let words = use_query_map();
    let name = Memo::new(move |_| params.with(|params| params.get("name")).unwrap_or_default());
    let query = Memo::new(move |_| words.with(|words| ListQuery::<MemberSort>::from_words(|key| words.get_str(key))));
    let group = Resource::new(move || (name.get(), query.get()), |(name, query)| read_group(name, query));
    let done = move |word: &str| {
        let text = match word {
            "created" => t_string!(i18n, credentials.group.done.created),
            "renamed" => t_string!(i18n, credentials.group.done.renamed),
            "added" => t_string!(i18n, credentials.group.done.added),
            "removed" => t_string!(i18n, credentials.group.done.removed),
            _ => return None,
        };
        Some(text.to_owned())
    };
    view! {
        <Title text=name />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{name}</h1>
            </div>
        </header>
        <DoneNote words=done />
        <Transition fallback=|| {
            view! { <CardSkeleton /> }
        }>
            {move || Suspend::new(async move {
                match group.await {
                    Ok(detail) => view! { <Loaded detail query /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(detail: GroupDetail, query: Memo<ListQuery<MemberSort>>) -> impl IntoView {
    let i18n = use_i18n();
    let GroupDetail { group, members } = detail;
    let name = group.name.to_string();
    view! {
        <section class="page__section">
            <h2>{t!(i18n, credentials.group.members)}</h2>
            <Members name=name.clone() members query />
        </section>
        <AddForm name=name.clone() />
        <RenameForm name=name.clone() />
        <DeleteForm name=name />
    }
}

#[component]
fn Members(name: String, members: List<UserName>, query: Memo<ListQuery<MemberSort>>) -> impl IntoView {
    let i18n = use_i18n();
    if members.total == 0 {
        return view! { <p class="muted">{t!(i18n, credentials.group.nobody)}</p> }.into_any();
    }
    let path = group_path(&name);
    let (action, errors) = leading::<RemoveGroupMember>();
    let asked = query.get_untracked();
    let (last_page, matching) = (members.last_page(), members.matching);
    let content = if members.rows.is_empty() {
        let search = asked.search.clone();
        view! {
            <EmptyState title=Signal::derive(move || t_string!(i18n, credentials.group.no_match).to_string())>
                <p class="wrap-anywhere">
                    {move || t_string!(i18n, credentials.group.no_match_text, search = search.clone()).to_string()}
                </p>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = members.rows.into_iter().map(|user| {
            let (group, user) = (name.clone(), user.to_string());
            let named = {
                let user = user.clone();
                move || t_string!(i18n, credentials.group.remove_named, name = user.clone()).to_string()
            };
            view! {
                <tr>
                    <th scope="row" class="data-table__cell--name">
                        <a href=user_path(&user)>{user.clone()}</a>
                    </th>
                    <td>
                        <ActionForm action attr:class="data-table__actions">
                            <input type="hidden" name="group" value=group />
                            <input type="hidden" name="user_name" value=user.clone() />
                            <button class="button button--small" type="submit" aria-label=named>
                                {t!(i18n, credentials.group.remove)}
                            </button>
                        </ActionForm>
                    </td>
                </tr>
            }
        });
        view! {
            <div class="data-table__frame">
                <table class="data-table">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, credentials.group.user)}</th>
                            <th scope="col">
                                <span class="visually-hidden">{t!(i18n, manage.account.column.action)}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <Pagination query=asked matching=matching last_page=last_page path=path.clone() />
        }
        .into_any()
    };
    view! {
        <div class="toolbar">
            <SearchField
                query=query
                path=path
                label=Signal::derive(move || t_string!(i18n, credentials.group.search).to_string())
            />
            <span class="toolbar__count">
                {move || t_string!(i18n, credentials.group.found, count = matching).to_string()}
            </span>
        </div>
        <FormSummary errors />
        {content}
    }
    .into_any()
}

#[component]
fn AddForm(name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<AddGroupMember>();
    let check = move |event: SubmitEvent| {
        let checked = match AddGroupMember::from_event(&event) {
            Ok(form) => check_member(&form.user_name),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, credentials.group.add_title)}</h2>
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <input type="hidden" name="group" value=name />
                <TextField
                    name="user_name"
                    label=move || t_string!(i18n, credentials.group.user_name)
                    kind=FieldKind::Text
                    autocomplete="off"
                    errors
                />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.group.add)
                        busy=move || t_string!(i18n, credentials.group.add_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn RenameForm(name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<RenameGroup>();
    let check = move |event: SubmitEvent| {
        let checked = match RenameGroup::from_event(&event) {
            Ok(form) => check_group_name(&form.group_name),
            Err(_) => return,
        };
        errors.hold_back(&event, action.pending().get_untracked(), checked.map(|_| ()));
    };
    view! {
        <section class="card card--narrow">
            <h2>{t!(i18n, credentials.group.rename_title)}</h2>
            <ActionForm action attr:class="form" on:submit:capture=check>
                <FormSummary errors />
                <input type="hidden" name="group" value=name.clone() />
                <TextField
                    name="group_name"
                    label=move || t_string!(i18n, credentials.groups.name)
                    caption=move || t_string!(i18n, credentials.group.rename_caption)
                    kind=FieldKind::Text
                    autocomplete="off"
                    value=name
                    errors
                />
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.group.rename)
                        busy=move || t_string!(i18n, credentials.group.rename_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn DeleteForm(name: String) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<DeleteGroup>();
    view! {
        <DeletionCard
            title=move || t_string!(i18n, credentials.group.delete_title)
            text=move || t_string!(i18n, credentials.group.delete_text)
            open=move || t_string!(i18n, credentials.group.delete_open)
            errors
        >
            <ActionForm action attr:class="form">
                <input type="hidden" name="group" value=name />
                <DeleteButton label=move || t_string!(i18n, credentials.group.delete) pending=action.pending() />
            </ActionForm>
        </DeletionCard>
    }
}
