
## コマンドの文。です・ます、責めない、16進を出さない。キーは commands.en.ftl と同じです。

list-separator = 、
label-reader = リーダー
label-card = カード
label-applications = アプリケーション
label-user-authentication-certificate = 利用者証明用電子証明書
label-digital-signature-certificate = 署名用電子証明書

card-kind = { $kind ->
    [individual_number_card] マイナンバーカード
    [resident_card] 住民基本台帳カード
    [android_phone] Androidスマートフォンの電子証明書
    [ios_phone] iPhoneの電子証明書
   *[other] このプログラムが知らない種類のカード
}
application = { $application ->
    [jpki] 公的個人認証
    [input_support] 券面事項入力補助
    [surface] 券面事項確認
   *[other] { $application }
}
tries = { $state ->
    [remaining] 残り{ $n }回
    [blocked] ロックされています
    [verified] 照合済みのため残り回数は分かりません
    [unlimited] 回数の制限はありません
   *[unknown] カードが残り回数を答えません
}
certificate-present = あります
certificate-absent = 入っていません
certificate-unknown = カードが答えません
certificate-until =
    あります。有効期限 { $until }（認証局の世代 { $generation ->
        [unknown] 不明
        [test-2019] 試験用2019
        [test-2023] 試験用2023
        [test-2024] 試験用2024
       *[other] 第{ $generation }
    }）
slot = { $slot ->
    [present] カードがあります
    [empty] カードがありません
    [mute] カードが応答しません
    [busy] 別のプログラムがカードを使用中です
   *[other] { $slot }
}
written = { $file } に{ $bytes }バイトを書きました。
keep-the-card-still = 終わるまでカードを動かさないでください。

purpose-sign = { $file } に署名します（SHA-256 { $digest }）。
discloses-digital-signature = 署名したファイルには署名用電子証明書が入ります。氏名、住所、生年月日、性別が相手に伝わります。
discloses-user-authentication = 署名したファイルには利用者証明用電子証明書が入ります。発行の番号が相手に伝わります。氏名は入りません。
discloses-signing-certificate = 読み取る証明書には氏名、住所、生年月日、性別が入っています。

cause-built-without-pcsc = このプログラムはPC/SCなしで作られています。機能 pcsc を付けて作り直すか、--card sim:FILE を使ってください。
cause-card-file = { $file } は模擬カードのファイルではありません: { $words }
cause-not-recorded = 別の操作の記録です。{ $line }行目は { $recorded } ですが、今回は { $asked } を求めました。記録したときと同じ操作をしてください。
cause-not-recorded-data = 別の操作の記録です。{ $line }行目の { $asked } を、記録とは違うデータで求めました。記録したときと同じ操作をしてください。
cause-masked-data = ここで必要なデータは、記録の{ $line }行目では伏せられています。
cause-pin-incorrect = { $name }が違います。残り{ $n }回です。
cause-pin-locked = { $name }がロックされています。
cause-pin-locked-now = { $name }が違います。最後の1回だったため、ロックされました。
cause-last-try = { $name }はあと1回の間違いでロックされます。カードには何も送っていません。
cause-tries-unknown = { $name }の残り回数をカードが答えません。カードには何も送っていません。
cause-no-signing-certificate = この証明書はカードに入っていないか、暗証番号なしでは読めません。

simulator-new = 架空の利用者を { $dir } に作りました。試すには: honnin --card sim:{ $card } card status
simulator-serving = 仮想リーダー { $address } のカードになっています。終えるには Ctrl-C を押してください。
simulator-connected = 仮想リーダーがカードを受け取りました。
simulator-disconnected = 仮想リーダーがカードを離しました。
simulator-nobody-listens = { $address } で待っている相手がまだいません。vpcdドライバ付きの pcscd を起動してください。待っています。

doctor-usable = OK — マイナンバーカードを使えます（{ $reader }、署名用: { $tries }）
doctor-without-reader = 模擬カードまたは記録
doctor-explain = { $action }そのあと、もう一度 honnin doctor を実行してください。詳しくは: honnin explain { $node }
doctor-finding-last-try = { $name }: 残り1回。あと1回の間違いでロックされます。
doctor-finding-secret = { $name }: { $tries }
doctor-finding-reader = { $cause }（リーダー: { $reader }）
doctor-finding-certificate = { $state ->
    [unreadable] このカードの利用者証明用電子証明書を読み取れません。
    [expired] 利用者証明用電子証明書の期限が { $date } に切れています。
    [not-yet-valid] 利用者証明用電子証明書が有効になるのは { $date } からです。
   *[test] これは試験用カードです。証明書の期限は { $date } です。
}
doctor-finding-test-action = 試験にだけ使ってください。実在の人のカードではありません。

label-kind = 種類
label-subject = 主体者
label-issuer = 発行者
label-serial = 発行の番号
label-not-before = 有効期間の開始
label-not-after = 有効期間の満了
label-public-key = 公開鍵
label-policy = 証明書ポリシー
label-name = 氏名
label-birthdate = 生年月日
label-sex = 性別
label-address = 住所
value-unknown = 不明
certificate-kind = { $kind ->
    [digital_signature] 署名用電子証明書
    [user_authentication] 利用者証明用電子証明書
    [certification_authority] 認証局の証明書
   *[other] その他の証明書
}
sex-word = { $word ->
    [male] 男
    [female] 女
    [not_applicable] 適用不能
   *[unknown] 不明
}
cause-certificate = { $kind ->
    [absent] { $file } に証明書がありません。空か、詰め物だけです。
    [cut-short] { $file } の証明書は途中で切れています。
   *[other] { $file } は証明書ではありません: { $words }
}
cause-crl = { $file } は失効リストではありません: { $words }
cause-cms = { $file } は署名されたファイル（CMS SignedData）ではありません: { $words }
warning-more_certificates = ファイルにはほかの証明書もあります。最初の1つだけを判定します。
label-profile = プロファイル
label-at = 判定の時点
label-signer = 署名者
cause-ocsp = { $file } はOCSPの応答ではありません: { $words }

## demo

demo-title = honnin: 架空の利用者がアカウントを移行します。リーダーもネットワークも使いません。
demo-step-holder = 架空の利用者とカード、専用の認証局を作ります
demo-step-card = カードが自分を示します。暗証番号は使わず、回数も減りません
demo-step-account = ウォレットがアカウントを開きます
demo-step-challenge = ウォレットが証明を求めます。利用者が署名するのはこの文書です
demo-step-sign = 利用者が暗証番号を入力し、カードが署名します
demo-step-upgrade = ウォレットが証明を確かめ、規則が判定します
demo-step-replay = 同じ証明をもう一度送ります
demo-step-revoked = 電子証明書が失効した利用者の場合です
demo-step-stale = 失効リストが古い場合です
demo-holder = 見本 太郎は実在しません。鍵と証明書は今、O=JPKI-SYNTHETIC の下で作りました。
demo-card = トークンラベルは { $label } です。やり取りは{ $n }回で、最後にカードをロックしました。
demo-signed = やり取りは{ $n }回です。署名を証明書と照合しました。CMSの証明は{ $bytes }バイトです。
demo-decided = 規則 { $policy } の判定は「可」です。根拠は { $rules } です。
demo-kind = アカウント { $account }: { $kind ->
    [money] マネーアカウントです
   *[cash] キャッシュアカウントです
}
demo-refused = 拒否されました: { $title } [{ $code }]
demo-undetermined = 判定できません: { $title } [{ $code }]。何も変わっていません。新しいリストを待ちます。
demo-files =
    ファイルは { $dir } にあります。
      card.toml, persona.json            模擬カードとその暗証番号
      digital-signature-ca.der, *.crl    試験用の認証局と失効リスト
      statement.txt, proof.p7m           署名した文書と証明
      accounts.sqlite                    ウォレットのデータベース（鍵はその隣）
      case.evidence, audit.jsonl         本人確認の証拠と監査ログ
demo-next =
    次に試すもの:
      { $program } --card sim:{ $dir }/card.toml card status
      { $program } verify { $dir }/proof.p7m --anchors none --anchor { $dir }/digital-signature-ca.der --crl { $dir }/digital-signature.crl
      { $program } evidence verify { $dir }/case.evidence --anchors none --anchor { $dir }/digital-signature-ca.der
      { $program } audit verify { $dir }/audit.jsonl
      { $program } certificate show { $dir }/digital-signature-ca.der
      { $program } --card sim:{ $dir }/card.toml sign { $dir }/statement.txt --out { $dir }/signed.p7m
      （このカードの暗証番号は ABC123 です）
warning-attribute_has_substitutes = 氏名または住所に、住民票の文字の代わりの文字（代替文字）があります。
warning-attribute_unknown = このプログラムが知らない属性が証明書に入っています。
warning-birthdate_not_known_to_the_day = 生年月日は日まで分かっていません。

cause-content-missing = 署名は内容と別になっています。署名された内容を --content FILE で指定してください。
cause-content-mismatch = 指定された内容は { $file } の内容と違います（{ $words }）。
cause-out-is-input = 結果で { $file } が上書きされてしまいます。別のファイルを指定してください。
cause-too-large-to-attach = ファイルが64MiBを超えています。--detached を付けて署名してください。
cause-der-to-terminal = DERは画面では読めません。--out FILE か --form pem を使ってください。
cause-card-certificate = カードの中の証明書を読み取れません（{ $words }）。
cause-no-such-reader = 名前に { $wanted } を含むリーダーがありません。あるのは { $readers } です。
hint-no-such-reader = このうちの1つを --reader で指定するか、--reader を外してください。
hint-give-a-list = 失効リストを --crl FILE で、またはOCSPの応答を --ocsp FILE で指定してください。
hint-another-list = 指定されたリストはこの証明書のものではありません。発行元と市区町村に合うリストを指定してください。
doctor-finding-unreadable-action = カードを置き直してください。続く場合は市区町村の窓口にお尋ねください。
warning-authentication_certificate_expired = 利用者証明用電子証明書の期限が切れています。市区町村の窓口で更新してください。
warning-authentication_certificate_not_yet_valid = 利用者証明用電子証明書はまだ有効になっていません。
warning-authentication_certificate_unreadable = このカードの利用者証明用電子証明書を読み取れません。
warning-card_not_reached_for_locking = カードをロックする通信ができませんでした。カードをリーダーから離してください。電源が切れるとロックされます。
cause-another-card = リーダーのカードが、残り回数を示したカードと違います。暗証番号は送っていません。
