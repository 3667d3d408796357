//! Words of what the sender says of a contact.

use super::course::Side;
use crate::error::closed;

closed! {
    /// What a contact is about.
    Kind {
        /// A request for review under the platform's own rules.
        Escalation = "ESCALATION",
        /// A notice with legal force.
        LegalNotice = "LEGAL_NOTICE",
        /// An order of a court or authority.
        LegalOrder = "LEGAL_ORDER",
        /// A request for information.
        InformationRequest = "INFORMATION_REQUEST",
        /// A question about what a rule means or why something was decided.
        PolicyQuestion = "POLICY_QUESTION",
        /// Dates, procedures, official accounts; expects no answer.
        AuthoritativeInfo = "AUTHORITATIVE_INFO",
        /// Political advertising.
        AdMatter = "AD_MATTER",
        /// Verification, recovery or protection of an official account.
        AccountSupport = "ACCOUNT_SUPPORT",
        /// A platform's warning of a threat, a network or a service incident.
        ThreatWarning = "THREAT_WARNING",
        /// A training, exercise or introduction; expects no answer.
        Training = "TRAINING",
        /// An appeal, or a review after the election.
        FollowUp = "FOLLOW_UP",
    }
}

impl Kind {
    /// Whether the sender waits for an answer. A kind that expects none enters no statistic and closes as completed.
    pub const fn expects_answer(self) -> bool {
        !matches!(self, Self::AuthoritativeInfo | Self::Training)
    }

    /// Whether `sender` sends this kind: warnings come from platforms, and a platform sends few other kinds.
    pub const fn is_sent_by(self, sender: Side) -> bool {
        match sender {
            Side::ElectoralBody => !matches!(self, Self::ThreatWarning),
            Side::Platform => matches!(self, Self::ThreatWarning | Self::InformationRequest | Self::Training | Self::FollowUp),
            Side::Coordinator => false,
        }
    }

    /// The kind in English words, for default subjects.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Escalation => "Escalation",
            Self::LegalNotice => "Legal notice",
            Self::LegalOrder => "Legal order",
            Self::InformationRequest => "Information request",
            Self::PolicyQuestion => "Policy question",
            Self::AuthoritativeInfo => "Authoritative information",
            Self::AdMatter => "Advertising matter",
            Self::AccountSupport => "Account support",
            Self::ThreatWarning => "Threat warning",
            Self::Training => "Training",
            Self::FollowUp => "Follow-up",
        }
    }
}

closed! {
    /// Who sends.
    Direction {
        /// The electoral body writes to the platform.
        EbToPlatform = "EB_TO_PLATFORM",
        /// The platform writes to the electoral body.
        PlatformToEb = "PLATFORM_TO_EB",
    }
}

impl Direction {
    /// The side that sends and owns the contact.
    pub const fn sender(self) -> Side {
        match self {
            Self::EbToPlatform => Side::ElectoralBody,
            Self::PlatformToEb => Side::Platform,
        }
    }

    /// The side that receives.
    pub const fn receiver(self) -> Side {
        match self {
            Self::EbToPlatform => Side::Platform,
            Self::PlatformToEb => Side::ElectoralBody,
        }
    }

    /// The direction in which `side` sends; the coordinator sends nothing.
    pub const fn sent_by(side: Side) -> Option<Self> {
        match side {
            Side::ElectoralBody => Some(Self::EbToPlatform),
            Side::Platform => Some(Self::PlatformToEb),
            Side::Coordinator => None,
        }
    }
}

closed! {
    /// The way a contact took.
    Medium {
        /// E-mail.
        Email = "EMAIL",
        /// A public or partner web form.
        Form = "FORM",
        /// A partner portal.
        Portal = "PORTAL",
        /// A call.
        Phone = "PHONE",
        /// A meeting.
        Meeting = "MEETING",
        /// A messaging group or direct message.
        Messaging = "MESSAGING",
        /// A programming interface.
        Api = "API",
        /// A letter on paper.
        Letter = "LETTER",
    }
}

closed! {
    /// The legal ground of a contact. Never pooled in statistics: a request under a platform's terms and an order differ.
    LegalBasis {
        /// The platform's own rules.
        PlatformTerms = "PLATFORM_TERMS",
        /// National law.
        NationalLaw = "NATIONAL_LAW",
        /// An order of a court.
        CourtOrder = "COURT_ORDER",
        /// A notice under article 16 of the EU's Digital Services Act.
        DsaArt16 = "DSA_ART16",
        /// A trusted flagger's notice under article 22 of the EU's Digital Services Act.
        DsaTrustedFlagger = "DSA_TRUSTED_FLAGGER",
        /// None.
        None = "NONE",
    }
}

closed! {
    /// How soon an answer is needed.
    Urgency {
        /// Danger to people, or polling is under way.
        Critical = "CRITICAL",
        /// Loses its point within a day.
        High = "HIGH",
        /// The usual case.
        Normal = "NORMAL",
        /// Can wait.
        Low = "LOW",
    }
}

closed! {
    /// What the matter is, at the first level.
    IssueType {
        /// False times, places, documents or ways of voting.
        VotingProcedure = "VOTING_PROCEDURE",
        /// Keeping people from taking part.
        ParticipationInterference = "PARTICIPATION_INTERFERENCE",
        /// Encouraging fraud.
        FraudIncitement = "FRAUD_INCITEMENT",
        /// Denying results without ground.
        ResultDelegitimisation = "RESULT_DELEGITIMISATION",
        /// Posing as the electoral body.
        EbImpersonation = "EB_IMPERSONATION",
        /// Threats to or harassment of officials.
        OfficialsThreatOrHarassment = "OFFICIALS_THREAT_OR_HARASSMENT",
        /// Violence or hate.
        ViolenceOrHate = "VIOLENCE_OR_HATE",
        /// A breach of the silence period or of campaign rules.
        SilenceOrCampaignRule = "SILENCE_OR_CAMPAIGN_RULE",
        /// Political advertising that does not say what it is.
        PoliticalAdTransparency = "POLITICAL_AD_TRANSPARENCY",
        /// Coordinated inauthentic behaviour.
        CoordinatedInauthentic = "COORDINATED_INAUTHENTIC",
        /// Interference from abroad.
        ForeignInterference = "FOREIGN_INTERFERENCE",
        /// Abuse because of gender.
        GenderedAbuse = "GENDERED_ABUSE",
        /// Publishing private or leaked data.
        DoxingOrLeak = "DOXING_OR_LEAK",
        /// Something else.
        Other = "OTHER",
    }
}

closed! {
    /// Who reads a contact, once it is sent. A contact that was never sent is its sender's only.
    Visibility {
        /// Both sides' organisations and the coordinator.
        Parties = "PARTIES",
        /// The sender's organisation.
        Organisation = "ORGANISATION",
        /// The persons listed.
        Named = "NAMED",
    }
}

impl Visibility {
    /// Whether the audit log tells of each who reads it (DOMAIN 2, 4.5: TLP red).
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Named)
    }
}

closed! {
    /// What a piece of content is.
    ContentType {
        /// Text.
        Text = "TEXT",
        /// A still image.
        Image = "IMAGE",
        /// Video.
        Video = "VIDEO",
        /// Audio.
        Audio = "AUDIO",
        /// Made or altered by a machine to look real.
        SyntheticMedia = "SYNTHETIC_MEDIA",
        /// A live broadcast.
        Live = "LIVE",
        /// An advertisement.
        Ad = "AD",
        /// An account.
        Account = "ACCOUNT",
        /// A group.
        Group = "GROUP",
        /// A channel.
        Channel = "CHANNEL",
        /// Something else.
        Other = "OTHER",
    }
}
