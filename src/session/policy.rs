//! What to do with the starts of a site.

use crate::crm_id::{AttributeKey, CrmId};
use crate::wire::wire_names;

/// The tester's choice in the radio group "Mode".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Show starts and leave them alone.
    #[default]
    Observe,
    /// Set the CRM ID.
    Inject,
}

wire_names!(Mode { Observe: "observe", Inject: "inject" });

/// What the engine does with a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Show it and leave it alone.
    Observe,
    /// Set the CRM ID, in the profile's attribute unless one is named.
    Inject {
        /// The ID to set.
        crm_id: CrmId,
        /// The attribute that carries it.
        attribute: Option<AttributeKey>,
    },
    /// Inject was chosen and no CRM ID yet: leave it alone and say so.
    InjectNothing,
}
