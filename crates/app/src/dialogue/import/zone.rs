//! The zones of a file: names of the IANA database, also behind a program's own prefix, names of Windows, and what the file
//! itself says of a name.

use chrono_tz::Tz;
use tertulia_domain::time::zone;

use super::file::File;

/// Windows' name, IANA's name. Unicode CLDR 48.2, `supplemental/windowsZones.json`, territory 001; Unicode License v3.
const WINDOWS: &str = include_str!("../../../data/windows_zones.csv");

/// What a file calls its zones.
#[derive(Debug)]
pub(super) struct Zones<'a> {
    file: &'a File,
    /// The zone of times and days that name none.
    pub(super) floating: Tz,
}

impl<'a> Zones<'a> {
    /// The zones of a file. Where times name none, `given` counts, else the calendar's own, else the only one that it describes.
    pub(super) fn of(file: &'a File, given: Option<Tz>) -> Self {
        let mut zones = Self { file, floating: Tz::UTC };
        let only = match file.zones.as_slice() {
            [(name, _)] => zones.find(name),
            _ => None,
        };
        let own = || file.zone.as_deref().and_then(|name| zones.find(name));
        zones.floating = given.or_else(own).or(only).unwrap_or(Tz::UTC);
        zones
    }

    /// The zone that the file calls so.
    pub(super) fn find(&self, name: &str) -> Option<Tz> {
        let said = || self.file.zones.iter().find(|(known, _)| known == name).and_then(|(_, location)| location.as_deref());
        known(name).or_else(|| said().and_then(known))
    }
}

/// `Europe/Berlin`, `/mozilla.org/20070129_1/Europe/Berlin`, `GMT Standard Time`.
fn known(name: &str) -> Option<Tz> {
    let name = name.trim();
    let within = || name.match_indices('/').find_map(|(at, _)| name.get(at + 1..).and_then(|rest| zone(rest).ok()));
    let windows = || {
        let of = |line: &'static str| line.split_once(',').filter(|(windows, _)| windows.eq_ignore_ascii_case(name));
        WINDOWS.lines().find_map(of).and_then(|(_, iana)| zone(iana).ok())
    };
    zone(name).ok().or_else(within).or_else(windows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_zones_by_every_name() {
        for (name, zone) in [
            ("Europe/Berlin", Tz::Europe__Berlin),
            ("/mozilla.org/20070129_1/Africa/Nairobi", Tz::Africa__Nairobi),
            ("/ics.py/2020.1/Europe/Berlin", Tz::Europe__Berlin),
            ("GMT Standard Time", Tz::Europe__London),
            ("pacific standard time", Tz::America__Los_Angeles),
        ] {
            assert_eq!(known(name), Some(zone), "{name}");
        }
        assert_eq!(known("Customized Time Zone"), None);
    }

    #[test]
    fn every_windows_zone_is_one_of_the_database() {
        assert_eq!(WINDOWS.lines().filter(|line| line.split_once(',').is_none_or(|(_, iana)| zone(iana).is_err())).count(), 0);
    }
}
