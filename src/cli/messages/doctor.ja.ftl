
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
