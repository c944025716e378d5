//! A configuration ID says which chat the page wants, and here also which failure: `config-disabled` is disabled.

use super::{Decision, Refusal};
use std::time::Duration;

const LONGEST_DELAY: Duration = Duration::from_secs(60);
const SLOW_PREFIX: &str = "config-slow-";

/// What a configuration ID stands for. Every text is one: what is not listed is [`Configuration::Unknown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Configuration {
    /// Starts a chat at once.
    Live,
    /// Starts a chat after the delay, at most 60 s.
    Slow(Duration),
    /// Does not exist.
    Unknown,
    /// Is no configuration ID at all.
    Invalid,
    /// Exists, but is switched off.
    Disabled,
    /// Takes signed-in customers only.
    Unauthorized,
    /// Knows credentials that are expired.
    Expired,
    /// Lets nobody do this.
    Forbidden,
    /// Does not list the page's origin, and so hides even its refusal from the page.
    OriginRefused,
    /// Takes smaller requests only.
    TooLarge,
    /// Has had too many starts.
    RateLimited,
    /// Fails.
    ServerError,
    /// Closes the connection without an answer.
    Dropped,
}

/// A configuration ID as the playground's own pages list it.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The ID itself, or one of many that do the same.
    pub id: &'static str,
    /// What comes of a start over HTTP.
    pub start: &'static str,
    /// What comes of a session and its first message over the WebSocket of Web Messaging.
    pub messaging: &'static str,
}

impl Configuration {
    /// An ID for each configuration, in the order in which a person would try them.
    pub const LISTED: [Listed; 13] = [
        listed("config-live", "200, a conversation", "200, and a welcome"),
        listed("config-slow-3000", "200 after 3,000 ms; any number up to 60,000", "200 after as long, once"),
        listed("config-unknown", "404 not.found, like every ID that is not listed", "404 for the session"),
        listed("config-invalid", "400 invalid.value", "400 for the session"),
        listed("config-disabled", "400 chat.deployment.disabled", "403 for the session"),
        listed("config-unauthorized", "401 authentication.required", "401 for the session"),
        listed("config-expired", "401 credentials.expired", "4006 for each message"),
        listed("config-forbidden", "403 not.authorized", "403 for the session"),
        listed("config-origin-refused", "403 origin.not.allowed, without CORS headers", "403 for the handshake"),
        listed("config-too-large", "413 request.entity.too.large", "4013 for each message"),
        listed("config-rate-limited", "429 too.many.requests, Retry-After: 3", "429 for each message, retryAfter 3"),
        listed("config-server-error", "500 internal.server.error", "5000 for each message"),
        listed("config-dropped", "the connection closes without an answer", "the same, at the first message"),
    ];

    /// What the service does with a well-formed start.
    pub fn into_decision(self) -> Decision {
        match self {
            Self::Live => Decision::Start { after: Duration::ZERO },
            Self::Slow(delay) => Decision::Start { after: delay },
            Self::Unknown => Decision::Refuse(Refusal::unknown_configuration()),
            Self::Invalid => Decision::Refuse(Refusal::invalid_configuration()),
            Self::Disabled => Decision::Refuse(Refusal::disabled()),
            Self::Unauthorized => Decision::Refuse(Refusal::unauthorized()),
            Self::Expired => Decision::Refuse(Refusal::expired()),
            Self::Forbidden => Decision::Refuse(Refusal::forbidden()),
            Self::OriginRefused => Decision::Refuse(Refusal::origin_refused()),
            Self::TooLarge => Decision::Refuse(Refusal::too_large(16_000)),
            Self::RateLimited => Decision::Refuse(Refusal::rate_limited()),
            Self::ServerError => Decision::Refuse(Refusal::server_error()),
            Self::Dropped => Decision::Drop,
        }
    }
}

impl From<&str> for Configuration {
    fn from(id: &str) -> Self {
        match id {
            "config-live" => Self::Live,
            "config-invalid" => Self::Invalid,
            "config-disabled" => Self::Disabled,
            "config-unauthorized" => Self::Unauthorized,
            "config-expired" => Self::Expired,
            "config-forbidden" => Self::Forbidden,
            "config-origin-refused" => Self::OriginRefused,
            "config-too-large" => Self::TooLarge,
            "config-rate-limited" => Self::RateLimited,
            "config-server-error" => Self::ServerError,
            "config-dropped" => Self::Dropped,
            other => slow(other).unwrap_or(Self::Unknown),
        }
    }
}

const fn listed(id: &'static str, start: &'static str, messaging: &'static str) -> Listed {
    Listed { id, start, messaging }
}

fn slow(id: &str) -> Option<Configuration> {
    let milliseconds = id.strip_prefix(SLOW_PREFIX)?.parse().ok()?;
    Some(Configuration::Slow(Duration::from_millis(milliseconds).min(LONGEST_DELAY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(id: &str, expected: Configuration) {
        assert_eq!(Configuration::from(id), expected, "{id}");
    }

    #[test]
    fn a_slow_id_carries_its_delay() {
        check("config-slow-0", Configuration::Slow(Duration::ZERO));
        check("config-slow-3000", Configuration::Slow(Duration::from_secs(3)));
        check("config-slow-60001", Configuration::Slow(LONGEST_DELAY));
        check("config-slow-", Configuration::Unknown);
        check("config-slow-long", Configuration::Unknown);
    }

    #[test]
    fn what_is_not_listed_is_unknown() {
        check("", Configuration::Unknown);
        check("Config-Live", Configuration::Unknown);
        check("config-unknown", Configuration::Unknown);
    }

    #[test]
    fn every_other_listed_id_is_known() {
        for Listed { id, .. } in Configuration::LISTED {
            let is_known = Configuration::from(id) != Configuration::Unknown;
            assert_eq!(is_known, id != "config-unknown", "{id}");
        }
    }
}
