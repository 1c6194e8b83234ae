//! Settings side by side: what was and what is to be.

use humpback::config::{Change, RegistryAddress};
use leptos::{prelude::*, text_prop::TextProp};

use crate::i18n::{t, use_i18n};

/// One line for each setting that differs.
#[component]
pub fn ChangeTable(
    /// What differs, from the left column's to the right column's value.
    changes: Vec<Change>,
    /// The left column's head.
    #[prop(into)]
    from: TextProp,
    /// The right column's head.
    #[prop(into)]
    to: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let switch = move |on: bool| {
        if on { t!(i18n, config.changes.on).into_any() } else { t!(i18n, config.changes.off).into_any() }
    };
    let address = move |address: Option<RegistryAddress>| match address {
        Some(address) => view! { <code class="wrap-anywhere">{address.to_string()}</code> }.into_any(),
        None => t!(i18n, config.changes.none).into_any(),
    };
    let row = move |change: Change| {
        let (name, from, to) = match change {
            Change::PrivateRegistryEnabled { from, to } => {
                (t!(i18n, config.registry.enable).into_any(), switch(from), switch(to))
            }
            Change::Address { from, to } => (t!(i18n, config.registry.address).into_any(), address(from), address(to)),
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{from}</td>
                <td>{to}</td>
            </tr>
        }
    };
    view! {
        <div class="data-table__frame">
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, config.changes.field)}</th>
                        <th scope="col">{move || from.get()}</th>
                        <th scope="col">{move || to.get()}</th>
                    </tr>
                </thead>
                <tbody>{changes.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
