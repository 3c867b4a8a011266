
## Policies. One sentence at most 20 words; keys are the same as in policy.ja.ftl.

command-policy = Look at the rules as data
command-policy-check = Check a policy file, and what the law will change under it
command-policy-explain = Name the rules that decided a case, with their sources
command-policy-diff = Show what two policies decide differently
option-store = Store of accounts and cases: sqlite:FILE
option-letters = Table of the legal methods' letters, instead of the one compiled in
option-policy-check-file = Policy file (TOML)
option-policy-explain-case = The case, by its id
option-policy-diff-a = One policy file
option-policy-diff-b = The other policy file
option-policy-diff-cases = Questions to ask both, one JSON object a line, instead of a grid

policy-name = Policy
policy-dates = In force
policy-open = open
policy-tiers = Tiers
policy-features = Features
policy-method = Method
policy-method-ends = { $method } ends on { $date }.
policy-method-letter = { $method } changes its letter on { $date }, from { $before } to { $after }.
policy-method-narrowed = { $method } accepts less from { $date } on.
policy-recheck-law = Check the law again before relying on this: e-Gov { $law }, written for { $revision }.
policy-case = Case
policy-state = State
policy-reason = Reason
policy-nothing-decided = Nothing was decided yet.
policy-questions = { $n ->
    [one] 1 question was asked.
   *[other] { $n } questions were asked.
}
policy-more = and { $n } more, with --json
policy-no-difference = Both decide all of them alike.
policy-times = { $n ->
    [one] once
   *[other] { $n } times
}
policy-method-ended = { $method } ended on { $date }: nobody can be verified by it.
policy-method-refused = { $method } is not in the law at this instant, or the policy refuses it.
policy-letter-not-yet = not in the law yet
policy-letter-abolished = abolished
policy-letter-unsettled = letter unknown
policy-subject-feature = feature
policy-subject-tier = tier
policy-subject-limits = limits
policy-subject-method = method
policy-subject-kind = kind
policy-subject-reverification = re-verification
policy-answer-open = open
policy-answer-closed = closed
policy-answer-not_offered = not offered
policy-answer-within = within
policy-answer-exceeded = exceeded
policy-answer-accepted = accepted
policy-answer-refused = refused
policy-answer-not_due = not due
policy-answer-due = due
policy-answer-overdue = overdue
policy-answer-none = none
case-state-created = opened
case-state-challenge_issued = waiting for the signature
case-state-evidence_received = signature received
case-state-signature_verified = signature verified
case-state-validity_checked = validity checked
case-state-attributes_matched = attributes matched
case-state-under_review = under review
case-state-approved = approved
case-state-rejected = rejected
case-state-expired = expired
case-state-unavailable = waiting for an outage to end

cause-policy-place = { $file } is not a complete policy: { $place } expects { $expected }.
cause-policy-line = Line { $line } of { $file } is refused: { $words }.
cause-policy-not-text = { $file } is not UTF-8 text.
cause-store-unnamed = No store is named.
cause-case-unknown = There is no case { $case }.
hint-store = Name the store with --store sqlite:FILE.
hint-policy = Correct the place that is named; docs/policy.md describes every key.
hint-policy-method = Take the method out of the policy, or replace it by one that is in force.

warning-policy_not_in_force = The policy is not in force at this instant.
warning-policy_is_mock = Under this policy simulated cards may upgrade accounts.
warning-policy_verifier_undeclared = No signature verifier is declared: every good case waits for a person.
