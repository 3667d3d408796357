//! Taking many contacts out as a file.

use tertulia_domain::{
    Error, Result,
    policy::{Act, Scope},
    record::event::{Event, Topic},
};

use crate::{App, Ctx};

/// Permits to take out the contacts that the caller reads, and notes that he did. The rows come from the same lists as everywhere, so
/// that a file is as wide as its reader's rights.
pub async fn export(app: &App, ctx: &Ctx) -> Result<()> {
    ctx.may(Act::ContactExport)?;
    let party = ctx.actor.members().iter().find(|member| member.role.is_party());
    let grant = ctx.allow(Act::ContactExport, &party.map(|member| Scope::owned_by(member.organisation)).unwrap_or_default())?;
    let user = ctx.actor.user().ok_or_else(|| Error::broken("an export needs a person"))?;
    let uow = app.begin(ctx).await?;
    uow.commit(grant, [Event::new(Topic::ContactsExported, user.any())]).await
}
