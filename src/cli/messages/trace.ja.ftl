
## trace: カード通信の記録。キーは trace.en.ftl と同じです。

command-trace = カード通信の記録を点検・表示・伏せ字・変換・再生します
command-trace-check = 記録をカードの規則に照らして点検します
command-trace-show = 記録を1コマンドずつ説明します（データは表示しません）
command-trace-redact = 記録の暗証番号と個人のデータを伏せます
command-trace-convert = 記録を別の形式で書きます（暗証番号は伏せます）
command-trace-replay = このプログラムのコマンドを、記録を相手に実行します
option-recording = 記録のファイル: JSON Lines、apdu4j、pcscdまたはOpenSCのログ、pcsc-spy、矢印形式、tsharkのJSON
option-trace-redact-out = 標準出力ではなく、このファイルに書きます
option-trace-convert-out = 標準出力ではなく、このファイルに書きます
option-trace-redact-persona = 誰のカードの記録か。架空の人（synthetic）のデータだけを残します
option-trace-convert-persona = 誰のカードの記録か。架空の人（synthetic）のデータだけを残します
option-trace-convert-to = 書く形式: pcapng（Wireshark用）、apdu4j、jsonl
option-trace-convert-bare = jsonlのとき、公開されている形式の項目だけを書きます
option-trace-replay-lenient = 順序が違っても記録のどこかにあれば答え、違いを一覧にします
option-trace-replay-replayed = 実行するコマンド。例: card status

cause-recording-file = { $defect ->
    [empty] { $file } は空です。
    [file_too_large] { $file } はカード通信の記録としては大きすぎます。
    [not_text] { $file } はテキストファイルではありません。
    [no_exchange] { $file } にはカードへのコマンドがありません。
   *[unknown_format] { $file } はカード通信の記録のどの形式でもありません。
}
cause-recording-line = { $defect ->
    [line_too_long] { $file } の{ $line }行目は、カードへのコマンドとしては長すぎます。
    [too_many_lines] { $file } はカード通信の記録としては行が多すぎます。
    [not_json] { $file } の{ $line }行目は、種類（type）のあるJSONオブジェクトではありません。
    [unknown_type] { $file } の{ $line }行目の種類（type）は、この形式にありません。
    [bad_field] { $file } の{ $line }行目に、足りない項目か、形の違う項目があります。
    [unknown_version] { $file } の{ $line }行目にある版は、このプログラムが知らない版です。
    [no_header] { $file } の{ $line }行目の前に、ヘッダーの行がありません。
    [second_header] { $file } の{ $line }行目に、2つ目のヘッダーがあります。
    [not_hex] { $file } の{ $line }行目に、16進数で書かれていないバイトがあります。
    [short_command] { $file } の{ $line }行目のコマンドは4バイトより短いです。
    [short_answer] { $file } の{ $line }行目の応答にステータスワードがありません。
    [not_paired] { $file } の{ $line }行目は、コマンドと応答が対になっていません。
   *[other] { $file } の{ $line }行目はカード通信の記録の行ではありません。
}
cause-bare-is-jsonl = --bare が使えるのはJSON Linesだけです。--to jsonl と一緒に使ってください。
cause-pcapng-to-terminal = キャプチャファイルは端末では読めません。--out FILE を使ってください。
cause-card-rule = 持ち主を守る規則が{ $errors }か所で破られています。
warning-recording_differs = 実行と記録にも違いがあります。終了した理由は別にあります。
cause-replay-differs = 実行と記録が、記録の{ $line }行目で分かれています。
hint-run-redact = honnin trace redact を実行し、その結果だけを人に渡してください。
hint-replay-lenient = 両方を見比べるか、--lenient を付けて順序の違いを越えて再生してください。

label-trace-tool = 記録したもの
label-trace-atr = ATR
label-trace-persona = 人物
label-trace-note = 説明
label-trace-facts = 示す事実
trace-persona = { $persona ->
    [synthetic] 架空の人
   *[unknown] 不明（実在の人として扱います）
}
trace-severity = { $severity ->
    [error] エラー
    [warning] 警告
   *[notice] 参考
}
trace-finding-place = { $exchange }番目（{ $line }行目）:
trace-checked = コマンド{ $exchanges }個: エラー{ $errors }件、警告{ $warnings }件、参考{ $notices }件
trace-blanked = { $n ->
    [0] 伏せるところはありませんでした。
   *[other] { $persona ->
        [synthetic] コマンドと応答を{ $n }か所伏せました（暗証番号など）。架空の人の記録です。
       *[unknown] コマンドと応答を{ $n }か所伏せました（暗証番号などと個人のデータ）。
    }
}
trace-replayed = 記録にあるコマンド{ $recorded }個のうち、{ $played }個に答えました。
trace-more-differences = …ほかに{ $n }か所の違いがあります。
trace-difference = { $line }行目: { $kind ->
    [skipped] 記録の{ $recorded }を飛ばしました。
    [elsewhere] 記録は{ $recorded }ですが、{ $asked }を求めました。これは記録の別の場所にあります。
    [put_together] 記録は{ $recorded }ですが、{ $asked }を求めました。記録から分かるカードの内容で答えました。
    [not_asked] 記録の{ $recorded }は求められませんでした。
   *[another] 記録は{ $recorded }ですが、{ $asked }を求めました。
}
trace-in-the-data = 2つのコマンドはデータが違います。
trace-side = { $header }（{ $operation }）
trace-the-end = 終わり
trace-nothing = なし

trace-operation = { $operation ->
    [select_application] アプリケーションを選択
    [select_file] ファイルを選択
    [select_other] 選択
    [read_binary] 読み出し
    [read_record] レコードの読み出し
    [query_counter] 残り回数の問い合わせ
    [verify] 照合
    [change_secret] 暗証番号の変更
    [sign] 署名
    [internal_authenticate] カードの証明
    [get_data] データオブジェクトの読み出し
    [get_challenge] 乱数の取得
    [get_response] 応答の残りの取得
    [set_session_key] セッション鍵の設定
    [issuer_command] 発行者用のコマンド
    [phone_marker] スマートフォン専用のコマンド
    [reader_command] リーダーへのコマンド
   *[other] その他のコマンド
}
trace-place = { $place ->
    [issuer_security_domain] カードの基本領域
    [jpki] 公的個人認証
    [input_support] 券面事項入力補助
    [surface] 券面事項確認
    [resident_register] 住基
    [common_card] 共通カード
    [driving_licence] マイナ免許証
    [other] 別のアプリケーション
   *[unknown] アプリケーション不明
}
trace-file = { $file ->
    [signing_certificate] 署名用電子証明書
    [signing_ca_certificate] 署名用CA証明書
    [token_information] トークン情報
    [certificate_availability] 電子証明書の有無
    [authentication_certificate] 利用者証明用電子証明書
    [authentication_ca_certificate] 利用者証明用CA証明書
    [terminal_ca_key] 特定機関認証のCA鍵
    [authentication_key] 利用者証明用の鍵
    [authentication_pin] 利用者証明用の暗証番号
    [signing_key] 署名用の鍵
    [signing_password] 署名用の暗証番号
    [individual_number] 個人番号
    [basic_four_attributes] 基本4情報
    [integrity_record] 改ざん検知用の記録
    [card_verifiable_certificate] カード検証用証明書
    [application_information] アプリケーションの基本情報
    [session_key] 秘匿通信用の鍵
    [application_key] アプリケーションの公開鍵
    [input_support_pin] 券面事項入力補助用の暗証番号
    [blocked_reference] 常にロックされている参照
    [application_signing_key] アプリケーションの鍵
    [number_a] 照合番号A
    [number_b] 照合番号B
    [birth_date_record] 生年月日の記録
    [surface_record] 券面の記録
    [number_image] 個人番号の画像
    [birth_date] 照合用の生年月日
    [resident_register_pin] 住基用の暗証番号
    [card_record] カードの記録
    [common_card_key] 共通カードの鍵
    [common_card_pin] 共通カード用の暗証番号
    [driving_licence_pin] マイナ免許証の暗証番号
    [pin_setting] 暗証番号の設定の有無
    [licence_data] 免許情報
   *[other] { $file }
}
trace-offset = {"、"}{ $offset }バイト目から
trace-answer-data = { $n }バイト、{ $status }
trace-answer-blanked = 伏せ字、{ $status }
trace-answer-unknown = 応答を読めません
trace-link-error = 応答なし: { $error ->
    [removed] カードが外れました
    [reset] 別のプログラムがカードをリセットしました
    [busy] 別のプログラムがカードを使っていました
    [mute] カードが応答しませんでした
    [no_card] カードがありませんでした
    [no_reader] リーダーがありませんでした
    [no_service] カードサービスが動いていませんでした
    [no_status_word] 応答が途中で切れました
    [not_permitted] 使う許可がありませんでした
   *[other] 通信が切れました
}
trace-event = { $event ->
    [removed] カードが外れました。
    [reset] 別のプログラムがカードをリセットしました。
    [reconnect] カードにつなぎ直しました。
    [select_lost] 選択していたアプリケーションが外れました。
   *[other] { $event }
}
trace-status = { $kind ->
    [done] 完了
    [locked] アプリケーションがロック中
    [end_of_file] ファイルの終わり
    [wrong_unlimited] 不一致（回数の制限なし）
    [blocked] ロックされています
    [tries] 残り{ $n }回
    [more] 残り{ $n }バイト
    [other_length] { $n }バイトで求め直しが必要
    [card_error] カード内部のエラー
    [wrong_length] 長さが受け付けられません
    [not_supported] 対応していません
    [wrong_structure] ファイルの構造が違います
    [secret_needed] 先に照合が必要です
    [conditions] 使用条件を満たしていません
    [no_file_selected] ファイルが選択されていません
    [secure_messaging] 秘匿通信を使えません
    [wrong_data] データが受け付けられません
    [not_found] 見つかりません
    [no_record] レコードがありません
    [wrong_parameters] パラメーターが受け付けられません
    [no_object] データオブジェクトがありません
    [past_the_end] ファイルの終わりを越えています
    [unknown_instruction] コマンドが知られていません
    [unknown_class] コマンドの種別が知られていません
    [unspecified] 原因不明のエラー
   *[other] このカードでは知られていない応答
}

trace-rule = { $rule ->
    [last_try_spent] 残り1回のまま照合しています。そこで止めて、続けるかどうかを持ち主に確かめてください。
    [unknown_tries_spent] 残り回数が分からないまま照合しています。続けるかどうかを持ち主に確かめてください。
    [blocked_secret_presented] ロックされた暗証番号を照合しています。先に市区町村の窓口で解除してください。
    [verify_without_counter_query] 残り回数を問い合わせずに照合しています。先に問い合わせてください（回数は減りません）。
    [secret_presented_twice] 同じ暗証番号を1回の通信で2度以上照合しています。照合は1度にしてください。
    [sent_again_without_answer] 応答がなかったあと、繰り返せないコマンドを再送しています。そこで止めて、続けるかどうかを持ち主に確かめてください。
    [secret_without_need] 照合のあと、照合の必要な操作がありません。照合なしで読めるものは、そのまま読んでください。
    [secret_in_extended_form] 照合に拡張長を使っています。どのリーダーでも通る短い形式を使ってください。
    [blocked_reference_presented] 参照 0012 はどのカードでもロックされています。使わないでください。
    [unknown_reference_presented] このアプリケーションの暗証番号ではない参照に照合しています。用途の分からないものは使わないでください。
    [changed_without_verifying] 元の暗証番号を照合せずに変更しています。先に照合してください。
    [counter_query_with_length] 残り回数の問い合わせに長さのバイトが付いています。4バイトで送ってください。
    [left_unlocked] 照合したまま通信が終わっています。最後にカードの基本領域を選択してロックしてください。
    [not_left_at_the_isd] アプリケーションを選択したまま通信が終わっています。最後にカードの基本領域を選択してください。
    [individual_number_touched] 個人番号のファイルを選択または読み出しています。法律で限られているため、触れないでください。
    [individual_number_presented] 個人番号を照合番号Aとして使っています。照合番号Bを使ってください。
    [secret_not_masked] 記録に暗証番号または個人番号が残っています。人に見せる前に trace redact を実行してください。
    [personal_data_not_masked] 記録に個人のデータが残っています。人に見せる前に trace redact を実行してください。
    [read_past_the_end] ファイルまたは中身の終わりを越えて読んでいます。中身の長さで止めてください。
    [bytes_read_twice] 同じバイトを2度読んでいます。一度読んだデータを使ってください。
    [extended_read_after_refusal] 拡張長が断られたあとに、また拡張長で読んでいます。断られたら覚えておき、256バイトずつ読んでください。
    [command_sent_twice] 同じコマンドを続けて2度送っています。1度にしてください（照合では2回分減ります）。
    [length_corrected_again] 訂正した長さがまた断られています。訂正は1度にしてください。
    [response_not_fetched] 応答の残りを受け取っていません。61xx のあとは GET RESPONSE を送ってください。
    [issuer_command_sent] 発行者用のコマンドを送っています。使わないでください。
    [phone_command_to_card] スマートフォン専用のコマンドをカードに送っています。先にラベルを確かめてください。
    [shortened_name] アプリケーションを名前の一部で選択しています。名前の全体を送ってください。
    [other_channel] 0番以外の論理チャネルを使っています。カードにあるのは0番だけですので、0番を使ってください。
    [command_chained] コマンドを分割して送っています。このカードには必要ありません。1つにまとめて送ってください。
    [secured_message_refused] カードが対応しないところでセキュアメッセージングを使っています。通常の形で送ってください。
   *[other] { $rule }
}

exchange-sent = { $header }{ $n ->
    [0] { "" }
   *[other] {" "}と { $n } バイト
}
exchange-sent-secret = { $header } と暗証番号(伏せ字)
exchange-received = { $status }{ $n ->
    [0] { "" }
   *[other] 、{ $n } バイト
}
exchange-received-masked = { $status }、{ $n } バイト(個人のデータのため伏せ字)
