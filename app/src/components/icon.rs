//! Icons, drawn in place so that they take the colour of the text. All are decoration: whatever carries one has a
//! name of its own.

use leptos::prelude::*;

/// The drawings that the console uses, on a 16-pixel grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Activity,
    Bell,
    Check,
    ChevronDown,
    ChevronLeft,
    ChevronRight,
    Copy,
    Download,
    Gear,
    Guide,
    History,
    Home,
    Menu,
    Moon,
    Monitor,
    People,
    Person,
    Plus,
    Robot,
    Search,
    Shield,
    Stack,
    Sun,
    Trash,
    Warning,
    ArrowDown,
    ArrowUp,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Activity => "M1.5 8.5h3l2-5 3 9 2-4h3",
            Self::Bell => "M3 11.5c1-1 1.2-2.2 1.2-4.5a3.8 3.8 0 0 1 7.6 0c0 2.3.2 3.5 1.2 4.5zM6.5 13.5h3",
            Self::Check => "m3 8.5 3.2 3.2L13 4.8",
            Self::ChevronDown => "m4 6 4 4 4-4",
            Self::ChevronLeft => "m10 4-4 4 4 4",
            Self::ChevronRight => "m6 4 4 4-4 4",
            Self::Copy => "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
            Self::Download => "M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11",
            Self::Gear => {
                "M8 5.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4\
                 M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"
            }
            Self::Guide => {
                "M8 4C6.5 2.8 4.5 2.5 2 2.5v10c2.5 0 4.5.3 6 1.5 1.5-1.2 3.5-1.5 6-1.5v-10c-2.5 0-4.5.3-6 1.5zv10"
            }
            Self::History => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.4",
            Self::Home => "M2 7.5 8 2.5l6 5M3.5 6.5v7h9v-7M6.5 13.5v-4h3v4",
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Moon => "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z",
            Self::Monitor => "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5",
            Self::People => {
                "M6 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M1.5 13.5c0-2.6 2-4 4.5-4s4.5 1.4 4.5 4M10.5 2.8a2.5 2.5 0 0 1 0 4.4\
                 M12 9.9c1.6.5 2.5 1.8 2.5 3.6"
            }
            Self::Person => {
                "M8 2.5a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M2.5 14c0-2.9 2.4-4.4 5.5-4.4s5.5 1.5 5.5 4.4"
            }
            Self::Plus => "M8 3v10M3 8h10",
            Self::Robot => "M3 6h10v7.5H3zM8 6V3.2M8 1.8v.2M6 9v1.2M10 9v1.2M1.2 8.8v2.4M14.8 8.8v2.4",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3l3.2 3.2",
            Self::Shield => "M8 1.5 2.5 3.5v4c0 3.5 2.3 5.8 5.5 7 3.2-1.2 5.5-3.5 5.5-7v-4zM5.8 8l1.6 1.6 2.8-3",
            Self::Stack => "m8 1.8 6 3.1-6 3.1-6-3.1zM2 8l6 3.1L14 8M2 11.1l6 3.1 6-3.1",
            Self::Sun => {
                "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1.1 1.1M11.9 11.9 13 13\
                 M3 13l1.1-1.1M11.9 4.1 13 3"
            }
            Self::Trash => "M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.7 6.8v4M9.3 6.8v4",
            Self::Warning => "M8 2 1.6 13.5h12.8zM8 6.4v3.4M8 11.6v.2",
            Self::ArrowDown => "M8 3v10M4 9l4 4 4-4",
            Self::ArrowUp => "M8 13V3M4 7l4-4 4 4",
        }
    }
}

/// Draws an icon.
#[component]
pub fn Draw(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}

/// The product's mark: a humpback that has come up to breathe.
#[component]
pub fn Whale() -> impl IntoView {
    view! {
        <svg class="whale" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
            <path class="whale__body" d=WHALE_BODY />
            <path class="whale__throat" d=WHALE_THROAT />
            <circle class="whale__eye" cx="7.6" cy="18" r="1" />
            <path class="whale__spout" d=WHALE_SPOUT />
        </svg>
    }
}

/// Head, back and fluke. The same drawing as `public/favicon.svg`.
const WHALE_BODY: &str = "M2 19c0-5 4.2-8 9.5-8 3.5 0 5.3 2.6 8.5 3 2.6.3 4.6-1.2 4.9-3.9-2.3-.3-4-1.7-4.4-4.1 2.5-.2 \
    4.5.7 5.5 2.6 1-1.9 2.9-2.8 5-2.6-.2 2.3-1.5 3.7-3.5 4.2 1.5 9-3.5 16.3-13.5 16.3C7 26.5 2 23.5 2 19z";
/// The throat.
const WHALE_THROAT: &str =
    "M2.9 22.2c3.6 1.5 7.6 1.2 10.7-.9.7 2.1 2.2 3.8 4.5 4.8-1.3.3-2.7.4-4.1.4-5.2 0-9.3-1.5-11.1-4.3z";
/// The breath.
const WHALE_SPOUT: &str = "M9.5 8V5.6c0-1.6-1-2.4-2.5-2.4M9.5 5.6c0-1.6 1-2.4 2.5-2.4";
