//! Reminders by mail: a week and a day before a meeting, once each, in the recipient's zone and language.

use chrono::TimeDelta;
use serde_json::json;
use tertulia_app::dialogue::reminder;
use tertulia_domain::{
    directory::organisation::OrganisationDraft,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{TestApp, stories};

use super::{Cast, done, send};

stories![
    each_is_reminded_twice_in_his_own_words,
    an_organisation_is_asked_for_its_answer_until_somebody_gives_it,
    a_meeting_that_moves_is_reminded_of_anew,
    nobody_is_reminded_of_what_does_not_take_place
];

/// Sends what is due, as several servers do at once, whose workers run besides.
async fn remind(app: &TestApp) {
    let ctx = app.app.system();
    for _ in 0..3 {
        reminder::send(&app.app, &ctx).await.unwrap();
    }
}

/// The reminders to an address so far, without the invitations and entries for calendars that go to it too.
async fn reminders(app: &TestApp, to: &str) -> Vec<String> {
    let mut mails = app.mails(to).await;
    mails.retain(|mail| !mail.contains("text/calendar") && !subject(mail).starts_with("Invitation: "));
    mails
}

/// A mail's subject, as people read it.
fn subject(mail: &str) -> &str {
    mail.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap()
}

async fn each_is_reminded_twice_in_his_own_words(app: &TestApp) {
    let cast = Cast::of(app).await;
    let draft = OrganisationDraft {
        kind: Some(OrganisationKind::UnEntity),
        names: vec![("en".to_owned(), "A desk in Lima".to_owned())],
        time_zone: Some("America/Lima".to_owned()),
        languages: vec!["qu".to_owned(), "es".to_owned()],
        ..OrganisationDraft::default()
    };
    let lima = tertulia_app::directory::organisation::create(&app.app, &app.app.system(), Ok(draft), None).await.unwrap().id;
    app.account("lima@desk.example", lima, Role::Expert).await;
    let mut input = cast.monthly("PUBLIC");
    input["conveners"] = json!([cast.desk.to_string(), lima.to_string()]);
    cast.create(input).await;
    // The first meeting begins on 16 October at two in the morning (UTC); the story on 2 March at nine.
    app.advance(TimeDelta::days(220));
    remind(app).await;
    assert_eq!(reminders(app, "coordinator@desk.example").await.len(), 0);
    app.advance(TimeDelta::hours(17));
    remind(app).await;
    let (here, there) = (reminders(app, "coordinator@desk.example").await, reminders(app, "lima@desk.example").await);
    assert_eq!((here.len(), there.len()), (1, 1));
    assert_eq!(subject(&here[0]), "In a week: Monthly");
    assert!(here[0].contains("Monthly begins on 2026-10-15 at 19:00 (America/Los_Angeles)."), "{}", here[0]);
    assert!(here[0].contains("- Nobody is invited."), "{}", here[0]);
    assert_eq!(subject(&there[0]), "En una semana: Mensual");
    assert!(there[0].contains("Mensual comienza el 2026-10-15 a las 21:00 (America/Lima)."), "{}", there[0]);
    app.advance(TimeDelta::days(3));
    remind(app).await;
    assert_eq!(reminders(app, "lima@desk.example").await.len(), 1);
    app.advance(TimeDelta::days(3));
    remind(app).await;
    app.advance(TimeDelta::hours(1));
    remind(app).await;
    let there = reminders(app, "lima@desk.example").await;
    assert_eq!(there.len(), 2, "{there:?}");
    // Members who do not organise and were not invited are not written to.
    assert_eq!(reminders(app, "officer@body.example").await.len(), 0);
}

async fn an_organisation_is_asked_for_its_answer_until_somebody_gives_it(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"] = json!({ "localStart": "2026-03-09T08:00", "timeZone": "UTC", "rule": "FREQ=DAILY;COUNT=1" });
    let meeting = cast.create(input).await["upcoming"]["nodes"][0]["id"].clone();
    app.account("colleague@body.example", cast.body, Role::ElectoralBodyOfficer).await;
    let invitees = json!([{ "organisationId": cast.body.to_string() }, { "organisationId": cast.platform.to_string() }]);
    done(&cast.coordinator, "MeetingInvite", "participations", json!({ "meetingId": meeting, "invitees": invitees })).await;
    let answer = json!({ "meetingId": meeting, "response": "ACCEPTED" });
    done(&cast.stranger, "InvitationRespond", "participation", answer.clone()).await;
    remind(app).await;
    for member in ["officer@body.example", "colleague@body.example"] {
        let mails = reminders(app, member).await;
        assert_eq!(mails.len(), 1, "{member}");
        assert!(mails[0].contains("You are invited and have not answered yet."), "{}", mails[0]);
    }
    let coming = reminders(app, "rep@platform.example").await;
    assert!(coming.len() == 1 && !coming[0].contains("have not answered"), "{coming:?}");
    done(&cast.officer, "InvitationRespond", "participation", answer).await;
    app.advance(TimeDelta::days(6));
    remind(app).await;
    assert_eq!((reminders(app, "officer@body.example").await.len(), reminders(app, "colleague@body.example").await.len()), (2, 1));
}

async fn a_meeting_that_moves_is_reminded_of_anew(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"] = json!({ "localStart": "2026-03-09T08:00", "timeZone": "UTC", "rule": "FREQ=DAILY;COUNT=1" });
    let meeting = cast.create(input).await["upcoming"]["nodes"][0].clone();
    remind(app).await;
    assert_eq!(reminders(app, "coordinator@desk.example").await.len(), 1);
    let moved = json!({ "meetingId": meeting["id"], "localStart": "2026-03-20T08:00:00", "timeZone": "UTC", "version": 1 });
    assert_eq!(send(&cast.coordinator, "MeetingReschedule", moved).await.faults(), Vec::<String>::new());
    remind(app).await;
    assert_eq!(reminders(app, "coordinator@desk.example").await.len(), 1);
    app.advance(TimeDelta::days(11));
    remind(app).await;
    let mails = reminders(app, "coordinator@desk.example").await;
    assert_eq!(mails.len(), 2);
    assert!(mails[1].contains("2026-03-20 at 08:00 (UTC)"), "{}", mails[1]);
}

async fn nobody_is_reminded_of_what_does_not_take_place(app: &TestApp) {
    let cast = Cast::of(app).await;
    let mut input = cast.monthly("PUBLIC");
    input["recurrence"] = json!({ "localStart": "2026-03-12T08:00", "timeZone": "UTC", "rule": "FREQ=DAILY;COUNT=1" });
    let meeting = cast.create(input).await["upcoming"]["nodes"][0].clone();
    let cancelled = send(&cast.coordinator, "MeetingCancel", json!({ "meetingId": meeting["id"], "version": 1 })).await;
    assert_eq!(cancelled.faults(), Vec::<String>::new());
    app.advance(TimeDelta::days(4));
    remind(app).await;
    assert_eq!(reminders(app, "coordinator@desk.example").await.len(), 0);
}
