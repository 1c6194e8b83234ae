//! The guide speaks in keys: what is said stands in the console's translations, one text a key and language.

/// An enum whose variants are texts, with the place where each one's words stand. Adding a text is adding a line
/// here and one to each language; that none is missing is for the console's tests to see.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident in $part:literal { $($(#[$each:meta])* $variant:ident: $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Where its words stand in the guide's texts.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => concat!($part, ".", $key),)* }
            }
        }
    };
}

pub(super) use words;
