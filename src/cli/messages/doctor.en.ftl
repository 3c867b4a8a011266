
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
