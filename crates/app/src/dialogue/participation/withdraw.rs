//! Taking a participation back.

use serde::Serialize;
use tertulia_domain::{
    Result,
    dialogue::{Participation, Step},
    policy::Act,
    record::event::Topic,
};

use super::{decide::enter_of, person::acted_by};
use crate::{App, Ctx, IdempotencyKey, check_version};

/// A withdrawal, as somebody typed it.
#[derive(Clone, Debug, Serialize)]
pub struct Withdraw {
    /// The participation's id.
    pub participation_id: String,
    /// The version that the caller read.
    pub version: Option<i64>,
}

/// Takes a participation back: the person himself, an administrator of his organisation, or an organiser. Its seat goes to who
/// waits longest.
pub async fn withdraw(app: &App, ctx: &Ctx, input: &Withdraw, key: Option<&str>) -> Result<Participation> {
    ctx.may(Act::RegistrationWithdraw)?;
    let key = IdempotencyKey::parse(key, input)?;
    let (mut room, former) = enter_of(app, ctx, &input.participation_id).await?;
    let grant = ctx.allow(Act::RegistrationWithdraw, &room.scope(&former))?;
    if room.uow.claim(&grant, key.as_ref(), former.id.any()).await?.is_some() {
        return Ok(former);
    }
    if let Some(version) = input.version {
        check_version(version, former.version)?;
    }
    room.meeting.check_ahead(ctx.now)?;
    let withdrawn = former.step(Step::Withdraw, ctx.now)?;
    let withdrawn = Participation { acted_by: acted_by(&grant, withdrawn.person), ..withdrawn };
    room.keep(Some(&former), &withdrawn, Topic::RegistrationWithdrawn).await?;
    room.leave(grant, None).await?;
    Ok(withdrawn)
}
