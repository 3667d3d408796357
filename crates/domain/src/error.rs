//! The one error of every layer: a code from a closed list, and for each fault of an input its reason, place and words.
//!
//! It knows no transport: one file of the api crate maps [`Code`] to HTTP statuses and to GraphQL.

use std::{fmt, sync::Arc, time::Duration};

macro_rules! closed {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)+ }
        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The member's name on the wire.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
            /// The member of that name.
            pub fn parse(text: &str) -> Option<Self> { match text { $($text => Some(Self::$variant),)+ _ => None } }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> { serializer.serialize_str(self.as_str()) }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| ::serde::de::Error::unknown_variant(&text, &[$($text),+]))
            }
        }
    };
}
pub(crate) use closed;

closed! {
    /// What went wrong, for a program to act on.
    Code {
        /// The input breaks a rule; the faults say where and which.
        InvalidInput = "INVALID_INPUT",
        /// The GraphQL document cannot be parsed or does not fit the schema.
        InvalidDocument = "INVALID_DOCUMENT",
        /// The document of this hash is not kept; the client sends it once more with its text.
        PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND",
        /// This server keeps no documents; the client sends the text each time.
        PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED",
        /// The server runs only the documents on its list, and this is none of them.
        DocumentNotListed = "DOCUMENT_NOT_LISTED",
        /// There is no such object, or none that the caller may read.
        NotFound = "NOT_FOUND",
        /// The caller must sign in, or the token is bad.
        Unauthenticated = "UNAUTHENTICATED",
        /// The caller may read this but not do that.
        Forbidden = "FORBIDDEN",
        /// The request contradicts what is stored, as a key used again with another input.
        Conflict = "CONFLICT",
        /// Somebody else changed the object since the caller read it.
        VersionMismatch = "VERSION_MISMATCH",
        /// The object's state does not allow the act.
        InvalidTransition = "INVALID_TRANSITION",
        /// Too many requests; try again after the time stated.
        RateLimited = "RATE_LIMITED",
        /// The request is larger than a documented limit.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// The server cannot answer now; try again.
        Unavailable = "UNAVAILABLE",
        /// A fault of the server; the incident id finds it in the log.
        Internal = "INTERNAL",
    }
}

impl Code {
    /// Whether a mutation answers with this in its payload's `userErrors`, or in the response's `errors`.
    pub const fn is_users(self) -> bool {
        !matches!(
            self,
            Self::Unauthenticated
                | Self::RateLimited
                | Self::Unavailable
                | Self::Internal
                | Self::InvalidDocument
                | Self::PersistedQueryNotFound
                | Self::PersistedQueryNotSupported
                | Self::DocumentNotListed
        )
    }
}

closed! {
    /// Why one value was refused, for a front end to translate.
    Reason {
        /// A value is missing.
        Required = "REQUIRED",
        /// A text, list or number of bytes is over its limit.
        TooLong = "TOO_LONG",
        /// A text or list is under its minimum.
        TooShort = "TOO_SHORT",
        /// The value has not the form that is asked for.
        Malformed = "MALFORMED",
        /// The text holds control, bidirectional-override or unassigned characters.
        ForbiddenCharacter = "FORBIDDEN_CHARACTER",
        /// The number or date is outside its range.
        OutOfRange = "OUT_OF_RANGE",
        /// The moment lies in the future.
        InFuture = "IN_FUTURE",
        /// The moment lies in the past.
        InPast = "IN_PAST",
        /// The moment lies before the step it follows.
        BeforePrevious = "BEFORE_PREVIOUS",
        /// No object that the caller may read has this id.
        UnknownId = "UNKNOWN_ID",
        /// The id names another kind of object.
        WrongKind = "WRONG_KIND",
        /// The value is not one of those possible here.
        NotAnOption = "NOT_AN_OPTION",
        /// The value stands twice, or is taken.
        Duplicate = "DUPLICATE",
        /// Two values contradict each other.
        Contradiction = "CONTRADICTION",
        /// The caller's roles do not allow it.
        NotPermitted = "NOT_PERMITTED",
        /// The caller must sign in.
        SignInRequired = "SIGN_IN_REQUIRED",
        /// The version stated is not the current one.
        StaleVersion = "STALE_VERSION",
        /// The idempotency key was used with another input.
        KeyReused = "KEY_REUSED",
        /// The object's state does not allow it.
        NotAllowedNow = "NOT_ALLOWED_NOW",
        /// It has been done before and can be done once.
        AlreadyDone = "ALREADY_DONE",
        /// It has expired or was revoked.
        Expired = "EXPIRED",
        /// The organisation is locked.
        Locked = "LOCKED",
        /// Too many at once or in too short a time.
        TooMany = "TOO_MANY",
        /// The server is at fault.
        ServerFault = "SERVER_FAULT",
    }
}

/// One refused value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why it was refused.
    pub reason: Reason,
    /// Where it stands, from the input's root, list indexes as decimal text; the transport puts `input` before it.
    pub path: Vec<String>,
    /// The same in English, for a person.
    pub message: String,
}

/// Why an act was refused or failed.
#[derive(Clone, Debug)]
pub struct Error {
    /// The class of the refusal.
    pub code: Code,
    /// Every fault found, at least one.
    pub faults: Vec<Fault>,
    /// For [`Code::RateLimited`] and [`Code::Unavailable`]: when it is worth trying again.
    pub retry_after: Option<Duration>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What a use case answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with one fault at `path` (dotted, `""` for the whole input).
    pub fn new(code: Code, reason: Reason, path: &str, message: impl Into<String>) -> Self {
        Self::of(code, vec![Fault { reason, path: split(path), message: message.into() }])
    }

    /// An error with several faults.
    pub fn of(code: Code, faults: Vec<Fault>) -> Self {
        Self { code, faults, retry_after: None, source: None }
    }

    /// One value is not as it must be.
    pub fn invalid(reason: Reason, path: &str, message: impl Into<String>) -> Self {
        Self::new(Code::InvalidInput, reason, path, message)
    }

    /// No such object for this caller; `path` names the input that asked for it.
    pub fn not_found(path: &str) -> Self {
        Self::new(Code::NotFound, Reason::UnknownId, path, "There is no such object, or you may not read it.")
    }

    /// The caller must sign in first.
    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self::new(Code::Unauthenticated, Reason::SignInRequired, "", message)
    }

    /// The caller may not do this.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, Reason::NotPermitted, "", message)
    }

    /// A fault of the server; `source` goes to the log and nowhere else.
    pub fn internal(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut error =
            Self::new(Code::Internal, Reason::ServerFault, "", "The server could not do this. Tell the operator the incident id.");
        error.source = Some(Arc::new(source));
        error
    }

    /// A fault of the server that no other error caused.
    pub fn broken(what: &'static str) -> Self {
        #[derive(Debug, thiserror::Error)]
        #[error("{0}")]
        struct Broken(&'static str);
        Self::internal(Broken(what))
    }

    /// The server cannot answer now; `source` goes to the log.
    pub fn unavailable(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        let mut error = Self::new(Code::Unavailable, Reason::ServerFault, "", "The server cannot answer now. Try again in a moment.");
        error.source = Some(Arc::new(source));
        error.retry_after = Some(Duration::from_secs(1));
        error
    }

    /// Too many requests; try again after `wait`.
    pub fn rate_limited(wait: Duration) -> Self {
        let seconds = wait.as_secs().max(1);
        let mut error = Self::new(Code::RateLimited, Reason::TooMany, "", format!("Too many attempts. Try again in {seconds} s."));
        error.retry_after = Some(wait);
        error
    }

    /// The same error, its faults below `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        for fault in &mut self.faults {
            let mut path = split(prefix);
            path.append(&mut fault.path);
            fault.path = path;
        }
        self
    }

    /// What caused a fault of the server, for the log.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.source.as_deref()
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        for fault in &self.faults {
            write!(f, "; {} {}", fault.path.join("."), fault.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Collects every fault of one input, so that the caller hears of all of them at once.
///
/// ```ignore
/// let mut faults = Faults::default();
/// let name = faults.check("name", Name::parse(&input.name));
/// let url = faults.check("url", WebUrl::parse(&input.url));
/// faults.finish()?;                       // Err with both faults, or nothing
/// let (name, url) = (faults.take(name)?, …)
/// ```
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes the faults of `result` below `path` and hands on its value.
    pub fn check<T>(&mut self, path: &str, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.extend(error.under(path).faults);
                None
            }
        }
    }

    /// Notes one fault.
    pub fn add(&mut self, reason: Reason, path: &str, message: impl Into<String>) {
        self.0.push(Fault { reason, path: split(path), message: message.into() });
    }

    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses with everything noted, or goes on.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::of(Code::InvalidInput, self.0)) }
    }

    /// Refuses with everything noted, or hands on the value that the checks left.
    pub fn finish_with<T>(self, value: Option<T>) -> Result<T> {
        self.finish()?;
        value.ok_or_else(|| Error::broken("a check left neither value nor fault"))
    }
}
