
## Accounts, cases and the sweep. One sentence at most 20 words; keys are the same as in stores.ja.ftl.

command-account = Look after accounts in a store
command-account-create = Open an account
command-account-features = List what an account may do, and what keeps the rest closed
command-account-stop = Stop an account as its operator
command-account-resume = Lift the operator's stop, and no other hold
command-account-withdraw = End the relation to a customer; this cannot be undone
command-account-show = Show an account without personal data
command-case = Look after cases in a store
command-case-show = Show where a case stands
command-recheck = Hold every kept certificate against today's revocation lists
option-account-create-account = The new account's id
option-account-show-account = The account, by its id
option-account-features-account = The account, by its id
option-account-features-policy = Policy file instead of the one compiled in
option-account-stop-account = The account, by its id
option-account-stop-policy = Policy file instead of the one compiled in
option-account-resume-account = The account, by its id
option-account-resume-call-made = The customer was called
option-account-resume-photo-matched = The photo with the document shows the customer
option-account-resume-policy = Policy file instead of the one compiled in
option-account-withdraw-account = The account, by its id
option-account-withdraw-policy = Policy file instead of the one compiled in
option-case-show-case = The case, by its id
option-recheck-crls = Revocation list, DER or PEM; may be given several times
option-recheck-policy = Policy file that says when re-verification is due, instead of the one compiled in

label-identity = Identity
label-hold = Hold
label-life = Life
label-opened-at = Opened
label-expires-at = Expires
label-validity-noted = Certificate
validity-noted = { $current ->
    [unchanged] unchanged so far, as of { $at }
    [changed] revoked, as of { $at }
   *[other] unknown, as of { $at }
}
feature-open = open
feature-closed = closed
label-retain-until = Record kept until
account-unchanged = That was so already; nothing was changed.
recheck-progress = { $n } accounts are done.
recheck-accounts = Accounts
recheck-unchanged = Unchanged so far
recheck-revoked = Revoked
recheck-due = Re-verification due
recheck-without-wallet = Revoked, no wallet
recheck-expired = Expired
recheck-undetermined = Not determined
recheck-by-reason = Revoked as { $reason }: { $n }
recheck-by-gap = Not determined for want of an answer ({ $gap }): { $n }

cause-account-exists = There is already an account { $account }.
cause-account-unknown = There is no account { $account }.
cause-store-broken = The database cannot be read or written ({ $code }).
cause-store-broken-off = A write was broken off and has to be undone before anything is read.
cause-store-cannot-open = The database cannot be opened.
cause-store-conflict = The data were changed meanwhile; nothing was written.
cause-store-corrupt = The database holds a value that cannot be ({ $what }).
cause-store-locked = Another program holds the database.
cause-store-missing = There is no database at this place.
cause-store-name = The name of the database is too long: the files beside it have longer names.
cause-store-newer = The database has schema version { $found }; this program knows versions up to { $known }.
cause-store-no-keys = The key ring cannot be read or made.
cause-store-not-keys = Line { $line } of the key ring is not of its form.
cause-store-not-ours = The file, or one beside it, is not a database of this program.
cause-store-other-keys = The key ring does not open what is stored.
cause-store-part-foreign = The file whose name ends with { $suffix } is not one of this database.
cause-store-part-missing = The file of the database whose name ends with { $suffix } is missing.
cause-store-part-moment = The file whose name ends with { $suffix } is of another moment than the main file.
cause-store-read-only = The database cannot be written.
hint-store-broken-off = Run a command once as a user who may write the database.
hint-store-conflict = Run the command again.
hint-store-keys = Put the key ring that belongs to this database in its place.
hint-store-locked = Close the other program or wait for it, then run the command again.
hint-store-name = Give it a shorter name; the other files add up to 26 bytes.
hint-store-newer = Use a newer version of honnin.
hint-store-not-ours = Name a database that this program made, or a name that is free.
hint-store-restore = Put back all five files of one backup, with their key ring.
cause-recheck-concurrent = Another sweep is under way over the same store.
cause-account-release = The stop is lifted only after what the rules ask of the operator was done.
hint-account-release = Call the customer, then add --call-made; where a bank account is registered, --photo-matched too.
cause-account-not-stopped = The operator has not stopped this account.
hint-account-show = Run `honnin account show` to see what holds it.
cause-policy-without-proof = { $file } is a policy without certificates, which this command cannot judge by.
warning-list_not_used = A list cannot be used and was left out.
