//! Step-up: more proof demanded at use, or offered where a limit or a tier refuses (CN-06, CN-13).

use super::{Feature, Needs, RuleNumber, TierName};
use serde::Serialize;
use std::collections::BTreeSet;

/// `[step_up]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
    /// Whether a refusal by limit or tier names the tier that would allow it.
    pub offer_on_limit: bool,
    /// Proof demanded at use.
    pub on_use: Vec<StepUpOnUse>,
}

/// A row of `step_up.on_use`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepUpOnUse {
    /// For these features,
    pub features: BTreeSet<Feature>,
    /// and holders of these segments: risk classes where a certificate proves, else as the operator names them,
    pub segments: BTreeSet<String>,
    /// this is needed besides the tier.
    pub needs: Needs,
    /// Rule numbers of kyc.md, as the file cites them.
    pub rules: Vec<RuleNumber>,
}

/// What more would allow what was refused: a higher tier, or further proof within the tier the account has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepUpOffer {
    /// The tier it is allowed at.
    pub tier: TierName,
    /// What it needs.
    pub needs: Needs,
    /// Rule numbers that decided.
    pub rules: Vec<RuleNumber>,
}
