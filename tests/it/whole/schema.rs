//! `schema.graphql` is the contract: it is what the server serves, it is described in full, and its descriptions say who may
//! do what as the policy does.

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};
use tertulia_api::graphql::sdl;
use tertulia_domain::policy::{Act, who_may};
use tertulia_tests::checks;

use super::root;

checks![the_file_is_current, everything_is_described, descriptions_say_who_may_as_the_policy_does];

fn the_file_is_current() {
    let file = std::fs::read_to_string(root().join("schema.graphql")).unwrap_or_default();
    assert!(file == sdl(), "schema.graphql is not what the server serves. Write it anew:\n\n    cargo run -- schema > schema.graphql\n");
}

fn types() -> Vec<TypeDefinition> {
    let document = parse_schema(sdl()).expect("the schema's text");
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    types.collect()
}

fn fields(definition: &TypeDefinition) -> &[Positioned<FieldDefinition>] {
    match &definition.kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        _ => &[],
    }
}

fn text(description: Option<&Positioned<String>>) -> &str {
    description.map_or("", |text| text.node.trim())
}

fn everything_is_described() {
    let mut bare = Vec::new();
    let inputs = |place: &str, inputs: &[Positioned<InputValueDefinition>]| -> Vec<String> {
        let bare = inputs.iter().filter(|input| text(input.node.description.as_ref()).is_empty());
        bare.map(|input| format!("{place}.{}", input.node.name.node)).collect()
    };
    for definition in types() {
        let name = definition.name.node.to_string();
        if text(definition.description.as_ref()).is_empty() && !["Query", "Mutation", "Subscription"].contains(&name.as_str()) {
            bare.push(name.clone());
        }
        for field in fields(&definition) {
            let place = format!("{name}.{}", field.node.name.node);
            bare.extend(inputs(&place, &field.node.arguments));
            if text(field.node.description.as_ref()).is_empty() {
                bare.push(place);
            }
        }
        match &definition.kind {
            TypeKind::InputObject(object) => bare.extend(inputs(&name, &object.fields)),
            TypeKind::Enum(members) => {
                let members = members.values.iter().filter(|member| text(member.node.description.as_ref()).is_empty());
                bare.extend(members.map(|member| format!("{name}.{}", member.node.value.node)));
            }
            _ => {}
        }
    }
    assert!(bare.is_empty(), "{} places without a description:\n{}", bare.len(), bare.join("\n"));
}

/// The acts behind a root field: those of a mutation's own name, or as listed.
fn acts(root: &str, field: &str) -> Vec<Act> {
    let listed: &[Act] = match (root, field) {
        ("Query", "auditEntries") => &[Act::AuditRead],
        ("Query", "ownExpertProfile") => &[Act::ExpertConsent],
        ("Query", "viewer") => &[Act::ViewerRead],
        ("Query", "memberships") => &[Act::MembershipRead],
        ("Query", "contact" | "contacts") | ("Subscription", "contactChanged") => &[Act::ContactRead],
        ("Query", "contactImport" | "contactImports") => &[Act::ContactsImportRead],
        ("Query", "contactTemplate" | "contactTemplates") => &[Act::ContactTemplateRead],
        ("Query", "statisticRelease" | "statisticReleases") => &[Act::StatisticReleaseRead],
        ("Query", "responsiveness") => &[Act::ResponsivenessRead],
        ("Query", "mandates") => &[Act::MandateRead],
        ("Query", "webhookEndpoints" | "webhookDeliveries") => &[Act::WebhookEndpointRead],
        ("Query", "apiClients") => &[Act::ApiClientRead],
        ("Query", "incident" | "incidents") => &[Act::IncidentRead],
        ("Query", "responseTarget" | "responseTargets") => &[Act::ResponseTargetRead],
        ("Query", "dialogue" | "dialogues" | "meeting" | "meetings" | "commitment" | "commitments") => &[Act::DialogueRead],
        ("Query", "recurrencePreview") => &[Act::RecurrencePreview],
        ("Query", "suggestSlots") => &[Act::SlotsSuggest],
        ("Query", "slotPoll" | "slotPolls") => &[Act::SlotPollRead],
        ("Query", "feedTokens") => &[Act::FeedTokenCreate],
        ("Query", "directoryHistory") => &[Act::DirectoryHistoryRead],
        ("Query", _) => &[Act::DirectoryRead],
        ("Mutation", "electoralBodyCreate" | "platformCreate") => &[Act::OrganisationCreate],
        ("Mutation", "electoralBodyUpdate" | "platformUpdate") => &[Act::OrganisationUpdate],
        ("Subscription", "meetingChanged") => &[Act::MeetingFollow],
        ("Subscription", "registrationChanged") => &[Act::MeetingRegister],
        ("Mutation", "dialogueCreate" | "dialogueImport") => &[Act::DialogueCreateBilateral],
        _ => &[],
    };
    if !listed.is_empty() {
        return listed.to_vec();
    }
    let plain = |name: &str| name.replace('.', "").to_lowercase();
    Act::ALL.iter().copied().filter(|act| plain(act.name()) == field.to_lowercase()).collect()
}

fn descriptions_say_who_may_as_the_policy_does() {
    let mut wrong = Vec::new();
    for definition in types() {
        let root = definition.name.node.to_string();
        if !["Query", "Mutation", "Subscription"].contains(&root.as_str()) {
            continue;
        }
        for field in fields(&definition) {
            let name = field.node.name.node.as_str();
            let said = text(field.node.description.as_ref());
            let expected: Vec<String> = acts(&root, name).into_iter().map(who_may).collect();
            let one_line = said.split_whitespace().collect::<Vec<_>>().join(" ");
            if expected.is_empty() {
                wrong.push(format!("{root}.{name}: no act has this name"));
            } else if !expected.iter().all(|sentence| one_line.ends_with(sentence.as_str())) {
                wrong.push(format!("{root}.{name} must end with: {}", expected.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
