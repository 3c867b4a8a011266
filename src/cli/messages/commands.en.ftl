
## What the commands say. One sentence at most 20 words; keys are the same as in commands.ja.ftl.

list-separator = {", "}
label-reader = Reader
label-card = Card
label-applications = Applications
label-user-authentication-certificate = User authentication certificate
label-digital-signature-certificate = Digital signature certificate

card-kind = { $kind ->
    [individual_number_card] My Number Card
    [resident_card] Juki card, the one before the My Number Card
    [android_phone] certificates in an Android phone
    [ios_phone] certificates in an iPhone
   *[other] a card of a kind this program does not know
}
application = { $application ->
    [jpki] JPKI
    [input_support] card face input support
    [surface] card face
   *[other] { $application }
}
tries = { $state ->
    [remaining] { $n ->
        [one] 1 try left
       *[other] { $n } tries left
    }
    [blocked] LOCKED
    [verified] verified in this session; tries not told
    [unlimited] no limit of tries
   *[unknown] the card does not tell the tries left
}
certificate-present = present
certificate-absent = none on this card
certificate-unknown = the card does not tell
certificate-until = present, valid until { $until } (CA generation { $generation })
slot = { $slot ->
    [present] card present
    [empty] no card
    [mute] card does not answer
    [busy] card in use by another program
   *[other] { $slot }
}
written = Wrote { $bytes } bytes to { $file }.
keep-the-card-still = Keep the card still until this is done.

purpose-sign = Signing { $file } (SHA-256 { $digest }).
discloses-digital-signature = The signed file will carry your signing certificate: name, address, date of birth and sex.
discloses-user-authentication = The signed file will carry your user authentication certificate: its serial number, no name.
discloses-signing-certificate = The certificate that is read carries your name, address, date of birth and sex.

cause-built-without-pcsc = This program was built without PC/SC support. Build it with the feature pcsc, or use --card sim:FILE.
cause-card-file = { $file } is not a simulated card: { $words }.
cause-not-recorded = The recording is of another run: its line { $line } has { $recorded }, and { $asked } was asked. Run what was recorded.
cause-not-recorded-data = The recording is of another run: at its line { $line }, { $asked } was asked with other data. Run what was recorded.
cause-masked-data = Line { $line } of the recording masks the data that are needed here.
cause-pin-incorrect = The card refused the { $name }. { $n ->
        [one] One try is left.
       *[other] { $n } tries are left.
    }
cause-pin-locked = The { $name } is locked.
cause-pin-locked-now = The card refused the { $name }, and that was the last try: it is locked now.
cause-last-try = Only one try is left for the { $name }. Nothing was sent to the card.
cause-tries-unknown = The card does not tell the tries left for the { $name }. Nothing was sent to the card.
cause-no-signing-certificate = There is no such certificate on this card, or it cannot be read without its secret.

simulator-new = Made a synthetic holder in { $dir }. Try: honnin --card sim:{ $card } card status
simulator-serving = Being a card for the virtual reader at { $address }. Stop with Ctrl-C.
simulator-connected = The virtual reader took the card.
simulator-disconnected = The virtual reader let go of the card.
simulator-nobody-listens = Nobody listens at { $address } yet; start pcscd with the vpcd driver. Waiting.

doctor-usable = OK — the My Number Card can be used ({ $reader }; signing: { $tries })
doctor-without-reader = simulated or recorded card
doctor-explain = { $action } Then run honnin doctor again. More: honnin explain { $node }
doctor-finding-last-try = { $name }: 1 try left. One more mistake locks it.
doctor-finding-secret = { $name }: { $tries }
doctor-finding-reader = { $cause } (reader: { $reader })
doctor-finding-certificate = { $state ->
    [unreadable] The user authentication certificate on this card cannot be read.
    [expired] The user authentication certificate expired on { $date }.
    [not-yet-valid] The user authentication certificate is valid from { $date } only.
   *[test] This is a TEST card; its certificate is valid until { $date }.
}
doctor-finding-test-action = Use it for tests only; no real person stands behind it.

label-kind = Kind
label-subject = Subject
label-issuer = Issuer
label-serial = Serial number
label-not-before = Valid from
label-not-after = Valid until
label-public-key = Public key
label-policy = Policy
label-name = Name
label-birthdate = Date of birth
label-sex = Sex
label-address = Address
value-unknown = unknown
certificate-kind = { $kind ->
    [digital_signature] digital signature certificate (JPKI)
    [user_authentication] user authentication certificate (JPKI)
    [certification_authority] certificate of a certification authority
   *[other] another kind of certificate
}
sex-word = { $word ->
    [male] male
    [female] female
    [not_applicable] not applicable
   *[unknown] unknown
}
cause-certificate = { $kind ->
    [absent] { $file } holds no certificate: it is empty or filler only.
    [cut-short] The certificate in { $file } is cut short.
   *[other] { $file } is not a certificate: { $words }.
}
cause-crl = { $file } is not a revocation list: { $words }.
cause-cms = { $file } is not a signed file (CMS SignedData): { $words }.
warning-more_certificates = The file holds more certificates; only the first one is judged.
label-profile = Profile
label-at = Judged as of
label-signer = Signer
cause-ocsp = { $file } is not an OCSP response: { $words }.

## demo

demo-title = honnin: a synthetic holder upgrades an account, without reader and without network.
demo-step-holder = A synthetic holder, a card, and certification authorities of their own
demo-step-card = The card shows itself; no PIN, no try used
demo-step-account = The wallet opens an account
demo-step-challenge = The wallet asks for a proof; this is what the holder signs
demo-step-sign = The holder types the password, and the card signs
demo-step-upgrade = The wallet checks the proof, and policy decides
demo-step-replay = The same proof is sent again
demo-step-revoked = A holder whose certificate was revoked
demo-step-stale = A revocation list that is out of date
demo-holder = 見本 太郎 does not exist. Keys and certificates were made just now, under O=JPKI-SYNTHETIC.
demo-card = Token label { $label }; { $n } exchanges, leaving the card locked included.
demo-signed = { $n } exchanges; the signature was checked against the certificate; CMS proof of { $bytes } bytes.
demo-decided = Policy { $policy } says yes, by { $rules }.
demo-kind = Account { $account }: { $kind ->
    [money] MONEY account
   *[cash] cash account
}
demo-refused = Refused: { $title } [{ $code }]
demo-undetermined = Undetermined: { $title } [{ $code }]. Nothing was changed; the case waits for a newer list.
demo-files =
    The files are in { $dir }:
      card.toml, persona.json            the simulated card and its secrets
      digital-signature-ca.der, *.crl    the test authority and its lists
      statement.txt, proof.p7m           what was signed, and the proof
      accounts.sqlite                    the wallet's database, and its keys beside it
      case.evidence, audit.jsonl         the evidence of the upgrade, and the audit log
demo-next =
    Try next:
      { $program } --card sim:{ $dir }/card.toml card status
      { $program } verify { $dir }/proof.p7m --anchors none --anchor { $dir }/digital-signature-ca.der --crl { $dir }/digital-signature.crl
      { $program } evidence verify { $dir }/case.evidence --anchors none --anchor { $dir }/digital-signature-ca.der
      { $program } audit verify { $dir }/audit.jsonl
      { $program } certificate show { $dir }/digital-signature-ca.der
      { $program } --card sim:{ $dir }/card.toml sign { $dir }/statement.txt --out { $dir }/signed.p7m
      (the password of this card is ABC123)
warning-attribute_has_substitutes = A character of the name or address stands for another one of the resident register.
warning-attribute_unknown = The certificate carries an attribute that this program does not know.
warning-birthdate_not_known_to_the_day = The date of birth is not known to the day.

cause-content-missing = The signature is detached. Name the signed content with --content FILE.
cause-content-mismatch = The content given is not the one that { $file } carries ({ $words }).
cause-out-is-input = { $file } would be overwritten by the result. Choose another file.
cause-too-large-to-attach = The file is larger than 64 MiB. Sign it with --detached.
cause-der-to-terminal = DER is not readable on a terminal. Use --out FILE, or --form pem.
cause-card-certificate = What the card holds is not a certificate that can be read: { $words }.
cause-no-such-reader = No reader's name contains { $wanted }. There are: { $readers }.
hint-no-such-reader = Name one of these with --reader, or leave --reader out.
hint-give-a-list = Give the revocation list with --crl FILE, or the OCSP response with --ocsp FILE.
hint-another-list = The list that was given does not speak of this certificate. Give the one of its issuer and municipality.
doctor-finding-unreadable-action = Put the card on the reader again. If it stays, ask at your municipal office.
warning-authentication_certificate_expired = The user authentication certificate has expired. Have it renewed at your municipal office.
warning-authentication_certificate_not_yet_valid = The user authentication certificate is not valid yet.
warning-authentication_certificate_unreadable = The user authentication certificate on this card cannot be read.
warning-card_not_reached_for_locking = The card could not be reached to lock it. Take it off the reader: without power it is locked.
cause-another-card = The card on the reader is not the one whose tries were shown. Nothing secret was sent.
