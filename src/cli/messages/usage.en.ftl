# What is wrong with a command line.
usage-unknown-command = unrecognized subcommand '{ $command }'
usage-unknown-argument = unexpected argument '{ $argument }' found
usage-value-missing = a value is required for '{ $argument }' but none was supplied
usage-invalid-value = invalid value '{ $value }' for '{ $argument }'
usage-refused-value = invalid value '{ $value }' for '{ $argument }': { $why }
usage-possible-values = [possible values: { $list }]
usage-missing-command = '{ $command }' requires a subcommand but one was not provided
usage-commands = [subcommands: { $list }]
usage-missing-argument = the following required arguments were not provided:
usage-twice = the argument '{ $argument }' cannot be used multiple times
usage-conflict = the argument '{ $argument }' cannot be used with:
usage-no-equals = equal sign is needed when assigning values to '{ $argument }'
usage-too-many-values = unexpected value '{ $value }' for '{ $argument }' found; no more were expected
usage-number-of-values = '{ $argument }' was given a wrong number of values
usage-not-utf8 = invalid UTF-8 was detected in one or more arguments
usage-pin-from = the value of '--pin-from' is none of tty, pinentry, env:VAR, file:PATH, fd:N, stdin
usage-store-unknown = the value of '--store' cannot be used: not a store address: sqlite:FILE expected
usage-store-not-built-in = the value of '--store' cannot be used: a { $value } store is not built in
usage-unknown-code = no code '{ $value }' in the catalogue; docs/errors.md lists them all
usage-replay-of-a-trace = 'trace' itself cannot be replayed
usage-replay-without-a-card = '{ $value }' never talks to a card, so it cannot be replayed

# What a value has to be.
expected-card-source = expected pcsc, sim:FILE or replay:FILE
expected-instant = not an RFC 3339 instant (expected a form like 2026-11-22T12:00:05+09:00)
expected-seconds = expected whole seconds, at most 86400
expected-host-and-port = expected HOST:PORT
expected-object-identifier = expected an object identifier such as 1.2.392.200149.8.5.1.1.10

# Words of help texts.
help-usage = Usage
help-commands = Commands
help-arguments = Arguments
help-options = Options
help-default = default
help-possible-values = possible values
help-help = Print help
help-version = Print version
