//! What the cells of a file can name, as who asked for the import reads it.

use tertulia_domain::{
    Result,
    directory::entry::Precision,
    engagement::contact_import::{ContactImport, Names},
    id::Id,
    policy::Actor,
    text::CountryCode,
};
use tertulia_persistence::{
    directory::{election, instrument, organisation, platform},
    engagement::incident,
    identity::authentication,
};

use crate::{App, Ctx, directory::channel};

/// Incidents that a cell can name: the last that were opened.
const INCIDENTS: u64 = 10_000;

/// The context of who asked for an import, with the rights that he has now.
pub(super) async fn requester(app: &App, import: &ContactImport) -> Result<Ctx> {
    let system = app.system();
    let user = import.requested_by;
    let members = authentication::of_user(&app.current_reader(&system), user).await?.members;
    let actor = Actor::User { id: user, session: Id::new(import.id.uuid()), members };
    Ok(Ctx::new(actor, system.now, system.request_id, Vec::new()))
}

/// Everything that cells can name.
pub(super) async fn known(app: &App, import: &ContactImport) -> Result<Names> {
    let ctx = requester(app, import).await?;
    let mut names = Names::default();
    services(app, &ctx, &mut names).await?;
    for channel in channel::in_use(app, &ctx).await? {
        names.channels.add(&channel.id.to_string(), channel.id);
        if let Some(address) = &channel.fields.fields.address {
            names.channels.add(address, channel.id);
        }
    }
    let own = ctx.actor.members().iter().find(|member| member.organisation == import.electoral_body);
    elections(app, &ctx, own.and_then(|member| member.country), &mut names).await?;
    let reader = app.current_reader(&ctx);
    for instrument in instrument::readable(&reader, &ctx.directory()).await? {
        names.instruments.add(&instrument.id.to_string(), instrument.id);
        instrument.key.iter().for_each(|key| names.instruments.add(key, instrument.id));
        for title in instrument.fields.titles.texts() {
            names.instruments.add(&title.text, instrument.id);
        }
    }
    for (id, title) in incident::open_titles(&reader, &ctx.contacts(), INCIDENTS).await? {
        names.incidents.add(&id.to_string(), id);
        names.incidents.add(&title, id);
    }
    Ok(names)
}

/// Services: by their ids, their names and, where a company has no other, by its names.
async fn services(app: &App, ctx: &Ctx, names: &mut Names) -> Result<()> {
    let reader = app.current_reader(ctx);
    let services = platform::all(&reader).await?;
    for service in &services {
        names.services.add(&service.id.to_string(), service.id);
        for text in service.names.texts() {
            names.services.add(&text.text, service.id);
        }
    }
    for company in organisation::all(&reader).await? {
        let mut own = services.iter().filter(|service| service.platform == company.id);
        if let (Some(only), None) = (own.next(), own.next()) {
            for text in company.names.texts() {
                names.services.add(&text.text, only.id);
            }
        }
    }
    Ok(())
}

/// Elections: by their ids and keys, those of the body's country by each polling day that is known, too.
async fn elections(app: &App, ctx: &Ctx, country: Option<CountryCode>, names: &mut Names) -> Result<()> {
    for election in election::all(&app.current_reader(ctx)).await? {
        names.elections.add(&election.id.to_string(), election.id);
        election.key.iter().for_each(|key| names.elections.add(key, election.id));
        if country.is_some() && election.fields.country == country {
            for day in election.fields.polling_days.iter().filter(|day| day.date.precision == Precision::Day) {
                names.elections.add(&day.date.date.to_string(), election.id);
            }
        }
    }
    Ok(())
}
