
## 証拠ファイルと監査ログです。キーは record.en.ftl と同じです。

command-evidence = 本人確認の証拠を検証します
command-evidence-verify = 証拠ファイルをオフラインで、確認した時点と現在の両方について検証します
command-audit = 監査ログを検証します
command-audit-verify = ハッシュでつながれた監査ログを検証し、合わない行をすべて示します
option-evidence-verify-bundle = 証拠ファイル
option-time-stamp-anchors = 信頼するタイムスタンプ局の証明書（繰り返し指定できます）
option-audit = 監査ログ（証拠ファイルのダイジェストをこれと比べます）
option-audit-verify-file = 監査ログ
option-head = 別に保管したログの先端（N:DIGEST）
cause-bundle-changed = { $part ->
    [header] { $file } の先頭行が変更されています。
    [manifest] { $file } の目録が変更されています。
    [bundle] { $file } は、承認の時に監査ログに記録されたものと違います。
    [end] { $file } の終わりに何かが加えられています。
   *[other] { $file } の { $part } が変更されています。
}
cause-bundle-malformed = { $file } の { $part } が正しい形ではありません（{ $words }）。
cause-bundle-no-policy = { $file } に変更はありませんが、方針が保管されていません。確認をやり直すことはできません。
cause-bundle-policy = { $file } に変更はありませんが、中の方針はこの版のhonninでは読めません。
cause-bundle-version = { $file } は形式{ $found }の証拠ファイルです。この版のhonninが読めるのは形式{ $known }です。
cause-bundle-not-in-log = { $file } にこの案件の証拠の記録がありません。
hint-log-of-the-store = 証拠ファイルを書き出した保管先の、承認より後に書き出した監査ログを指定してください。
hint-bundle-changed = 保管場所から証拠ファイルを取り直し、ダイジェストを監査ログと比べてください。
hint-bundle-no-policy = ダイジェストを監査ログと比べてください。
hint-bundle-version = 作成した版のhonninで検証してください。
label-bundle-digest = ダイジェスト
label-case = 案件
label-account = アカウント
label-method = 確認の方法
label-decided-by = 規則
label-confirmed-at = 確認日時
label-audit = 監査ログ
audit-has-the-digests = ログは正しくつながり、承認時のダイジェストと一致します（先端 { $head }）
label-then = 以下の確認
label-then-value = 本人確認をした時点
label-now = 現在の時点
now-yes = 今も有効です
now-no = 有効ではありません: { $title } [{ $code }]
now-undetermined = 判定できません: { $title } [{ $code }]
warning-checks_differ = 記録された確認結果と、今回の確認結果が違います。
warning-internal_only = 内部限りです。失効情報を外部に提供することはできません（公的個人認証法 52）。
label-time-stamp = タイムスタンプ
time-stamp-trusted = { $at }（信頼している発行者）
time-stamp-trusted-then = { $at }（当時は信頼している発行者でしたが、今は確認できません）
time-stamp-unknown = { $at }（信頼するタイムスタンプ局にない発行者）
label-head = 先端
hint-keep-head = 先端を別の場所に保管してください。ログの終わりが切られたかどうかが後で分かります。
audit-line = { $line }行目: { $problem ->
    [malformed] 監査ログの行ではありません
    [changed] 変更されています
    [not_chained] 前の行につながりません。どちらかが差し替えられています
    [missing] この前の{ $first }番から{ $last }番までがありません
    [out_of_place] { $entry }番はここに入りません。移動または挿入されています
    [other_log] 別のログの行です
    [truncated] 終了の記録がないまま終わっています。切り取られています
    [behind_the_end] 終了の記録の後にあります
    [wrong_count] 終了の記録の件数が合いません
    [other_head] 別に保管した先端と違います
    [before_head] { $entry }番まで届いていません。切り取られています
   *[other] 合いません
}
audit-more = ほかに{ $n }か所あります。詳しくは --json で見られます。
cause-audit = { $file } に合わない箇所が{ $n }か所あります。
hint-audit = 別の控えと比べ、このファイルに書き込めた人を確認してください。
