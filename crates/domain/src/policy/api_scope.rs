//! What an API client may do at most: each scope opens some acts of its organisation, and what is behind no scope stays to people.

use std::collections::BTreeSet;

use super::act::Act;
use crate::error::closed;

closed! {
    /// A part of its organisation's rights that an API client was given (RFC 6749, 3.3).
    ApiScope {
        /// Read contacts with their attachments, templates, incidents, mandates and response targets as the organisation reads them, and its own
        /// figures.
        ContactsRead = "contacts:read",
        /// Log contacts and act on them for the organisation, and read them.
        ContactsWrite = "contacts:write",
        /// Read of the directory what the organisation reads beyond what is public: addresses of channels, experts listed to the coalition.
        DirectoryRead = "directory:read",
        /// Read the dialogues, meetings and commitments that the organisation reads beyond what is public.
        DialoguesRead = "dialogues:read",
        /// Read the organisation's own figures of how platforms answer, and no contact.
        StatisticsRead = "statistics:read",
        /// Keep the organisation's webhook endpoints.
        WebhooksManage = "webhooks:manage",
    }
}

impl ApiScope {
    /// The scope that a client needs for an act; `None` for acts that stay to people, and for those that anyone may do.
    pub(super) const fn of(act: Act) -> Option<Self> {
        use Act as A;
        match act {
            A::ContactRead | A::ContactTemplateRead | A::FileDownload | A::IncidentRead | A::MandateRead | A::ResponseTargetRead => {
                Some(Self::ContactsRead)
            }
            A::ContactLog
            | A::ContactSend
            | A::ContactShare
            | A::ContactAcknowledge
            | A::ContactDecide
            | A::ContactAsk
            | A::ContactReply
            | A::ContactDispute
            | A::ContactClose
            | A::ContactReopen
            | A::ContactWithdraw
            | A::ContactDiscard
            | A::ContactRefer
            | A::ContactCorrect
            | A::FileUpload
            | A::ContactAttach
            | A::ContactDetach => Some(Self::ContactsWrite),
            A::ChannelAddressRead => Some(Self::DirectoryRead),
            A::ResponsivenessRead => Some(Self::StatisticsRead),
            A::MeetingFollow => Some(Self::DialoguesRead),
            A::WebhookEndpointRead
            | A::WebhookEndpointCreate
            | A::WebhookEndpointUpdate
            | A::WebhookEndpointRotate
            | A::WebhookEndpointDisable
            | A::WebhookEndpointEnable
            | A::WebhookEndpointDelete
            | A::WebhookEndpointPing
            | A::WebhookEndpointReplay => Some(Self::WebhooksManage),
            _ => None,
        }
    }
}

/// The scopes of a client, or of a token, which may have fewer.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ApiScopes(pub BTreeSet<ApiScope>);

impl ApiScopes {
    /// Whether `wanted` is among them. Who writes contacts reads them, and who reads them could count them himself.
    pub fn has(&self, wanted: ApiScope) -> bool {
        let more: &[ApiScope] = match wanted {
            ApiScope::ContactsRead => &[ApiScope::ContactsWrite],
            ApiScope::StatisticsRead => &[ApiScope::ContactsRead, ApiScope::ContactsWrite],
            _ => &[],
        };
        self.0.contains(&wanted) || more.iter().any(|scope| self.0.contains(scope))
    }

    /// Whether they open an act that is not for anyone.
    pub(super) fn open(&self, act: Act) -> bool {
        ApiScope::of(act).is_some_and(|needed| self.has(needed))
    }

    /// Those that are in both.
    #[must_use]
    pub fn narrowed(&self, to: &Self) -> Self {
        Self(self.0.intersection(&to.0).copied().collect())
    }
}

impl std::fmt::Display for ApiScopes {
    /// As the wire has it: separated by spaces (RFC 6749, 3.3).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_contacts_reads_them_and_nothing_else() {
        let write = ApiScopes(BTreeSet::from([ApiScope::ContactsWrite]));
        assert!(write.open(Act::ContactLog) && write.open(Act::ContactRead));
        assert!(!write.open(Act::ChannelAddressRead) && !write.open(Act::MembershipGrant));
        let read = ApiScopes(BTreeSet::from([ApiScope::ContactsRead]));
        assert!(read.open(Act::ContactRead) && !read.open(Act::ContactLog));
        let count = ApiScopes(BTreeSet::from([ApiScope::StatisticsRead]));
        assert!(count.open(Act::ResponsivenessRead) && !count.open(Act::ContactRead));
        assert!(write.open(Act::ResponsivenessRead) && read.open(Act::ResponsivenessRead));
    }

    #[test]
    fn what_is_behind_no_scope_stays_to_people() {
        let all = ApiScopes(ApiScope::ALL.iter().copied().collect());
        for act in [Act::UserInvite, Act::MembershipGrant, Act::AuditRead, Act::ContactExport, Act::ApiClientCreate, Act::MandateGrant] {
            assert!(!all.open(act), "{act}");
        }
    }

    #[test]
    fn narrowing_adds_nothing() {
        let all = ApiScopes(ApiScope::ALL.iter().copied().collect());
        let one = ApiScopes(BTreeSet::from([ApiScope::DirectoryRead]));
        assert_eq!(all.narrowed(&one), one);
        assert_eq!(one.narrowed(&all), one);
        let every = "contacts:read contacts:write directory:read dialogues:read statistics:read webhooks:manage";
        assert_eq!(all.to_string(), every);
    }
}
