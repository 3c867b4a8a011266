
## Revocation: lists, sources, and what a revocation means to anybody. Keys are the same as in revocation.ja.ftl.

command-revocation = Look into revocation lists
command-revocation-info = Show what a revocation list says of itself, every entry read
command-revocation-check = Look a serial number up in revocation lists; with --anchor, in lists that it signed
option-revocation-info-file = Revocation list, DER or PEM
option-revocation-check-files = Revocation lists, DER or PEM
option-revocation-check-serial = Serial number in hexadecimal, or - to read it from standard input
option-revocation-sources = Where revocation information may be fetched (TOML); without it nothing is fetched
option-revocation-cache = Keep fetched lists in this directory
revocation-meaning = meaning
revocation-meaning-data_changed = recorded data changed, for example by moving
revocation-meaning-no_longer_in_force = no longer in force
revocation-meaning-renewed = replaced by a newer certificate
label-at-signing = When signed
standing-at-signing = { $standing ->
    [good] not revoked at { $at }, the time the signer gives
    [revoked_before] already revoked at { $at }, the time the signer gives
    [revoked_after] revoked later than { $at }, the time the signer gives
    [undetermined] not known for { $at }, the time the signer gives
   *[not_checked] not checked for { $at }, the time the signer gives
}
label-list = List
label-this-update = Issued
label-next-update = Next one due
label-entries = Entries
label-scope = Speaks of
label-delta = Kind of list
label-list-signature = Signature
list-without-end = not said
list-scope = { $scope ->
    [ca] certificates of authorities only
    [user] certificates of holders only
    [attribute] attribute certificates only
    [point] certificates that point to this list
   *[all] all certificates of its issuer
}
list-of-changes = changes against another list only
list-signed-by = { $signer ->
    [unknown] not checked: no trusted issuer of this name was given
    [not_entitled] not checked: the certificate of its issuer does not allow signing lists
   *[known] matches a trusted issuer
}
list-outcome = { $status ->
    [revoked] listed since { $at }
    [not_listed] not listed
   *[other] not usable ({ $why })
}
list-unusable = { $why ->
    [signature_invalid] its signature does not match
    [not_verified] nobody who was named is known to have signed it
    [issuer_may_not_sign] the certificate of its issuer does not allow signing lists
    [version] an old form that cannot say what it is about
    [delta] changes against another list only
    [indirect] of several issuers
    [only_attribute_certificates] about attribute certificates only
    [only_ca_certificates] about certificates of authorities only
    [some_reasons_only] about some reasons only
    [not_yet_current] made after the instant asked about
    [no_next_update] does not say until when it holds
    [stale] no longer current
    [unknown_critical_extension] has an extension that must be known and is not
   *[malformed] damaged
}
cause-revocation-sources = { $file } cannot be used as sources of revocation information: { $words }.
cause-serial = What was given is not a serial number in hexadecimal.
hint-revocation-sources = Correct that line and run the command again. docs/revocation-sources.md has an example.
hint-serial = Give hexadecimal digits, such as 1EE607, or - to read them from standard input.
hint-issuer-of-list = Give the certificate of the list's issuer with --anchor, or leave --anchor and --anchors out to see what stands in the list.
hint-complete-list = Get the complete and current list of holders' certificates from its issuer (version 2, with the date of the next one), and run the command again.
hint-newer-list = Get the current list and run the command again.
warning-revocation_source_failed = A source of revocation information failed.
warning-revocation_cache_unusable = Fetched lists cannot be kept: the cache directory cannot be used.
warning-revocation_list_not_verified = Nobody trusted here is known to have signed the list.
warning-profile_extension_absent = An extension that such certificates usually carry is missing.
warning-profile_extension_unexpected = An extension that such certificates usually do not carry is there.
warning-profile_criticality_differs = An extension is critical where it usually is not, or the reverse.
