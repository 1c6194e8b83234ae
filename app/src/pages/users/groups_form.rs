//! The groups of one user: a box for each.

use humpback::account::GroupName;
use leptos::{form::ActionForm, prelude::*};

use crate::{
    api::groups::{GROUPS, SetUserGroups},
    components::form::{FormSummary, SubmitButton},
    i18n::{t, t_string, use_i18n},
    pages::leading,
};

/// The form.
#[component]
pub(super) fn GroupsForm(
    /// Whose groups they are.
    name: String,
    /// All groups that there are.
    all: Vec<GroupName>,
    /// Those that he is in.
    own: Vec<GroupName>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (action, errors) = leading::<SetUserGroups>();
    if all.is_empty() {
        return view! {
            <section class="card card--narrow">
                <h2>{t!(i18n, credentials.user.groups)}</h2>
                <p>{t!(i18n, credentials.user.no_groups)}</p>
                <div class="form__actions">
                    <a class="button" href=GROUPS>
                        {t!(i18n, credentials.user.to_groups)}
                    </a>
                </div>
            </section>
        }
        .into_any();
    }
    let boxes = all.into_iter().enumerate().map(move |(at, group)| {
        let ticked = own.contains(&group);
        view! {
            <label class="choice">
                <input type="checkbox" name=format!("groups[{at}]") value=group.to_string() checked=ticked />
                <span class="wrap-anywhere">{group.to_string()}</span>
            </label>
        }
    });
    view! {
        <section class="card card--narrow">
            <h2 id="groups-title">{t!(i18n, credentials.user.groups)}</h2>
            <ActionForm action attr:class="form">
                <FormSummary errors />
                <input type="hidden" name="user_name" value=name />
                <div class="checks" role="group" aria-labelledby="groups-title">
                    {boxes.collect_view()}
                </div>
                <p class="field__caption">{t!(i18n, manage.user.role_caption)}</p>
                <div class="form__actions">
                    <SubmitButton
                        label=move || t_string!(i18n, credentials.user.groups_submit)
                        busy=move || t_string!(i18n, credentials.user.groups_busy)
                        pending=action.pending()
                    />
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
