# 日本語。です・ます、責めない、16進数を見せない。Keys are the same as in en.ftl.

## Labels and words

label-error = エラー:
label-hint = 次の手順:
label-warning = 注意:
heading-global-options = すべてのコマンドに共通のオプション
status-passed = 合格
status-failed = 失敗
status-undetermined = 未確認
status-not_run = 未実施
check-format = 形式
check-challenge = チャレンジ
check-audience = 宛先
check-signature = 署名
check-path = 証明書の経路
check-purpose = 用途
check-algorithm = 暗号方式
check-validity_period = 有効期間
check-profile = 証明書の様式
check-revocation = 失効
check-attributes = 基本4情報
check-genuineness = カードの真正性
check-policy = ポリシー
pin-user-authentication = 利用者証明用電子証明書の暗証番号（数字4桁）
pin-digital-signature = 署名用電子証明書の暗証番号（英数字6〜16文字）
pin-input-support = 券面事項入力補助用の暗証番号（数字4桁）

## Causes that a file or a device has

cause-file-unreadable = { $kind ->
    [not-found] ファイル { $file } がありません。
    [permission-denied] ファイル { $file } を読み取る権限がありません。
    [is-a-directory] { $file } はファイルではなくディレクトリです。
    [too-large] { $file } のデータが大きすぎて読み取れません。
   *[other] ファイル { $file } を読み取れませんでした: { $words }
}
cause-file-unwritable = { $kind ->
    [not-found] ファイル { $file } を置くディレクトリがありません。
    [permission-denied] ファイル { $file } に書き込む権限がありません。
    [already-exists] ファイル { $file } はすでにあります。
    [is-a-directory] { $file } はファイルではなくディレクトリです。
    [storage-full] ファイル { $file } を書く空き容量がありません。
    [read-only] ファイル { $file } の場所は読み取り専用です。
   *[other] ファイル { $file } に書き込めませんでした: { $words }
}
cause-io = { $kind ->
    [storage-full] 機器の空き容量がありません。
   *[other] { $words }
}

## Commands

command-honnin = マイナンバーカードによる本人確認
command-demo = 模擬カードで一連の流れを見せます(証明、検証、アカウントの切り替え)
command-doctor = カードを使えない原因を調べます(暗証番号は不要です)
command-readers = カードリーダーと、それぞれの応答を一覧にします
command-card = カードを調べます
command-card-status = カードの種類、アプリ、残り回数、電子証明書を表示します(暗証番号は不要です)
command-pin = 暗証番号の状態を調べます
command-pin-status = 暗証番号の残り回数を表示します(回数は減りません)
command-certificate = 電子証明書を読み取り、表示、検証します
command-certificate-read = カードから電子証明書を1つ読み取ります
command-certificate-show = 電子証明書の内容を表示します
command-certificate-verify = 電子証明書の経路と失効を検証し、確認項目ごとに示します
command-sign = カードでファイルに署名します(CMS SignedData、DER)
command-verify = 署名されたファイル(CMS SignedData)の署名、経路、失効を検証します
command-simulator = 模擬カードを作り、動かします
command-simulator-new = 架空の人物の模擬カードと、その認証局を作ります
command-simulator-run = pcscdの仮想リーダーに対してカードとして動きます
command-explain = エラーコード、またはdoctorの項目を説明します
command-completions = シェルの補完スクリプトを出力します
command-man = マニュアルページを出力します

## Options

option-card = カードの場所: pcsc、sim:FILE(模擬カード)、replay:FILE(記録)
option-reader = 名前にこの文字列を含むPC/SCリーダーを使います
option-record = 通信の記録をファイルに書きます(暗証番号などは伏せます)
option-json = 標準出力にJSONオブジェクトを1つ出力します
option-at = 現在ではなく、この時点で証明書を判定します
option-timeout = カードを待つ秒数
option-pin-from = 暗証番号の入力元: tty、pinentry、env:VAR、file:PATH、fd:N、stdin
option-allow-last-try = 最後の1回も使います
option-allow-unknown-tries = 残り回数が分からなくても続けます
option-extended-reads = 長いファイルを1回で読みます: remembered（以前できたリーダーだけ）、try（試す）、never（しない）
option-lang = 表示の言語: ja または en
option-verbose = 標準エラー出力に詳しく表示します(重ねるとさらに詳しく)
option-quiet = 標準エラー出力にエラー以外を表示しません
option-explain-code = pin_incorrect などのエラーコード、または E2 などのdoctorの項目
option-completions-shell = シェルの種類
option-demo-dir = ファイルを置くディレクトリ(省略すると新しい一時ディレクトリ)
option-certificate-read-certificate = 電子証明書の種類(署名用は暗証番号と --out が必要です)
option-certificate-read-out = 標準出力の代わりにこのファイルへ書きます
option-certificate-read-form = 書き出す形式
option-file = 電子証明書(DERまたはPEM)
option-sign-file = 署名するファイル
option-sign-out = 署名したファイルの書き出し先
option-sign-key = 署名に使う鍵
option-sign-detached = 署名ファイルに内容を含めません
option-verify-file = 署名されたファイル(DER)
option-verify-content = 署名ファイルに内容が含まれない場合の、元の内容
option-intermediates = 中間証明書(繰り返し指定できます)
option-own-anchors = 追加の信頼点(繰り返し指定できます)
option-anchors = 使用する組み込みの信頼点
option-crls = 証明書失効リスト(繰り返し指定できます)
option-ocsp-responses = OCSP応答(繰り返し指定できます)
option-profile = 照らし合わせる証明書の様式(省略すると証明書に合うもの)
option-revocation = 失効の情報がない場合の扱い
option-policies = 認める証明書ポリシー(繰り返し指定できます)
option-require-explicit-policy = 経路全体に有効なポリシーを求めます
option-inhibit-any-policy = anyPolicyをほかのポリシーの代わりとして認めません
option-inhibit-policy-mapping = ポリシーの対応付けに従いません
option-simulator-new-persona = 架空の人物の種類(adult、child など)
option-simulator-new-out = カードと認証局を置くディレクトリ
option-simulator-run-card-file = 「simulator new」で作ったカードのファイル
option-simulator-run-vpcd = HOST:PORT の仮想リーダーにつなぎます(省略すると 127.0.0.1:35963)

## explain

explain-next = 次にすること: { $hint }
explain-exit = 終了コード
explain-retry = 再試行
explain-retry-when = { $when ->
    [yes] できます
    [no] できません
    [no-new-case] できません(新しい申請でやり直します)
    [new-challenge] 新しいチャレンジでできます
    [poll] 結果が出るまで問い合わせます
    [resend-without] それを除いて送り直せます
    [restart] 最初からできます
    [with-allow-last-try] --allow-last-try を付ければできます
    [with-allow-unknown-tries] --allow-unknown-tries を付ければできます
    [after-a-rule] 規則ができたあとでできます
    [after-action] 必要な手続きのあとでできます
    [after-an-update] 新しい版にしたあとでできます
    [after-signing-in] ログインのあとでできます
    [with-a-new-one] 新しいものでできます
    [without-the-filter] 絞り込みを外せばできます
    [after-correction] 訂正のあとでできます
    [after-date] その日を過ぎればできます
    [after-issuing] 発行を受けたあとでできます
    [after-re-verification] 再確認のあとでできます
    [after-support] 対応されたあとでできます
    [after-upgrade] 更新のあとでできます
   *[other] –
}

## Asking for a secret

prompt-reader = リーダー: { $reader }
prompt-tries = { $n ->
    [1] 残り回数: 1回(あと1回の間違いでロックされます)
   *[other] 残り回数: { $n }回
}
prompt-tries-unknown = 残り回数: 不明
prompt-on-reader = リーダーのキーで{ $name }を入力し、緑のキー（確定）を押してください。
prompt-secret = { $name }:
cause-secret-length = 半角{ $expected }文字で入力してください。
cause-secret-digits = 半角数字(0〜9)だけで入力してください。
cause-secret-letters = 半角の英字(A〜Z)と数字(0〜9)だけで入力してください。
cause-no-terminal = 入力に使う端末がありません。
cause-no-pinentry = 端末がなく、代わりに使えるpinentryもありません。
cause-secret-variable-unset = 環境変数 { $name } が設定されていません。
cause-secret-descriptor = ファイル記述子 { $n } を読み取れません。
cause-secret-stdin = 標準入力を読み取れません。
cause-secret-empty = 入力元が空です。

## Warnings

warning-test_hierarchy = 試験用の証明書ポリシーを持つ電子証明書です。実在の人のものではありません。
warning-caller_anchor = コマンドで指定された信頼点を使いました。
warning-simulated_card = 模擬カードです。実在の人のものではありません。
warning-recording = カードではなく、記録された通信を使いました。
warning-password_upper_cased = 暗証番号の英字を大文字に直しました。カードは大文字だけを受け付けます。
warning-secret_file_readable_by_others = 暗証番号のファイルを他の利用者も読めます。`chmod 600` などで制限してください。

## Reasons: what it is called, what happened, what to do next

reason-input_malformed-title = 入力の形式が正しくありません
reason-input_malformed-detail = 必要な項目がないか、値の形式が決められたものと違います。
reason-input_malformed-hint = 入力を直して、もう一度送ってください。
reason-pin_format_invalid-title = 暗証番号の桁数または文字が正しくありません
reason-pin_format_invalid-detail = 入力された内容は、この暗証番号の形式に合いません。カードには送っていないため、残り回数は減っていません。
reason-pin_format_invalid-hint = どの暗証番号が求められているかを確かめて、もう一度入力してください。
reason-pin_incorrect-title = 暗証番号が一致しません
reason-pin_incorrect-detail = カードが照合した結果、一致しませんでした。残り回数が1回減りました。
reason-pin_incorrect-hint = どの暗証番号が求められているかを確かめ、番号が確かな場合だけもう一度入力してください。
reason-pin_locked-title = 暗証番号がロックされています
reason-pin_locked-detail = この暗証番号の残り回数がなくなりました。時間がたっても元には戻りません。
reason-pin_locked-hint = 市区町村の窓口で再設定を受けてください。署名用の暗証番号は、スマホアプリとコンビニで初期化できる場合があります。
reason-nfc_disabled-title = NFCがオフになっています
reason-nfc_disabled-detail = このスマートフォンのNFC機能がオフになっています。
reason-nfc_disabled-hint = 設定でNFCをオンにして、もう一度カードをかざしてください。
reason-nfc_unsupported-title = このスマートフォンではカードを読み取れません
reason-nfc_unsupported-detail = このスマートフォンのNFC機能は、マイナンバーカードの読み取りに対応していません。
reason-nfc_unsupported-hint = 対応しているスマートフォンか、ICカードリーダーを使ってください。
reason-card_lost_contact-title = カードがリーダーから離れました
reason-card_lost_contact-detail = 読み取りの途中で、カードが動いたか、取り外されました。
reason-card_lost_contact-hint = カードを置き直し、終わるまで動かさずにお待ちください。
reason-card_type_not_accepted-title = この種類のカードは受け付けていません
reason-card_type_not_accepted-detail = このサービスの決まりでは、この種類のカード(顔認証マイナンバーカードやスマホの電子証明書など)を使えません。
reason-card_type_not_accepted-hint = 暗証番号を設定したマイナンバーカードを使ってください。
reason-certificate_not_issued-title = 電子証明書がまだ発行されていません
reason-certificate_not_issued-detail = この手続きに必要な電子証明書が、まだ発行されていません。
reason-certificate_not_issued-hint = 電子証明書の発行を終えてから、もう一度始めてください。
reason-signing_certificate_absent-title = 署名用電子証明書が入っていません
reason-signing_certificate_absent-detail = このカードには署名用電子証明書が発行されていません。15歳未満の方のカードでは通常のことです。
reason-signing_certificate_absent-hint = 必要な場合は、市区町村の窓口で発行を受けてから、もう一度お試しください。
reason-certificate_not_yet_valid-title = 電子証明書の有効期間がまだ始まっていません
reason-certificate_not_yet_valid-detail = 判定した時点では、電子証明書の有効期間がまだ始まっていません。
reason-certificate_not_yet_valid-hint = この機器の日付を確かめてください。日付が正しい場合は、証明書の発行元に確認してください。
reason-certificate_expired-title = 電子証明書の有効期間が終わっています
reason-certificate_expired-detail = 判定した時点で、電子証明書の有効期間が終わっていました。
reason-certificate_expired-hint = 市区町村の窓口で電子証明書を更新してください。
# RSN-29: neutral; the exact reason of a revocation is not for the public text.
reason-certificate_revoked-title = 電子証明書が失効しています
reason-certificate_revoked-detail = 発行元の失効情報に載っているため、この電子証明書は使えません。
reason-certificate_revoked-hint = 新しい電子証明書について、市区町村の窓口で確認してください。
reason-certificate_on_hold-title = 電子証明書の利用が一時停止されています
reason-certificate_on_hold-detail = 発行元が、この電子証明書の利用を一時停止しています。
reason-certificate_on_hold-hint = 発行元で一時停止を解除してから、もう一度始めてください。
reason-issuer_not_trusted-title = 発行元を信頼できません
reason-issuer_not_trusted-detail = この電子証明書は、ここで信頼している認証局が発行したものではありません。
reason-issuer_not_trusted-hint = 試験用カードの場合は --anchors jpki-test を、そのほかは信頼する発行元を --anchor で指定してください。
reason-certificate_purpose_mismatch-title = 電子証明書の用途が違います
reason-certificate_purpose_mismatch-detail = 発行元が認めた用途とは別の用途に、電子証明書が使われています。
reason-certificate_purpose_mismatch-hint = この手続きに合う電子証明書(署名用または利用者証明用)を使ってください。
reason-algorithm_not_allowed-title = 使えない暗号方式です
reason-algorithm_not_allowed-detail = 署名またはハッシュの方式が、ここで認められていないか、もう安全とはいえません。
reason-algorithm_not_allowed-hint = 認められた方式で、ファイルまたは証明書を作り直してもらってください。
reason-key_too_weak-title = 鍵の強度が足りません
reason-key_too_weak-detail = 証明書の経路にある公開鍵が短く、安全とはいえません。
reason-key_too_weak-hint = より強い鍵の証明書を発行してもらってください。
reason-signature_invalid-title = 署名が一致しません
reason-signature_invalid-detail = 署名の後で内容が変わったか、別の鍵による署名です。
reason-signature_invalid-hint = 元のファイルを入手し直すか、署名をやり直してください。
reason-challenge_unknown-title = 該当する要求が見つかりません
reason-challenge_unknown-detail = この回答に対応する要求は、ここでは出されていません。
reason-challenge_unknown-hint = 最初からやり直して、新しい要求を受け取ってください。
reason-challenge_expired-title = 要求の期限が切れています
reason-challenge_expired-detail = この要求に回答できる時間が過ぎました。
reason-challenge_expired-hint = 最初からやり直して、新しい要求を受け取ってください。
reason-challenge_already_used-title = この要求はすでに使われています
reason-challenge_already_used-detail = 要求に回答できるのは一度だけです。この要求はすでに使われました。
reason-challenge_already_used-hint = 最初からやり直して、新しい要求を受け取ってください。
reason-evidence_already_used-title = この証明はすでに使われています
reason-evidence_already_used-detail = 同じ署名がすでに提出されています。一つの証明は一度だけ有効です。
reason-evidence_already_used-hint = カードで新しい証明を作ってください。
reason-audience_mismatch-title = 別の相手に向けた証明です
reason-audience_mismatch-detail = 署名された内容の宛先が、このサービスではありません。
reason-audience_mismatch-hint = このサービスの画面またはアプリから、やり直してください。
reason-flow_out_of_order-title = 手順の順番が違います
reason-flow_out_of_order-detail = 必要な手順が抜けているか、順番が入れ替わっています。「戻る」操作の後に起きることがあります。
reason-flow_out_of_order-hint = 最初の手順からやり直してください。
reason-validity_unavailable-title = 失効の有無を確認できませんでした
reason-validity_unavailable-detail = 電子証明書が有効かどうかの最新の情報を得られませんでした。何も変更していません。
reason-validity_unavailable-hint = しばらく待ち、最新の失効情報を用意してもう一度お試しください。
reason-dependency_unavailable-title = 必要なサービスにつながりません
reason-dependency_unavailable-detail = この手続きに必要なサービスから応答がありませんでした。何も変更していません。
reason-dependency_unavailable-hint = しばらく待ってから、もう一度お試しください。
reason-rate_limited-title = 短い時間に要求が集中しています
reason-rate_limited-detail = この時間内に受け付けられる回数を超えました。
reason-rate_limited-hint = しばらく待ってから、もう一度お試しください。
reason-attribute_mismatch-title = 登録内容が電子証明書と一致しません
reason-attribute_mismatch-detail = 氏名、住所、生年月日、性別のいずれかが、電子証明書の内容と違います。
reason-attribute_mismatch-hint = カードの記載どおりに直すか、サポートにお問い合わせください。
reason-name_order_mismatch-title = 氏名の順番が一致しません
reason-name_order_mismatch-detail = 姓と名の順番が、電子証明書の記載と違います。
reason-name_order_mismatch-hint = カードの記載どおりの順番に直すか、サポートにお問い合わせください。
reason-name_changed_without_consent-title = 氏名が変わっています
reason-name_changed_without_consent-detail = 登録された氏名と違いますが、変更を反映するための同意をいただいていません。
reason-name_changed_without_consent-hint = 設定画面で情報の更新に同意するか、サポートにお問い合わせください。
reason-bank_holder_name_mismatch-title = 銀行口座の名義が一致しません
reason-bank_holder_name_mismatch-detail = 銀行口座の名義が、本人確認された氏名と違います。
reason-bank_holder_name_mismatch-hint = 銀行で名義を更新するか、サポートにお問い合わせください。
reason-registration_required-title = アカウントがまだありません
reason-registration_required-detail = このカードで登録されたアカウントは、まだありません。
reason-registration_required-hint = 先に登録を済ませてから、カードでログインしてください。
reason-relink_ambiguous-title = アカウントを特定できませんでした
reason-relink_ambiguous-detail = 該当する可能性のあるアカウントが複数あるため、連携しませんでした。
reason-relink_ambiguous-hint = サポートに連絡して、アカウントの確認を受けてください。
reason-duplicate_account-title = すでにアカウントがあります
reason-duplicate_account-detail = この種類のアカウントは、お一人につき一つです。
reason-duplicate_account-hint = お持ちのアカウントにログインするか、以前のアカウントを引き継いでください。
reason-email_in_use-title = このメールアドレスは使われています
reason-email_in_use-detail = 別のアカウントが、このメールアドレスを使っています。
reason-email_in_use-hint = 別のメールアドレスを使うか、お持ちのアカウントにログインしてください。
reason-phone_in_use-title = この電話番号は使われています
reason-phone_in_use-detail = 別のアカウントが、この電話番号を使っています。
reason-phone_in_use-hint = 別の電話番号を使うか、お持ちのアカウントにログインしてください。
reason-email_burnt-title = このメールアドレスは再び使えません
reason-email_burnt-detail = 退会したアカウントで使われていたメールアドレスです。
reason-email_burnt-hint = 別のメールアドレスを使ってください。
reason-account_locked-title = アカウントがロックされています
reason-account_locked-detail = 安全のため、アカウントがロックされています。
reason-account_locked-hint = ロックが解けるまで待つか、サポートにお問い合わせください。
reason-account_stopped_by_user-title = アカウントはご本人の申し出で停止中です
reason-account_stopped_by_user-detail = ご本人がこのアカウントの利用を停止しています。
reason-account_stopped_by_user-hint = 設定画面で利用を再開するか、サポートにお問い合わせください。
# RSN-29: neutral, whatever the operator knows.
reason-account_stopped_by_operator-title = 現在このアカウントは利用できません
reason-account_stopped_by_operator-detail = 現在、このアカウントは利用できません。
reason-account_stopped_by_operator-hint = 今後の手続きについて、サポートにお問い合わせください。
reason-account_withdrawn-title = アカウントは退会済みです
reason-account_withdrawn-detail = このアカウントは退会済みのため、利用できません。
reason-account_withdrawn-hint = もう一度利用する場合は、新しく登録してください。
reason-feature_requires_certificate_login-title = この機能にはカードでのログインが必要です
reason-feature_requires_certificate_login-detail = 今のログイン方法では、この機能を利用できません。
reason-feature_requires_certificate_login-hint = マイナンバーカードでログインしてから、もう一度お試しください。
reason-feature_requires_money_account-title = この機能にはマネーアカウントが必要です
reason-feature_requires_money_account-detail = このアカウントは、まだマネーアカウントに切り替わっていません。
reason-feature_requires_money_account-hint = カードで本人確認をしてアカウントを切り替えてから、もう一度お試しください。
reason-feature_requires_bank_account-title = この機能には銀行口座の登録が必要です
reason-feature_requires_bank_account-detail = 銀行口座がまだ登録されていません。
reason-feature_requires_bank_account-hint = 銀行口座を登録してから、もう一度お試しください。
reason-payout_destination_locked-title = 払出先の口座はまだ変更できません
reason-payout_destination_locked-detail = 払出先の口座は、一定の期間は変更できません。
reason-payout_destination_locked-hint = 表示された日まで待ってから、もう一度お試しください。
reason-bank_registration_stuck-title = 銀行口座の登録を続けられません
reason-bank_registration_stuck-detail = 銀行での登録が途中で止まっています。後日あらためて登録できます。
reason-bank_registration_stuck-hint = 表示された日まで待ってから、もう一度登録してください。
reason-balance_above_withdrawal_limit-title = 残高が上限を超えています
reason-balance_above_withdrawal_limit-detail = この手続きを行うには、残高が多すぎます。
reason-balance_above_withdrawal_limit-hint = 残高を使うか払い出してから、もう一度お試しください。
reason-transactions_pending-title = 処理中の取引があります
reason-transactions_pending-detail = このアカウントに、まだ終わっていない取引があります。
reason-transactions_pending-hint = 取引が終わるのを待つか取り消してから、もう一度お試しください。
reason-reverification_overdue-title = 本人確認の更新が必要です
reason-reverification_overdue-detail = 定期的な本人確認の期限が過ぎています。
reason-reverification_overdue-hint = カードでもう一度本人確認を行ってください。
reason-feature_not_offered-title = この機能は提供していません
reason-feature_not_offered-detail = 現在の運用方針に、この機能は含まれていません。
reason-feature_not_offered-hint = 事業者にお問い合わせいただくか、別の機能をご利用ください。
reason-feature_requires_higher_tier-title = この機能には追加の本人確認が必要です
reason-feature_requires_higher_tier-detail = 今の本人確認の段階では、この機能を利用できません。
reason-feature_requires_higher_tier-hint = 追加の本人確認をしてから、もう一度お試しください。
reason-feature_requires_password-title = この機能にはパスワードの登録が必要です
reason-feature_requires_password-detail = Web版のパスワードがまだ登録されていません。
reason-feature_requires_password-hint = パスワードを登録してから、もう一度お試しください。
reason-one_time_password_required-title = ワンタイムパスワードが必要です
reason-one_time_password_required-detail = この操作には、ワンタイムパスワードによる確認が必要です。
reason-one_time_password_required-hint = 携帯電話に届いたコードを入力してください。
reason-step_up_required-title = 追加の確認が必要です
reason-step_up_required-detail = この利用には、本人確認の追加が必要です。
reason-step_up_required-hint = 求められた確認を追加してから、もう一度お試しください。
reason-balance_insufficient-title = 残高が足りません
reason-balance_insufficient-detail = 残高が金額に足りません。
reason-balance_insufficient-hint = チャージしてから、もう一度お試しください。
reason-limit_exceeded-title = 限度額を超えています
reason-limit_exceeded-detail = 金額が、このアカウントで利用できる限度を超えています。
reason-limit_exceeded-hint = 金額を下げるか、追加の本人確認を行ってください。
reason-method_not_accepted-title = この確認方法は受け付けていません
reason-method_not_accepted-detail = 現在の運用方針または法令では、この方法を利用できません。
reason-method_not_accepted-hint = マイナンバーカードで本人確認をしてください。
reason-account_not_empty-title = アカウントにまだ残っているものがあります
reason-account_not_empty-detail = 残高、自動支払い、または連携済みの口座やカードが残っています。
reason-account_not_empty-hint = 残高を使い切り、連携を解除してから、もう一度お試しください。
reason-declaration_missing-title = 申告が必要な項目があります
reason-declaration_missing-detail = 利用目的または職業が申告されていません。
reason-declaration_missing-hint = 利用目的と職業を入力して、もう一度送ってください。
reason-my_number_present-title = 個人番号が含まれています
reason-my_number_present-detail = 送られたデータに個人番号(マイナンバー)が含まれています。ここでは受け取らず、保存もしません。
reason-my_number_present-hint = 番号や番号の写った面を除いて、もう一度送ってください。
reason-legacy_login_closed-title = パスワードでのログインは終了しました
reason-legacy_login_closed-detail = このログイン方法は、現在は提供していません。
reason-legacy_login_closed-hint = マイナンバーカードでログインしてください。
reason-under_review-title = 確認中です
reason-under_review-detail = 担当者が内容を確認しています。
reason-under_review-hint = 結果をお待ちください。もう一度送る必要はありません。
reason-idempotency_key_missing-title = 冪等キーがありません
reason-idempotency_key_missing-detail = 要求に冪等キー(Idempotency-Key)がありません。
reason-idempotency_key_missing-hint = Idempotency-Key ヘッダーを付けて、もう一度送ってください。
reason-idempotency_key_in_progress-title = 最初の要求を処理しています
reason-idempotency_key_in_progress-detail = 同じ冪等キーの要求を処理している途中です。
reason-idempotency_key_in_progress-hint = 少し待ってから、同じ要求をもう一度送ってください。
reason-idempotency_key_reused-title = 冪等キーが別の要求に使われています
reason-idempotency_key_reused-detail = 同じ冪等キーで、内容の違う要求がすでに送られています。
reason-idempotency_key_reused-hint = 新しい冪等キーを付けて送ってください。
reason-no_pcsc_service-title = カードサービスが動いていません
reason-no_pcsc_service-detail = プログラムとカードリーダーをつなぐPC/SCサービスから応答がありません。
reason-no_pcsc_service-hint = サービスを開始してください。Linuxでは `sudo systemctl enable --now pcscd.socket` を実行します。
reason-not_permitted-title = この画面からカードを使う許可がありません
reason-not_permitted-detail = 遠隔ログインなど、この画面からのカードの利用が許可されていません。
reason-not_permitted-hint = 本体の画面で実行するか、管理者に許可を依頼してください。
reason-no_reader-title = カードリーダーが見つかりません
reason-no_reader-detail = カードサービスが認識しているリーダーがないか、指定した名前のリーダーがありません。
reason-no_reader-hint = USBハブを使わずに挿し直してから、`honnin doctor` を実行してください。
reason-no_card-title = カードが置かれていません
reason-no_card-detail = 時間内にカードが置かれませんでした。
reason-no_card-hint = カードをリーダーに置き、動かさずに、もう一度実行してください。
reason-not_a_supported_card-title = 対応しているカードではありません
reason-not_a_supported_card-detail = マイナンバーカードとしての応答がないか、この操作に必要な機能が入っていません。
reason-not_a_supported_card-hint = マイナンバーカードを置いてください。詳しく調べるには `honnin doctor` を実行してください。
reason-reader_busy-title = 別のプログラムがカードを使っています
reason-reader_busy-detail = 別のプログラムがリーダーを専有しています。
reason-reader_busy-hint = そのプログラムを終了してから、もう一度実行してください。
reason-transport_failed-title = カードとの通信が途切れました
reason-transport_failed-detail = リーダーまたはカードとのやり取りが途中で止まりました。
reason-transport_failed-hint = カードを置き直して、もう一度実行してください。
reason-last_try_refused-title = 残り回数が1回です
reason-last_try_refused-detail = あと1回の間違いでロックされるため、カードには何も送っていません。
reason-last_try_refused-hint = 番号が確かな場合だけ、--allow-last-try を付けてもう一度実行してください。
reason-tries_unknown_refused-title = 残り回数が分かりません
reason-tries_unknown_refused-detail = カードから残り回数を読み取れないため、何も送っていません。
reason-tries_unknown_refused-hint = 番号が確かな場合だけ、--allow-unknown-tries を付けてもう一度実行してください。
reason-secret_unavailable-title = 暗証番号を入力する方法がありません
reason-secret_unavailable-detail = 端末もpinentryも使えないか、指定された入力元に暗証番号がありません。
reason-secret_unavailable-hint = 端末で実行するか、--pin-from で入力元を指定してください。
reason-cancelled-title = 取り消されました
reason-cancelled-detail = 入力が取り消されました。残り回数は減っていません。
reason-cancelled-hint = 準備ができたら、もう一度実行してください。
reason-malformed_data-title = データが壊れているか、種類が違います
reason-malformed_data-detail = データを、あるべき形式として読み取れません。
reason-malformed_data-hint = 正しいファイルかどうかを確かめ、入手し直してください。
reason-not_an_answer_of_the_card-title = カードから想定外の応答がありました
reason-not_an_answer_of_the_card-detail = 応答の内容が、このカードの仕様に合いません。
reason-not_an_answer_of_the_card-hint = カードを置き直してください。続く場合は `honnin doctor` の結果をお送りください。
reason-io_error-title = ファイルまたは機器の読み書きに失敗しました
reason-io_error-detail = ファイルまたは機器を読み書きできませんでした。
reason-io_error-hint = 場所、権限、空き容量を確かめて、もう一度実行してください。
reason-server_unreachable-title = サーバーにつながりません
reason-server_unreachable-detail = サーバーから応答がありませんでした。
reason-server_unreachable-hint = ネットワークとアドレスを確かめて、後でもう一度お試しください。
reason-server_refused-title = サーバーが要求を受け付けませんでした
reason-server_refused-detail = サーバーから、受け付けられないという応答がありました。
reason-server_refused-hint = サーバーが示す理由を確かめてから、最初からやり直してください。
reason-usage-title = コマンドの指定が正しくありません
reason-usage-detail = コマンドやオプションが足りないか、知らないものであるか、値の形式が違います。
reason-usage-hint = `honnin --help` で使い方を確かめてください。
reason-masked_data_needed-title = 記録の伏せられた部分が必要です
reason-masked_data_needed-detail = 記録ではこの部分が伏せられているため、判定できません。
reason-masked_data_needed-hint = 実際のカードか、模擬カードの記録を使ってください。
reason-card_rule_broken-title = 記録された通信がカードの規則に反しています
reason-card_rule_broken-detail = 残り回数を減らす、暗証番号を残す、ロックせずに終えるなど、持ち主に不利な操作がありました。
reason-card_rule_broken-hint = 記録したプログラムを直してください。各規則の説明は docs/traces.md にあります。
reason-recording_differs-title = 実行と記録が違います
reason-recording_differs-detail = 今回の実行は、記録とは別のことをカードに求めました。
reason-recording_differs-hint = 両方を見比べ、記録したときと同じコマンドを実行してください。
reason-path_not_found-title = 信頼する発行元までの経路が見つかりません
reason-path_not_found-detail = 示された証明書からは、信頼する認証局までの経路を作れません。
reason-path_not_found-hint = 足りない証明書を --intermediate で、信頼する発行元を --anchor で指定してください。
reason-name_constraint_violated-title = 名前が許可された範囲にありません
reason-name_constraint_violated-detail = 発行元が発行できる名前の範囲に、この証明書の名前が入っていません。
reason-name_constraint_violated-hint = 範囲に合う証明書について、発行元に確認してください。
reason-policy_not_acceptable-title = 認められる証明書ポリシーがありません
reason-policy_not_acceptable-detail = 証明書の経路が、求められたポリシーのどれにも当てはまりません。
reason-policy_not_acceptable-hint = --policy で指定したポリシーを確かめるか、別の証明書を使ってください。
reason-otp_incorrect-title = ワンタイムパスワードが一致しません
reason-otp_incorrect-detail = 携帯電話に送られたコードと異なります。
reason-otp_incorrect-hint = 最後に届いたコードを入力するか、もう一度発行してください。
reason-otp_expired-title = このワンタイムパスワードは使えません
reason-otp_expired-detail = 期限が過ぎたか、使用済みか、新しいものに替わっています。
reason-otp_expired-hint = ワンタイムパスワードをもう一度発行してください。
reason-password_incorrect-title = パスワードが一致しません
reason-password_incorrect-detail = 登録されているパスワードと異なります。
reason-password_incorrect-hint = もう一度入力するか、「パスワードを忘れた方」から再設定してください。
reason-bank_account_in_use-title = この口座はすでに登録されています
reason-bank_account_in_use-detail = 一つの口座は、一つのアカウントにだけ登録できます。
reason-bank_account_in_use-hint = 別の口座を使うか、サポートにお問い合わせください。
reason-issuance_incomplete-title = 発行が完了していません
reason-issuance_incomplete-detail = 証明書の発行が途中で止まっています。
reason-issuance_incomplete-hint = アプリで発行を完了してください。
reason-card_suspended-title = カードが一時停止されています
reason-card_suspended-detail = 紛失などの理由で、カードの利用が止められています。
reason-card_suspended-hint = お住まいの市区町村で一時停止の解除を申し出てください。
reason-client_unsupported-title = この端末またはアプリは対応していません
reason-client_unsupported-detail = OS、アプリ、またはブラウザーのバージョンが必要な条件を満たしていません。
reason-client_unsupported-hint = 更新するか、別の端末をお使いください。
reason-client_session_missing-title = ログインが切れています
reason-client_session_missing-detail = セッションが終了したか、Cookieがありません。
reason-client_session_missing-hint = もう一度ログインしてください。
reason-network_filtered-title = 通信が途中で遮られています
reason-network_filtered-detail = VPN、プロキシ、またはフィルターのため、サービスに接続できません。
reason-network_filtered-hint = それらを切るか、別のネットワークをお使いください。
reason-internal-title = プログラム内部のエラーです
reason-internal-detail = 起きないはずのことが起きました。お使いの方やカードが原因ではありません。
reason-internal-hint = バージョン(`honnin --version`)と実行した内容を添えて、ご報告ください。
reason-interrupted-title = 中断されました
reason-interrupted-detail = 処理が終わる前に、外から中断されました。
reason-interrupted-hint = 準備ができたら、もう一度実行してください。

## Nodes of the tree of doctor (desktop.md §1)

doctor-E1-cause = スマートカードの部品が入っていません。
doctor-E1-action = `sudo apt install pcscd libccid` を実行してください。
doctor-E2-cause = カードサービス(pcscd)が動いていません。
doctor-E2-action = `sudo systemctl enable --now pcscd.socket` を実行してください。
doctor-E2w-cause = カードサービスが見つかりません。リーダーが挿されていない場合にも起きます。
doctor-E2w-action = リーダーを挿してください。挿してある場合は「Smart Card」サービスを開始してください。
doctor-E3-cause = この画面からカードを使う許可がありません(遠隔ログインなど)。
doctor-E3-action = 本体の画面で実行するか、doctorが表示する規則（access_pcsc と access_card）の追加を管理者に依頼してください。
doctor-E4-cause = 隔離環境の中からは、本体のカードサービスに届かないか、版が合いません。
doctor-E4-action = 隔離環境の外側で実行してください。
doctor-E5-cause = WSLからはUSBが見えません。
doctor-E5-action = Windows版を使うか、`usbipd attach --wsl` を実行してください。
doctor-R1-cause = リーダーが見つかりません。
doctor-R1-action = USBハブを外して、リーダーを挿し直してください。
doctor-R2-cause = OSのNFC機能がリーダーを先に使っています。
doctor-R2-action = `sudo modprobe -r pn533_usb pn533 nfc` を実行してください。次からも防ぐには /etc/modprobe.d で無効にします。
doctor-R3-cause = リーダー用ドライバが古いか、入っていません。
doctor-R3-action = libccid 1.4.35以上を入れてください。ACS製のリーダーでは libacsccid1 も使えます。
doctor-R4-cause = このリーダーは、このOSのPC/SCでは使えません。
doctor-R4-action = RC-S300などCCID方式のリーダーを使ってください。
doctor-R4w-cause = ソニー製リーダーのドライバが入っていません。
doctor-R4w-action = NFCポートソフトウェア(ソニー)を入れてください。
doctor-R5-cause = 本物のリーダーが見つかりません(仮想リーダーのみ)。
doctor-R5-action = カードリーダーを挿してください。
doctor-R6-cause = macOS標準ドライバの不具合の可能性があります。
doctor-R6-action = `sudo defaults write /Library/Preferences/com.apple.security.smartcard useIFDCCID -bool yes` を実行した後、リーダーを挿し直してください。
doctor-C1-cause = カードが置かれていません。
doctor-C1-action = カードを置き、そのまま動かさず数秒待ってください。
doctor-C2-cause = カードが応答しません。
doctor-C2-action = 中央に置き直し、ケース・金属・他のカードを離してください。接触式は金色の面を奥に差してください。
doctor-C3-cause = 読み取り中にカードが動きました。
doctor-C3-action = もう一度置いて、そのまま動かさないでください。
doctor-C4-cause = このリーダーはType Bカードに対応していない可能性があります。
doctor-C4-action = RC-S300などType Bに対応したリーダーを使ってください。
doctor-C5-cause = 別のプログラムがカードを使用中です。
doctor-C5-action = そのプログラムを終了してください。gpgの場合は scdaemon.conf に `pcsc-shared` を設定します。
doctor-C6-cause = 他のプログラムもカードを開いています。
doctor-C6-action = このままで構いません。暗証番号を使う操作では、カードを専有します。
doctor-A1-cause = マイナンバーカードではないようです。
doctor-A1-action = マイナンバーカードを置いてください。
doctor-A2-cause = 住基カード、またはスマホの電子証明書です。この操作には対応していません。
doctor-A2-action = マイナンバーカードを置いてください。
doctor-A3-cause = 署名用電子証明書が入っていません(15歳未満・未発行)。
doctor-A3-action = 署名が必要な場合は、市区町村の窓口で発行を受けてください。
doctor-A4-cause = 電子証明書の期限が切れています。
doctor-A4-action = 市区町村の窓口で更新してください。
doctor-P1-cause = 暗証番号の残り回数を読み取りました。
doctor-P1-action = このままで構いません。
doctor-P2-cause = あと1回の間違いでロックされます。
doctor-P2-action = 番号が確かな場合だけ続けてください。
doctor-P3-cause = 暗証番号がロックされています。
doctor-P3-action = 市区町村の窓口で解除してください。署名用はスマホとコンビニで初期化できる場合があります。
doctor-P4-cause = 残り回数を読めませんでした。回数は減っていません。
doctor-P4-action = 番号が確かな場合だけ続けてください。
doctor-T1-cause = 通信は正常です。一度に読める長さに制限がある場合は、小分けで読みます。
doctor-T1-action = このままで構いません。
doctor-K1-cause = パソコンの日付がずれているため、証明書の期限を正しく判定できません。
doctor-K1-action = 日付と時刻を合わせて、もう一度実行してください。
