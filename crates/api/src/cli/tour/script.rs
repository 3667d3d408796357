//! The tour: requests against the demo, as data. `demo --tour` sends them, the README shows them, and a test holds the
//! two together.

use super::{numbers, partner, relation, room};

/// One request of the tour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// What it does.
    pub(super) title: &'static str,
    /// What to look at.
    pub(super) text: &'static str,
    /// The request.
    pub(super) call: Call,
    /// What to keep of the answer.
    pub(super) keeps: &'static [Keep],
}

/// What a step keeps of its answer, for those after it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keep {
    /// In this variable the first id of this prefix.
    Id(&'static str, &'static str),
    /// In this variable the first member of this name, a text.
    Member(&'static str, &'static str),
}

/// How a step reaches the server. `$NAME` in a text is a variable kept earlier, as in the shell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call {
    /// `POST /v1/session` for the demo account of a role.
    SignIn {
        /// The role.
        role: &'static str,
        /// The variable that keeps the access token.
        keeps: &'static str,
    },
    /// A GraphQL document, with the access token in a variable.
    GraphQl {
        /// The token's variable.
        token: &'static str,
        /// The document.
        document: &'static str,
    },
    /// The same, asked again until the answer has this text.
    Until {
        /// The token's variable.
        token: &'static str,
        /// The document.
        document: &'static str,
        /// The text.
        says: &'static str,
    },
    /// The same, which is to be refused.
    Refused {
        /// The token's variable.
        token: &'static str,
        /// The document.
        document: &'static str,
    },
    /// `POST /oauth/token` for an API client.
    SignInClient {
        /// The variable of its id.
        id: &'static str,
        /// The variable of its secret.
        secret: &'static str,
        /// The variable that keeps the access token.
        keeps: &'static str,
    },
    /// `POST /v1/files`.
    Upload {
        /// The token's variable.
        token: &'static str,
        /// The file's name.
        name: &'static str,
        /// What stands in it.
        content: &'static str,
    },
    /// A subscription, listened to until one event has come, and the document that makes it come.
    Listen {
        /// The listener's token.
        token: &'static str,
        /// The token of the one who acts.
        by: &'static str,
        /// What he does.
        document: &'static str,
        /// The act that the event tells of.
        act: &'static str,
    },
    /// A plain GET of a JSON document, of which one member is shown.
    Part {
        /// The token's variable.
        token: &'static str,
        /// The path.
        path: &'static str,
        /// The member, an object of plain values.
        member: &'static str,
    },
    /// A plain GET of a text; its first lines are shown.
    Get {
        /// The token's variable, where one is needed.
        token: Option<&'static str>,
        /// The path.
        path: &'static str,
        /// How many lines are shown.
        lines: usize,
    },
}

/// What has to be known before the first step: tokens of the roles, and the ids that the requests name.
pub(super) const PREPARE: &[Step] = &[
    sign_in("PLATFORM_REPRESENTATIVE", "PLATFORM"),
    sign_in("COORDINATOR", "COORDINATOR"),
    sign_in("AUDITOR", "AUDITOR"),
    sign_in("ELECTORAL_BODY_ADMINISTRATOR", "ADMINISTRATOR"),
    Step {
        title: "The service that the demo's platform runs",
        text: "",
        call: Call::GraphQl {
            token: "PLATFORM",
            document: r#"{ platformServices(filter: { search: "agora" }, first: 1) { nodes { id name } } }"#,
        },
        keeps: &[Keep::Id("SERVICE", "service")],
    },
    Step {
        title: "The coordinator's organisation",
        text: "",
        call: Call::GraphQl { token: "COORDINATOR", document: "{ viewer { memberships { organisation { id } } } }" },
        keeps: &[Keep::Id("UNDP", "organisation")],
    },
    Step {
        title: "The officer's body",
        text: "",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"{ electoralBodies(filter: { search: "meridia" }, first: 1) { nodes { id name } } }"#,
        },
        keeps: &[Keep::Id("MERIDIA", "organisation")],
    },
    Step {
        title: "The platform",
        text: "",
        call: Call::GraphQl { token: "PLATFORM", document: "{ viewer { memberships { organisation { id } } } }" },
        keeps: &[Keep::Id("AGORA", "organisation")],
    },
];

const fn sign_in(role: &'static str, keeps: &'static str) -> Step {
    Step { title: "", text: "", call: Call::SignIn { role, keeps }, keeps: &[] }
}

/// The requests, in order.
pub(super) fn steps() -> impl Iterator<Item = &'static Step> {
    CONTACTS.iter().chain(relation::STEPS).chain(numbers::STEPS).chain(partner::STEPS).chain(DIALOGUE).chain(room::STEPS).chain(RECORD)
}

/// What is sent and what comes back.
const CONTACTS: &[Step] = &[
    Step {
        title: "Sign in",
        text: "An officer of a fictional electoral body. The access token lasts 15 minutes, the refresh token continues the sign-in.",
        call: Call::SignIn { role: "ELECTORAL_BODY_OFFICER", keeps: "OFFICER" },
        keeps: &[],
    },
    Step {
        title: "Log a contact",
        text: "The smallest useful call: which service, what kind, on what ground, what it is about, and when it was sent.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  contactLog(input: {
    platformServiceId: "$SERVICE", kind: ESCALATION, legalBasis: PLATFORM_TERMS, sentAt: "$NOW"
    items: [{ url: "https://agora.example/post/1" }]
  }) {
    contact { id reference status allowedActs }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("CONTACT", "contact")],
    },
    Step {
        title: "Acknowledge it as the platform",
        text: "The platform's representative sees what was shared with it, and says that a person there has it.",
        call: Call::GraphQl {
            token: "PLATFORM",
            document: r#"mutation {
  contactAcknowledge(input: { contactId: "$CONTACT" }) {
    contact { reference status version }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Decide it",
        text: "The platform states the outcome. The body may record what it observed beside it; where the two differ, both can read so.",
        call: Call::GraphQl {
            token: "PLATFORM",
            document: r#"mutation {
  contactDecide(input: { contactId: "$CONTACT", outcome: ACTION_TAKEN, actions: [LABELLED], format: WRITTEN }) {
    contact { reference status decision { outcome extent actions assertedBy } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "List contacts",
        text: "The officer's own body's, newest first. A page has 25 items unless it says otherwise, and `pageInfo` leads to the next.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r"{
  contacts(first: 1) {
    nodes { reference kind status generated platformService { name platform { name } } }
    pageInfo { hasNextPage }
  }
}",
        },
        keeps: &[],
    },
    Step {
        title: "Subscribe",
        text: "The platform listens over WebSocket (graphql-transport-ws) while the officer comments. Each event obeys the listener's rights.",
        call: Call::Listen {
            token: "PLATFORM",
            by: "OFFICER",
            document: r#"mutation {
  contactComment(input: { contactId: "$CONTACT", text: "Thank you, that was quick." }) {
    userErrors { code reason path message }
  }
}"#,
            act: "COMMENT",
        },
        keeps: &[],
    },
];

/// A dialogue with its calendar.
const DIALOGUE: &[Step] = &[
    Step {
        title: "Schedule a dialogue",
        text: "The coordinator makes a monthly series in Madrid's time: 15:00 stays 15:00 when the clocks change.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  dialogueCreate(input: {
    title: [{ language: "en", text: "Monthly exchange with platforms" }], kind: GLOBAL
    conveners: ["$UNDP"], members: ["$MERIDIA", "$AGORA"]
    recurrence: { localStart: "$YEAR-01-12T15:00:00", timeZone: "Europe/Madrid", rule: "FREQ=MONTHLY;COUNT=6" }
    duration: "PT90M", format: ONLINE, visibility: PUBLIC
  }) {
    dialogue { id upcoming: meetings(filter: { upcoming: true }, first: 1) { nodes { id startsAt localStart version } } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("DIALOGUE", "dialogue"), Keep::Id("MEETING", "meeting")],
    },
    Step {
        title: "Move one occurrence",
        text: "Its id stays, its sequence grows, and every calendar that subscribes follows.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  meetingReschedule(input: {
    meetingId: "$MEETING", localStart: "$YEAR-01-13T16:00:00", timeZone: "Europe/Madrid", scope: THIS, version: 1
  }) {
    meeting { status startsAt localStart timeZone sequence version }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Read the calendar",
        text: "What Outlook, Google Calendar, Apple Calendar and Thunderbird subscribe to; a public dialogue's needs no sign-in.",
        call: Call::Get { token: None, path: "/v1/dialogues/$DIALOGUE/calendar.ics", lines: 12 },
        keeps: &[],
    },
];

/// What stands at the end.
const RECORD: &[Step] = &[Step {
    title: "Read the audit log",
    text: "The auditor reads who did what to which object, and never a text.",
    call: Call::GraphQl {
        token: "AUDITOR",
        document: "{ auditEntries(first: 3) { nodes { at act objectType objectId organisation { name } } } }",
    },
    keeps: &[],
}];
