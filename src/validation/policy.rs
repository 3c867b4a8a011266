//! Certificate policies: RFC 5280 §6.1 with the graph of RFC 9618, which cannot grow exponentially.
//!
//! Only one level of the graph is kept. Whether a policy of the last level goes back to one the caller accepts is all that
//! the end asks for, so every node carries the policies it began with instead of links to its parents.

use super::path::PathFailure;
use crate::certificate::{Certificate, Oid, known};
use std::collections::{BTreeMap, BTreeSet};

/// The inputs of RFC 5280 §6.1.1 (c) to (f).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyParameters {
    /// user-initial-policy-set; `None` is any-policy.
    pub acceptable: Option<Vec<Oid>>,
    /// initial-explicit-policy: the path must be valid for at least one acceptable policy.
    pub require_explicit: bool,
    /// initial-any-policy-inhibit: anyPolicy in a certificate stands for nothing.
    pub inhibit_any_policy: bool,
    /// initial-policy-mapping-inhibit: mappings are not followed.
    pub inhibit_mapping: bool,
}

impl PolicyParameters {
    /// Any policy, and none required.
    pub const fn any() -> Self {
        Self { acceptable: None, require_explicit: false, inhibit_any_policy: false, inhibit_mapping: false }
    }
}

/// Most policies or mappings one certificate may list: more is an attack, not a practice.
const MAXIMUM_POLICIES: usize = 256;

/// What a policy of one level stands for; `None` is the policy itself, as it is for all that nobody mapped.
#[derive(Clone, Default)]
struct Node {
    /// expected_policy_set
    expected: Option<BTreeSet<Oid>>,
    /// The policies directly below anyPolicy that this one was mapped from.
    roots: Option<BTreeSet<Oid>>,
}

impl Node {
    /// The members of one of its sets.
    fn members<'n>(set: &'n Option<BTreeSet<Oid>>, policy: &'n Oid) -> impl Iterator<Item = &'n Oid> {
        set.iter().flatten().chain(set.is_none().then_some(policy))
    }
}

/// §6.1.2 (a) to (f): the graph's lowest level, and the three counters.
pub(super) struct PolicyState<'a> {
    parameters: &'a PolicyParameters,
    any_policy: Oid,
    /// `None` is the NULL graph. The node of anyPolicy, if there is one, has no roots.
    level: Option<BTreeMap<Oid, Node>>,
    explicit_policy: usize,
    policy_mapping: usize,
    inhibit_any_policy: usize,
}

impl<'a> PolicyState<'a> {
    /// For a path of `length` certificates, the anchor not counted.
    pub(super) fn new(parameters: &'a PolicyParameters, length: usize) -> Self {
        let any_policy = Oid::from(known::ANY_POLICY);
        let root = Node { expected: None, roots: Some(BTreeSet::new()) };
        let counter = |now: bool| if now { 0 } else { length + 1 };
        Self {
            parameters,
            level: Some([(any_policy.clone(), root)].into()),
            any_policy,
            explicit_policy: counter(parameters.require_explicit),
            policy_mapping: counter(parameters.inhibit_mapping),
            inhibit_any_policy: counter(parameters.inhibit_any_policy),
        }
    }

    /// §6.1.3 (d) to (f)
    pub(super) fn certificate(&mut self, certificate: &Certificate, is_target: bool) -> Result<(), PathFailure> {
        self.level = match (self.level.take(), &certificate.extensions().policies) {
            (Some(above), Some(policies)) => {
                if policies.len() > MAXIMUM_POLICIES {
                    return Err(PathFailure::WorkLimit);
                }
                let any_counts = self.inhibit_any_policy > 0 || (!is_target && certificate.is_self_issued());
                Some(self.next_level(&above, certificate, any_counts)).filter(|level| !level.is_empty())
            }
            _ => None,
        };
        if self.explicit_policy == 0 && self.level.is_none() { Err(PathFailure::PolicyNotAcceptable) } else { Ok(()) }
    }

    fn next_level(
        &self,
        above: &BTreeMap<Oid, Node>,
        certificate: &Certificate,
        any_counts: bool,
    ) -> BTreeMap<Oid, Node> {
        // Which policies the level above expects, and what they go back to.
        let mut expected: BTreeMap<&Oid, BTreeSet<&Oid>> = BTreeMap::new();
        for (policy, node) in above {
            for one in Node::members(&node.expected, policy) {
                expected.entry(one).or_default().extend(Node::members(&node.roots, policy));
            }
        }
        let owned = |roots: &BTreeSet<&Oid>| Some(roots.iter().map(|root| (*root).clone()).collect());
        let node = |policy: &Oid, roots| (policy.clone(), Node { expected: None, roots });
        let mut level = BTreeMap::new();
        for policy in certificate.policies().filter(|policy| **policy != self.any_policy) {
            // (d) (1)
            if let Some(roots) = expected.get(policy) {
                level.extend([node(policy, owned(roots))]);
            } else if above.contains_key(&self.any_policy) {
                level.extend([node(policy, None)]);
            }
        }
        if any_counts && certificate.has_policy(&known::ANY_POLICY) {
            // (d) (2)
            for (policy, roots) in expected {
                if !level.contains_key(policy) {
                    level.extend([node(policy, owned(&roots))]);
                }
            }
        }
        level
    }

    /// §6.1.4 (a), (b), (h) to (j)
    pub(super) fn prepare(&mut self, certificate: &Certificate) -> Result<(), PathFailure> {
        let extensions = certificate.extensions();
        let mappings = &extensions.policy_mappings;
        if mappings.len() > MAXIMUM_POLICIES {
            return Err(PathFailure::WorkLimit);
        }
        if mappings.iter().any(|(from, to)| *from == self.any_policy || *to == self.any_policy) {
            return Err(PathFailure::PolicyNotAcceptable);
        }
        if let Some(level) = &mut self.level {
            let mut targets: BTreeMap<&Oid, BTreeSet<Oid>> = BTreeMap::new();
            for (from, to) in mappings {
                targets.entry(from).or_default().insert(to.clone());
            }
            let any_is_valid = level.contains_key(&self.any_policy);
            for (from, to) in targets {
                if self.policy_mapping == 0 {
                    level.remove(from);
                } else if let Some(node) = level.get_mut(from) {
                    node.expected = Some(to);
                } else if any_is_valid {
                    level.insert(from.clone(), Node { expected: Some(to), roots: None });
                }
            }
            if level.is_empty() {
                self.level = None;
            }
        }
        if !certificate.is_self_issued() {
            for counter in [&mut self.explicit_policy, &mut self.policy_mapping, &mut self.inhibit_any_policy] {
                *counter = counter.saturating_sub(1);
            }
        }
        let limit = |counter: &mut usize, limit: Option<u32>| {
            if let Some(limit) = limit {
                *counter = (*counter).min(usize::try_from(limit).unwrap_or(usize::MAX));
            }
        };
        let constraints = extensions.policy_constraints.unwrap_or_default();
        limit(&mut self.explicit_policy, constraints.require_explicit_policy);
        limit(&mut self.policy_mapping, constraints.inhibit_policy_mapping);
        limit(&mut self.inhibit_any_policy, extensions.inhibit_any_policy);
        Ok(())
    }

    /// §6.1.5 (a), (b), (g): the user-constrained-policy-set, anyPolicy itself where nothing constrains it.
    pub(super) fn finish(mut self, target: Option<&Certificate>) -> Result<Vec<Oid>, PathFailure> {
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        let constraints = target.and_then(|target| target.extensions().policy_constraints).unwrap_or_default();
        if constraints.require_explicit_policy == Some(0) {
            self.explicit_policy = 0;
        }
        let accepted = self.parameters.acceptable.as_deref().filter(|accepted| !accepted.contains(&self.any_policy));
        let mut policies: BTreeSet<Oid> = BTreeSet::new();
        for (policy, node) in self.level.iter().flatten() {
            if *policy == self.any_policy {
                policies.extend(accepted.map_or(vec![policy.clone()], <[Oid]>::to_vec));
            } else {
                // Told by the policy it was mapped from: that is the one the caller's world knows.
                let known = |root: &&Oid| accepted.is_none_or(|accepted| accepted.contains(root));
                policies.extend(Node::members(&node.roots, policy).filter(known).cloned());
            }
        }
        if self.explicit_policy == 0 && policies.is_empty() {
            return Err(PathFailure::PolicyNotAcceptable);
        }
        Ok(policies.into_iter().collect())
    }
}
