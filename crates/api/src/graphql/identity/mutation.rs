//! Inviting, granting, revoking.

use async_graphql::{Context, ID, Object, SimpleObject};
use secrecy::ExposeSecret;
use tertulia_app::{
    identity::{
        invitation::{self, Invited},
        membership,
    },
    person,
};
use tertulia_domain::{Result, identity};

use super::{
    Membership, Role, User,
    input::{MembershipCoverInput, MembershipGrantInput, MembershipRevokeInput, UserEraseInput, UserInviteInput},
    membership::organisation,
};
use crate::graphql::{
    Resolving,
    directory::Organisation,
    payload::{UserError, payload},
    scalar::{DateTime, Url},
};

/// An invitation to take a membership.
pub(super) struct Invitation(identity::Invitation);

/// An invitation to take a membership. The person accepts it with the token of its link, by `POST /v1/invitations/accept`.
#[Object]
impl Invitation {
    /// The invitation's id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The address of who is invited.
    async fn email(&self) -> &str {
        self.0.person.email.as_str()
    }

    /// The name of who is invited.
    async fn name(&self) -> &str {
        &self.0.person.name
    }

    /// The role of the membership.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The organisation of the membership.
    async fn organisation(&self, ctx: &Context<'_>) -> Option<Result<Organisation>> {
        organisation(ctx, self.0.organisation).await.transpose()
    }

    /// Until when it can be accepted: seven days.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was accepted; null until then.
    async fn accepted_at(&self) -> Option<DateTime> {
        self.0.accepted_at.map(DateTime)
    }
}

/// What `userInvite` answers.
#[derive(SimpleObject)]
pub(super) struct UserInvitePayload {
    /// The invitation; null if it was refused.
    invitation: Option<Invitation>,
    /// The link, shown once and only where this server sends no mail by itself: hand it to the person. Null where the person
    /// gets it by mail, so that nobody can accept in another's place, and when an idempotency key is used again.
    accept_url: Option<Url>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// What an act on a membership answers.
#[derive(SimpleObject)]
pub(super) struct MembershipPayload {
    /// The membership as it is now; null if the act was refused.
    membership: Option<Membership>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

/// What `userErase` answers.
#[derive(SimpleObject)]
pub(super) struct UserErasePayload {
    /// What is left of the account; null if it was refused.
    user: Option<User>,
    /// Why it was refused; empty if it was done.
    user_errors: Vec<UserError>,
}

fn answer(result: Result<identity::Membership>) -> Option<Result<MembershipPayload>> {
    payload(result, |membership, user_errors| MembershipPayload { membership: membership.map(Membership), user_errors })
}

/// Inviting, granting, revoking.
#[derive(Default)]
pub(super) struct PeopleMutation;

#[Object]
impl PeopleMutation {
    /// Invites a person to take a membership, whether the person has an account or not. The link goes to the person by mail;
    /// the organisation's administrators are told. The coordinator invites the first administrator of an electoral body or a
    /// platform, people of the own desk and experts. Nobody invites himself. A newer invitation into the same role replaces
    /// the older one; whoever invited must still be entitled to when it is accepted. Who: COORDINATOR (where there is no
    /// administrator yet), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn user_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, where, as what.")] input: UserInviteInput,
    ) -> Option<Result<UserInvitePayload>> {
        let result = invitation::invite(ctx.app(), ctx.caller(), &input.member(), input.idempotency_key.as_deref()).await;
        payload(result, |invited, user_errors| {
            let (invitation, accept_url) = invited.map(|Invited { invitation, accept_url }| (Invitation(invitation), accept_url)).unzip();
            let accept_url = accept_url.flatten().map(|url| Url(url.expose_secret().to_owned()));
            UserInvitePayload { invitation, accept_url, user_errors }
        })
    }

    /// Gives a person who has an account a role in an organisation, at once; whoever has none, or has not accepted an
    /// invitation yet, is invited instead (`email`, `UNKNOWN_ID`). The organisation's administrators are told. Nobody grants to
    /// himself. Who: COORDINATOR (where there is no administrator yet), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that
    /// owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn membership_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To whom, where, as what.")] input: MembershipGrantInput,
    ) -> Option<Result<MembershipPayload>> {
        answer(membership::grant(ctx.app(), ctx.caller(), &input.member(), input.idempotency_key.as_deref()).await)
    }

    /// Ends a membership. It gives no right from this moment on, on open sockets too. The last administrator of an
    /// organisation cannot go before another one has the role (`INVALID_TRANSITION`). Who: COORDINATOR (where there is no
    /// administrator yet), ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the
    /// organisation that owns it).
    async fn membership_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: MembershipRevokeInput,
    ) -> Option<Result<MembershipPayload>> {
        answer(membership::revoke(ctx.app(), ctx.caller(), &input.membership_id, input.idempotency_key.as_deref()).await)
    }

    /// Sets which countries and services a membership of the platform covers, in the place of what it covered. Who:
    /// PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn membership_cover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what it is to cover.")] input: MembershipCoverInput,
    ) -> Option<Result<MembershipPayload>> {
        let key = input.idempotency_key.as_deref();
        answer(membership::cover(ctx.app(), ctx.caller(), &input.membership_id, &input.cover(), key).await)
    }

    /// Takes a person out of his account, at once and for good (GDPR, art. 17): name, address, password, access and interpretation
    /// needs, the profile as an expert, and the name where the person speaks at meetings. Sessions and sockets, memberships, open
    /// invitations and private calendars end; seats at meetings ahead go to who waits; mail on its way to the person is dropped. The
    /// record stays whole, with every hash: it knows the id of the account only, and from now on `person`, `user` and `actedBy` are
    /// null for it. Texts that people wrote stay as they are. Yourself, confirmed by your password (`password`, `FORBIDDEN`, if it is
    /// not); somebody who has left (`INVALID_TRANSITION` while a membership is in force), if the last membership that ended was one
    /// that you keep. The last administrator of an organisation stays until another one has the role. Take out what is kept about you
    /// before, by `GET /v1/me/data`. Who: anyone signed in (about oneself), COORDINATOR (where there is no administrator yet),
    /// ELECTORAL_BODY_ADMINISTRATOR (of the organisation that owns it), PLATFORM_ADMINISTRATOR (of the organisation that owns it).
    async fn user_erase(&self, ctx: &Context<'_>, #[graphql(desc = "Whom.")] input: UserEraseInput) -> Option<Result<UserErasePayload>> {
        let result = person::erase(ctx.app(), ctx.caller(), &input.into()).await;
        payload(result, |user, user_errors| UserErasePayload { user: user.map(User), user_errors })
    }
}
