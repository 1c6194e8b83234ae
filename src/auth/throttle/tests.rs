#![allow(clippy::unwrap_used)]
use std::net::{Ipv4Addr, Ipv6Addr};

use time::macros::datetime;

use super::*;

const START: OffsetDateTime = datetime!(2026-11-24 08:00 UTC);

fn v4(last: u8) -> Option<IpAddr> {
    Some(Ipv4Addr::new(192, 0, 2, last).into())
}

/// Fails until the throttle asks to wait; how many attempts it allowed, and the wait.
fn exhaust(throttle: &Throttle, account: &str, address: Option<IpAddr>, now: OffsetDateTime) -> (u32, Duration) {
    for allowed in 0.. {
        if let Err(wait) = throttle.attempt(account, address, now) {
            return (allowed, wait);
        }
    }
    unreachable!()
}

#[test]
fn each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() {
    let throttle = Throttle::default();
    let mut now = START;
    assert_eq!(exhaust(&throttle, "admin", v4(1), now), (5, Duration::seconds(1)));
    let mut waits = Vec::new();
    for _ in 0..12 {
        let Err(wait) = throttle.attempt("admin", v4(1), now) else { panic!("must wait") };
        waits.push(wait.whole_seconds());
        now += wait - Duration::nanoseconds(1);
        assert!(throttle.attempt("admin", v4(1), now).is_err(), "a moment too early");
        now += Duration::nanoseconds(1);
        throttle.attempt("admin", v4(1), now).unwrap();
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
}

#[test]
fn a_success_forgives_and_an_hour_forgets() {
    let throttle = Throttle::default();
    for _ in 0..100 {
        for _ in 0..4 {
            throttle.attempt("admin", v4(1), START).unwrap();
        }
        throttle.forgive(&throttle.attempt("admin", v4(1), START).unwrap());
        // The account's and the address's own counts stay: they would slow this down before long.
        throttle.failures.lock().unwrap().retain(|key, _| matches!(key, Key::AccountFrom(..)));
    }
    assert_eq!(exhaust(&throttle, "admin", v4(1), START).0, 5);
    assert_eq!(exhaust(&throttle, "admin", v4(1), START + MEMORY).0, 5);
}

#[test]
fn one_address_that_tries_many_names_is_slowed_down() {
    let throttle = Throttle::default();
    for n in 0..20 {
        throttle.attempt(&format!("user{n}"), v4(1), START).unwrap();
    }
    assert!(throttle.attempt("another", v4(1), START).is_err());
    assert!(throttle.attempt("another", v4(2), START).is_ok(), "others are not held up");
}

#[test]
fn many_addresses_that_try_one_name_hold_its_owner_up_for_half_a_minute_at_most() {
    let throttle = Throttle::default();
    let mut now = START;
    let mut refused = Duration::ZERO;
    for n in 0..80 {
        if let Err(wait) = throttle.attempt("admin", v4(n), now) {
            refused = wait;
            now += wait;
            throttle.attempt("admin", v4(n), now).unwrap();
        }
    }
    assert_eq!(refused, Duration::seconds(30));
    now += Duration::seconds(30);
    throttle.forgive(&throttle.attempt("admin", v4(200), now).unwrap());
}

#[test]
fn an_ipv6_network_counts_as_one_address() {
    let throttle = Throttle::default();
    let address = |host: u16, net: u16| Some(IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, 0, net, 0, 0, 0, host)));
    for host in 0..5 {
        throttle.attempt("admin", address(host, 1), START).unwrap();
    }
    assert!(throttle.attempt("admin", address(99, 1), START).is_err());
    assert!(throttle.attempt("admin", address(99, 2), START).is_ok());
    let (v4, mapped) = (Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped());
    assert_eq!(Network::from(IpAddr::from(mapped)), Network::from(IpAddr::from(v4)));
}

#[test]
fn attempts_at_once_are_all_counted() {
    let throttle = Throttle::default();
    let allowed = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..32).map(|_| scope.spawn(|| throttle.attempt("admin", v4(1), START).is_ok())).collect();
        threads.into_iter().map(|thread| u32::from(thread.join().unwrap())).sum::<u32>()
    });
    assert_eq!(allowed, 5);
}

#[test]
fn without_an_address_only_the_account_counts() {
    let throttle = Throttle::default();
    assert_eq!(exhaust(&throttle, "admin", None, START), (50, Duration::seconds(1)));
    assert!(throttle.attempt("another", None, START).is_ok());
}

#[test]
fn memory_is_bounded_and_keeps_the_newer_half() {
    let throttle = Throttle::default();
    for n in 0..u32::try_from(KEYS_MAX).unwrap() {
        let address = Some(IpAddr::from(Ipv4Addr::from(0x0a00_0000 + n)));
        throttle.attempt(&format!("user{n}"), address, START + Duration::milliseconds(i64::from(n))).unwrap();
        assert!(throttle.failures.lock().unwrap().len() <= KEYS_MAX);
    }
    let newest = Key::Account(format!("user{}", KEYS_MAX - 1).into());
    assert!(throttle.failures.lock().unwrap().contains_key(&newest));
}
