//! The part of the tour in which an electoral body runs its relation with platforms: incidents, ways to reach somebody, who records
//! for it, how fast answers come, files in and out, systems that act for it, what is kept about a person.

use super::script::{Call, Keep, Step};

/// From an incident to one's own data.
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
    Step {
        title: "See how fast answers come",
        text: "One's own figures, live and in full; contacts that still wait count as such. What others may know is a release, which two persons publish.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r"{
  responsiveness(filter: { kind: [ESCALATION], generated: false }, groupBy: [KIND]) {
    cells {
      dimensions { value } sent answered unanswered outcomes { outcome count }
      timeToFirstResponse { median reached censoredShare }
    }
  }
}",
        },
        keeps: &[],
    },
    Step {
        title: "Bring a table",
        text: "`GET /v1/contacts/template.csv` or `.xlsx` has the headers, in five languages. A file is uploaded first.",
        call: Call::Upload {
            token: "OFFICER",
            name: "contacts.csv",
            content: "Kind,Legal basis,Platform service,Sent at,URLs\n\
                ESCALATION,PLATFORM_TERMS,Agora (fictional),2026-10-01 10:00,https://agora.example/post/7\n\
                SHOUTING,PLATFORM_TERMS,Agora (fictional),2026-10-02 10:00,https://agora.example/post/8",
        },
        keeps: &[Keep::Id("FILE", "file")],
    },
    Step {
        title: "Check it first",
        text: "A dry run keeps nothing. Without it, the good rows become contacts, each once, however often the file comes.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  contactsImport(input: { fileId: "$FILE", dryRun: true, timeZone: "Etc/UTC" }) {
    import { id }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("IMPORT", "import")],
    },
    Step {
        title: "Read the report",
        text: "By line, column and code; it grows while the server works through the file, and any server goes on where one stopped.",
        call: Call::Until {
            token: "OFFICER",
            document: r#"{
  contactImport(id: "$IMPORT") { status progress accepted rejected rows(first: 10) { nodes { line column code message } } }
}"#,
            says: "DONE",
        },
        keeps: &[],
    },
    Step {
        title: "Take contacts out",
        text: "Streamed, as wide as the reader's rights, and noted in the audit log; `.ndjson` and `.xlsx` likewise.",
        call: Call::Get { token: Some("OFFICER"), path: "/v1/contacts.csv", lines: 1 },
        keeps: &[],
    },
    Step {
        title: "Let a system act for the body",
        text: "Its scopes narrow the rights of whoever made it; the secret is shown once.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"mutation {
  apiClientCreate(input: { name: "Case system", scopes: ["contacts:read"] }) {
    apiClient { name scopes }
    clientId clientSecret
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Member("CLIENT", "clientId"), Keep::Member("SECRET", "clientSecret")],
    },
    Step {
        title: "Sign the system in",
        text: "By the client-credentials grant (RFC 6749, 4.4).",
        call: Call::SignInClient { id: "CLIENT", secret: "SECRET", keeps: "SYSTEM" },
        keeps: &[],
    },
    Step {
        title: "Read as the system",
        text: "Every act of it names the client in the record.",
        call: Call::GraphQl { token: "SYSTEM", document: "{ contacts(first: 1) { nodes { reference status } } }" },
        keeps: &[],
    },
];
