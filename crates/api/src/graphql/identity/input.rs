//! What clients send about memberships.

use async_graphql::{ID, InputObject};
use secrecy::SecretString;
use tertulia_app::{
    identity::membership::{NewCover, NewMember},
    person::Erase,
};

use super::Role;
use crate::graphql::scalar::CountryCode;

/// A person to be invited into an organisation.
#[derive(InputObject)]
pub(super) struct UserInviteInput {
    /// The person's e-mail address.
    email: String,
    /// The person's name; the person may choose another one.
    name: String,
    /// The organisation.
    organisation_id: ID,
    /// The role; it must fit the kind of organisation.
    role: Role,
    /// Platforms only: the countries of electoral bodies that the membership covers, at most 300; none until set.
    countries: Option<Vec<CountryCode>>,
    /// Platforms only: every country, now and later, in the place of `countries`.
    all_countries: Option<bool>,
    /// Platforms only: the platform's services that the membership covers, at most 300; none until set.
    services: Option<Vec<ID>>,
    /// Platforms only: every service, now and later, in the place of `services`.
    all_services: Option<bool>,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    pub(super) idempotency_key: Option<String>,
}

/// A person who has an account and is to get a role in an organisation.
#[derive(InputObject)]
pub(super) struct MembershipGrantInput {
    /// The e-mail address by which the person signs in.
    email: String,
    /// The person's name, for your own check; the account's name stays.
    name: String,
    /// The organisation.
    organisation_id: ID,
    /// The role; it must fit the kind of organisation.
    role: Role,
    /// Platforms only: the countries of electoral bodies that the membership covers, at most 300; none until set.
    countries: Option<Vec<CountryCode>>,
    /// Platforms only: every country, now and later, in the place of `countries`.
    all_countries: Option<bool>,
    /// Platforms only: the platform's services that the membership covers, at most 300; none until set.
    services: Option<Vec<ID>>,
    /// Platforms only: every service, now and later, in the place of `services`.
    all_services: Option<bool>,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    pub(super) idempotency_key: Option<String>,
}

/// A membership to be ended.
#[derive(InputObject)]
pub(super) struct MembershipRevokeInput {
    /// The membership.
    pub(super) membership_id: ID,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    pub(super) idempotency_key: Option<String>,
}

/// What a platform's membership is to cover, in the place of what it covered.
#[derive(InputObject)]
pub(super) struct MembershipCoverInput {
    /// The membership.
    pub(super) membership_id: ID,
    /// The countries of electoral bodies, at most 300.
    countries: Option<Vec<CountryCode>>,
    /// Every country, now and later, in the place of `countries`.
    all_countries: Option<bool>,
    /// The platform's services, at most 300.
    services: Option<Vec<ID>>,
    /// Every service, now and later, in the place of `services`.
    all_services: Option<bool>,
    /// Makes it safe to send the same act again: 1 to 100 characters of your choice, kept 30 days.
    pub(super) idempotency_key: Option<String>,
}

/// Who is to be erased.
#[derive(InputObject)]
pub(super) struct UserEraseInput {
    /// The user who has left; yourself if left out.
    user_id: Option<ID>,
    /// Your password, to confirm that you want to be erased; not needed for somebody else.
    password: Option<String>,
}

impl From<UserEraseInput> for Erase {
    fn from(input: UserEraseInput) -> Self {
        Self { user_id: input.user_id.map(|id| id.to_string()), password: input.password.map(SecretString::from) }
    }
}

fn cover(all_countries: Option<bool>, countries: Option<&[CountryCode]>, all_services: Option<bool>, services: Option<&[ID]>) -> NewCover {
    NewCover {
        all_countries: all_countries.unwrap_or_default(),
        countries: countries.unwrap_or_default().iter().map(|code| code.0.clone()).collect(),
        all_services: all_services.unwrap_or_default(),
        services: services.unwrap_or_default().iter().map(|id| id.to_string()).collect(),
    }
}

impl UserInviteInput {
    pub(super) fn member(&self) -> NewMember {
        NewMember {
            email: self.email.clone(),
            name: self.name.clone(),
            organisation_id: self.organisation_id.to_string(),
            role: self.role.into(),
            cover: cover(self.all_countries, self.countries.as_deref(), self.all_services, self.services.as_deref()),
        }
    }
}

impl MembershipGrantInput {
    pub(super) fn member(&self) -> NewMember {
        NewMember {
            email: self.email.clone(),
            name: self.name.clone(),
            organisation_id: self.organisation_id.to_string(),
            role: self.role.into(),
            cover: cover(self.all_countries, self.countries.as_deref(), self.all_services, self.services.as_deref()),
        }
    }
}

impl MembershipCoverInput {
    pub(super) fn cover(&self) -> NewCover {
        cover(self.all_countries, self.countries.as_deref(), self.all_services, self.services.as_deref())
    }
}
