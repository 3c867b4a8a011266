
## trace: recorded card sessions. Keys are the same as in trace.ja.ftl.

command-trace = Judge, show, blank, convert and replay recorded card sessions
command-trace-check = Hold a recorded session against the card's rules
command-trace-show = Tell a recorded session command by command, without its data
command-trace-redact = Blank secrets and personal data in a recording
command-trace-convert = Write a recording in another format, secrets blanked
command-trace-replay = Run a command of this program against a recording
option-recording = Recording: JSON lines, apdu4j, a log of pcscd or OpenSC, pcsc-spy, arrows, or tshark's JSON
option-trace-redact-out = Write to this file instead of standard output
option-trace-convert-out = Write to this file instead of standard output
option-trace-redact-persona = Whose card was recorded; only a synthetic person's data stay
option-trace-convert-persona = Whose card was recorded; only a synthetic person's data stay
option-trace-convert-to = Format to write: pcapng for Wireshark, apdu4j, or jsonl
option-trace-convert-bare = With jsonl: only what the published format names
option-trace-replay-lenient = Answer from anywhere in the recording, and list where the order differs
option-trace-replay-replayed = The command to run, for example: card status

cause-recording-file = { $defect ->
    [empty] { $file } is empty.
    [file_too_large] { $file } is larger than any recorded card session.
    [not_text] { $file } is not a text file.
    [no_exchange] { $file } has no command to a card in it.
   *[unknown_format] { $file } is in none of the formats for recorded card sessions.
}
cause-recording-line = { $defect ->
    [line_too_long] Line { $line } of { $file } is longer than any command to a card.
    [too_many_lines] { $file } has more lines than any recorded card session.
    [not_json] Line { $line } of { $file } is not a JSON object with a type.
    [unknown_type] Line { $line } of { $file } has a type that the format does not know.
    [bad_field] Line { $line } of { $file } lacks a field, or a field has another form.
    [unknown_version] Line { $line } of { $file } names a version of the format that is not known.
    [no_header] Line { $line } of { $file } comes before the header, or the header is missing.
    [second_header] Line { $line } of { $file } is a second header.
    [not_hex] Line { $line } of { $file } has bytes that are not written as hexadecimal.
    [short_command] Line { $line } of { $file } has a command of fewer than four bytes.
    [short_answer] Line { $line } of { $file } has an answer without its status word.
    [not_paired] Line { $line } of { $file } has a command without an answer, or an answer without a command.
   *[other] Line { $line } of { $file } is not a line of a recorded card session.
}
cause-bare-is-jsonl = Only JSON lines have a bare form. Use --to jsonl with --bare.
cause-pcapng-to-terminal = A capture file is not readable on a terminal. Use --out FILE.
cause-card-rule = { $errors ->
    [one] One rule that protects the holder is broken.
   *[other] Rules that protect the holder are broken in { $errors } places.
}
warning-recording_differs = The run and the recording also differ. The command ended for another reason.
cause-replay-differs = The run and the recording part at line { $line } of the recording.
hint-run-redact = Run honnin trace redact on it, and hand on only what that writes.
hint-replay-lenient = Compare the two sides, or replay with --lenient to go on past differences of order.

label-trace-tool = Recorded by
label-trace-atr = ATR
label-trace-persona = Person
label-trace-note = Note
label-trace-facts = Shows
trace-persona = { $persona ->
    [synthetic] made up
   *[unknown] not known, treated as real
}
trace-severity = { $severity ->
    [error] ERROR
    [warning] warning
   *[notice] notice
}
trace-finding-place = #{ $exchange } (line { $line }):
trace-checked = { $exchanges ->
        [one] 1 command
       *[other] { $exchanges } commands
    }: { $errors ->
        [one] 1 error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] 1 warning
       *[other] { $warnings } warnings
    }, { $notices ->
        [one] 1 notice
       *[other] { $notices } notices
    }.
trace-blanked = { $n ->
    [0] Nothing had to be blanked.
   *[other] { $persona ->
        [synthetic] Blanked in { $n } places: the secrets. The person is made up.
       *[unknown] Blanked in { $n } places: secrets and personal data.
    }
}
trace-replayed = Answered { $played } of { $recorded } recorded commands.
trace-more-differences = … and more differences: { $n }.
trace-difference = Line { $line }: { $kind ->
    [skipped] recorded { $recorded }, passed over.
    [elsewhere] recorded { $recorded }, asked { $asked }, which stands elsewhere in the recording.
    [put_together] recorded { $recorded }, asked { $asked }, answered from what the recording tells of the card.
    [not_asked] recorded { $recorded }, never asked.
   *[another] recorded { $recorded }, asked { $asked }.
}
trace-in-the-data = {" "}The data of the two differ.
trace-side = { $header } ({ $operation })
trace-the-end = the end
trace-nothing = nothing

trace-operation = { $operation ->
    [select_application] Select application
    [select_file] Select file
    [select_other] Select
    [read_binary] Read
    [read_record] Read record
    [query_counter] Ask for tries left
    [verify] Present secret
    [change_secret] Change secret
    [sign] Sign
    [internal_authenticate] Let the card prove itself
    [get_data] Read data object
    [get_challenge] Get random bytes
    [get_response] Get the rest of the answer
    [set_session_key] Set session key
    [issuer_command] Issuer's command
    [phone_marker] Phone's own command
    [reader_command] Command to the reader
   *[other] Other command
}
trace-place = { $place ->
    [issuer_security_domain] card's base application
    [jpki] JPKI
    [input_support] card face input support
    [surface] card face
    [resident_register] resident register
    [common_card] common card
    [driving_licence] driving licence
    [other] another application
   *[unknown] application not known
}
trace-file = { $file ->
    [signing_certificate] signing certificate
    [signing_ca_certificate] CA certificate for signing
    [token_information] token information
    [certificate_availability] which certificates there are
    [authentication_certificate] authentication certificate
    [authentication_ca_certificate] CA certificate for authentication
    [terminal_ca_key] CA key for terminals
    [authentication_key] authentication key
    [authentication_pin] authentication PIN
    [signing_key] signing key
    [signing_password] signing password
    [individual_number] individual number
    [basic_four_attributes] basic four attributes
    [integrity_record] integrity record
    [card_verifiable_certificate] card-verifiable certificate
    [application_information] application information
    [session_key] key for secure messaging
    [application_key] public key of the application
    [input_support_pin] input support PIN
    [blocked_reference] reference that is always blocked
    [application_signing_key] key of the application
    [number_a] verification number A
    [number_b] verification number B
    [birth_date_record] record of the birth date
    [surface_record] record of the card face
    [number_image] picture of the individual number
    [birth_date] birth date as a secret
    [resident_register_pin] resident register PIN
    [card_record] record of the card
    [common_card_key] key of the common card application
    [common_card_pin] common card PIN
    [driving_licence_pin] driving licence PIN
    [pin_setting] whether a PIN is set
    [licence_data] licence data
   *[other] { $file }
}
trace-offset = {" "}from byte { $offset }
trace-answer-data = { $n ->
    [one] 1 byte, { $status }
   *[other] { $n } bytes, { $status }
}
trace-answer-blanked = blanked, { $status }
trace-answer-unknown = answer not readable
trace-link-error = no answer: { $error ->
    [removed] the card was removed
    [reset] another program reset the card
    [busy] another program held the card
    [mute] the card did not answer to power
    [no_card] there was no card
    [no_reader] there was no reader
    [no_service] the card service did not run
    [no_status_word] the answer was cut short
    [not_permitted] access was not permitted
   *[other] communication broke
}
trace-event = { $event ->
    [removed] The card was removed.
    [reset] Another program reset the card.
    [reconnect] The card was taken up again.
    [select_lost] The selected application was lost.
   *[other] { $event }
}
trace-status = { $kind ->
    [done] done
    [locked] card application locked
    [end_of_file] end of file
    [wrong_unlimited] wrong, no limit of tries
    [blocked] blocked
    [tries] { $n ->
        [one] 1 try left
       *[other] { $n } tries left
    }
    [more] { $n } more bytes waiting
    [other_length] { $n } bytes should be asked for
    [card_error] error in the card
    [wrong_length] length not accepted
    [not_supported] not supported
    [wrong_structure] file of another structure
    [secret_needed] needs its secret first
    [conditions] conditions not met
    [no_file_selected] no file selected
    [secure_messaging] secure messaging not possible
    [wrong_data] data not accepted
    [not_found] not found
    [no_record] no such record
    [wrong_parameters] parameters not accepted
    [no_object] no such data object
    [past_the_end] past the end of the file
    [unknown_instruction] command not known
    [unknown_class] command class not known
    [unspecified] unspecified error
   *[other] not documented for this card
}

trace-rule = { $rule ->
    [last_try_spent] The secret was presented with one try left. Stop there, and let the holder decide.
    [unknown_tries_spent] The secret was presented although the card did not tell the tries left. Let the holder decide.
    [blocked_secret_presented] A blocked secret was presented. The counter had said so; ask the municipal office to unlock it.
    [verify_without_counter_query] A secret was presented without asking for its counter first. Ask; it costs nothing.
    [secret_presented_twice] The same secret was presented more than once in one session. Present it once.
    [sent_again_without_answer] A command that must not be repeated was sent again after no answer. Stop there, and let the holder decide.
    [secret_without_need] A secret was presented, and nothing that needs it followed. Read what is free without it.
    [secret_in_extended_form] A secret was presented with extended lengths. Use the short form, which every reader carries.
    [blocked_reference_presented] Reference 0012 arrives blocked on every card. Leave it alone.
    [unknown_reference_presented] A secret was presented to a reference that is none of this application's secrets. Leave what is unknown alone.
    [changed_without_verifying] A secret was changed without presenting the old one. Present it first.
    [counter_query_with_length] The counter was asked for with a length byte, which cards refuse. Send four bytes.
    [left_unlocked] The session ended with a secret still verified. Select the card's base application to lock it.
    [not_left_at_the_isd] The session ended inside an application. Select the card's base application at the end.
    [individual_number_touched] The file of the individual number was selected or read. The law allows that to few; leave it alone.
    [individual_number_presented] The individual number was used as verification number A. Use number B.
    [secret_not_masked] The recording holds a secret or the individual number. Run trace redact before anybody sees it.
    [personal_data_not_masked] The recording holds personal data. Run trace redact before anybody sees it.
    [read_past_the_end] The read went past the end of the file or its object. Stop at the object's length.
    [bytes_read_twice] Bytes of a file were read a second time. Keep what was read.
    [extended_read_after_refusal] A read with extended lengths was sent after one had been refused. Remember it, and read 256 bytes at a time.
    [command_sent_twice] The same command was sent twice in a row. Send it once; with a secret it costs two tries.
    [length_corrected_again] The corrected length was refused again. Correct it once, then give up.
    [response_not_fetched] The rest of an answer was not fetched. Send GET RESPONSE after 61xx.
    [issuer_command_sent] A command of the issuer was sent. Leave those to the issuer.
    [phone_command_to_card] A command that only phones know was sent to a plastic card. Look at the label first.
    [shortened_name] The application was selected by the beginning of its name. Send the whole name.
    [other_channel] A logical channel other than 0 was used. The card has only that one; use it.
    [command_chained] A command was sent in parts. None of this card's needs that; send it in one.
    [secured_message_refused] Secure messaging was used where the card does not know it. Send the command plainly.
   *[other] { $rule }
}

exchange-sent = { $header }{ $n ->
    [0] { "" }
    [one] {" "}and 1 byte
   *[other] {" "}and { $n } bytes
}
exchange-sent-secret = { $header } and a secret (masked)
exchange-received = { $status }{ $n ->
    [0] { "" }
    [one] , 1 byte
   *[other] , { $n } bytes
}
exchange-received-masked = { $status }, { $n ->
    [one] 1 byte
   *[other] { $n } bytes
} (personal, masked)
