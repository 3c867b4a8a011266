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
   [too-large] { $file } gives more data than anything this program reads.
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
option-extended-reads = Read long files in one exchange: remembered (where it worked before), try, never
option-lang = Language for people: ja or en
option-verbose = Tell more on standard error; repeat for more
option-quiet = Print nothing on standard error but errors
option-explain-code = Error code such as pin_incorrect, or node of doctor's tree such as E2
option-completions-shell = The shell
option-demo-dir = Directory for the files; default: a new temporary one
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
explain-retry-when = { $when ->
    [yes] yes
    [no] no
    [no-new-case] no (begin a new case)
    [new-challenge] with a new challenge
    [poll] ask again until the result is there
    [resend-without] without what was refused
    [restart] from the beginning
    [with-allow-last-try] with --allow-last-try
    [with-allow-unknown-tries] with --allow-unknown-tries
    [after-a-rule] after a rule is set
    [after-action] after the action that is needed
    [after-an-update] after an update
    [after-signing-in] after signing in
    [with-a-new-one] with a new one
    [without-the-filter] without the filter
    [after-correction] after a correction
    [after-date] after the date
    [after-issuing] after issuing
    [after-re-verification] after re-verification
    [after-support] after it is supported
    [after-upgrade] after an upgrade
   *[other] –
}

## Asking for a secret

prompt-reader = Reader: { $reader }
prompt-tries = { $n ->
    [one] Tries left: 1. One more mistake locks it.
   *[other] Tries left: { $n }
}
prompt-tries-unknown = Tries left: not known
prompt-on-reader = Type the { $name } on the keypad of the reader, then press its green key.
prompt-secret = { $name }:
cause-secret-length = Type { $expected } half-width characters.
cause-secret-digits = Type half-width digits 0 to 9 only.
cause-secret-letters = Type half-width letters A to Z and digits 0 to 9 only.
cause-no-terminal = There is no terminal to ask on.
cause-no-pinentry = There is no terminal, and no pinentry program that could ask.
cause-secret-variable-unset = The environment variable { $name } is not set.
cause-secret-descriptor = File descriptor { $n } cannot be read.
cause-secret-stdin = Standard input cannot be read.
cause-secret-empty = The source is empty.

## Warnings

warning-test_hierarchy = The certificate carries the policy of a test hierarchy: no real person stands behind it.
warning-caller_anchor = A trust anchor given on the command line was used.
warning-simulated_card = The card is simulated: no real person stands behind it.
warning-recording = The exchanges come from a recording, not from a card.
warning-password_upper_cased = The password was changed to capital letters, the only form the card knows.
warning-secret_file_readable_by_others = Other users can read the file with the PIN. Restrict it, for example with `chmod 600`.

## Reasons: what it is called, what happened, what to do next

reason-input_malformed-title = The input is not of the expected form
reason-input_malformed-detail = A field is missing, or a value does not have the form that was asked for.
reason-input_malformed-hint = Correct the input and send it again.
reason-pin_format_invalid-title = The length or characters cannot be right
reason-pin_format_invalid-detail = What was entered cannot be this PIN or password. Nothing was sent to the card, and no try was used.
reason-pin_format_invalid-hint = Check which PIN or password is asked for, and enter it again.
reason-pin_incorrect-title = The PIN or password does not match
reason-pin_incorrect-detail = The card compared it, and it does not match. One try was used.
reason-pin_incorrect-hint = Check which PIN or password is asked for. Try again only if you are sure.
reason-pin_locked-title = The PIN or password is locked
reason-pin_locked-detail = The tries of this PIN or password are used up. They do not come back with time.
reason-pin_locked-hint = Have it reset at your municipal office. The signing password can sometimes be reset by app and convenience store.
reason-nfc_disabled-title = NFC is switched off
reason-nfc_disabled-detail = The NFC of this phone is switched off.
reason-nfc_disabled-hint = Switch NFC on in the settings, then hold the card to the phone again.
reason-nfc_unsupported-title = This phone cannot read the card
reason-nfc_unsupported-detail = The NFC of this phone cannot read My Number Cards.
reason-nfc_unsupported-hint = Use a phone that can read My Number Cards, or a card reader.
reason-card_lost_contact-title = The card left the reader
reason-card_lost_contact-detail = The card moved or was removed while it was being read.
reason-card_lost_contact-hint = Put the card on the reader again and leave it there until the end.
reason-card_type_not_accepted-title = This kind of card is not accepted here
reason-card_type_not_accepted-detail = The rules of this service do not accept this kind of card, such as one inside a phone.
reason-card_type_not_accepted-hint = Use a My Number Card with PINs.
reason-certificate_not_issued-title = The certificate is not issued yet
reason-certificate_not_issued-detail = A certificate that is needed here has not been issued yet.
reason-certificate_not_issued-hint = Finish the issuing of the certificate, then start again.
reason-signing_certificate_absent-title = The card has no digital signature certificate
reason-signing_certificate_absent-detail = No digital signature certificate was issued on this card. It is usual for holders under 15.
reason-signing_certificate_absent-hint = Ask your municipal office to issue one, then try again.
reason-certificate_not_yet_valid-title = The certificate is not valid yet
reason-certificate_not_yet_valid-detail = The validity period of a certificate has not begun at the instant it was judged.
reason-certificate_not_yet_valid-hint = Check the date of this computer. If it is right, ask the issuer of the certificate.
reason-certificate_expired-title = The certificate has expired
reason-certificate_expired-detail = The validity period of a certificate had ended at the instant it was judged.
reason-certificate_expired-hint = Have the certificate renewed at your municipal office.
# RSN-29: neutral; the exact reason of a revocation is not for the public text.
reason-certificate_revoked-title = The certificate is no longer in force
reason-certificate_revoked-detail = The issuer lists this certificate as revoked, so it cannot be used any more.
reason-certificate_revoked-hint = Ask your municipal office about a new certificate.
reason-certificate_on_hold-title = The certificate is on hold
reason-certificate_on_hold-detail = The issuer has suspended this certificate for the time being.
reason-certificate_on_hold-hint = Have the hold lifted by the issuer, then start again.
reason-issuer_not_trusted-title = The issuer is not trusted
reason-issuer_not_trusted-detail = The certificate was not issued by a certification authority that is trusted here.
reason-issuer_not_trusted-hint = For a test card use --anchors jpki-test. Otherwise name an issuer that you trust with --anchor.
reason-certificate_purpose_mismatch-title = The certificate is not meant for this use
reason-certificate_purpose_mismatch-detail = A certificate was used for something its issuer did not issue it for.
reason-certificate_purpose_mismatch-hint = Use the certificate that belongs to this step: digital signature, or user authentication.
reason-algorithm_not_allowed-title = An algorithm is not accepted
reason-algorithm_not_allowed-detail = A signature or digest algorithm is not accepted here, or is no longer safe.
reason-algorithm_not_allowed-hint = Have the file or certificate made again with an accepted algorithm.
reason-key_too_weak-title = A key is too weak
reason-key_too_weak-detail = A public key in the path is too short to be safe.
reason-key_too_weak-hint = Have a certificate with a stronger key issued.
reason-signature_invalid-title = The signature does not match
reason-signature_invalid-detail = The content was changed after signing, or another key made the signature.
reason-signature_invalid-hint = Get the original file again, or sign anew.
reason-challenge_unknown-title = This request is not known
reason-challenge_unknown-detail = The answer belongs to no request that was made here.
reason-challenge_unknown-hint = Start again to receive a new request.
reason-challenge_expired-title = The request is too old
reason-challenge_expired-detail = The time for answering this request is over.
reason-challenge_expired-hint = Start again to receive a new request.
reason-challenge_already_used-title = The request was already answered
reason-challenge_already_used-detail = Each request can be answered once, and this one was used before.
reason-challenge_already_used-hint = Start again to receive a new request.
reason-evidence_already_used-title = This proof was already used
reason-evidence_already_used-detail = The same signature was handed in before. A proof counts once.
reason-evidence_already_used-hint = Make a new proof with the card.
reason-audience_mismatch-title = The proof was made for somebody else
reason-audience_mismatch-detail = The statement that was signed names another service.
reason-audience_mismatch-hint = Start again from the page or app of this service.
reason-flow_out_of_order-title = The steps came in another order
reason-flow_out_of_order-detail = A step is missing or came too early, perhaps after going back in the browser.
reason-flow_out_of_order-hint = Start again from the first step.
reason-validity_unavailable-title = Revocation could not be checked
reason-validity_unavailable-detail = There was no current information on whether the certificate is still in force. Nothing was changed.
reason-validity_unavailable-hint = Wait a while and try again, with a current revocation list.
reason-dependency_unavailable-title = A service that is needed cannot be reached
reason-dependency_unavailable-detail = A service that this step depends on gave no answer. Nothing was changed.
reason-dependency_unavailable-hint = Wait a while and try again.
reason-rate_limited-title = Too many requests in a short time
reason-rate_limited-detail = More requests came than are accepted in this time.
reason-rate_limited-hint = Wait a while and try again.
reason-attribute_mismatch-title = The details differ from the certificate
reason-attribute_mismatch-detail = Name, address, date of birth or sex differ from what the certificate says.
reason-attribute_mismatch-hint = Correct the details as printed on the card, or ask support.
reason-name_order_mismatch-title = The parts of the name are in another order
reason-name_order_mismatch-detail = Family name and given name stand in another order than on the certificate.
reason-name_order_mismatch-hint = Put the names in the order of the card, or ask support.
reason-name_changed_without_consent-title = The name has changed
reason-name_changed_without_consent-detail = The name differs from the registered one, and no consent covers taking over the change.
reason-name_changed_without_consent-hint = Agree to the update of your details in the settings, or ask support.
reason-bank_holder_name_mismatch-title = The bank holds another account name
reason-bank_holder_name_mismatch-detail = The holder of the bank account has another name than the person identified here.
reason-bank_holder_name_mismatch-hint = Have the name at the bank updated, or ask support.
reason-registration_required-title = There is no account yet
reason-registration_required-detail = Nobody is registered with this card yet.
reason-registration_required-hint = Register first, then log in with the card.
reason-relink_ambiguous-title = The account could not be determined
reason-relink_ambiguous-detail = More than one account may belong to this person, so none was linked.
reason-relink_ambiguous-hint = Ask support to link the right account.
reason-duplicate_account-title = This person already has an account
reason-duplicate_account-detail = Each person can have one account of this kind.
reason-duplicate_account-hint = Log in to the account you have, or take over the one from before certificates.
reason-email_in_use-title = The e-mail address is already in use
reason-email_in_use-detail = Another account uses this e-mail address.
reason-email_in_use-hint = Use another e-mail address, or log in to the existing account.
reason-phone_in_use-title = The phone number is already in use
reason-phone_in_use-detail = Another account uses this phone number.
reason-phone_in_use-hint = Use another phone number, or log in to the existing account.
reason-email_burnt-title = This e-mail address cannot be used again
reason-email_burnt-detail = The address belonged to an account that was closed.
reason-email_burnt-hint = Use another e-mail address.
reason-account_locked-title = The account is locked
reason-account_locked-detail = The account is locked for its protection.
reason-account_locked-hint = Wait for the end of the lock, or ask support.
reason-account_stopped_by_user-title = The account is stopped at its holder’s request
reason-account_stopped_by_user-detail = The holder has stopped this account.
reason-account_stopped_by_user-hint = Resume the account in the settings, or ask support.
# RSN-29: neutral, whatever the operator knows.
reason-account_stopped_by_operator-title = The account cannot be used at present
reason-account_stopped_by_operator-detail = This account cannot be used at present.
reason-account_stopped_by_operator-hint = Ask support how to continue.
reason-account_withdrawn-title = The account is closed
reason-account_withdrawn-detail = This account was closed and cannot be used any more.
reason-account_withdrawn-hint = Register a new account if you wish to use the service again.
reason-feature_requires_certificate_login-title = This feature needs a login with the card
reason-feature_requires_certificate_login-detail = The present login is not strong enough for this feature.
reason-feature_requires_certificate_login-hint = Log in with your My Number Card, then try again.
reason-feature_requires_money_account-title = This feature needs a money account
reason-feature_requires_money_account-detail = The account has not been upgraded from cash to money yet.
reason-feature_requires_money_account-hint = Verify your identity with the card to upgrade, then try again.
reason-feature_requires_bank_account-title = This feature needs a bank account
reason-feature_requires_bank_account-detail = No bank account is registered yet.
reason-feature_requires_bank_account-hint = Register a bank account, then try again.
reason-payout_destination_locked-title = The payout account cannot be changed yet
reason-payout_destination_locked-detail = A change of the payout account is locked for some time.
reason-payout_destination_locked-hint = Wait until the date that is shown, then try again.
reason-bank_registration_stuck-title = The bank registration cannot go on today
reason-bank_registration_stuck-detail = The registration at the bank was left unfinished and can begin again later.
reason-bank_registration_stuck-hint = Wait until the date that is shown, then register again.
reason-balance_above_withdrawal_limit-title = The balance is too high for this
reason-balance_above_withdrawal_limit-detail = The account still holds more than may remain in it here.
reason-balance_above_withdrawal_limit-hint = Spend or pay out the balance, then try again.
reason-transactions_pending-title = Transactions are still pending
reason-transactions_pending-detail = Some transactions of this account are not finished yet.
reason-transactions_pending-hint = Wait until they are finished, or cancel them, then try again.
reason-reverification_overdue-title = Your identity has to be verified again
reason-reverification_overdue-detail = The time for the regular verification is over.
reason-reverification_overdue-hint = Verify your identity with the card again.
reason-feature_not_offered-title = This feature is not offered
reason-feature_not_offered-detail = The policy in force does not list this feature.
reason-feature_not_offered-hint = Ask the operator, or choose another feature.
reason-feature_requires_higher_tier-title = This feature needs a higher level of verification
reason-feature_requires_higher_tier-detail = The present level of verification does not open this feature.
reason-feature_requires_higher_tier-hint = Verify your identity further, then try again.
reason-feature_requires_password-title = This feature needs a password
reason-feature_requires_password-detail = No password for the web edition is registered yet.
reason-feature_requires_password-hint = Register a password, then try again.
reason-one_time_password_required-title = A one-time password is needed
reason-one_time_password_required-detail = This operation has to be confirmed with a one-time password.
reason-one_time_password_required-hint = Enter the code that was sent to your phone.
reason-step_up_required-title = Further verification is needed
reason-step_up_required-detail = This use asks for one more proof of your identity.
reason-step_up_required-hint = Add the proof that is asked for, then try again.
reason-balance_insufficient-title = The balance is too low
reason-balance_insufficient-detail = The balance does not cover the amount.
reason-balance_insufficient-hint = Charge the account, then try again.
reason-limit_exceeded-title = The amount passes a limit
reason-limit_exceeded-detail = The amount is above what the account may still use.
reason-limit_exceeded-hint = Choose a smaller amount, or verify your identity further.
reason-method_not_accepted-title = This way of verification is not accepted
reason-method_not_accepted-detail = The policy in force or the law does not accept this method.
reason-method_not_accepted-hint = Verify your identity with the My Number Card instead.
reason-account_not_empty-title = The account is not empty yet
reason-account_not_empty-detail = Balance, automatic payments or linked instruments are left.
reason-account_not_empty-hint = Use up the balance and remove what is linked, then try again.
reason-declaration_missing-title = A declaration is missing
reason-declaration_missing-detail = The purpose of use or the occupation has not been declared.
reason-declaration_missing-hint = Fill in purpose and occupation, then send again.
reason-my_number_present-title = The input contains an individual number
reason-my_number_present-detail = The data contain an individual number, which is not accepted and not stored here.
reason-my_number_present-hint = Remove the number or the page that shows it, then send again.
reason-legacy_login_closed-title = Login by password has ended
reason-legacy_login_closed-detail = This way of logging in is not offered any more.
reason-legacy_login_closed-hint = Log in with your My Number Card.
reason-under_review-title = The case is under review
reason-under_review-detail = A person is looking at this case.
reason-under_review-hint = Wait for the result. Nothing needs to be sent again.
reason-idempotency_key_missing-title = The idempotency key is missing
reason-idempotency_key_missing-detail = The request carries no idempotency key.
reason-idempotency_key_missing-hint = Send the request again with an Idempotency-Key header.
reason-idempotency_key_in_progress-title = The first request is still running
reason-idempotency_key_in_progress-detail = A request with the same idempotency key is still being worked on.
reason-idempotency_key_in_progress-hint = Wait a moment and send the same request again.
reason-idempotency_key_reused-title = The idempotency key was used for something else
reason-idempotency_key_reused-detail = The same idempotency key came before with another content.
reason-idempotency_key_reused-hint = Send the request with a new idempotency key.
reason-no_pcsc_service-title = The card service is not running
reason-no_pcsc_service-detail = The PC/SC service, which connects programs and card readers, gave no answer.
reason-no_pcsc_service-hint = Start the service. On Linux, run `sudo systemctl enable --now pcscd.socket`.
reason-not_permitted-title = This session may not use the card
reason-not_permitted-detail = The system does not let this session use cards, for example a remote login.
reason-not_permitted-hint = Run it at the machine itself, or ask the administrator for permission.
reason-no_reader-title = No card reader was found
reason-no_reader-detail = The card service knows no reader, or none with the name that was given.
reason-no_reader-hint = Plug the reader in again, without a hub. Then run `honnin doctor`.
reason-no_card-title = There is no card on the reader
reason-no_card-detail = No card was put on the reader in time.
reason-no_card-hint = Put the card on the reader, leave it there, and run the command again.
reason-not_a_supported_card-title = This is not a supported card
reason-not_a_supported_card-detail = The card does not answer as a My Number Card, or lacks what is needed here.
reason-not_a_supported_card-hint = Put a My Number Card on the reader. To see more, run `honnin doctor`.
reason-reader_busy-title = Another program is using the card
reason-reader_busy-detail = Another program holds the reader for itself.
reason-reader_busy-hint = Close the other program, then run the command again.
reason-transport_failed-title = Communication with the card broke off
reason-transport_failed-detail = The exchange with the reader or the card was interrupted.
reason-transport_failed-hint = Put the card on the reader again, then run the command again.
reason-last_try_refused-title = Only one try is left
reason-last_try_refused-detail = One more mistake locks it, so nothing was sent to the card.
reason-last_try_refused-hint = If you are sure, run the command again with --allow-last-try.
reason-tries_unknown_refused-title = The tries left are not known
reason-tries_unknown_refused-detail = The card does not tell how many tries are left, so nothing was sent.
reason-tries_unknown_refused-hint = If you are sure, run the command again with --allow-unknown-tries.
reason-secret_unavailable-title = There is no way to ask for the PIN
reason-secret_unavailable-detail = There is neither a terminal nor a pinentry program, or the given source has nothing.
reason-secret_unavailable-hint = Run it in a terminal, or name a source with --pin-from.
reason-cancelled-title = Cancelled
reason-cancelled-detail = The question was left without an answer. No try was used.
reason-cancelled-hint = Run the command again when you are ready.
reason-malformed_data-title = The data are damaged or of another kind
reason-malformed_data-detail = The data cannot be read as what they should be.
reason-malformed_data-hint = Check that it is the right file, and get it again.
reason-not_an_answer_of_the_card-title = The card gave an unexpected answer
reason-not_an_answer_of_the_card-detail = The answer does not fit what this card can answer.
reason-not_an_answer_of_the_card-hint = Put the card on the reader again. If it stays, send us the report of `honnin doctor`.
reason-io_error-title = A file or device failed
reason-io_error-detail = A file or device could not be read or written.
reason-io_error-hint = Check the path, the permissions and the free space, then run the command again.
reason-server_unreachable-title = The server cannot be reached
reason-server_unreachable-detail = The server gave no answer.
reason-server_unreachable-hint = Check the network connection and the address, then try again later.
reason-server_refused-title = The server refused the request
reason-server_refused-detail = The server answered, and the answer is no.
reason-server_refused-hint = Read the reason the server gives, then start again.
reason-usage-title = The command line is not complete or not known
reason-usage-detail = A command or option is missing, unknown, or has a value of another form.
reason-usage-hint = Run `honnin --help` to see the options.
reason-masked_data_needed-title = The recording hides what is needed here
reason-masked_data_needed-detail = The recording masks data, and this step cannot be judged without them.
reason-masked_data_needed-hint = Use the card itself, or a recording of a simulated card.
reason-card_rule_broken-title = The recorded session breaks a rule of the card
reason-card_rule_broken-detail = A program did what may cost the holder a try, a secret or an unlocked card.
reason-card_rule_broken-hint = Mend the program that was recorded. docs/traces.md explains each rule.
reason-recording_differs-title = The run and the recording differ
reason-recording_differs-detail = This run asked the card something else than the recorded one.
reason-recording_differs-hint = Compare the two sides, and run the command that was recorded.
reason-path_not_found-title = No path to a trusted issuer
reason-path_not_found-detail = The certificates given do not lead to a trusted certification authority.
reason-path_not_found-hint = Add the missing certificates with --intermediate, or a trusted issuer with --anchor.
reason-name_constraint_violated-title = A name is outside the permitted range
reason-name_constraint_violated-detail = An issuer may issue only for certain names, and this name is not among them.
reason-name_constraint_violated-hint = Ask the issuer for a certificate that keeps to its range of names.
reason-policy_not_acceptable-title = No acceptable certificate policy
reason-policy_not_acceptable-detail = The path does not stand under any of the policies that were asked for.
reason-policy_not_acceptable-hint = Check the policies given with --policy, or use another certificate.
reason-otp_incorrect-title = The one-time password is not right
reason-otp_incorrect-detail = It differs from the code that was sent to your phone.
reason-otp_incorrect-hint = Enter the code of the last message, or request another one.
reason-otp_expired-title = The one-time password can no longer be used
reason-otp_expired-detail = It is too old, was used before, or was replaced by a newer one.
reason-otp_expired-hint = Request another one-time password.
reason-password_incorrect-title = The password is not right
reason-password_incorrect-detail = It differs from the registered password.
reason-password_incorrect-hint = Enter it again, or set a new one with "forgot password".
reason-bank_account_in_use-title = This bank account is registered already
reason-bank_account_in_use-detail = A bank account can belong to one account only.
reason-bank_account_in_use-hint = Use another bank account, or contact support.
reason-issuance_incomplete-title = Issuing is not finished
reason-issuance_incomplete-detail = The certificate was begun and has not been completed.
reason-issuance_incomplete-hint = Finish issuing it in the app.
reason-card_suspended-title = The card is suspended
reason-card_suspended-detail = Its use was stopped, for example after a loss.
reason-card_suspended-hint = Ask your municipality to lift the suspension.
reason-client_unsupported-title = This device or app is too old
reason-client_unsupported-detail = The system, the app or the browser is below what is needed.
reason-client_unsupported-hint = Update it, or use another device.
reason-client_session_missing-title = You are no longer signed in
reason-client_session_missing-detail = The session ended, or its cookies are gone.
reason-client_session_missing-hint = Sign in again.
reason-network_filtered-title = Something filters the connection
reason-network_filtered-detail = A VPN, a proxy or a filter keeps the service from being reached.
reason-network_filtered-hint = Switch it off, or use another network.
reason-internal-title = An error inside the program
reason-internal-detail = Something happened that should not. It is not the fault of you or your card.
reason-internal-hint = Report it with what you ran and the version (`honnin --version`).
reason-interrupted-title = Interrupted
reason-interrupted-detail = The run was stopped from outside before it was done.
reason-interrupted-hint = Run the command again when you are ready.

## Nodes of the tree of doctor (desktop.md §1)

doctor-E1-cause = The smart-card library is missing.
doctor-E1-action = Run `sudo apt install pcscd libccid`.
doctor-E2-cause = The card service (pcscd) is not running.
doctor-E2-action = Run `sudo systemctl enable --now pcscd.socket`.
doctor-E2w-cause = Windows reports no card service, which also happens when no reader is plugged in.
doctor-E2w-action = Plug in the reader. If it is in, start the "Smart Card" service.
doctor-E3-cause = This session may not use cards, for example because it is a remote login.
doctor-E3-action = Run it at the machine, or ask an administrator to add the rule doctor shows (access_pcsc, access_card).
doctor-E4-cause = Inside this sandbox the card service is out of reach or of another version.
doctor-E4-action = Run it outside the sandbox.
doctor-E5-cause = WSL cannot see the USB reader.
doctor-E5-action = Use the Windows build, or run `usbipd attach --wsl`.
doctor-R1-cause = No card reader was found.
doctor-R1-action = Plug the reader in again, without a hub.
doctor-R2-cause = The NFC driver of the system took the reader first.
doctor-R2-action = Run `sudo modprobe -r pn533_usb pn533 nfc`. To keep it, blacklist these in /etc/modprobe.d.
doctor-R3-cause = The driver of the reader is missing or old.
doctor-R3-action = Install libccid 1.4.35 or later. For ACS readers libacsccid1 works too.
doctor-R4-cause = This reader has no PC/SC driver on this system.
doctor-R4-action = Use a CCID reader such as the RC-S300.
doctor-R4w-cause = The driver of the Sony reader is not installed.
doctor-R4w-action = Install the NFC Port Software from Sony.
doctor-R5-cause = Only virtual readers are present.
doctor-R5-action = Plug in a real card reader.
doctor-R6-cause = The reader driver of macOS may not work with this reader.
doctor-R6-action = Run `sudo defaults write /Library/Preferences/com.apple.security.smartcard useIFDCCID -bool yes`. Then plug the reader in again.
doctor-C1-cause = There is no card on the reader.
doctor-C1-action = Put the card on the reader and leave it there.
doctor-C2-cause = The card does not answer.
doctor-C2-action = Centre the card and remove case, metal and other cards. Contact readers: gold chip first.
doctor-C3-cause = The card moved while it was being read.
doctor-C3-action = Put the card on the reader again and leave it there.
doctor-C4-cause = This reader may not support Type B cards.
doctor-C4-action = Use a reader that supports Type B, such as the RC-S300.
doctor-C5-cause = Another program holds the card.
doctor-C5-action = Close the other program. For gpg, set `pcsc-shared` in scdaemon.conf.
doctor-C6-cause = Another program has the card open as well.
doctor-C6-action = Nothing needs to be done. Operations with a PIN take the card exclusively.
doctor-A1-cause = This is not a My Number Card.
doctor-A1-action = Put a My Number Card on the reader.
doctor-A2-cause = This is a Juki card or a certificate inside a phone, which is not supported for this.
doctor-A2-action = Put a My Number Card on the reader.
doctor-A3-cause = There is no digital signature certificate on this card (under 15, or not issued).
doctor-A3-action = To sign, have one issued at your municipal office.
doctor-A4-cause = The certificate has expired.
doctor-A4-action = Have it renewed at your municipal office.
doctor-P1-cause = The tries left of the PINs were read.
doctor-P1-action = Nothing needs to be done.
doctor-P2-cause = One more mistake locks this PIN.
doctor-P2-action = Continue only if you are sure of it.
doctor-P3-cause = This PIN is locked.
doctor-P3-action = Have it reset at your municipal office. For signing, app and convenience store sometimes work.
doctor-P4-cause = The tries left could not be read. No try was used.
doctor-P4-action = Continue only if you are sure of the PIN.
doctor-T1-cause = The link to the card works, though the reader may need small reads.
doctor-T1-action = Nothing needs to be done.
doctor-K1-cause = The date of this computer is wrong, so validity cannot be judged.
doctor-K1-action = Set date and time, then run it again.
