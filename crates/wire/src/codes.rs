//! Stable codes. The text is for programs, the number's range says what to do:
//! 1xx correct the request, 2xx sign in again, 3xx look again, 4xx wait and retry, 5xx retry.

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(rename_all = "snake_case"))]
pub enum Code {
    /// Not of this protocol.
    BadFrame,
    /// A field is out of its bounds.
    Invalid,
    /// Over a size limit.
    TooLarge,
    /// The same client id with another body.
    ClientIdConflict,
    /// A kind of file that is not taken here.
    TypeNotAllowed,
    /// Token or session missing or no longer valid.
    Unauthorized,
    /// A customer's token that has expired.
    IdentityExpired,
    /// A customer's token that is not to be believed.
    IdentityInvalid,
    /// The site knows no customers.
    IdentityOff,
    /// Signed in, but not allowed.
    Forbidden,
    /// Whoever operates the installation suspended the tenant.
    TenantSuspended,
    /// An agent keeps this visitor from writing.
    Blocked,
    /// No such thing for this actor.
    NotFound,
    /// Another owner; take it over first.
    NotOwner,
    /// The thing changed meanwhile.
    VersionConflict,
    /// Its state does not allow that.
    WrongState,
    /// The agent is full.
    OverCapacity,
    /// Too many requests.
    RateLimited,
    /// Not now.
    Unavailable,
    /// The disk is full.
    StorageFull,
    /// The tenant has used up what it may use.
    QuotaExceeded,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// Every code there is.
    pub const ALL: &[Self] = &[
        Self::BadFrame,
        Self::Invalid,
        Self::TooLarge,
        Self::ClientIdConflict,
        Self::TypeNotAllowed,
        Self::Unauthorized,
        Self::IdentityExpired,
        Self::IdentityInvalid,
        Self::IdentityOff,
        Self::Forbidden,
        Self::TenantSuspended,
        Self::Blocked,
        Self::NotFound,
        Self::NotOwner,
        Self::VersionConflict,
        Self::WrongState,
        Self::OverCapacity,
        Self::RateLimited,
        Self::Unavailable,
        Self::StorageFull,
        Self::QuotaExceeded,
        Self::Internal,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadFrame => "bad_frame",
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::ClientIdConflict => "client_id_conflict",
            Self::TypeNotAllowed => "type_not_allowed",
            Self::Unauthorized => "unauthorized",
            Self::IdentityExpired => "identity_expired",
            Self::IdentityInvalid => "identity_invalid",
            Self::IdentityOff => "identity_off",
            Self::Forbidden => "forbidden",
            Self::TenantSuspended => "tenant_suspended",
            Self::Blocked => "blocked",
            Self::NotFound => "not_found",
            Self::NotOwner => "not_owner",
            Self::VersionConflict => "version_conflict",
            Self::WrongState => "wrong_state",
            Self::OverCapacity => "over_capacity",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::StorageFull => "storage_full",
            Self::QuotaExceeded => "quota_exceeded",
            Self::Internal => "internal",
        }
    }

    /// The stable number.
    pub fn number(self) -> u16 {
        match self {
            Self::BadFrame => 100,
            Self::Invalid => 101,
            Self::TooLarge => 102,
            Self::ClientIdConflict => 103,
            Self::IdentityOff => 110,
            Self::TypeNotAllowed => 111,
            Self::Unauthorized => 200,
            Self::Forbidden => 201,
            Self::TenantSuspended => 202,
            Self::Blocked => 205,
            Self::IdentityExpired => 203,
            Self::IdentityInvalid => 204,
            Self::NotFound => 300,
            Self::NotOwner => 301,
            Self::VersionConflict => 302,
            Self::WrongState => 303,
            Self::OverCapacity => 304,
            Self::RateLimited => 400,
            Self::Unavailable => 401,
            Self::StorageFull => 402,
            Self::QuotaExceeded => 410,
            Self::Internal => 500,
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::BadFrame | Self::Invalid | Self::IdentityOff => 400,
            Self::TooLarge => 413,
            Self::TypeNotAllowed => 415,
            Self::ClientIdConflict | Self::NotOwner | Self::VersionConflict | Self::WrongState | Self::OverCapacity => {
                409
            }
            Self::Unauthorized | Self::IdentityExpired | Self::IdentityInvalid => 401,
            Self::Forbidden | Self::TenantSuspended | Self::Blocked => 403,
            Self::NotFound => 404,
            Self::RateLimited => 429,
            Self::Unavailable => 503,
            Self::StorageFull | Self::QuotaExceeded => 507,
            Self::Internal => 500,
        }
    }
}

/// Why a socket is closed; the number tells the client what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// A fault of ours: back off and come again.
    Internal,
    /// Not of this protocol.
    BadFrame,
    /// A frame over the limit.
    TooLarge,
    /// Token or session no longer valid.
    Unauthorized,
    /// Too many frames.
    TooMany,
    /// Reads too slowly: come again and resume.
    Slow,
    /// The server drains: come again and resume.
    Drain,
    /// Not to come again: the tenant is suspended.
    Blocked,
}

impl Close {
    /// Every reason there is.
    pub const ALL: &[Self] =
        &[Self::Internal, Self::BadFrame, Self::TooLarge, Self::Unauthorized, Self::TooMany, Self::Slow, Self::Drain];

    /// The WebSocket close code.
    pub fn code(self) -> u16 {
        match self {
            Self::Internal => 4000,
            Self::BadFrame => 4001,
            Self::TooLarge => 4002,
            Self::Unauthorized => 4004,
            Self::TooMany => 4008,
            Self::Slow => 4009,
            Self::Drain => 4010,
            Self::Blocked => 4403,
        }
    }

    /// A word for people who read network traces.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::BadFrame => "bad frame",
            Self::TooLarge => "frame too large",
            Self::Unauthorized => "unauthorized",
            Self::TooMany => "too many frames",
            Self::Slow => "too slow",
            Self::Drain => "draining",
            Self::Blocked => "blocked",
        }
    }
}
