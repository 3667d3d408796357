//! Logging, sending, sharing, correcting, commenting and attaching.

use async_graphql::{Context, Object, SimpleObject};
use tertulia_app::engagement::contact::{self, Attach, Correction, Detach, NewComment, ResolvePlatform, Send, Share};
use tertulia_domain::{
    Code, Result, engagement::contact::Contact as Domain, engagement::new_contact::id, engagement::vocabulary::Visibility,
};

use super::{
    at_hand::Contact,
    input::{
        ContactAttachInput, ContactCommentInput, ContactCorrectInput, ContactDetachInput, ContactResolvePlatformInput, ContactSendInput,
        ContactShareInput,
    },
    log_input::ContactLogInput,
};
use crate::graphql::{
    Resolving,
    payload::{UserError, payload, user_errors},
};

/// What an act on a contact answers.
#[derive(SimpleObject)]
pub struct ContactPayload {
    /// The contact as it is now; null if the act was refused, except with `VERSION_MISMATCH`.
    contact: Option<Contact>,
    /// Why the act was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// The answer to an act. With a stale version the contact as it is now comes with the refusal.
pub(super) async fn answer(ctx: &Context<'_>, result: Result<Domain>, typed: &str) -> Option<Result<ContactPayload>> {
    match (result, id(typed)) {
        (Err(error), Ok(id)) if error.code == Code::VersionMismatch => {
            let current = contact::get(ctx.app(), ctx.caller(), id).await;
            Some(current.map(|current| ContactPayload { contact: current.map(Contact::from), user_errors: user_errors(error) }))
        }
        (result, _) => payload(result, |contact, user_errors| ContactPayload { contact: contact.map(Contact::from), user_errors }),
    }
}

/// Logging, sending, sharing, correcting and commenting.
#[derive(Default)]
pub(super) struct ContactMutation;

#[Object]
impl ContactMutation {
    /// Logs a contact: a draft, one that was sent (with `sentAt`), or one whose history is entered afterwards (with `history`). Who:
    /// COORDINATOR (under a mandate of the electoral body), ELECTORAL_BODY_OFFICER (of the organisation that owns it),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The contact.")] input: ContactLogInput,
    ) -> Option<Result<ContactPayload>> {
        answer(ctx, contact::log(ctx.app(), ctx.caller(), input.into()).await, "").await
    }

    /// Tells that a draft was sent; from now on the other side reads it, unless you choose otherwise. Of what the coordinator logged
    /// under a mandate, tells the same yourself, so that statistics count it. Who: ELECTORAL_BODY_OFFICER (of the organisation that owns
    /// it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_REPRESENTATIVE (of the organisation that owns it),
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn contact_send(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactSendInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, named_readers) = (input.act.contact(), texts(input.named_readers));
        let send = Send { telling: input.act.into(), visibility: input.visibility.map(Into::into), named_readers };
        answer(ctx, contact::send(ctx.app(), ctx.caller(), send).await, &typed).await
    }

    /// Sets who reads a contact: wider at any time, narrower only as long as the other side has not read it. Who:
    /// ELECTORAL_BODY_OFFICER (of the organisation that owns it), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns
    /// it), PLATFORM_REPRESENTATIVE (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns
    /// it).
    async fn contact_share(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: ContactShareInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, named_readers) = (input.act.contact(), texts(input.named_readers));
        let visibility = input.visibility.map_or(Visibility::Parties, Into::into);
        let share = Share { telling: input.act.into(), visibility, named_readers };
        answer(ctx, contact::share(ctx.app(), ctx.caller(), share).await, &typed).await
    }

    /// Corrects a fact of your own side: a new fact supersedes it, and both stay in the history. Who: ELECTORAL_BODY_OFFICER
    /// (of either party), ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party),
    /// PLATFORM_ADMINISTRATOR (of either party).
    async fn contact_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The correction.")] input: ContactCorrectInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, transition) = (input.act.contact(), input.transition_id.to_string());
        let correction = Correction { telling: input.act.because(input.reason), transition, decision: input.decision.map(Into::into) };
        answer(ctx, contact::correct(ctx.app(), ctx.caller(), correction).await, &typed).await
    }

    /// Writes to the other side about a contact; both sides read it. Who: ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party).
    async fn contact_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment.")] input: ContactCommentInput,
    ) -> Option<Result<ContactPayload>> {
        let typed = input.act.contact();
        let comment = NewComment { telling: input.act.into(), text: input.text };
        answer(ctx, contact::comment(ctx.app(), ctx.caller(), comment).await, &typed).await
    }

    /// Attaches a file, as evidence that both sides read as long as they read the contact. Of both sides together a contact has at most
    /// 20 attachments and 100 MiB (the operator may set other bounds). Who: ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party).
    async fn contact_attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attachment.")] input: ContactAttachInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, file) = (input.act.contact(), input.file_id.to_string());
        answer(ctx, contact::attach(ctx.app(), ctx.caller(), Attach { telling: input.act.into(), file }).await, &typed).await
    }

    /// Takes an attachment of your own side back. From a contact that was never sent it goes; afterwards that is noted beside it with your
    /// reason, and both sides still read it. Who: ELECTORAL_BODY_OFFICER (of either party),
    /// ELECTORAL_BODY_ADMINISTRATOR (of either party), PLATFORM_REPRESENTATIVE (of either party), PLATFORM_ADMINISTRATOR (of
    /// either party).
    async fn contact_detach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attachment.")] input: ContactDetachInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, attachment) = (input.act.contact(), input.attachment_id.to_string());
        let detach = Detach { telling: input.act.saying(input.reason), attachment };
        answer(ctx, contact::detach(ctx.app(), ctx.caller(), detach).await, &typed).await
    }

    /// Says which service a contact is about whose sender gave a name only; from then on the platform reads it. Who:
    /// COORDINATOR.
    async fn contact_resolve_platform(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service.")] input: ContactResolvePlatformInput,
    ) -> Option<Result<ContactPayload>> {
        let (typed, service) = (input.act.contact(), input.platform_service_id.to_string());
        let resolve = ResolvePlatform { telling: input.act.into(), service };
        answer(ctx, contact::resolve_platform(ctx.app(), ctx.caller(), resolve).await, &typed).await
    }
}

fn texts(ids: Option<Vec<async_graphql::ID>>) -> Vec<String> {
    ids.unwrap_or_default().into_iter().map(|id| id.to_string()).collect()
}
