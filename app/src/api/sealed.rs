//! What travels as text within another value.
//!
//! Every page reads [`Error`](super::Error), and few of them what some errors hold: it is read where it is needed, so
//! that only those pages bring the code for it.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A `T` as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Sealed<T> {
    json: String,
    #[serde(skip)]
    of: PhantomData<T>,
}

impl<T: Serialize> Sealed<T> {
    /// Seals a value. Only for types that become JSON without fail: those with names for keys.
    pub fn new(value: &T) -> Self {
        Self { json: serde_json::to_string(value).unwrap_or_default(), of: PhantomData }
    }
}

impl<T: DeserializeOwned> Sealed<T> {
    /// The value; `None` if another version of the server has sealed it.
    pub fn open(&self) -> Option<T> {
        serde_json::from_str(&self.json).ok()
    }
}
