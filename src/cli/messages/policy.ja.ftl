
## 運用方針。キーは policy.en.ftl と同じです。

command-policy = データとしての規則を扱います
command-policy-check = 方針ファイルと、法令の変更による影響を確かめます
command-policy-explain = 手続きの結果を決めた規則と出典を示します
command-policy-diff = 二つの方針の判断の違いを示します
option-store = アカウントと手続きの保管先: sqlite:ファイル
option-letters = 内蔵の表の代わりに使う、号の文字の表
option-policy-check-file = 方針ファイル(TOML)
option-policy-explain-case = 手続きの番号
option-policy-diff-a = 方針ファイルの一方
option-policy-diff-b = 方針ファイルのもう一方
option-policy-diff-cases = 自動生成の代わりに使う質問のファイル(1行に1つのJSON)

policy-name = 方針
policy-dates = 適用期間
policy-open = 期限なし
policy-tiers = 段階
policy-features = 機能
policy-method = 確認方法
policy-method-ends = { $method } は{ $date }に廃止されます。
policy-method-letter = { $method } の文字は{ $date }に{ $before }から{ $after }に変わります。
policy-method-narrowed = { $method } は{ $date }から受け付ける範囲が狭くなります。
policy-recheck-law = 利用の前に法令を確かめてください。e-Gov { $law }、作成時の版は{ $revision }です。
policy-case = 手続き
policy-state = 状態
policy-reason = 理由
policy-nothing-decided = まだ何も決まっていません。
policy-questions = { $n }件の質問をしました。
policy-more = ほか{ $n }件(--json で表示)
policy-no-difference = 判断はすべて同じです。
policy-times = { $n }件

cause-policy-place = { $file } は方針として不完全です。{ $place } の値が正しくありません({ $expected })。
cause-policy-line = { $file } の{ $line }行目を受け付けられません({ $words })。
cause-policy-not-text = { $file } はUTF-8のテキストではありません。
cause-store-unnamed = 保管先が指定されていません。
cause-case-unknown = 手続き { $case } はありません。
hint-store = --store sqlite:ファイル で保管先を指定してください。
hint-policy = 示された箇所を直してください。すべてのキーは docs/policy.md にあります。

warning-policy_not_in_force = この時点では、方針は適用期間の外です。
warning-policy_is_mock = この方針では、模擬カードでもアカウントが移行します。
warning-policy_verifier_undeclared = 署名検証者が指定されていないため、手続きはすべて担当者の確認待ちになります。
