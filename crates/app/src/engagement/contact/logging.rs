//! Logging many contacts in one transaction, by the rules by which one is logged.

use std::{collections::HashMap, sync::Arc};

use tertulia_domain::{
    Error, Faults, Result,
    directory::platform::PlatformService,
    engagement::{
        contact::Contact, content_item::ContentItem, fact::Chained, new_contact::NewContact, response_target::ResponseTarget,
        vocabulary::Side,
    },
    id::{ContactId, PlatformServiceId},
    policy::{Grant, Member},
};
use tertulia_persistence::{
    directory::platform,
    engagement::{contact as contacts, content_item, fact as facts},
};

use super::{
    log::{assemble, check_history, sent_at, tell_history},
    targeting::bind,
};
use crate::{
    App, Ctx, UnitOfWork,
    engagement::{response_target::in_force, statistics::count_logged},
};

/// What holds for all contacts that are logged together by a body's officer.
#[derive(Debug)]
pub(in crate::engagement) struct Logging {
    grant: Grant,
    member: Member,
    side: Side,
    services: HashMap<PlatformServiceId, PlatformService>,
    targets: Arc<Vec<ResponseTarget>>,
}

/// A contact that was checked and is not kept yet.
#[derive(Debug)]
pub(in crate::engagement) struct Logged {
    pub(super) contact: Contact,
    pub(super) items: Vec<ContentItem>,
    pub(super) chain: Vec<Chained>,
}

impl Logged {
    /// Its id.
    pub(in crate::engagement) fn id(&self) -> ContactId {
        self.contact.id
    }
}

impl Logging {
    /// Looks up what all of them need.
    pub(in crate::engagement) async fn begin(app: &App, ctx: &Ctx, grant: &Grant) -> Result<Self> {
        let member = grant.member().cloned().ok_or_else(|| Error::broken("a log needs a membership"))?;
        let side = grant.side().ok_or_else(|| Error::forbidden("Only a party logs a contact."))?;
        let services = platform::all(&app.current_reader(ctx)).await?.into_iter().map(|service| (service.id, service)).collect();
        Ok(Self { grant: grant.clone(), member, side, services, targets: in_force(app, ctx).await? })
    }

    /// Checks a contact as if it were logged alone.
    pub(in crate::engagement) async fn check(&self, uow: &UnitOfWork<'_>, new: &NewContact) -> Result<Logged> {
        let now = uow.ctx().now;
        let mut faults = Faults::default();
        let checked = faults.check("", new.check(self.side, now, || uow.app().ids.new_id()));
        faults.check("history", check_history(&new.history, now));
        let checked = faults.finish_with(checked)?;
        let service = match checked.service {
            Some(id) => Some(self.services.get(&id).ok_or_else(|| Error::not_found("platformServiceId"))?),
            None => None,
        };
        let (mut contact, items) = assemble(uow, (uow.app().ids.new_id(), self.side), (checked, service), &self.member).await?;
        if let Some(sent_at) = sent_at(new) {
            bind(uow, &mut contact, &self.targets, sent_at).await?;
        }
        let (contact, chain) = tell_history(uow, &self.grant, contact, &items, new, self.side)?;
        Ok(Logged { contact, items, chain })
    }
}

/// Keeps contacts that were checked, and counts them.
pub(in crate::engagement) async fn keep_logged(uow: &UnitOfWork<'_>, logged: &[&Logged]) -> Result<()> {
    if logged.is_empty() {
        return Ok(());
    }
    let all: Vec<Contact> = logged.iter().map(|one| one.contact.clone()).collect();
    contacts::insert(uow.writer(), &all).await?;
    let items: Vec<_> = logged.iter().map(|one| (one.contact.id, one.items.as_slice())).collect();
    content_item::insert(uow.writer(), &items).await?;
    let told: Vec<_> = logged.iter().flat_map(|one| one.chain.iter().map(|chained| (one.contact.id, chained))).collect();
    facts::insert(uow.writer(), &told).await?;
    let facts = |one: &Logged| one.chain.iter().map(|chained| chained.fact.clone()).collect();
    let counted: Vec<_> = logged.iter().map(|one| (&one.contact, facts(one))).collect();
    count_logged(uow, &counted).await
}
