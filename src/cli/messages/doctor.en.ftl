
## What the nodes of doctor found this time

doctor-finding-taken = The NFC driver of the system took the reader ({ $name }) first.
doctor-finding-port100-action = Run `sudo modprobe -r port100 nfc`. To keep it, blacklist these in /etc/modprobe.d.
doctor-finding-model = { $name } has no PC/SC driver on this system.
doctor-finding-programs = Another program holds the card. It may be: { $programs }
doctor-finding-guess = This is not a My Number Card ({ $guess }).
card-guess = { $guess ->
    [felica] probably a FeliCa card, as for trains and payments
    [type_a] probably a radio card of Type A
    [driving_licence] probably a driving licence
    [resident_register] probably a card of the resident register
   *[other] probably another card
}
doctor-finding-kind = This is not a My Number Card: { $kind }. It is not supported for this.
doctor-finding-face-action = Use a My Number Card with PINs. If PINs were set on this card, have them reset at your municipal office.
doctor-finding-link = Link OK ({ $ms } ms).
doctor-finding-small-reads = This reader needs small reads; handled ({ $n } bytes, { $ms } ms).
doctor-report-written = Wrote a report without personal data to { $file }.

## Readers that are known

option-doctor-report = Write a support packet without personal data to FILE
option-readers-known = List the models on record, and which of them were seen
readers-known-seen = { $name } (seen here)
readers-known-model = { $interface ->
    [contact] contact
    [contactless] contactless
   *[dual] contact and contactless
}{ $class ->
    [vendor] , no CCID
   *[ccid] {""}
}{ $typeb ->
    [no] , not for My Number Cards
   *[other] {""}
}{ $libccid ->
    [none] {""}
   *[other] , libccid { $libccid } or later
}

warning-recording_incomplete = The recording broke off; it could not be written to the end. The result stands.

## card confirm: facts of card.md

command-card-confirm = See which facts about the card this one confirms, without a PIN, and record it masked
confirm-outcome = { $outcome ->
    [confirmed] confirmed
    [contradicted] CONTRADICTED
    [absent] not on this card
    [not-tried] not tried
   *[other] not clear
}
confirm-counters = { $unchanged ->
    [yes] Nothing was spent: every counter stands where it stood before, and no PIN was sent.
    [unclear] A counter was not told both times, so the tries cannot be compared. No PIN was sent.
   *[no] A counter changed. Stop, and tell us.
}
confirm-recorded = The exchanges are in { $file }, masked. How to send it to us: docs/real-card.md
cause-counters-changed = The counters differ before and after, though no PIN was sent.
cause-counters-unclear = A counter was not told both times, so nothing can be proved.
fact-atr-on-record = The ATR is one on record.
fact-select-without-fci = Selecting an application without FCI works.
fact-select-with-fci = Selecting an application with FCI gives an FCI.
fact-unknown-name-refused = An application that is not there is refused.
fact-four-other-applications = The four other applications are there.
fact-select-master-file = Selecting the master file inside an application does nothing.
fact-token-label = The label is that of the My Number Card.
fact-token-information = The token information has 160 bytes with the limits on record.
fact-availability = Both certificates are said to be there.
fact-short-identifiers = Files can be named by short identifiers.
fact-le-zero-is-256 = A length of zero gives 256 bytes.
fact-short-read = A read past the end of a file gives what there is.
fact-past-the-end = A read that begins past the end is refused as such.
fact-extended-read = Extended lengths work (not asked for here).
fact-authentication-certificate-free = The user authentication certificate can be read without a PIN.
fact-filler = Filler follows the certificate in its file.
fact-ca-certificate-free = The certificate of its CA can be read without a PIN.
fact-signing-certificate-locked = The digital signature certificate asks for its password.
fact-counter-query = The tries left are told without using one.
fact-counter-query-by-selection = The older form of the question gives the same answer.
fact-blocked-reference = One reference of the input support application is always blocked.
fact-input-support-information = The version of the input support application is the one on record.
fact-attributes-locked = The basic four attributes ask for their PIN.
fact-card-verifiable-certificate = The card-verifiable certificate has 568 bytes.
fact-surface-information = The version of the card face application is the one on record.
fact-surface-locked = The card face asks for the printed numbers.
fact-challenge = The card gives random numbers.
fact-issuer-security-domain = The card can be left for its issuer's domain.
fact-card-recognition-data = The issuer's domain tells what kind of chip this is.
fact-contact-atr = The issuer's domain tells the ATR of the contacts.
fact-contact-atr-in-application = Where the issuer's domain has no ATR of the contacts, an application does.
fact-no-responses-in-parts = No answer comes in parts.
