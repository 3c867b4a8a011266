
## What the nodes of doctor found this time

doctor-finding-taken = リーダー（{ $name }）をOSのNFC機能が先に使っています。
doctor-finding-port100-action = `sudo modprobe -r port100 nfc` を実行してください。次からも防ぐには /etc/modprobe.d で無効にします。
doctor-finding-model = このリーダー（{ $name }）は、このOSのPC/SCでは使えません。
doctor-finding-programs = 別のプログラムがカードを使用中です。考えられるもの: { $programs }
doctor-finding-guess = マイナンバーカードではないようです（{ $guess }）。
card-guess = { $guess ->
    [felica] 交通系ICなどのFeliCaカードの可能性があります
    [type_a] Type Aのカードの可能性があります
    [driving_licence] 運転免許証の可能性があります
    [resident_register] 住民基本台帳のカードの可能性があります
   *[other] 別のカードの可能性があります
}
doctor-finding-kind = マイナンバーカードではありません（{ $kind }）。この操作には対応していません。
doctor-finding-face-action = 暗証番号を設定したマイナンバーカードを使ってください。このカードに暗証番号を設定していた場合は、市区町村の窓口で再設定を受けてください。
doctor-finding-link = 通信は正常です（{ $ms } ms）。
doctor-finding-small-reads = 一度に読める長さに制限があるため、小分けで読みます（{ $n }バイト、{ $ms } ms）。
doctor-report-written = 個人情報を含まない報告を { $file } に書き込みました。

## Readers that are known

option-doctor-report = 個人情報を含まない報告をFILEに書き込みます
option-readers-known = 知られている機種と、ここで見つかったものを一覧にします
readers-known-seen = { $name }（ここにあります）
readers-known-model = { $interface ->
    [contact] 接触式
    [contactless] 非接触式
   *[dual] 接触式・非接触式
}{ $class ->
    [vendor] 、CCID非対応
   *[ccid] {""}
}{ $typeb ->
    [no] 、マイナンバーカード非対応
   *[other] {""}
}{ $libccid ->
    [none] {""}
   *[other] 、libccid { $libccid } 以上
}

warning-recording_incomplete = 記録が途中で書き込めなくなりました。結果はそのまま有効です。

## card confirm: facts of card.md

command-card-confirm = カードについて知られている事実を、暗証番号なしで確かめ、伏せ字にして記録します
confirm-outcome = { $outcome ->
    [confirmed] 確認
    [contradicted] 相違あり
    [absent] このカードにはなし
    [not-tried] 未実施
   *[other] 判断できず
}
confirm-counters = { $unchanged ->
    [yes] 何も消費していません。残り回数はすべて前と同じで、暗証番号は送っていません。
    [unclear] 残り回数を前後とも読めなかったものがあり、比べられません。暗証番号は送っていません。
   *[no] 残り回数が変わりました。使用をやめて、お知らせください。
}
confirm-recorded = やりとりは伏せ字にして { $file } に記録しました。送り方: docs/real-card.md
cause-counters-changed = 暗証番号を送っていないのに、前と後で残り回数が違います。
cause-counters-unclear = 残り回数を前後とも読めなかったものがあり、確かめられません。
fact-atr-on-record = ATRは記録にあるものです。
fact-select-without-fci = FCIなしでアプリケーションを選択できます。
fact-select-with-fci = FCIありで選択するとFCIが返ります。
fact-unknown-name-refused = 存在しないアプリケーションは拒否されます。
fact-four-other-applications = ほかの4つのアプリケーションがあります。
fact-select-master-file = アプリケーションの中でMFを選択しても何も変わりません。
fact-token-label = ラベルはマイナンバーカードのものです。
fact-token-information = トークン情報は160バイトで、記録どおりの上限値です。
fact-availability = 両方の電子証明書があると示されています。
fact-short-identifiers = 短縮ファイル識別子でファイルを指定できます。
fact-le-zero-is-256 = 長さ0の読み取りは256バイトになります。
fact-short-read = ファイルの終わりを越える読み取りには、ある分だけが返ります。
fact-past-the-end = 終わりより後から始まる読み取りは、その旨で拒否されます。
fact-extended-read = 拡張長を使えます（ここでは確かめません）。
fact-authentication-certificate-free = 利用者証明用電子証明書は暗証番号なしで読めます。
fact-filler = ファイルの中で、証明書の後は詰め物です。
fact-ca-certificate-free = その認証局の証明書は暗証番号なしで読めます。
fact-signing-certificate-locked = 署名用電子証明書には暗証番号が必要です。
fact-counter-query = 残り回数は、回数を減らさずに分かります。
fact-counter-query-by-selection = 古い形の問い合わせにも同じ答えが返ります。
fact-blocked-reference = 券面事項入力補助APの参照のひとつは常にロックされています。
fact-input-support-information = 券面事項入力補助APの版は記録どおりです。
fact-attributes-locked = 基本4情報には暗証番号が必要です。
fact-card-verifiable-certificate = カード検証用証明書は568バイトです。
fact-surface-information = 券面事項確認APの版は記録どおりです。
fact-surface-locked = 券面情報には照合番号が必要です。
fact-challenge = カードは乱数を返します。
fact-issuer-security-domain = 発行者の領域を選択してカードを離れられます。
fact-card-recognition-data = 発行者の領域は、チップの種類を示します。
fact-contact-atr = 発行者の領域は、接触端子のATRを示します。
fact-contact-atr-in-application = 発行者の領域にない接触端子のATRを、アプリケーションが示します。
fact-no-responses-in-parts = 分割された応答はありません。
