"""What Japanese people don't write: slips of machine translation and of those who copy letters by their looks.

as-of 2026-11-22. Source: Japanese phish in public list archives, read by hand. Names of people and companies are left out: a colleague's
Chinese name has simplified characters, セブン-イレブン has a hyphen.
"""

# Simplified or mistaken characters in words of everyday Japanese. They count where kana stand beside them: a mail may be in two languages.
GLYPHS = (
    "下记", "帐户", "账户", "帐号", "账号", "邮件", "邮箱", "登录", "请", "您", "们", "点击", "链接", "订单", "验证", "确认", "认证", "账单", "关闭",
    "客户", "银行卡", "服务", "埸合", "サ仆ト", "お客樣", "更新时", "时间", "支払い记", "信息",
)  # fmt: skip
# A hyphen or a kanji that stands for the long vowel or a kana, and kana of the wrong sort.
KANA = (
    "カ-ド", "サ-ビス", "サ-バ", "メ-ル", "ユ-ザ", "パスワ-ド", "ポリシ-", "ボリシ", "センタ-の", "デ-タ", "カ一ド", "サ一ビス", "メ一ル", "ユ一ザ", "パスワ一ド",
    "力ード", "下ヘアクセス", "らヘアクセス", "下ヘログイン", "ごさいます", "ごさいません", "いたたき", "お原い", "お願、", "くださ。", "サインイして", "二アカウント",
    "利用いたたけ", "おかしましたこと", "プライムイム",
)  # fmt: skip
# Terms and turns that a program makes.
TERMS = (
    "メモリスペース", "完全なメールボックス", "プロセスを完了してください", "親愛なるお客様", "親愛なるユーザー", "親愛なる顧客", "親愛なる会員", "親愛なるメール", "尊敬するお客様",
    "尊敬するユーザー", "不法悪意", "悪意ログイン", "異常行為で", "永久ロック。", "異常を解除", "異常を削除", "状態が異常で", "の客様", "アカウントは終了いたし", "返金表", "最後の事務",
    "あなたの口座が資金", "情報をログイン", "お使いのメールボックスは完全",
    "アカウントの使用と販売", "下のリンクをクリックして関連", "常にご不便", "申し込みが届かない場合", "利用者の会社", "支払情報一致していません", "番号情報を確認してください",
    "アカウントは常に",
)  # fmt: skip
