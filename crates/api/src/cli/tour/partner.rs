//! The part of the tour for those who bring contacts in and out, and for systems that act for a body: files, API clients, webhooks, what is kept
//! about a person.

use super::script::{Call, Keep, Step};

/// From a table to one's own data.
pub(super) const STEPS: &[Step] = &[
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
    Step {
        title: "Be told of what happens",
        text: "By Standard Webhooks: signed with a secret that is shown this once, to public addresses only, with what its maker may read. A message tells that something happened, not what.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"mutation {
  webhookEndpointCreate(input: {
    url: "https://partner.example/tertulia", topics: ["contact.acknowledged", "contact.decided"], description: "Case system"
  }) {
    webhookEndpoint { id url topics status version }
    signingSecret
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("ENDPOINT", "webhook")],
    },
    Step {
        title: "Try the address",
        text: "A message of type `ping`, on its way at once.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"mutation {
  webhookEndpointPing(input: { webhookEndpointId: "$ENDPOINT" }) {
    webhookDelivery { topic status }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Read what became of it",
        text: "Nobody is at partner.example, a name kept for examples. So the message waits: it is tried ten times over three days, or when the address says (`Retry-After`), and what was wrong each time stands in `attempts`.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"{
  webhookDeliveries(webhookEndpointId: "$ENDPOINT", first: 1) { totalCount nodes { topic status objectId nextAttemptAt } }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Take the address away",
        text: "With its log; what waited is not sent.",
        call: Call::GraphQl {
            token: "ADMINISTRATOR",
            document: r#"mutation {
  webhookEndpointDelete(input: { webhookEndpointId: "$ENDPOINT" }) {
    webhookEndpoint { url description }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Take out what is kept about oneself",
        text: "One document for the person alone: account, memberships, sessions, acts and words. Shown is the account; `userErase` empties it.",
        call: Call::Part { token: "OFFICER", path: "/v1/me/data", member: "account" },
        keeps: &[],
    },
];
