//! Shows a robot's new secret, once.

use leptos::prelude::*;
use leptos_meta::Title;

use super::back;
use crate::{
    api::robots::{IssuedRobot, robot_path, take_issued_robot},
    components::{Breadcrumb, EmptyState, IssuedSecret},
    i18n::{t, t_string, use_i18n},
    pages::refused::Refused,
};

/// The page `/manage/issued-robot`.
#[component]
pub fn IssuedRobotPage() -> impl IntoView {
    let i18n = use_i18n();
    // Blocking, so that the server alone takes it: it is gone with that.
    let issued = Resource::new_blocking(|| (), |()| take_issued_robot());
    view! {
        <Title text=move || t_string!(i18n, credentials.issued.robot_title) />
        <header class="page__header">
            <div class="page__title">
                <Breadcrumb steps=back(i18n) />
                <h1>{t!(i18n, credentials.issued.robot_title)}</h1>
            </div>
        </header>
        <Suspense>
            {move || Suspend::new(async move {
                match issued.await {
                    Ok(Some(issued)) => view! { <Shown issued /> }.into_any(),
                    Ok(None) => {
                        view! {
                            <EmptyState title=Signal::derive(move || {
                                t_string!(i18n, credentials.issued.none_title).to_string()
                            })>
                                <p>{t!(i18n, credentials.issued.none_robot)}</p>
                            </EmptyState>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <Refused error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shown(issued: IssuedRobot) -> impl IntoView {
    let i18n = use_i18n();
    let IssuedRobot { name, secret, registry } = issued;
    let path = robot_path(name.as_str());
    let login = format!("docker login {registry} -u {}", name.login());
    view! {
        <IssuedSecret
            text=move || t_string!(i18n, credentials.issued.robot_text, name = name.login()).to_string()
            label=move || t_string!(i18n, credentials.issued.secret)
            secret
            login
            path
            link=move || t_string!(i18n, credentials.issued.to_robot)
        />
    }
}
