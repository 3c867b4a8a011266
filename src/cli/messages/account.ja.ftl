
## 運営者のアカウント操作で使う文です。キーは account.en.ftl と同じです。

cause-at-dates-nothing = このコマンドは履歴を書き込みます。日時は時計だけが決めます。--at は証明書の判定に使うものです。
hint-without-at = --at を付けずに、もう一度実行してください。
cause-account-asks-a-code = 運用方針がここでワンタイムパスワードを求めています。お客様にしか届かず、このコマンドでは受け取れません。
hint-account-asks-a-code = お客様にアプリまたはWebで退会していただくか、求めない運用方針を指定してください。
cause-account-stopped = 運営者がこのアカウントを停止しています。
hint-account-resume = `honnin account resume` で停止を解除してから、もう一度実行してください。
hint-account-holders-hold = 解除できるのはお客様だけです。利用の再開か、新しいパスワードによるロックの解除を依頼してください。
hint-account-closed = 退会済みのアカウントは元に戻せません。お客様がもう一度利用する場合は `honnin account create` で新しく開設してください。
cause-not-an-identifier = 「{ $value }」はIDとして使えません。英数字と . _ - の1〜64文字で、先頭は英数字にしてください。
account-kind = { $word ->
    [cash] キャッシュアカウント
    [money] マネーアカウント
   *[other] { $word }
}
account-identity = { $word ->
    [none] 未確認
    [in_progress] 確認中
    [verified_certificate] 電子証明書で確認済み
    [verified_selfie_legacy] 以前のセルフィー認証で確認済み
   *[other] { $word }
}
account-hold = { $word ->
    [locked_by_failures] 失敗が続いたためロック
    [stopped_by_user] お客様による停止
    [stopped_by_operator] 運営者による停止
   *[other] { $word }
}
account-life = { $word ->
    [open] 利用中
    [withdrawn] 退会済み
   *[other] { $word }
}
feature-name-register_bank_account = 銀行口座の登録
feature-name-delete_bank_account = 銀行口座の削除
feature-name-charge_from_bank = 銀行口座からのチャージ
feature-name-exact_top_up = ぴったりチャージ
feature-name-self_transfer = 自口座への送金
feature-name-set_payout_destination = 払戻先の指定
feature-name-charge_with_cash = コンビニ・ネットバンク・ATMでのチャージ
feature-name-pay = 支払い
feature-name-automatic_payment = おまかせ支払い
feature-name-receipt = 領収書の発行
feature-name-change_password = パスワードの変更
feature-name-change_phone = 電話番号の変更
feature-name-change_email = メールアドレスの変更
feature-name-stop = アカウントの停止
feature-name-withdraw = 退会
feature-name-verify_identity = 本人確認
feature-name-unlock = ロックの解除
feature-name-resume = アカウントの再開
feature-name-revoke_certificate = ウォレットの証明書の失効
feature-name-contact = 問い合わせ
feature-name-transfer = ほかの人への送金
feature-name-receive = ほかの人からの受け取り
feature-name-send_red_packet = お年玉（紅包）の送付
feature-name-invest = 金融商品の購入
feature-name-reset_identity = 本人確認のやり直し
