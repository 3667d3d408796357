//! What the demo shows: fictional organisations, generated contacts, a running dialogue. All through the use cases.

use std::collections::BTreeSet;

use tertulia_app::{
    App, dialogue,
    directory::{self, reference},
    engagement::{generate, response_target},
};
use tertulia_domain::{
    dialogue::{
        agenda::Attribution,
        dialogue::{DialogueKind, DialogueVisibility, MeetingFormat},
        draft::DialogueDraft,
        recurrence::RawRecurrence,
    },
    engagement::{response_target::ResponseTargetDraft, target::TargetNature},
    id::OrganisationId,
};

use super::{super::Failure, accounts::Account};

/// Contacts that the demo begins with.
const CONTACTS: u64 = 200;
/// The seed from which they are made.
const SEED: u64 = 2025;

/// Response targets of the fictional platforms, which generated contacts are bound by: the platform's key in the reference files, the times
/// for an acknowledgement and a decision, and what they stand on.
const TARGETS: [(&str, Option<&str>, &str, TargetNature); 2] = [
    ("fictional-platform-agora", Some("PT24H"), "P3D", TargetNature::Agreed),
    ("fictional-platform-plaza", None, "P20D", TargetNature::Promised),
];

/// The fictional part of the directory.
pub(super) async fn directory(app: &App) -> Result<(), Failure> {
    reference::load_fictional(app, &app.system()).await?;
    Ok(())
}

/// Response targets of the fictional platforms, contacts among the fictional organisations, and a monthly dialogue that the coordinator convenes for the others, with who came
/// and who will come.
pub(super) async fn fill(app: &App, accounts: &[Account]) -> Result<(), Failure> {
    let ctx = app.system();
    for (platform, acknowledge, decide, nature) in TARGETS {
        let platform = directory::organisation::by_key(app, &ctx, platform).await?.id;
        let draft = ResponseTargetDraft {
            platform: Some(platform),
            acknowledge_within: acknowledge.map(str::to_owned),
            decide_within: Some(decide.to_owned()),
            nature: Some(nature),
            generated: true,
            ..ResponseTargetDraft::default()
        };
        response_target::create(app, &ctx, Ok(draft), Some(&format!("demo {platform}"))).await?;
    }
    let order = generate::Order { contacts: CONTACTS, seed: SEED, among_generated: true, before: ctx.now };
    generate::generate(app, &ctx, order, |_| {}).await?;
    let (conveners, members): (Vec<&Account>, Vec<&Account>) = accounts.iter().partition(|account| account.is_at_the_desk());
    let series = dialogue::dialogue::create(app, &ctx, monthly(&ids(&conveners), &ids(&members)), Some("demo")).await?;
    let addresses: Vec<String> = accounts.iter().map(|account| account.email.clone()).collect();
    dialogue::participation::generate(app, &ctx, series.id, &addresses).await?;
    Ok(())
}

/// The accounts' organisations, each once.
fn ids(accounts: &[&Account]) -> Vec<String> {
    let ids: BTreeSet<OrganisationId> = accounts.iter().map(|account| account.organisation).collect();
    ids.iter().map(ToString::to_string).collect()
}

fn monthly(conveners: &[String], members: &[String]) -> DialogueDraft {
    DialogueDraft {
        title: vec![
            ("en".to_owned(), "Monthly dialogue on information integrity (fictional)".to_owned()),
            ("es".to_owned(), "Diálogo mensual sobre integridad de la información (ficticio)".to_owned()),
        ],
        purpose: Some("A generated series that shows how the dialogue of Madrid could continue.".to_owned()),
        kind: DialogueKind::Global,
        conveners: conveners.to_vec(),
        members: members.to_vec(),
        recurrence: RawRecurrence {
            local_start: "2026-03-10T15:00:00".to_owned(),
            time_zone: "Europe/Madrid".to_owned(),
            rule: "FREQ=MONTHLY;BYDAY=2TU".to_owned(),
            ..RawRecurrence::default()
        },
        duration: "PT90M".to_owned(),
        format: MeetingFormat::Online,
        visibility: DialogueVisibility::Public,
        working_languages: vec!["en".to_owned(), "es".to_owned()],
        attribution_default: Attribution::ChathamHouse,
        join_url: Some("https://meet.example/monthly-dialogue".to_owned()),
        venue: None,
        generated: true,
    }
}
