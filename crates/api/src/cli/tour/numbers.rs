//! The part of the tour in which one's own figures are read, and others' are asked for as a release.

use super::script::{Call, Keep, Step};

/// From one's own figures to a release that is taken back.
pub(super) const STEPS: &[Step] = &[
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
        title: "Ask for a release of what was generated",
        text: "A release tells what happened. The demo's contacts of these months never did, so it is refused.",
        call: Call::Refused {
            token: "COORDINATOR",
            document: r#"mutation {
  statisticReleasePropose(input: {
    title: [{ language: "en", text: "Half a year" }], period: { from: "$LAST-07-01", to: "$THIS-01-01" }, platformIds: ["$AGORA"]
  }) {
    statisticRelease { id }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
    Step {
        title: "Propose a release",
        text: "Of a month without generated contacts. From ten contacts of three bodies on a number is told, and others are hidden with it if they would give a smaller one away.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  statisticReleasePropose(input: {
    title: [{ language: "en", text: "June 2024" }], period: { from: "2024-06-01", to: "2024-07-01" }, platformIds: ["$AGORA"]
  }) {
    statisticRelease { id title thresholds { contacts electoralBodies } publishedAt }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[Keep::Id("RELEASE", "release")],
    },
    Step {
        title: "Wait for its numbers",
        text: "The servers work them out, and `progress` says how far they are. Then the named platforms have ten working days to comment, and another person publishes it.",
        call: Call::Until {
            token: "COORDINATOR",
            document: r#"{ statisticRelease(id: "$RELEASE") { status progress commentsUntil platforms { name } version } }"#,
            says: "PROPOSED",
        },
        keeps: &[],
    },
    Step {
        title: "Take it back",
        text: "In that month nobody sent anything, so nothing is told. The platforms read why it was taken back.",
        call: Call::GraphQl {
            token: "COORDINATOR",
            document: r#"mutation {
  statisticReleaseWithdraw(input: { statisticReleaseId: "$RELEASE", version: 1, reason: "There is nothing to tell" }) {
    statisticRelease { status withdrawalReason }
    userErrors { code reason path message }
  }
}"#,
        },
        keeps: &[],
    },
];
