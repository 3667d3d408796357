//! Checks that what an entry refers to exists.

use tertulia_domain::{
    Faults, Reason, Result,
    directory::{
        country::M49,
        organisation::{Organisation, OrganisationKind},
    },
    id::OrganisationId,
    text::CountryCode,
};
use tertulia_persistence::{
    Session,
    directory::{country, organisation},
};

/// Notes a fault for each country that the directory does not have; `many` says that `path` is a list.
pub(crate) async fn check_countries(
    session: &dyn Session,
    faults: &mut Faults,
    path: &str,
    many: bool,
    codes: &[CountryCode],
) -> Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    let known = country::find_many(session, codes).await?;
    for (index, code) in codes.iter().enumerate() {
        if known.iter().all(|country| country.code != *code) {
            let at = if many { format!("{path}.{index}") } else { path.to_owned() };
            faults.add(Reason::NotAnOption, &at, format!("There is no country with the code {code}."));
        }
    }
    Ok(())
}

/// Notes a fault for each region that the directory does not have.
pub(crate) async fn check_regions(session: &dyn Session, faults: &mut Faults, path: &str, codes: &[M49]) -> Result<()> {
    if codes.is_empty() {
        return Ok(());
    }
    let known = country::regions(session).await?;
    for (index, code) in codes.iter().enumerate() {
        if known.iter().all(|region| region.code != *code) {
            faults.add(Reason::NotAnOption, &format!("{path}.{index}"), format!("There is no region with the code {code}."));
        }
    }
    Ok(())
}

/// Notes a fault if there is no such organisation, or none of the kind that is needed here; hands it on if there is.
pub(crate) async fn check_organisation(
    session: &dyn Session,
    faults: &mut Faults,
    path: &str,
    id: Option<OrganisationId>,
    kind: Option<OrganisationKind>,
) -> Result<Option<Organisation>> {
    let Some(id) = id else { return Ok(None) };
    let found = organisation::find(session, id).await?;
    note(faults, path, found.as_ref(), kind);
    Ok(found)
}

/// The same for each organisation of a list, with one question to the database.
pub(crate) async fn check_organisations(
    session: &dyn Session,
    faults: &mut Faults,
    path: &str,
    ids: &[OrganisationId],
    kind: Option<OrganisationKind>,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let found = organisation::find_many(session, ids).await?;
    for (index, id) in ids.iter().enumerate() {
        note(faults, &format!("{path}.{index}"), found.iter().find(|organisation| organisation.id == *id), kind);
    }
    Ok(())
}

fn note(faults: &mut Faults, path: &str, found: Option<&Organisation>, kind: Option<OrganisationKind>) {
    match found {
        None => faults.add(Reason::UnknownId, path, "There is no organisation with this id."),
        Some(organisation) if kind.is_some_and(|kind| kind != organisation.kind) => {
            faults.add(Reason::WrongKind, path, format!("This organisation is no {}.", kind.map_or("", OrganisationKind::as_str)));
        }
        Some(_) => {}
    }
}
