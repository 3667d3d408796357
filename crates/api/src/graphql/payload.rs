//! What a mutation answers when it refuses: `userErrors` beside the object, the rest in the response's `errors`.

use async_graphql::{Enum, SimpleObject};
use tertulia_domain::{Error, Result, error::Fault};

/// What went wrong, for a program to act on. The list is closed; new codes come with a new major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::Code")]
pub enum ErrorCode {
    /// The input breaks a rule; `path` and `reason` say where and which.
    InvalidInput,
    /// The GraphQL document cannot be parsed or does not fit the schema.
    InvalidDocument,
    /// The document of this hash is not kept; send it once more with its text. Only in `errors`.
    PersistedQueryNotFound,
    /// This server keeps no documents; send the text each time. Only in `errors`.
    PersistedQueryNotSupported,
    /// This server runs only the documents on its list, and this is none of them. Only in `errors`.
    DocumentNotListed,
    /// There is no such object, or none that you may read.
    NotFound,
    /// Sign in, or sign in again: the token is missing, bad or expired. Only in `errors`.
    Unauthenticated,
    /// You may read this but not do that.
    Forbidden,
    /// The request contradicts what is stored, as an idempotency key used again with another input.
    Conflict,
    /// Somebody else changed the object since you read it; read it again and decide anew.
    VersionMismatch,
    /// The object's state does not allow the act.
    InvalidTransition,
    /// Too many requests; try again after `retryAfter` seconds. Only in `errors`.
    RateLimited,
    /// The request is larger than a documented limit.
    LimitExceeded,
    /// The server cannot answer now; try again. Only in `errors`.
    Unavailable,
    /// A fault of the server; tell the operator the `incident` id. Only in `errors`.
    Internal,
}

/// Why one value was refused, for a front end to translate. The list is closed; new reasons come with a new major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "tertulia_domain::Reason")]
pub enum ErrorReason {
    /// A value is missing.
    Required,
    /// A text, list or number of bytes is over its limit.
    TooLong,
    /// A text or list is under its minimum.
    TooShort,
    /// The value has not the form that is asked for.
    Malformed,
    /// The text holds control, bidirectional-override or unassigned characters.
    ForbiddenCharacter,
    /// The number or date is outside its range.
    OutOfRange,
    /// The moment lies in the future.
    InFuture,
    /// The moment lies in the past.
    InPast,
    /// The moment lies before the step it follows.
    BeforePrevious,
    /// No object that you may read has this id.
    UnknownId,
    /// The id names another kind of object.
    WrongKind,
    /// The value is not one of those possible here.
    NotAnOption,
    /// The value stands twice, or is taken.
    Duplicate,
    /// Two values contradict each other.
    Contradiction,
    /// Your roles do not allow it.
    NotPermitted,
    /// You must sign in.
    SignInRequired,
    /// The version stated is not the current one.
    StaleVersion,
    /// The idempotency key was used with another input.
    KeyReused,
    /// The object's state does not allow it.
    NotAllowedNow,
    /// It has been done before and can be done once.
    AlreadyDone,
    /// It has expired or was revoked.
    Expired,
    /// The organisation is locked: nobody acts for it until the coordinator unlocks it.
    Locked,
    /// Too many at once or in too short a time.
    TooMany,
    /// The server is at fault.
    ServerFault,
}

/// One reason why a mutation was refused. A refused mutation changed nothing; every fault of its input is listed at once.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// The class of the refusal.
    pub code: ErrorCode,
    /// Why this value was refused.
    pub reason: ErrorReason,
    /// Where the value stands, from `input` on, list indexes as decimal text: `["input", "items", "2", "url"]`.
    pub path: Vec<String>,
    /// The same in words for a person, in English.
    pub message: String,
}

/// The value of a use case, or its refusal as `userErrors`; what is no user's fault stays an error.
pub fn split<T>(result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(error) if error.code.is_users() => Ok((None, user_errors(error))),
        Err(error) => Err(error),
    }
}

/// A mutation's answer: `make` builds the payload from the changed object, if there is one, and the `userErrors`. A nullable
/// field that can fail is an option of a result: otherwise the library leaves its key out.
pub fn payload<T, P>(result: Result<T>, make: impl FnOnce(Option<T>, Vec<UserError>) -> P) -> Option<Result<P>> {
    Some(split(result).map(|(value, errors)| make(value, errors)))
}

/// Every fault of a refusal.
pub fn user_errors(error: Error) -> Vec<UserError> {
    let code = error.code.into();
    let entry = |fault: Fault| {
        let path = std::iter::once("input".to_owned()).chain(fault.path).collect();
        UserError { code, reason: fault.reason.into(), path, message: fault.message }
    };
    error.faults.into_iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use tertulia_domain::{Code, Faults, Reason};

    use super::*;

    #[test]
    fn lists_every_fault_below_input() {
        let mut faults = Faults::default();
        faults.add(Reason::Required, "kind", "Say which kind.");
        faults.add(Reason::Malformed, "items.2.url", "This is no address.");
        let (value, errors) = split::<()>(faults.finish()).expect("a user's fault");
        assert_eq!(value, None);
        let paths: Vec<String> = errors.iter().map(|error| error.path.join("/")).collect();
        assert_eq!(paths, ["input/kind", "input/items/2/url"]);
    }

    #[test]
    fn splits_by_the_codes_own_rule() {
        for code in Code::ALL {
            let result = split::<()>(Err(Error::new(*code, Reason::NotAllowedNow, "", "x")));
            assert_eq!(result.is_ok(), code.is_users(), "{code}");
        }
    }
}
