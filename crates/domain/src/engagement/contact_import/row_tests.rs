//! How rows are read.

use super::{Cell, Columns, Moments, Planned, names::Names, read};
use crate::{
    engagement::vocabulary::{IssueType, Kind, LegalBasis, Precision, Step},
    error::{Fault, Reason},
    id::{ChannelId, ElectionId, Id, IncidentId, InstrumentId, PlatformServiceId},
};

const HEADERS: [&str; 9] = ["Kind", "Legal basis", "Platform", "Service", "Sent at", "Decided at", "Outcome", "URLs", "Issue types"];

fn read_row(cells: [&str; 9]) -> Result<Planned, Vec<String>> {
    let columns = Columns::find(&HEADERS.map(str::to_owned), &[], 1).expect("columns");
    let cells = cells.map(|cell| Cell::Text(cell.to_owned()));
    let mut names = Names::default();
    let id = |number| PlatformServiceId::new(uuid::Uuid::from_u128(number));
    names.services.add("Parley Vidéo", id(1));
    names.services.add("Parley", id(1));
    names.services.add("Parley", id(2));
    let moments = Moments { zone: "America/Lima".parse().expect("a zone"), order: None };
    let told = |fault: &Fault| format!("{} {}", fault.path.join("."), fault.reason);
    let planned = read(&columns, &cells, moments, &names);
    if planned.faults.is_empty() { Ok(planned) } else { Err(planned.faults.iter().map(told).collect()) }
}

#[test]
fn a_row_is_a_contact_with_its_history() {
    let cells = [
        "legal order",
        "national-law",
        "",
        "PARLEY VIDEO",
        "2026-03-01 10:00",
        "2026-03-01",
        "Action_Taken",
        "https://a.example\n https://b.example",
        "OTHER; gendered abuse",
    ];
    assert_eq!(read_row(cells).expect_err("two words of one value"), ["Issue types NOT_AN_OPTION", "Issue types NOT_AN_OPTION"]);
    let cells = [
        "legal order",
        "national-law",
        "",
        "PARLEY VIDEO",
        "2026-03-01 10:00",
        "2026-03-01",
        "Action_Taken",
        "https://a.example\n https://b.example",
        "OTHER; gendered-abuse",
    ];
    let planned = read_row(cells).expect("a contact");
    let contact = &planned.contact;
    assert_eq!((contact.kind, contact.legal_basis, contact.items.len()), (Kind::LegalOrder, LegalBasis::NationalLaw, 2));
    assert_eq!(contact.service, Some(PlatformServiceId::new(uuid::Uuid::from_u128(1)).to_string()));
    assert_eq!(contact.issue_types, [IssueType::Other, IssueType::GenderedAbuse]);
    assert_eq!((contact.history[0].step, contact.history[0].precision), (Step::Decided, Some(Precision::Day)));
    let columns = Columns::find(&HEADERS.map(str::to_owned), &[], 1).expect("columns");
    let fault =
        |path: &str| Fault { reason: Reason::Malformed, path: path.split('.').map(str::to_owned).collect(), message: String::new() };
    for (path, column) in [
        ("items.1.url", Some("URLs")),
        ("history.0.occurredAt", Some("Decided at")),
        ("history.0.decision.outcome", Some("Outcome")),
        ("history.0", Some("Decided at")),
        ("platformServiceId", Some("Service")),
        ("caseNumber", None),
    ] {
        assert_eq!(planned.column(&columns, &fault(path)), column, "{path}");
    }
}

#[test]
fn every_fault_of_a_row_is_told() {
    let cells = ["?", "", "Parley", "", "soon", "2026-03-01", "", "", "x"];
    let told = read_row(cells).expect_err("faults");
    let all = [
        "Kind NOT_AN_OPTION",
        "Legal basis REQUIRED",
        "Platform NOT_AN_OPTION",
        "Sent at MALFORMED",
        "Outcome REQUIRED",
        "Issue types NOT_AN_OPTION",
    ];
    assert_eq!(told, all);
    let unknown = ["ESCALATION", "NONE", "A new one", "", "", "", "", "", ""];
    assert_eq!(read_row(unknown).expect("a contact").contact.platform_name.as_deref(), Some("A new one"));
    let unknown = ["ESCALATION", "NONE", "", "A new one", "", "", "", "", ""];
    assert_eq!(read_row(unknown).expect_err("a fault"), ["Service UNKNOWN_ID"]);
}

#[test]
fn the_same_row_says_the_same_in_any_order_of_columns() {
    let say = |headers: [&str; 4], cells: [&str; 4]| {
        let columns = Columns::find(&headers.map(str::to_owned), &[], 1).expect("columns");
        let moments = Moments { zone: "America/Lima".parse().expect("a zone"), order: None };
        let cells = cells.map(|cell| Cell::Text(cell.to_owned()));
        read(&columns, &cells, moments, &Names::default()).said
    };
    let first = say(["Kind", "Legal basis", "Platform", "Sent at"], ["ESCALATION", "NONE", "X", "2026-03-01 10:00"]);
    let second = say(["Enviado el", "Plataforma", "Base legal", "Tipo"], ["2026-03-01T15:00:00Z", "X", "none", "Escalation"]);
    assert_eq!(first, second);
}

#[test]
fn cells_name_things_as_officers_write_them() {
    let headers = ["Kind", "Legal basis", "Platform", "Canal", "Elección", "Acuerdo", "Incidente"].map(str::to_owned);
    let columns = Columns::find(&headers, &[], 1).expect("columns");
    let moments = Moments { zone: "America/Lima".parse().expect("a zone"), order: None };
    let mut names = Names::default();
    let id = uuid::Uuid::from_u128;
    names.channels.add("desk@parley.example", Id::new(id(1)));
    names.elections.add("2026-04-12", Id::new(id(2)));
    names.instruments.add("Código de ética", Id::new(id(3)));
    names.incidents.add("Fechas falsas", Id::new(id(4)));
    names.incidents.add("Dos veces", Id::new(id(5)));
    names.incidents.add("Dos veces", Id::new(id(6)));
    let row = |cells: [&str; 4]| {
        let begin = ["ESCALATION", "NONE", "X"];
        let cells: Vec<Cell> = begin.iter().chain(&cells).map(|cell| Cell::Text((*cell).to_owned())).collect();
        read(&columns, &cells, moments, &names)
    };
    let planned = row(["Desk@Parley.example", "2026-04-12", "codigo de etica", "FECHAS FALSAS"]);
    assert_eq!(planned.faults, []);
    let contact = &planned.contact;
    assert_eq!(
        (&contact.channel, &contact.election),
        (&Some(ChannelId::new(id(1)).to_string()), &Some(ElectionId::new(id(2)).to_string()))
    );
    let (instrument, incident) = (InstrumentId::new(id(3)).to_string(), IncidentId::new(id(4)).to_string());
    assert_eq!((&contact.instrument, &contact.incident), (&Some(instrument), &Some(incident)));
    let told: Vec<String> =
        row(["x", "2026", "?", "Dos veces"]).faults.iter().map(|fault| format!("{} {}", fault.path.join("."), fault.reason)).collect();
    assert_eq!(told, ["Canal UNKNOWN_ID", "Elección UNKNOWN_ID", "Acuerdo UNKNOWN_ID", "Incidente NOT_AN_OPTION"]);
    assert_ne!(row(["", "", "", "Fechas falsas"]).said, row(["", "", "", ""]).said);
}
