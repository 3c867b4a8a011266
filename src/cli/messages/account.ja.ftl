
## 運営者のアカウント操作で使う文です。キーは account.en.ftl と同じです。

cause-at-dates-nothing = このコマンドは履歴を書き込みます。日時は時計だけが決めます。--at は証明書の判定に使うものです。
hint-without-at = --at を付けずに、もう一度実行してください。
