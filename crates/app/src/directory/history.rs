//! What edits of an entry replaced.

use serde_json::Value;
use tertulia_domain::{
    Error, Result,
    id::{AnyId, OrganisationId, kinds},
    policy::{Act, Scope},
    time::Instant,
};
use tertulia_persistence::{
    Session,
    directory::{channel, election, expert, instrument, organisation, platform, reporting_programme},
    engagement::{contact_template, incident, response_target},
    knowledge::publication,
    record::revision,
};

use crate::{App, Ctx};

/// Most earlier states that are answered, newest first.
const MOST: u64 = 200;

/// An earlier state of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierState {
    /// The version it had.
    pub version: i64,
    /// When it was replaced.
    pub replaced_at: Instant,
    /// The organisation that replaced it; none for a loading of reference data.
    pub replaced_by: Option<OrganisationId>,
    /// The fields that differ from the state that followed: name and earlier value as JSON.
    pub replaced: Vec<(String, String)>,
}

/// The earlier states of an entry, newest first, for those who may edit it.
pub async fn list(app: &App, ctx: &Ctx, id: Result<AnyId>) -> Result<Vec<EarlierState>> {
    ctx.may(Act::DirectoryHistoryRead)?;
    let id = id?;
    let reader = app.reader(ctx);
    let (scope, mut next) = now(&reader, ctx, id).await?;
    ctx.allow(Act::DirectoryHistoryRead, &scope)?;
    let mut states = Vec::new();
    for earlier in revision::list(&reader, id, MOST).await? {
        let state: Value = serde_json::from_str(&earlier.state).map_err(Error::internal)?;
        states.push(EarlierState {
            version: earlier.version,
            replaced_at: earlier.replaced_at,
            replaced_by: earlier.organisation,
            replaced: differing(&state, &next),
        });
        next = state;
    }
    Ok(states)
}

/// The entry as it is now, and whose it is.
async fn now(session: &dyn Session, ctx: &Ctx, id: AnyId) -> Result<(Scope, Value)> {
    fn entry<T: serde::Serialize>(fields: Option<(Scope, T)>) -> Result<(Scope, Value)> {
        let (scope, fields) = fields.ok_or_else(|| Error::not_found("id"))?;
        Ok((scope, serde_json::to_value(fields).map_err(Error::internal)?))
    }
    if let Some(id) = id.typed::<kinds::Organisation>() {
        return entry(organisation::find(session, id).await?.map(|found| (Scope::owned_by(id), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::PlatformService>() {
        return entry(platform::find(session, id).await?.map(|found| (Scope::owned_by(found.platform), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::Channel>() {
        return entry(channel::find(session, id).await?.map(|found| (Scope::owned_by(found.fields.fields.platform), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::Election>() {
        return entry(election::find(session, id).await?.map(|found| (Scope::default(), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::ReportingProgramme>() {
        return entry(reporting_programme::find(session, id).await?.map(|found| (Scope::default(), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::Incident>() {
        return entry(incident::find(session, &ctx.contacts(), id).await?.map(|found| (Scope::owned_by(found.owner()), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::ContactTemplate>() {
        let found = contact_template::find_many(session, &ctx.contacts(), &[id]).await?.pop();
        return entry(found.map(|found| (Scope::owned_by(found.electoral_body), found.entry())));
    }
    if let Some(id) = id.typed::<kinds::Instrument>() {
        let found = instrument::find(session, &ctx.directory(), id).await?;
        return entry(found.map(|found| (Scope { owner: found.owner(), ..Scope::default() }, found.fields)));
    }
    if let Some(id) = id.typed::<kinds::ResponseTarget>() {
        let found = response_target::find(session, &ctx.directory(), id).await?;
        return entry(found.map(|found| (Scope { owner: found.owner(), ..Scope::default() }, found.fields)));
    }
    if let Some(id) = id.typed::<kinds::Publication>() {
        let found = publication::find(session, &ctx.directory(), id).await?;
        return entry(found.map(|found| (Scope::default(), found.fields)));
    }
    if let Some(id) = id.typed::<kinds::Expert>() {
        let found = expert::find(session, &ctx.directory(), ctx.now, id).await?;
        return entry(found.map(|found| (Scope { user: found.user, ..Scope::default() }, found.fields)));
    }
    Err(Error::not_found("id"))
}

/// The fields of `earlier` that differ in `later`. An entry of fields and state (a channel, an expert) is looked at below both.
fn differing(earlier: &Value, later: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = earlier else { return Vec::new() };
    let mut replaced = Vec::new();
    for (name, value) in fields {
        let then = later.get(name).unwrap_or(&Value::Null);
        if matches!(name.as_str(), "fields" | "state") {
            replaced.extend(differing(value, then));
        } else if value != then {
            replaced.push((name.clone(), value.to_string()));
        }
    }
    replaced
}
