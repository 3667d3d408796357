//! Who takes part in meetings: invited, registered, waiting, listed, there.

mod answer;
mod attend;
mod attendee;
mod forget;
mod hear;
mod invite;
mod letter;
mod list;
mod register;
mod seats;

use serde_json::{Value, json};
use tertulia_domain::{
    id::OrganisationId,
    policy::{OrganisationKind, Role},
};
use tertulia_tests::{Client, Reply, TestApp, harness::Story};

use super::{Cast, full};

/// What else front ends ask about who takes part.
const MORE: &str = "
mutation RegistrationDecide($input: RegistrationDecideInput!) { registrationDecide(input: $input) { participation { ...P } userErrors { code reason path message } } }
mutation RegistrationWithdraw($input: RegistrationWithdrawInput!) { registrationWithdraw(input: $input) { participation { ...P } userErrors { code reason path message } } }
mutation MeetingCapacitySet($input: MeetingCapacitySetInput!) { meetingCapacitySet(input: $input) { meeting { id version } userErrors { code reason path message } } }
mutation MeetingRegistrationSet($input: MeetingRegistrationSetInput!) { meetingRegistrationSet(input: $input) { meeting { id version registration { mode opensAt closesAt localOpens open participantsVisibleTo } } userErrors { code reason path message } } }
query Room($id: ID!, $filter: ParticipationFilter, $first: Int, $after: String) { meeting(id: $id) { ...M
  participants(filter: $filter, first: $first, after: $after) { totalCount nodes { ...P } pageInfo { hasNextPage endCursor } } } }
fragment M on Meeting { id version status joinUrl capacity { inPerson online inPersonTaken onlineTaken waiting reservedSeats { capacityRole mode seats } }
  interpretation { language kind confirmed } interpretationGap { language needed } viewerParticipation { ...P } }
fragment P on Participation { id status mode capacityRole listed version waitlistPosition offeredUntil interpretationNeeds accessNeeds
  organisation { id name } person { id name } actedBy { id name } meeting { id } attendedFrom attendedTo generated }
";

pub(crate) fn stories() -> Vec<Story> {
    [
        answer::stories(),
        attend::stories(),
        attendee::stories(),
        forget::stories(),
        hear::stories(),
        invite::stories(),
        letter::stories(),
        list::stories(),
        register::stories(),
        seats::stories(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Who takes part in these stories, and the meeting in question: one of a monthly dialogue in both ways, of the desk and the body.
struct Hall<'a> {
    app: &'a TestApp,
    cast: Cast,
    meeting: Value,
}

impl<'a> Hall<'a> {
    async fn of(app: &'a TestApp, visibility: &str) -> Self {
        let cast = Cast::of(app).await;
        let mut input = cast.monthly(visibility);
        input["format"] = "HYBRID".into();
        let dialogue = cast.create(input).await;
        let meeting = dialogue["upcoming"]["nodes"][0]["id"].clone();
        Self { app, cast, meeting }
    }

    /// An officer of the body, signed in.
    async fn officer(&self, name: &str) -> Client {
        self.app.member(&format!("{name}@body.example"), self.cast.body, Role::ElectoralBodyOfficer).await
    }

    /// A body of its own with one officer, signed in.
    async fn stranger(&self, name: &str) -> (Client, OrganisationId) {
        let body = self.app.organisation(OrganisationKind::ElectoralBody, name).await;
        (self.app.member(&format!("{name}@elsewhere.example"), body, Role::ElectoralBodyOfficer).await, body)
    }

    /// The version of the meeting.
    async fn version(&self) -> Value {
        self.room(&self.cast.coordinator, json!({})).await["version"].clone()
    }

    /// What a reader sees of the meeting.
    async fn room(&self, client: &Client, more: Value) -> Value {
        let mut variables = json!({ "id": self.meeting });
        variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        more_of(client, "Room", variables).await.data()["meeting"].clone()
    }

    /// Sets the seats.
    async fn seats(&self, in_person: Value, online: Value, reserved: Value) -> Reply {
        let input = json!({
            "meetingId": self.meeting, "version": self.version().await, "inPerson": in_person, "online": online, "reservedSeats": reserved,
        });
        more_of(&self.cast.coordinator, "MeetingCapacitySet", json!({ "input": input })).await
    }

    /// Opens the registration in a mode.
    async fn open(&self, mode: &str) {
        let input = json!({ "meetingId": self.meeting, "version": self.version().await, "mode": mode });
        done(more_of(&self.cast.coordinator, "MeetingRegistrationSet", json!({ "input": input })).await, "meeting");
    }

    /// Invites, as the coordinator; answers the results.
    async fn invite(&self, invitees: Value) -> Value {
        let input = json!({ "meetingId": self.meeting, "invitees": invitees });
        done(self.send(&self.cast.coordinator, "MeetingInvite", input).await, "results")
    }

    /// One of the agreed mutations.
    async fn send(&self, client: &Client, name: &str, input: Value) -> Reply {
        full(client, name, json!({ "input": input })).await
    }

    /// Registers, which must succeed.
    async fn register(&self, client: &Client, more: Value) -> Value {
        let reply = self.try_register(client, more).await;
        done(reply, "participation")
    }

    async fn try_register(&self, client: &Client, more: Value) -> Reply {
        let mut input = json!({ "meetingId": self.meeting });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.send(client, "MeetingRegister", input).await
    }

    async fn try_respond(&self, client: &Client, response: &str, more: Value) -> Reply {
        let mut input = json!({ "meetingId": self.meeting, "response": response });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.send(client, "InvitationRespond", input).await
    }

    async fn respond(&self, client: &Client, response: &str, more: Value) -> Value {
        done(self.try_respond(client, response, more).await, "participation")
    }

    /// Takes a participation back, which must succeed.
    async fn withdraw(&self, client: &Client, id: &Value) -> Value {
        let input = json!({ "input": { "participationId": id } });
        done(more_of(client, "RegistrationWithdraw", input).await, "participation")
    }

    /// What a reader sees of his own participation.
    async fn own(&self, client: &Client) -> Value {
        self.room(client, json!({})).await["viewerParticipation"].clone()
    }
}

/// One operation of [`MORE`].
async fn more_of(client: &Client, name: &str, variables: Value) -> Reply {
    client.operation(MORE, name, variables).await
}

/// The field of the only payload, which must be without faults.
fn done(reply: Reply, field: &str) -> Value {
    assert_eq!(reply.faults(), Vec::<String>::new(), "{}", reply.text);
    let data = reply.data();
    data.as_object().unwrap().values().next().unwrap()[field].clone()
}

/// Who a client is.
async fn user(client: &Client) -> Value {
    client.data("{ viewer { user { id } } }", json!({})).await["viewer"]["user"]["id"].clone()
}

fn nodes(room: &Value) -> &Vec<Value> {
    room["participants"]["nodes"].as_array().unwrap()
}

/// The names on a list, sorted.
fn names(room: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = nodes(room).iter().filter_map(|one| one["person"]["name"].as_str()).collect();
    names.sort_unstable();
    names
}
