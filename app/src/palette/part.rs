//! The part that the browser fetches when the palette, or the list of the shortcuts, is opened for the first time: the
//! WebAssembly is cut at this function, as at those of [`crate::pages::lazy`].

use leptos::{prelude::*, wasm_split::SplitLoaderError};

use super::{Shown, dialog};

#[leptos::wasm_split::wasm_split(palette, wasm_split_path = ::leptos::wasm_split, fallible)]
pub(super) fn show(owner: Owner, shown: Shown) -> Result<(), SplitLoaderError> {
    dialog::show(&owner, shown);
    Ok(())
}
