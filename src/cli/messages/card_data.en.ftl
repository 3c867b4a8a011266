
## The card face applications and the change of a secret. Keys are the same as in card_data.ja.ftl.

pin-number-b = number B (14 digits made of what is printed on the card)
known-secret = { $secret ->
    [input_support_number_a] number A, input support (individual number; never asked for here)
    [input_support_number_b] number B, input support
    [surface_birth_date] date of birth, card face
    [surface_number_b] number B, card face
    [surface_number_a] number A, card face (individual number; never asked for here)
    [resident_register] PIN for the resident register (4 digits)
    [common_card] PIN of the common card application (4 digits)
   *[other] { $secret }
}

command-attributes = Read the basic four attributes off the card
command-attributes-read = Show name, address, date of birth and sex; the individual number is never read
command-surface = Read the face of the card
command-surface-read = Show what is printed on the card, by birth date, year of expiry and security code
command-pin-change = Change a PIN or password that you know; --pin-from gives two lines: old, new
option-pin-status-all = Also show the other keys of the card
option-pin-change-pin = Which one: user-authentication, digital-signature or input-support
option-attributes-read-with = What opens them: the input support PIN, or number B from the face of the card
option-genuineness = Require proof that the card's data are the issuer's
option-card-verifiable-keys = Further keys that may vouch for the card's data, as a JSON file
option-attributes-read-challenge = Have the card sign a challenge too: a copy of its data cannot
option-surface-read-photo = Write the photo to this file: PNG if it ends in .png, else JPEG 2000 as the card has it
option-surface-read-name = Write the picture of the name to this file, PNG
option-surface-read-address = Write the picture of the address to this file, PNG

discloses-attributes = Name, address, date of birth and sex will be read off the card and shown here.
discloses-face = What is printed on the card will be read off it: photo, name, address, date of birth, sex.
purpose-change = The secret on the card gets a new value. First the one it has now.
rule-new-pin = The new PIN has 4 digits.
rule-new-password = The new password has 6 to 16 letters and digits, at least one of each. Letters become upper case.
prompt-new-secret = New { $name }:
prompt-new-secret-again = The new one again:
prompt-number-b = Number B (照合番号B, 14 digits) is made of the three things asked for below.
prompt-birth-date = Date of birth (YYYY-MM-DD):
prompt-expiry-year = Year in which the card expires (4 digits):
prompt-security-code = Security code on the face of the card (4 digits):
number-b-era = In the Japanese calendar: { $era } { $year }, month { $month }, day { $day }. This is what the card is given.
pin-changed = Changed: { $name }.
label-card-expires = Card valid until
label-card-serial = Card serial number
label-municipality = Municipality code
label-contact-atr = ATR of the contacts
label-issuer-objects = Issuer's data objects
value-masked = on the card, not shown

warning-attempt_may_be_spent = The PIN was sent and no answer came, so one try may have been used. See the tries left with honnin pin status --all.
cause-link-broken = The link to the card broke ({ $code }).
cause-recording-failed = The recording could not be written: { $words }
cause-card-refused = The card refused what was asked of it (status { $status }).
cause-unexpected-answer = What came is no answer of the card: { $what ->
   *[other] { $words }
}.
warning-possibly_face_authentication_card = This is possibly a face-authentication card: it has no usable PIN and no signing certificate.
cause-secret-mixture = A new password needs at least one letter and at least one digit.
cause-secret-lines = The source has fewer lines than are needed.
cause-new-secret-differs = The new value was not typed the same twice. Nothing was sent to the card.
cause-birth-date = The date of birth is no date; write it as YYYY-MM-DD. Nothing was sent to the card.
cause-expiry-year = The year of expiry has 4 digits, 2020 or later. Nothing was sent to the card.
cause-security-code = The security code has 4 digits. Nothing was sent to the card.
cause-change-unknown = The link broke after the new value was sent. The { $name } may be the old or the new one; try the new one first.
cause-application-absent = This card does not have the application for it; phones and older cards do not.
cause-card-file-absent = The card does not have these data, or does not show them.
cause-card-data = The card's data are not of their form: { $what ->
   *[other] { $words }
}.
hint-card-verifiable-keys = Name the file of the keys with --card-verifiable-keys. The card's data are vouched for by those.
cause-photo-form = A photo is written as .jp2, as the card has it, or as .png. Name the file so.
cause-card-verifiable-keys = { $file } is not a file of card-verifiable keys.
cause-built-without-photo = This program was built without PNG photos. Name a file that ends in .jp2.
cause-photo-not-decoded = The photo on the card cannot be turned into PNG. Name a file that ends in .jp2 to get it as it is.
cause-not-typed-on-reader = { $why ->
    [timed_out] Nothing was typed on the reader in time. No try was used.
    [cancelled] The entry was cancelled on the reader. No try was used.
    [wrong_length] The number of digits typed on the reader cannot be right. No try was used.
   *[other] The reader's keypad cannot be used for this. No try was used. Add --pin-from tty to type here.
}
