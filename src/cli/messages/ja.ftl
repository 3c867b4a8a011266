# English. One sentence at most 20 words; a hint ends in what to do next. Keys are the same as in ja.ftl.

## Labels and words

label-error = error:
label-hint = hint:
label-warning = warning:
heading-global-options = Options of every command
status-passed = passed
status-failed = FAILED
status-undetermined = NOT CHECKED
status-not_run = not run
check-format = format
check-challenge = challenge
check-audience = audience
check-signature = signature
check-path = certificate path
check-purpose = purpose
check-algorithm = algorithms
check-validity_period = validity period
check-profile = certificate profile
check-revocation = revocation
check-attributes = attributes
check-genuineness = card data
check-policy = policy
pin-user-authentication = PIN of the user authentication certificate (4 digits)
pin-digital-signature = password of the digital signature certificate (6 to 16 letters and digits)
pin-input-support = PIN for input support of the card face items (4 digits)

## Causes that a file or a device has

cause-file-unreadable = { $kind ->
    [not-found] There is no file { $file }.
    [permission-denied] The file { $file } may not be read by this user.
    [is-a-directory] { $file } is a directory, not a file.
   *[other] The file { $file } could not be read: { $words }.
}
cause-file-unwritable = { $kind ->
    [not-found] The directory for { $file } does not exist.
    [permission-denied] The file { $file } may not be written by this user.
    [already-exists] The file { $file } already exists.
    [is-a-directory] { $file } is a directory, not a file.
    [storage-full] There is no space left for { $file }.
    [read-only] The place of { $file } is read-only.
   *[other] The file { $file } could not be written: { $words }.
}
cause-io = { $kind ->
    [storage-full] There is no space left on the device.
   *[other] { $words }
}

## Commands

command-honnin = Identity verification with Japan's My Number Card
command-demo = Show the whole story with a simulated card: proof, verification, account upgrade
command-doctor = Find out why the card cannot be used, without a PIN
command-readers = List the card readers and what each answered
command-card = Look at the card
command-card-status = Show kind, applications, tries left and certificates, without a PIN
command-pin = Look at the PINs
command-pin-status = Show the tries left of each PIN; no try is used
command-certificate = Read, show or verify certificates
command-certificate-read = Read one certificate off the card
command-certificate-show = Show what a certificate says
command-certificate-verify = Verify path and revocation of a certificate, every check named
command-sign = Sign a file with the card (CMS SignedData, DER)
command-verify = Verify a signed file (CMS SignedData): signature, path, revocation
command-simulator = Make and run simulated cards
command-simulator-new = Make a synthetic holder's card with its own certification authorities
command-simulator-run = Be a card for the virtual reader of pcscd
command-explain = Explain an error code, or a node of doctor's tree
command-completions = Print the completion script for a shell
command-man = Print the manual page

## Options

option-card = Where the card is: pcsc, sim:FILE (simulated) or replay:FILE (recorded)
option-reader = Use the PC/SC reader whose name contains this text
option-record = Write the exchanges of this run to a file, secrets masked
option-json = Print one JSON object on standard output
option-at = Judge certificates at this instant instead of now
option-timeout = How long to wait for a card
option-pin-from = Where a secret comes from: tty, pinentry, env:VAR, file:PATH, fd:N or stdin
option-allow-last-try = Spend the last try as well
option-allow-unknown-tries = Go on when the card does not tell the tries left
option-lang = Language for people: ja or en
option-verbose = Tell more on standard error; repeat for more
option-quiet = Print nothing on standard error but errors
option-store = Where accounts are kept: sqlite:FILE or postgres://…
option-explain-code = Error code such as pin_incorrect, or node of doctor's tree such as E2
option-completions-shell = The shell
option-demo-dir = Directory for the files; default: a new temporary one
option-doctor-report = Write a report for a bug tracker, without personal data
option-readers-known = Also list the models this program knows
option-pin-status-all = Also show the other keys of the card
option-certificate-read-certificate = Which certificate; the digital signature one needs its password and --out
option-certificate-read-out = Write to this file instead of standard output
option-certificate-read-form = How the certificate is written
option-file = Certificate, DER or PEM
option-sign-file = File to sign
option-sign-out = Write the signed file here
option-sign-key = Key that signs
option-sign-detached = Leave the content out of the signed file
option-verify-file = Signed file, DER
option-verify-content = The content, when the signed file does not contain it
option-intermediates = Intermediate certificates; may be repeated
option-own-anchors = Additional trust anchors; may be repeated
option-anchors = The built-in trust anchors to use
option-crls = Certificate revocation lists; may be repeated
option-ocsp-responses = OCSP responses; may be repeated
option-profile = Profile to hold the certificate against; default: the one that fits
option-revocation = What to do without an answer about revocation
option-policies = Acceptable certificate policies; may be repeated
option-require-explicit-policy = Require a valid policy along the whole path
option-inhibit-any-policy = Do not let anyPolicy stand for other policies
option-inhibit-policy-mapping = Do not follow policy mappings
option-simulator-new-persona = Which synthetic person, for example adult or child
option-simulator-new-out = Directory for the card and its authorities
option-simulator-run-card-file = Card file made by "simulator new"
option-simulator-run-vpcd = Serve the virtual reader at HOST:PORT; default: 127.0.0.1:35963

## explain

explain-next = What to do: { $hint }
explain-exit = exit code
explain-retry = try again
