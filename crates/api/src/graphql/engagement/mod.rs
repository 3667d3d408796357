//! Engagement: the contact log, incidents and mandates.

pub mod at_hand;
pub mod attachment;
pub mod connection;
pub mod contact;
pub mod contact_import;
pub mod contact_template;
pub mod history;
pub mod incident;
pub mod incident_input;
pub mod incident_load;
pub mod incident_mutation;
pub mod incident_query;
pub mod input;
pub mod load;
pub mod log_input;
pub mod mandate;
pub mod mutation;
pub mod parts;
pub mod party;
pub mod query;
pub mod response_target;
pub mod response_target_input;
pub mod response_target_mutation;
pub mod responsiveness;
pub mod statistic_cell;
pub mod statistic_release;
pub mod statistic_release_load;
pub mod statistic_release_mutation;
pub mod statistic_release_query;
pub mod steps;
pub mod subscription;
pub mod words;

pub use at_hand::Contact;
pub use attachment::ContactAttachment;
pub use connection::ContactConnection;
pub use contact_import::{ContactImport, ContactImportRow};
pub use contact_template::ContactTemplate;
pub use incident::Incident;
pub use input::ContactFilter;
pub use mandate::Mandate;
pub use mutation::ContactPayload;
pub use response_target::ResponseTarget;
pub use statistic_release::StatisticRelease;
pub use subscription::ContactSubscription;

use async_graphql::MergedObject;

/// Queries of the contact log, of incidents, of mandates, response targets, figures and statistic releases.
#[derive(MergedObject, Default)]
pub struct EngagementQuery(
    query::ContactQuery,
    contact_import::ContactImportQuery,
    contact_template::ContactTemplateQuery,
    incident_query::IncidentQuery,
    mandate::MandateQuery,
    response_target_mutation::ResponseTargetQuery,
    statistic_release_query::StatisticReleaseQuery,
    responsiveness::ResponsivenessQuery,
);

/// Mutations of the contact log, of incidents, of mandates, response targets and statistic releases.
#[derive(MergedObject, Default)]
pub struct EngagementMutation(
    mutation::ContactMutation,
    contact_import::ContactImportMutation,
    contact_template::ContactTemplateMutation,
    steps::ContactStepMutation,
    incident_mutation::IncidentMutation,
    mandate::MandateMutation,
    response_target_mutation::ResponseTargetMutation,
    statistic_release_mutation::StatisticReleaseMutation,
);
