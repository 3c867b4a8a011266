
## 失効: リスト、取得元、失効の意味。キーは revocation.en.ftl と同じです。

command-revocation = 失効リストを調べます
command-revocation-info = 失効リストの内容を、全件を読んだうえで示します
command-revocation-check = 発行の番号を失効リストで調べます。--anchor があれば、その署名のあるリストだけを使います
option-revocation-info-file = 失効リスト(DERまたはPEM)
option-revocation-check-files = 失効リスト(DERまたはPEM)
option-revocation-check-serial = 16進数の発行の番号。- なら標準入力から読みます
option-revocation-sources = 失効情報の取得元(TOML)。指定しなければ何も取得しません
option-revocation-cache = 取得したリストをこのディレクトリに保存します
revocation-meaning = 意味
revocation-meaning-data_changed = 引っ越しなどで記録事項が変わりました
revocation-meaning-no_longer_in_force = 現在は有効ではありません
revocation-meaning-renewed = 新しい証明書に替わりました
label-at-signing = 署名の時点
standing-at-signing = { $standing ->
    [good] { $at }（署名者による時刻）には失効していませんでした
    [revoked_before] { $at }（署名者による時刻）にはすでに失効していました
    [revoked_after] { $at }（署名者による時刻）より後に失効しました
    [undetermined] { $at }（署名者による時刻）の状態は分かりません
   *[not_checked] { $at }（署名者による時刻）の状態は確認していません
}
label-list = リスト
label-this-update = 発行
label-next-update = 次回の予定
label-entries = 件数
label-scope = 対象
label-delta = 種類
label-list-signature = 署名
list-without-end = 書かれていません
list-scope = { $scope ->
    [ca] 認証局の証明書だけ
    [user] 利用者の証明書だけ
    [attribute] 属性証明書だけ
    [point] このリストを指す証明書
   *[all] 発行元のすべての証明書
}
list-of-changes = 別のリストとの差分だけ
list-signed-by = { $signer ->
    [unknown] 確認していません（この名前の信頼できる発行元がありません）
    [not_entitled] 確認していません（発行元の証明書の鍵用途が失効リストの署名を認めていません）
   *[known] 信頼できる発行元のものです
}
list-outcome = { $status ->
    [revoked] { $at } から載っています
    [not_listed] 載っていません
   *[other] 使えません（{ $why }）
}
list-unusable = { $why ->
    [signature_invalid] 署名が一致しません
    [not_verified] 署名者が、指定された発行元の中に見つかりません
    [issuer_may_not_sign] 発行元の証明書の鍵用途が失効リストの署名を認めていません
    [version] 対象を示せない古い形式です
    [delta] 別のリストとの差分だけです
    [indirect] 複数の発行元のリストです
    [only_attribute_certificates] 属性証明書だけが対象です
    [only_ca_certificates] 認証局の証明書だけが対象です
    [some_reasons_only] 一部の失効理由だけが対象です
    [not_yet_current] 調べる時点より後に発行されました
    [no_next_update] いつまで有効か書かれていません
    [stale] 期限を過ぎています
    [unknown_critical_extension] 解釈が必須の、未知の拡張があります
   *[malformed] 壊れています
}
cause-revocation-sources = { $file } は失効情報の取得元として使えません（{ $words }）。
cause-serial = 指定されたものは16進数の発行の番号ではありません。
hint-revocation-sources = その行を直して、もう一度実行してください。例は docs/revocation-sources.md にあります。
hint-serial = 1EE607 のような16進数を指定するか、- を指定して標準入力から渡してください。
hint-issuer-of-list = リストの発行元の証明書を --anchor で指定してください。記載だけを見るなら --anchor と --anchors を外してください。
hint-complete-list = 利用者の証明書についての完全で最新のリスト（バージョン2で、次回の予定が書かれたもの）を発行元から入手して、もう一度実行してください。
hint-newer-list = 最新のリストを入手して、もう一度実行してください。
warning-revocation_source_failed = 失効情報の取得元が使えませんでした。
warning-revocation_cache_unusable = キャッシュのディレクトリが使えないため、取得したリストを保存できません。
warning-revocation_list_not_verified = このリストの署名者は、ここで信頼する発行元の中に見つかりません。
warning-profile_extension_absent = このような証明書に通常ある拡張がありません。
warning-profile_extension_unexpected = このような証明書に通常ない拡張があります。
warning-profile_criticality_differs = 拡張の重要度（critical）が通常と違います。
