
## Evidence bundles and the audit log. Keys are the same as in record.ja.ftl.

command-evidence = Verify evidence of an approval
command-evidence-verify = Verify an evidence bundle offline, as of its own time and as of now
command-audit = Verify the audit log
command-audit-verify = Verify the hash-chained audit log, and name every line that does not fit
option-evidence-verify-bundle = The evidence bundle
option-time-stamp-anchors = Time-stamp authorities to trust; may be repeated
option-audit = An audit log whose digests the bundle has to have
option-audit-verify-file = The audit log
option-head = Head of the log that was kept elsewhere, as N:DIGEST
cause-bundle-changed = { $part ->
    [header] The header of { $file } was changed.
    [manifest] The manifest of { $file } was changed.
    [bundle] { $file } is not the one that the audit log remembers from the approval.
    [end] Something was added at the end of { $file }.
   *[other] The part { $part } of { $file } was changed.
}
cause-bundle-malformed = The part { $part } of { $file } is not what it should be: { $words }.
cause-bundle-no-policy = { $file } is whole, and no policy was kept with it: its checks cannot be made again.
cause-bundle-policy = { $file } is whole, and the policy inside is not one that this version of honnin reads.
cause-bundle-version = { $file } is a bundle of version { $found }; this version of honnin reads version { $known }.
cause-bundle-not-in-log = { $file } has no entry about evidence of this case.
hint-log-of-the-store = Name the log of the store that the bundle was exported from, exported after the approval.
hint-bundle-changed = Fetch the bundle again from where it is kept. Compare its digest with the audit log.
hint-bundle-no-policy = Compare its digest with the audit log.
hint-bundle-version = Verify it with the version of honnin that wrote it.
label-bundle-digest = Digest
label-case = Case
label-account = Account
label-method = Method
label-decided-by = Policy
label-confirmed-at = Confirmed at
label-audit = Audit log
audit-has-the-digests = holds, and has these digests since the approval; head { $head }
label-then = Checks below
label-then-value = as of the confirmation
label-now = As of now
now-yes = still holds
now-no = no: { $title } [{ $code }]
now-undetermined = cannot be said: { $title } [{ $code }]
warning-checks_differ = Checks came out otherwise than they were recorded.
warning-internal_only = For internal use only: revocation information may not be passed on (公的個人認証法 52).
label-time-stamp = Time stamp
time-stamp-trusted = { $at }, by an authority you trust
time-stamp-trusted-then = { $at }, by an authority you trust as of then, and no longer as of now
time-stamp-unknown = { $at }, by an authority that is not among those you trust for time stamps
label-head = Head
hint-keep-head = Keep the head somewhere else. It tells later whether the end of the log was cut.
audit-line = line { $line }: { $problem ->
    [malformed] not a line of an audit log
    [changed] changed
    [not_chained] not chained to the line before: one of the two was replaced
    [missing] entries { $first } to { $last } are missing before it
    [out_of_place] entry { $entry } does not belong here: moved or inserted
    [other_log] belongs to another log
    [truncated] the log ends here without its closing entry: cut
    [behind_the_end] stands behind the closing entry
    [wrong_count] the closing entry counts otherwise
    [other_head] not the entry that the head kept elsewhere names
    [before_head] the log does not reach entry { $entry }: cut
   *[other] does not fit
}
audit-more = And { $n } more; --json tells more of them.
cause-audit = { $file }: { $n } places do not fit.
hint-audit = Compare with another copy of the log, and find out who could write to this one.
