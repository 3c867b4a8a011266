# コマンドの指定の誤り。
usage-unknown-command = 「{ $command }」というコマンドはありません
usage-unknown-argument = 「{ $argument }」はここでは使えません
usage-value-missing = 「{ $argument }」には値が必要です
usage-invalid-value = 「{ $argument }」に「{ $value }」は指定できません
usage-refused-value = 「{ $argument }」に「{ $value }」は指定できません。{ $why }
usage-possible-values = [指定できる値: { $list }]
usage-missing-command = 「{ $command }」の後にコマンドが必要です
usage-commands = [コマンド: { $list }]
usage-missing-argument = 次の指定が足りません:
usage-twice = 「{ $argument }」は1回しか指定できません
usage-conflict = 「{ $argument }」は次のものと一緒に指定できません:
usage-no-equals = 「{ $argument }」の値は = に続けて指定してください
usage-too-many-values = 「{ $argument }」の値が多すぎます: 「{ $value }」
usage-number-of-values = 「{ $argument }」の値の数が正しくありません
usage-not-utf8 = UTF-8として読めない指定があります
usage-pin-from = 「--pin-from」に指定できるのは tty、pinentry、env:VAR、file:PATH、fd:N、stdin です
usage-store-unknown = 「--store」の値は使えません。sqlite:FILE の形で指定してください
usage-store-not-built-in = 「--store」の値は使えません。このプログラムは { $value } なしでビルドされています
usage-unknown-code = 「{ $value }」というコードはありません。一覧は docs/errors.md にあります
usage-replay-of-a-trace = 「trace」自体は再生できません
usage-replay-without-a-card = 「{ $value }」はカードと通信しないので、再生できません

# 値の形。
expected-card-source = pcsc、sim:FILE、replay:FILE のどれかを指定してください
expected-instant = RFC 3339 の日時（例: 2026-11-22T12:00:05+09:00）を指定してください
expected-seconds = 86400以下の整数（秒）を指定してください
expected-host-and-port = HOST:PORT の形で指定してください
expected-object-identifier = オブジェクト識別子（例: 1.2.392.200149.8.5.1.1.10）を指定してください

# 使い方の説明の言葉。
help-usage = 使い方
help-commands = コマンド
help-arguments = 引数
help-options = オプション
help-default = 既定値
help-possible-values = 指定できる値
help-help = この説明を表示します
help-version = バージョンを表示します
