
## アカウント、手続き、一括確認。キーは stores.en.ftl と同じです。

command-account = 保管先のアカウントを扱います
command-account-create = アカウントを開設します
command-account-features = アカウントで使える機能と、使えない理由を一覧します
command-account-stop = 運営者としてアカウントを停止します
command-account-resume = 運営者による停止だけを解除します
command-account-withdraw = 退会させます。取り消せません
command-account-show = アカウントを個人情報なしで表示します
command-case = 保管先の手続きを扱います
command-case-show = 手続きの状態を表示します
command-recheck = 保管中の証明書をすべて現在の失効リストと照合します
option-account-create-account = 新しいアカウントのID
option-account-show-account = アカウントのID
option-account-features-account = アカウントのID
option-account-features-policy = 組み込みの代わりに使う運用方針ファイル
option-account-stop-account = アカウントのID
option-account-stop-policy = 組み込みの代わりに使う運用方針ファイル
option-account-resume-account = アカウントのID
option-account-resume-call-made = 本人に電話した
option-account-resume-photo-matched = 書類と一緒の写真が本人である
option-account-resume-policy = 組み込みの代わりに使う運用方針ファイル
option-account-withdraw-account = アカウントのID
option-account-withdraw-policy = 組み込みの代わりに使う運用方針ファイル
option-case-show-case = 手続きのID
option-recheck-crls = 失効リスト(DERまたはPEM)。複数指定できます
option-recheck-policy = 再確認の時期を定める運用方針ファイル。省略時は組み込みの運用方針

label-identity = 本人確認
label-hold = 停止
label-life = 状態
label-opened-at = 開始
label-expires-at = 期限
label-validity-noted = 証明書
validity-noted = { $current ->
    [unchanged] { $at }時点で変更なし
    [changed] { $at }時点で失効
   *[other] { $at }時点で不明
}
feature-open = 利用できます
feature-closed = 利用できません
label-retain-until = 記録の保存期限
account-unchanged = すでにその状態です。何も変更していません。
recheck-progress = { $n }件のアカウントを確認しました。
recheck-accounts = アカウント
recheck-unchanged = 変更なし
recheck-revoked = 失効
recheck-due = 再確認が必要
recheck-without-wallet = 失効、ウォレットなし
recheck-expired = 期限切れ
recheck-undetermined = 判定できず
recheck-by-reason = 失効({ $reason }): { $n }
recheck-by-gap = 回答がなく判定できず({ $gap }): { $n }

cause-account-exists = アカウント { $account } はすでにあります。
cause-account-unknown = アカウント { $account } はありません。
cause-store-broken = データベースを読み書きできません({ $code })。
cause-store-broken-off = 書き込みが途中で終わっています。読む前に、元に戻す必要があります。
cause-store-cannot-open = データベースを開けません。
cause-store-conflict = ほかの処理がデータを変更したため、何も書き込んでいません。
cause-store-corrupt = データベースに、あり得ない値があります({ $what })。
cause-store-locked = ほかのプログラムがデータベースを使っています。
cause-store-missing = その場所にデータベースはありません。
cause-store-name = データベースの名前が長すぎます。並べて作るファイルの名前はさらに長くなります。
cause-store-newer = データベースの版は{ $found }です。このプログラムが扱えるのは{ $known }までです。
cause-store-no-keys = 鍵のファイルを読むことも作ることもできません。
cause-store-not-keys = 鍵のファイルの{ $line }行目が正しい形式ではありません。
cause-store-not-ours = 指定したファイルか、並んでいるファイルが、このプログラムのデータベースではありません。
cause-store-other-keys = この鍵のファイルでは、保管された内容を開けません。
cause-store-part-foreign = 名前が { $suffix } で終わるファイルは、このデータベースのものではありません。
cause-store-part-missing = データベースのうち、名前が { $suffix } で終わるファイルがありません。
cause-store-part-moment = 名前が { $suffix } で終わるファイルは、本体のファイルと時点が違います。
cause-store-read-only = データベースに書き込めません。
hint-store-broken-off = データベースに書き込める利用者として、コマンドを一度実行してください。
hint-store-conflict = もう一度実行してください。
hint-store-keys = このデータベースに対応する鍵のファイルを、元の場所に置いてください。
hint-store-locked = ほかのプログラムを終了するか、終わるのを待って、もう一度実行してください。
hint-store-name = 短い名前にしてください。ほかのファイルでは最大26バイト長くなります。
hint-store-newer = honninの新しい版を使ってください。
hint-store-not-ours = このプログラムが作成したデータベースか、使われていない名前を指定してください。
hint-store-restore = 同じバックアップの5つのファイルを、鍵のファイルと一緒にすべて戻してください。
cause-recheck-concurrent = 同じ保管先で別の一括確認が行われています。
cause-account-release = 停止の解除には、運営者による確認を先に終える必要があります。
hint-account-release = お客様に電話をしてから --call-made を付けてください。銀行口座の登録がある場合は --photo-matched も必要です。
cause-account-not-stopped = このアカウントは運営者によって停止されていません。
hint-account-show = `honnin account show` で停止の内容を確認してください。
cause-policy-without-proof = { $file } は証明書を使わない運用方針なので、このコマンドでは使えません。
warning-list_not_used = 使えないリストがあり、除外しました。
