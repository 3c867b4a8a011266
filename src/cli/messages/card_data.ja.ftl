
## 券面のアプリケーションと暗証番号の変更。キーは card_data.en.ftl と同じ。

pin-number-b = 照合番号B（券面の記載から作る14桁の数字）
known-secret = { $secret ->
    [input_support_number_a] 照合番号A（券面事項入力補助、個人番号。このプログラムは尋ねません）
    [input_support_number_b] 照合番号B（券面事項入力補助）
    [surface_birth_date] 生年月日（券面事項確認）
    [surface_number_b] 照合番号B（券面事項確認）
    [surface_number_a] 照合番号A（券面事項確認、個人番号。このプログラムは尋ねません）
    [resident_register] 住民基本台帳用の暗証番号（数字4桁）
    [common_card] 共通カードAPの暗証番号（数字4桁）
   *[other] { $secret }
}

command-attributes = 基本4情報をカードから読み取ります
command-attributes-read = 氏名・住所・生年月日・性別を表示します(個人番号は読みません)
command-surface = 券面の情報を読み取ります
command-surface-read = 生年月日・有効期限の年・セキュリティコードで、券面の情報を表示します
command-pin-change = 暗証番号を変更します(今の番号が必要です。--pin-from では新旧の2行: 1行目が今の値)
option-pin-status-all = ほかの鍵の残り回数も表示する
option-pin-change-pin = 変更するもの: user-authentication, digital-signature, input-support
option-attributes-read-with = 読み取りに使うもの: pin(券面事項入力補助用の暗証番号) または number-b(照合番号B)
option-genuineness = カードの情報が発行者のものであることの確認を必須にする
option-card-verifiable-keys = カードの情報を保証できる鍵を追加するJSONファイル
option-attributes-read-challenge = カード自身に乱数へ署名させ、データの写しでないことを確かめます
option-surface-read-photo = 顔写真を書くファイル(.png で終わればPNG、それ以外はカードにあるままのJPEG 2000)
option-surface-read-name = 氏名の画像を書くファイル(PNG)
option-surface-read-address = 住所の画像を書くファイル(PNG)

discloses-attributes = 氏名・住所・生年月日・性別をカードから読み取り、ここに表示します。
discloses-face = 券面の記載(顔写真・氏名・住所・生年月日・性別)をカードから読み取ります。
purpose-change = カードの暗証番号を新しい値に変えます。まず今の値を入力してください。
rule-new-pin = 新しい暗証番号は数字4桁です。
rule-new-password = 新しい暗証番号は英字と数字を1文字以上ずつ含む6〜16文字です。英字は大文字になります。
prompt-new-secret = 新しい{ $name }:
prompt-new-secret-again = もう一度:
prompt-number-b = 次の3つから照合番号B（14桁の数字）を作ります。
prompt-birth-date = 生年月日(西暦、YYYY-MM-DD):
prompt-expiry-year = カードの有効期限の年(西暦4桁):
prompt-security-code = 券面のセキュリティコード(数字4桁):
number-b-era = 和暦では{ $era }{ $year }年{ $month }月{ $day }日です。この日付をカードに送ります。
pin-changed = 変更しました: { $name }
label-card-expires = カードの有効期限
label-card-serial = カードの製造番号
label-municipality = 市区町村コード
label-contact-atr = 接触端子のATR
label-issuer-objects = 発行者のデータ
value-masked = あります（表示しません）

warning-attempt_may_be_spent = 暗証番号を送ったあと応答がありませんでした。1回分減っている可能性があります。honnin pin status --all で残り回数を確かめてください。
cause-link-broken = カードとの通信が切れました（{ $code }）。
cause-recording-failed = 記録を書き込めません: { $words }
cause-card-refused = カードが要求を断りました（ステータス { $status }）。
cause-unexpected-answer = カードの正しい応答ではありません。{ $what ->
    [a-file-without-an-object] ファイルに中身がありません
    [an-object-longer-than-any-file-of-the-card] 中身がカードのどのファイルよりも長くなっています
    [a-file-shorter-than-its-object] ファイルが中身より短くなっています
    [an-offset-beyond-15-bits] 位置が15ビットを超えています
    [an-empty-signature] 署名が空です
    [an-answer-without-end] 応答が終わりません
   *[other] { $words }
}。
warning-possibly_face_authentication_card = 顔認証マイナンバーカードかもしれません。使える暗証番号と署名用電子証明書がありません。
cause-secret-mixture = 新しい暗証番号には英字と数字を1文字以上ずつ入れてください。
cause-secret-lines = 入力元の行が足りません。
cause-new-secret-differs = 新しい値が2回とも同じではありません。カードには何も送っていません。
cause-birth-date = 生年月日が日付ではありません。YYYY-MM-DD の形で入力してください。カードには何も送っていません。
cause-expiry-year = 有効期限の年は2020以降の4桁の数字です。カードには何も送っていません。
cause-security-code = セキュリティコードは4桁の数字です。カードには何も送っていません。
cause-change-unknown = 新しい値を送った後に通信が切れました。{ $name }は新旧どちらかです。まず新しい値で試してください。
cause-application-absent = このカードにはそのためのアプリケーションがありません。スマホや古いカードにはありません。
cause-card-file-absent = カードにその情報がないか、表示できません。
cause-card-data = カードの情報の形が正しくありません（{ $what ->
    [no-FF20-in-the-attributes-file] 基本4情報のファイルにFF20がありません
    [the-attributes-file] 基本4情報のファイル
    [name] 氏名
    [address] 住所
    [birth-date] 生年月日
    [sex] 性別
    [expiry] 有効期限
    [photo] 顔写真
    [size-of-the-photo] 顔写真の大きさ
    [key-of-the-card] カードの鍵
    [picture-of-the-name] 氏名の画像
    [picture-of-the-address] 住所の画像
    [signature-of-the-face] 券面の署名
    [no-FF20-in-the-face-file] 券面のファイルにFF20がありません
    [integrity-record] 真正性の記録
    [signature-of-the-integrity-record] 真正性の記録の署名
    [digest-in-the-integrity-record] 真正性の記録のダイジェスト
   *[other] { $words }
}）。
hint-card-verifiable-keys = カードの情報を保証する鍵のファイルを --card-verifiable-keys で指定してください。
cause-photo-form = 写真の形式は .jp2（カードのまま）か .png です。ファイル名の拡張子をどちらかにしてください。
cause-card-verifiable-keys = { $file } は鍵のファイルではありません。
cause-built-without-photo = このプログラムはPNGの写真に対応していません。.jp2 で終わるファイル名を指定してください。
cause-photo-not-decoded = カードの写真をPNGに変換できません。.jp2 で終わるファイル名を指定すると、そのまま書き出します。
cause-not-typed-on-reader = { $why ->
    [timed_out] 時間内にリーダーで入力されませんでした。残り回数は減っていません。
    [cancelled] リーダーで入力が取り消されました。残り回数は減っていません。
    [wrong_length] リーダーで入力された桁数が正しくありません。残り回数は減っていません。
   *[other] このリーダーのキーは使えません。残り回数は減っていません。--pin-from tty を付けると、ここで入力できます。
}
