//! Where the server may connect to on somebody's behalf: public addresses only, so that nobody reaches through it what stands beside
//! it (server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::{
    error::{Error, Reason, Result},
    text::WebUrl,
};

/// Refuses an address that is not https, or whose host is written as an address that is not public. A name is looked up, and what it
/// leads to checked, with each connection. With `loopback` this machine itself may be meant, by plain http too.
pub fn check(url: &WebUrl, loopback: bool) -> Result<()> {
    let refused = |message: &str| Err(Error::invalid(Reason::NotPermitted, "", message));
    let Ok(parsed) = Url::parse(url.as_str()) else { return refused("This is no address.") };
    let here = loopback && is_here(parsed.host().as_ref());
    if parsed.scheme() != "https" && !here {
        return refused("The address must begin with https.");
    }
    let public = match parsed.host() {
        Some(Host::Ipv4(address)) => is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.contains('.') && !LOCAL.iter().any(|end| name.ends_with(end))
        }
        None => false,
    };
    if public || here { Ok(()) } else { refused("This address is not public.") }
}

fn is_here(host: Option<&Host<&str>>) -> bool {
    match host {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => *name == "localhost",
        None => false,
    }
}

/// The name that is looked up before a connection to this address; none if it holds an address of the Internet itself.
pub fn name_of(url: &WebUrl) -> Option<String> {
    match Url::parse(url.as_str()).ok()?.host()? {
        Host::Domain(name) => Some(name.to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// Whether a connection may be made to an address that a name led to.
pub fn may_connect(address: IpAddr, loopback: bool) -> bool {
    is_public(address) || (loopback && address.is_loopback())
}

/// Ends of names that are never public (RFC 6761, RFC 6762, RFC 8375, RFC 9476).
const LOCAL: [&str; 5] = [".localhost", ".local", ".internal", ".home.arpa", ".alt"];

/// Whether an address is one of the public Internet, by the IANA registries of special-purpose addresses (RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!((a, b, c), (0 | 10 | 127 | 224..=255, _, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _))
        // Shared by a provider's customers; protocol assignments; 6to4 relays; benchmarks.
        || matches!((a, b, c), (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _))
        // For documentation.
        || matches!((a, b, c), (192, 0, 2) | (198, 51, 100) | (203, 0, 113));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // IPv4 in the clothes of IPv6: mapped, and translated by the well-known prefix.
    if let [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] = segments {
        return is_public_v4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    }
    let [first, second, ..] = segments;
    match (first, second) {
        // Protocol assignments with Teredo among them, documentation, 6to4.
        (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff) => false,
        // Global unicast; everything else is loopback, link-local, private, multicast or not assigned.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().expect("an address"))
    }

    #[test]
    fn the_public_internet_only() {
        for address in ["1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"] {
            assert!(public(address), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "100::1",
        ] {
            assert!(!public(address), "{address}");
        }
        assert!(public("::ffff:1.1.1.1") && public("64:ff9b::1.1.1.1"), "where the address inside is public");
    }

    #[test]
    fn addresses_are_seen_through_however_they_are_written() {
        let fine = |url: &str| WebUrl::parse(url).and_then(|url| check(&url, false)).is_ok();
        assert!(fine("https://partner.example/hook") && fine("https://partner.example:8443/") && fine("https://1.1.1.1/"));
        for url in [
            "http://partner.example/",
            "https://localhost/",
            "https://localhost./",
            "https://intranet/",
            "https://metadata.google.internal/",
            "https://printer.local/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(!fine(url), "{url}");
        }
    }

    #[test]
    fn loopback_is_for_development_and_opens_nothing_else() {
        let fine = |url: &str| WebUrl::parse(url).and_then(|url| check(&url, true)).is_ok();
        for url in ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]/", "https://localhost/", "https://partner.example/"] {
            assert!(fine(url), "{url}");
        }
        for url in ["http://partner.example/", "http://10.0.0.1/", "https://10.0.0.1/", "http://169.254.169.254/", "https://intranet/"] {
            assert!(!fine(url), "{url}");
        }
        let connects = |address: &str, loopback| may_connect(address.parse().expect("an address"), loopback);
        assert!(connects("127.0.0.1", true) && !connects("127.0.0.1", false) && !connects("10.0.0.1", true) && connects("1.1.1.1", false));
    }
}
