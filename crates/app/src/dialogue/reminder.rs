//! Reminders: a week and a day before a meeting, by mail to who takes part and to who organises it, each in the zone and the language
//! of the organisation for which he comes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use tertulia_domain::{
    Result,
    dialogue::{Dialogue, Meeting, readiness::Finding, reminder::ReminderLead, slots::zone_of},
    directory::organisation::Organisation,
    id::OrganisationId,
    policy::{Act, Scope},
    record::event::{Event, Topic},
    text::{EmailAddress, LanguageTag},
    time::zone,
};
use tertulia_persistence::dialogue::{
    dialogue,
    reminder::{self, Recipient},
};

use super::{election_window::zones, readiness};
use crate::{
    App, Ctx,
    directory::{country, organisation},
    mail::{
        Mail,
        reminders::{self, Named},
    },
};

/// Meetings of one turn.
const BATCH: u64 = 20;

/// Reminds of the meetings that are due; says how many. Whichever server notes a meeting first sends its reminders, in the transaction
/// that notes it; the others find it done.
pub async fn send(app: &App, ctx: &Ctx) -> Result<u64> {
    let mut done = 0;
    for lead in ReminderLead::ALL {
        for meeting in reminder::due(&app.reader(ctx), *lead, lead.window(ctx.now), BATCH).await? {
            remind(app, ctx, &Arc::new(meeting), *lead).await?;
            done += 1;
        }
    }
    Ok(done)
}

async fn remind(app: &App, ctx: &Ctx, meeting: &Arc<Meeting>, lead: ReminderLead) -> Result<()> {
    let grant = ctx.allow(Act::MeetingRemind, &Scope::default())?;
    let reader = app.reader(ctx);
    let Some(dialogue) = dialogue::find(&reader, &ctx.dialogues(), meeting.dialogue).await? else { return Ok(()) };
    let participants = reminder::participants(&reader, meeting.id).await?;
    let organisers = reminder::members(&reader, &dialogue.conveners).await?;
    // Any of its members may answer for an organisation that has not named who comes.
    let asked = reminder::members(&reader, &reminder::unnamed(&reader, meeting.id).await?).await?;
    let found = readiness::of_meetings(app, ctx, std::slice::from_ref(meeting)).await?.remove(&meeting.id).unwrap_or_default();
    let letters = Letters::of(app, ctx, meeting, &dialogue, lead, participants.iter().chain(&organisers).chain(&asked)).await?;
    let mut mails: BTreeMap<EmailAddress, Mail> = BTreeMap::new();
    let open = open_points(&found);
    for one in &organisers {
        mails.insert(one.email.clone(), letters.to(one, false, &open));
    }
    let asked = asked.iter().map(|one| (one, true));
    for (one, unanswered) in asked.chain(participants.iter().map(|one| (one, one.unanswered))) {
        let more = if organisers.iter().any(|organiser| organiser.email == one.email) { open.as_str() } else { "" };
        mails.insert(one.email.clone(), letters.to(one, unanswered, more));
    }
    let uow = app.begin(ctx).await?;
    if !reminder::insert(uow.writer(), app.ids.uuid(), meeting, lead, ctx.now).await? {
        return Ok(());
    }
    uow.mail(mails.into_values()).await?;
    uow.commit(grant, [Event::new(Topic::MeetingReminded, meeting.id.any())]).await
}

/// What stands between now and the meeting, for its organisers.
fn open_points(found: &[Finding]) -> String {
    found.iter().flat_map(|one| ["- ", &one.message, "\n"]).collect()
}

/// What the letters about one meeting have in common.
struct Letters<'a> {
    meeting: &'a Meeting,
    dialogue: &'a Dialogue,
    lead: ReminderLead,
    organisations: HashMap<OrganisationId, Arc<Organisation>>,
    zones: HashMap<OrganisationId, chrono_tz::Tz>,
}

impl<'a> Letters<'a> {
    async fn of(
        app: &App,
        ctx: &Ctx,
        meeting: &'a Meeting,
        dialogue: &'a Dialogue,
        lead: ReminderLead,
        to: impl Iterator<Item = &Recipient>,
    ) -> Result<Self> {
        let ids: BTreeSet<OrganisationId> = to.map(|one| one.organisation).collect();
        let found = organisation::by_ids(app, ctx, &ids.into_iter().collect::<Vec<_>>()).await?;
        let codes: BTreeSet<_> = found.iter().filter_map(|one| one.country).collect();
        let countries = country::by_codes(app, ctx, &codes.into_iter().collect::<Vec<_>>()).await?;
        let of_country = |one: &Organisation| {
            countries.iter().find(|country| Some(country.code) == one.country).map(|country| zones(&country.time_zones))
        };
        let own = |one: &Organisation| one.time_zone.as_deref().and_then(|name| zone(name).ok());
        let placed =
            found.iter().filter_map(|one| Some((one.id, zone_of(own(one), &of_country(one).unwrap_or_default(), meeting.starts_at)?)));
        let zones = placed.collect();
        Ok(Self { meeting, dialogue, lead, organisations: found.into_iter().map(|one| (one.id, one)).collect(), zones })
    }

    fn to(&self, one: &Recipient, unanswered: bool, more: &str) -> Mail {
        let spoken: &[LanguageTag] = self.organisations.get(&one.organisation).map_or(&[], |organisation| &organisation.languages);
        let language = reminders::language(spoken);
        let title = self.meeting.title.as_ref().unwrap_or(&self.dialogue.title).best(std::slice::from_ref(&language));
        let zone = self.zones.get(&one.organisation).copied().unwrap_or(self.meeting.zone);
        let named = Named { title, starts_at: self.meeting.starts_at, zone };
        reminders::reminder(one.email.clone(), &language, self.lead, named, (unanswered, more))
    }
}
