//! Elections.

use std::{collections::BTreeMap, slice};

use chrono::NaiveDate;
use tertulia_domain::{
    Faults, Result,
    directory::{
        channel::check_before,
        election::{Election, ElectionDraft, ElectionFields, ElectionFilter, ElectionOrder, ElectionPatch},
        organisation::OrganisationKind,
    },
    id::{ElectionId, kinds},
    page::{Page, PageRequest, Position},
    policy::{Act, Scope},
    record::event::Topic,
    text::CountryCode,
};
use tertulia_persistence::{
    Session, Writer,
    directory::{channel, election},
};

use super::{
    edit::{self, Created, Edit, Edited},
    references::{check_countries, check_organisations},
};
use crate::{App, Ctx};

/// The elections with these ids.
pub async fn by_ids(app: &App, ctx: &Ctx, ids: &[ElectionId]) -> Result<Vec<Election>> {
    ctx.may(Act::DirectoryRead)?;
    election::find_many(&app.reader(ctx), ids).await
}

/// A page of elections. An expected one whose last day has passed reads as unconfirmed.
pub async fn list(app: &App, ctx: &Ctx, filter: &ElectionFilter, order: ElectionOrder, page: &PageRequest) -> Result<Page<Election>> {
    ctx.may(Act::DirectoryRead)?;
    election::list(&app.reader(ctx), filter, order, ctx.now.date_naive(), page).await
}

/// How many elections the filter leaves.
pub async fn count(app: &App, ctx: &Ctx, filter: &ElectionFilter) -> Result<u64> {
    ctx.may(Act::DirectoryRead)?;
    election::count(&app.reader(ctx), filter, ctx.now.date_naive()).await
}

/// Every election of these countries in that order, each with its place in the list.
pub async fn of_countries(app: &App, ctx: &Ctx, countries: &[CountryCode], order: ElectionOrder) -> Result<Vec<(Election, Position)>> {
    ctx.may(Act::DirectoryRead)?;
    election::of_countries(&app.reader(ctx), countries, order).await
}

/// Records an election.
pub async fn create(app: &App, ctx: &Ctx, draft: Result<ElectionDraft>, key: Option<&str>) -> Result<Election> {
    edit::create(app, ctx, draft, key).await
}

/// Edits an election's entry.
pub async fn update(app: &App, ctx: &Ctx, edit: Edit<kinds::Election, ElectionPatch>) -> Result<Election> {
    edit::update(app, ctx, edit).await
}

/// Brings the next check of the channels forward that serve the countries of these elections by name: of elections that somebody enters, and of
/// those that are loaded from files.
pub(super) async fn check_channels_before(writer: &Writer, entries: &[Election]) -> Result<()> {
    let mut first: BTreeMap<CountryCode, NaiveDate> = BTreeMap::new();
    for entry in entries {
        let due = check_before(&entry.certain_days(), entry.updated_at.date_naive());
        if let Some((country, due)) = entry.country.zip(due) {
            first.entry(country).and_modify(|day| *day = due.min(*day)).or_insert(due);
        }
    }
    for (country, due) in first {
        channel::check_by(writer, country, due).await?;
    }
    Ok(())
}

impl Edited for kinds::Election {
    type Fields = ElectionFields;
    type Patch = ElectionPatch;
    const UPDATE: (Act, Topic) = (Act::ElectionUpdate, Topic::ElectionUpdated);

    fn scope(_: ElectionId, _: &ElectionFields) -> Scope {
        Scope::default()
    }

    fn apply(patch: ElectionPatch, fields: &ElectionFields) -> Result<ElectionFields> {
        patch.apply(fields)
    }

    async fn check_references(session: &dyn Session, _: ElectionId, fields: &ElectionFields) -> Result<()> {
        let mut faults = Faults::default();
        check_countries(session, &mut faults, "country", false, fields.country.as_slice()).await?;
        check_organisations(session, &mut faults, "responsibleBodyIds", &fields.responsible_bodies, Some(OrganisationKind::ElectoralBody))
            .await?;
        faults.finish()
    }

    async fn find(session: &dyn Session, _: &Ctx, id: ElectionId) -> Result<Option<Election>> {
        election::find(session, id).await
    }

    async fn replace(writer: &Writer, entry: &Election) -> Result<()> {
        election::update(writer, entry).await?;
        check_channels_before(writer, slice::from_ref(entry)).await
    }
}

impl Created for kinds::Election {
    type Draft = ElectionDraft;
    const CREATE: (Act, Topic) = (Act::ElectionCreate, Topic::ElectionCreated);

    fn scope_of(_: &ElectionDraft) -> Scope {
        Scope::default()
    }

    fn check(draft: &ElectionDraft) -> Result<ElectionFields> {
        draft.check()
    }

    async fn insert(writer: &Writer, entry: &Election) -> Result<()> {
        election::insert(writer, entry).await?;
        check_channels_before(writer, slice::from_ref(entry)).await
    }
}
