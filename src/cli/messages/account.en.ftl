
## What the operator's commands over accounts say. Keys are the same as in account.ja.ftl.

cause-at-dates-nothing = This command writes history, which the clock alone dates; --at is for judging certificates.
hint-without-at = Run the command again without --at.
