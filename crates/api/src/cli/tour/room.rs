//! The part of the tour that runs a meeting: its date, who comes, what is said and promised.

use super::script::{Call, Keep, Step};

/// From the search for an hour to the calendar of who comes.
pub(super) const STEPS: &[Step] = &[
    Step {
        title: "Look for fair hours",
        text: "What each slot costs whom, by local clocks, days of rest, other meetings and elections; what the series cost before counts.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"{
  suggestSlots(input: {
    participants: ["$UNDP", "$MERIDIA", "$AGORA"], duration: "PT90M", timeZone: "Europe/Madrid"
    from: "$YEAR-02-01T00:00:00Z", to: "$YEAR-02-06T00:00:00Z", dialogueId: "$DIALOGUE", first: 2
  }) {
    slots { startsAt score participants { organisation { name } localStart cost reasons { code } } }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Ask in a poll",
        text: "A meeting whose date is asked about is POLLING until a candidate is chosen.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  slotPollOpen(input: {
    meetingId: "$MEETING", closesAt: "$YEAR-01-10T00:00:00Z"
    candidates: [
      { localStart: "$YEAR-01-13T16:00:00", timeZone: "Europe/Madrid" }, { localStart: "$YEAR-01-14T10:00:00", timeZone: "Europe/Madrid" }
    ]
  }) {
    slotPoll { id status meeting { status } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("POLL", "poll")],
    },
    Step {
        title: "Answer it",
        text: "Whoever belongs to the dialogue answers for himself, and reads how many could come.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  slotPollAnswer(input: { pollId: "$POLL", answers: [IF_NEEDED, AVAILABLE] }) {
    slotPoll { candidates { startsAt available ifNeeded unavailable } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Choose",
        text: "The meeting has its new date, and calendars follow.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  slotPollChoose(input: { pollId: "$POLL", candidate: 1, version: 1 }) {
    meeting { status startsAt version }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Set the seats",
        text: "One seat, so that a second person waits; whoever may read the meeting can register.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  meetingCapacitySet(input: { meetingId: "$MEETING", online: 1, version: 4 }) { userErrors { code reason path message } }
  meetingRegistrationSet(input: { meetingId: "$MEETING", mode: OPEN, version: 5 }) {
    meeting { capacity { online onlineTaken } registration { mode } version }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Invite a body",
        text: "An invitation may name the organisation alone: who accepts it is then the person.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  meetingInvite(input: { meetingId: "$MEETING", invitees: [{ organisationId: "$MERIDIA" }] }) {
    results { organisation { name } code participation { status } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Accept, and ask for interpretation",
        text: "The officer takes the seat and needs French.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  invitationRespond(input: { meetingId: "$MEETING", response: ACCEPTED, interpretationNeeds: ["fr"] }) {
    participation { status mode capacityRole interpretationNeeds }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Register, and wait",
        text: "No seat is left. The place in the queue is the waiting person's and the organisers' to read; a seat that becomes free is offered.",
        call: Call::GraphQl {
            token: "PLATFORM",
            document: r#"mutation {
  meetingRegister(input: { meetingId: "$MEETING" }) {
    participation { status waitlistPosition }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "See what is missing",
        text: "Languages that are needed and not given, and what else stands between now and the meeting.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"{
  meeting(id: "$MEETING") {
    capacity { online onlineTaken waiting }
    interpretationGap { language needed }
    readiness { code severity message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Set the agenda",
        text: "The second point is under the Chatham House Rule: nobody is named there, and nothing is kept that could name somebody.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  agendaRevise(input: {
    meetingId: "$MEETING", version: 6
    items: [
      { title: [{ language: "en", text: "What the last election showed" }], kind: REPORT, duration: "PT30M", attribution: ATTRIBUTED }
      { title: [{ language: "en", text: "What went wrong" }], kind: DISCUSSION, duration: "PT45M", attribution: CHATHAM_HOUSE }
    ]
  }) {
    meeting { agendaDuration agenda { position title kind attribution speakers { name } } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Circulate the minutes",
        text: "Until they are adopted, who takes part reads what is circulated, and everybody else nothing.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  minutesRevise(input: {
    meetingId: "$MEETING", language: "en", text: "It was agreed to name duty officers."
    decisions: [{ text: "Each side names a duty officer" }]
  }) { userErrors { code reason path message } }
  minutesCirculate(input: { meetingId: "$MEETING", version: 1 }) {
    minutes { status revision decisions { text attribution } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Comment on them",
        text: "Comments are taken until the minutes are adopted.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r#"mutation {
  minutesComment(input: { meetingId: "$MEETING", text: "For weekends as well." }) {
    minutes { status comments { text revision organisation { name } } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Promise something",
        text: "A promise of one organisation to another, by a day. One's own is accepted at once; the contact log can measure whether it is kept.",
        call: Call::GraphQl {
            token: "PLATFORM",
            document: r#"mutation {
  commitmentCreate(input: {
    meetingId: "$MEETING", committedById: "$AGORA", toWhom: ["$MERIDIA"]
    text: "To name a duty officer for weekends", dueOn: "$YEAR-03-31"
  }) {
    commitment { text status dueOn committedBy { name } toWhom { name } }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Make a private calendar address",
        text: "Outlook and its like take it as it is: it reads the officer's meetings with their join links, and is revoked like a key.",
        call: Call::GraphQl {
            token: "OFFICER",
            document: r"mutation {
  feedTokenCreate(input: { scope: MY_MEETINGS }) {
    url
    userErrors { code reason path message }
  }
}",
        },
        keeps: &[],
    },
];
