//! The part of the tour in which an electoral body runs its relation with platforms: incidents, evidence, templates, ways to reach somebody,
//! who records for it.

use super::script::{Call, Keep, Step};

/// From an incident to a mandate.
pub(super) const STEPS: &[Step] = &[
    Step {
        title: "Open an incident",
        text: "One matter, several platforms: each contact in it has its own clock. Bodies of one country can share it.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  incidentOpen(input: { title: "A false date of the poll", issueTypes: [VOTING_PROCEDURE] }) {
    incident { id title status }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("INCIDENT", "incident")],
    },
    Step {
        title: "Put the contact in it",
        text: "The platform learns nothing of incidents.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  incidentContactAdd(input: { incidentId: "$INCIDENT", contactId: "$CONTACT" }) {
    incident { title contacts(first: 1) { nodes { reference status } } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Keep the evidence",
        text: "Its type is told by its content. It is given out as an attachment only, to the two parties.",
        call: Call::Upload { token: "OFFICER", name: "seen.txt", content: "Seen at ten, twelve thousand views by noon." },
        keeps: &[Keep::Id("EVIDENCE", "file")],
    },
    Step {
        title: "Attach it",
        text: "Both sides read it as long as they read the contact, and it goes with the contact.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  contactAttach(input: { contactId: "$CONTACT", fileId: "$EVIDENCE" }) {
    contact { attachments(first: 1) { nodes { name mediaType bytes sha256 organisation { name } } } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Write a template",
        text: "An administrator writes what officers begin with. Its places are a closed list, which the front end fills in. Under its key it is written once.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"mutation {
  contactTemplateCreate(input: {
    name: "A false date of the poll", kinds: [ESCALATION], language: "en", subject: "A false date of the poll on {{PLATFORM_SERVICE}}"
    description: "{{ELECTORAL_BODY}} asks {{PLATFORM}} to look at this: {{URLS}}", idempotencyKey: "tour"
  }) {
    contactTemplate { name placeholders }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Read it as the officer",
        text: "By kind and language, before there is a contact.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r"{ contactTemplates(filter: { kind: ESCALATION }, first: 1) { nodes { subject description language } } }",
        },
        keeps: &[],
    },
    Step {
        title: "Log a contact with it",
        text: "Its places filled in; the contact is the officer's own text, and a later change of the template changes nothing in it.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  contactLog(input: {
    platformServiceId: "$SERVICE", kind: ESCALATION, legalBasis: PLATFORM_TERMS, sentAt: "$NOW"
    subject: "A false date of the poll on Agora (fictional)"
    description: "National Electoral Council of Meridia (fictional) asks Agora Networks (fictional) to look at this: https://agora.example/post/2"
    items: [{ url: "https://agora.example/post/2" }]
  }) {
    contact { reference status subject }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Record how a platform is reached",
        text: "For which countries, in which languages, for what. Nobody has verified it yet.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  channelCreate(input: {
    platformId: "$AGORA", kind: EMAIL, purposes: [ESCALATION], coverageCountries: ["QM"], languages: ["en", "fr"]
    address: "elections@agora.example"
  }) {
    channel { id status }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("CHANNEL", "channel")],
    },
    Step {
        title: "Say that it works",
        text: "Who says so and when stands beside it, and when it is to be checked again.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  channelVerify(input: { id: "$CHANNEL", version: 1 }) {
    channel { status verifiedBy { name } verifiedOn nextCheckDue }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Find a way to reach a platform",
        text: "From this country, for this purpose, today; who may not use the address does not read it.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"{
  channels(filter: { platformId: "$AGORA", country: "QM", purpose: ESCALATION }, first: 1) {
    nodes { kind languages status address verifiedBy { name } }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Let the coordinator record for the body",
        text: "A mandate has a scope and an end, and is revoked at once; what is recorded under it says so.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"mutation {
  mandateGrant(input: { kinds: [ESCALATION], expiresAt: "$YEAR-01-01T00:00:00Z" }) {
    mandate { kinds expiresAt revokedAt }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
];
