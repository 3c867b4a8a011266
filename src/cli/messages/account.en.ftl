
## What the operator's commands over accounts say. Keys are the same as in account.ja.ftl.

cause-at-dates-nothing = This command writes history, which the clock alone dates; --at is for judging certificates.
hint-without-at = Run the command again without --at.
cause-account-asks-a-code = The policy asks for a one-time password here. The customer alone receives it, and this command takes none.
hint-account-asks-a-code = Have the customer close the account in the app or on the web, or name a policy that asks for none.
cause-account-stopped = The operator has stopped this account.
hint-account-resume = Lift the stop with `honnin account resume`, then run the command again.
hint-account-holders-hold = The customer alone can end this: by resuming the account, or by unlocking it with a new password.
hint-account-closed = A closed account stays closed. For a customer who comes back, open another with `honnin account create`.
cause-not-an-identifier = ‘{ $value }’ is no identifier: 1 to 64 of the characters A-Z a-z 0-9 . _ - are expected, the first a letter or digit.
account-kind = { $word ->
    [cash] cash
    [money] money
   *[other] { $word }
}
account-identity = { $word ->
    [none] not verified
    [in_progress] being verified
    [verified_certificate] verified by certificate
    [verified_selfie_legacy] verified by selfie, before certificates
   *[other] { $word }
}
account-hold = { $word ->
    [locked_by_failures] locked after failures
    [stopped_by_user] stopped by the customer
    [stopped_by_operator] stopped by the operator
   *[other] { $word }
}
account-life = { $word ->
    [open] open
    [withdrawn] closed
   *[other] { $word }
}
feature-name-register_bank_account = Register a bank account
feature-name-delete_bank_account = Delete a bank account
feature-name-charge_from_bank = Charge from a bank account
feature-name-exact_top_up = Top up exactly what is missing
feature-name-self_transfer = Transfer to an account of one's own
feature-name-set_payout_destination = Choose the pay-out destination
feature-name-charge_with_cash = Charge at a shop, by net bank or at an ATM
feature-name-pay = Pay
feature-name-automatic_payment = Pay automatically
feature-name-receipt = Ask for a receipt
feature-name-change_password = Change the password
feature-name-change_phone = Change the phone number
feature-name-change_email = Change the mail address
feature-name-stop = Stop the account
feature-name-withdraw = Leave the service
feature-name-verify_identity = Verify the identity
feature-name-unlock = Unlock the account
feature-name-resume = Resume the account
feature-name-revoke_certificate = Revoke the certificates of the wallet
feature-name-contact = Reach the support
feature-name-transfer = Send to another person
feature-name-receive = Receive from another person
feature-name-send_red_packet = Send a red packet
feature-name-invest = Buy investments
feature-name-reset_identity = Begin the verification of the identity again
