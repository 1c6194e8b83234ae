//! The address that an administrator types.
#![no_main]

use humpback::{
    config::{RegistryAddress, Scheme},
    wire::Authority,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(address) = RegistryAddress::parse(text) else { return };
    assert_eq!(RegistryAddress::parse(&address.to_string()).as_ref(), Ok(&address));
    // What stands in commands and URLs is a host and a port, and nothing else.
    let authority = Authority::parse(&address.authority()).expect("a host");
    assert_eq!(authority.to_string(), address.authority());
    assert!(address.origin(Scheme::Https).ends_with(&address.authority()));
    assert!(!address.authority().contains(|c: char| c.is_ascii_uppercase()));
});
