//! Effects that are still to be done: of those that a later one makes void
//! nothing is done.
//!
//! A start is kept as it is decided, and again as it is sent, a millisecond
//! later: storing it twice would be in the way of the request itself.

use super::engine::Effect;

/// Takes out what a later effect makes void. The lists are in order.
pub fn drop_void<'e>(lists: impl DoubleEndedIterator<Item = &'e mut Vec<Effect>>) {
    let (mut records, mut tabs) = (Vec::new(), Vec::new());
    for effects in lists.rev() {
        let mut kept: Vec<Effect> = Vec::with_capacity(effects.len());
        for effect in effects.drain(..).rev() {
            let is_void = match &effect {
                Effect::KeepRecord(record) => is_known(&mut records, &record.id),
                Effect::ShowBadge { tab, .. } => is_known(&mut tabs, tab),
                Effect::ForgetRecords(_)
                | Effect::KeepSettings(_)
                | Effect::KeepUnreadable(_)
                | Effect::ForgetUnreadable
                | Effect::KeepUncovered(_)
                | Effect::ForgetUncovered(_)
                | Effect::RunOn { .. }
                | Effect::FindRelay { .. }
                | Effect::GiveBack(_) => false,
            };
            if !is_void {
                kept.push(effect);
            }
        }
        kept.reverse();
        *effects = kept;
    }
}

/// Whether a thing is there; it is from now on.
fn is_known<T: PartialEq + Clone>(known: &mut Vec<T>, one: &T) -> bool {
    let is_known = known.contains(one);
    if !is_known {
        known.push(one.clone());
    }
    is_known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::record::RecordId;
    use crate::session::uncovered::Uncovered;

    fn badge(tab: i64, count: usize) -> Effect {
        Effect::ShowBadge { tab, count, is_injected: false }
    }

    #[test]
    fn the_last_of_its_kind_is_done_and_the_order_stays() {
        let forget = || Effect::ForgetRecords(vec![RecordId("7.0.d0.1".to_owned())]);
        let uncovered = || Effect::KeepUncovered(Uncovered::default());
        let mut lists = [vec![forget(), badge(7, 1), badge(8, 1)], vec![uncovered(), badge(7, 2)], vec![forget()]];
        drop_void(lists.iter_mut());
        assert_eq!(lists, [vec![forget(), badge(8, 1)], vec![uncovered(), badge(7, 2)], vec![forget()]]);
    }
}
