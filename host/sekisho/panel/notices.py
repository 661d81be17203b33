"""The notices to copy when a mailbox was used by somebody else: to its owner, to say on the telephone, to the server's provider.

Each is a finished text in its recipient's language, whatever the panel's. They hold what a server's administrator needs to
find the login, and nothing of the reader: 〔 〕 stands where the reader's name goes. A value is one printable line.
"""

from __future__ import annotations

MAX_VALUE = 1000  # characters; the longest is the Received line

TEXT = {
    "en": {
        "say": (
            "Hello, this is 〔name〕. I am calling about a mail that came from {account}. According to its header somebody "
            "logged in to the mail server {server} on {time}, from {network} in {country} (address {ip}), and sent it. "
            "If that was not you, somebody else has a password there. Please change the one of this mailbox right away, and have "
            "whoever runs the server look for {ip} in the login log."
        ),
        "letter": """\
Subject: The mailbox {account} may be in someone else's hands

{addressee}

Dear Sir or Madam,

The mailbox {account} may be in use by a third party.

We received a message from it. According to its header the sender's address was not merely forged: whoever sent the message \
had logged in to the mail server.{virus}

What we saw
Time: {time}
Login: {login}
From: {ip} ({network}, {country})
Server: {server}
Message-ID: {message_id}
The Received line (recipient left out):
{line}

What we ask you to do
1. Change the password of {account} at once, from a computer that is known to be clean, and wherever else the same password is used.
2. Look in the server's login log for the time and the address above, and end every session that is open.
3. Look for forwarding rules and filters that none of you set up.
4. Scan the computers on which this mailbox is used.
5. Consider a warning to your correspondents: others may have received such messages.

All this is read from a message's header and is no proof (how sure it is: {confidence}). If the owner was in {country} at that \
time, please excuse the alarm. As mail to {account} may be read by a third party, please answer by telephone or from another address.

Yours faithfully

〔name, company, telephone〕""",
        "complaint": """\
To: {desk}
Subject: Customer mailbox probably used by a third party: {account}

Dear abuse team,

The mailbox {account} on your server {server} appears to be in use by somebody else who has the password.{virus}

Time: {time}
Login: {login}
From: {ip} ({network}, {country})
Message-ID: {message_id}
The Received line (recipient left out):
{line}

Please check the login log, secure the mailbox and tell its owner. The whole message is at hand if you need it.

Yours faithfully

〔name, company〕""",
        "to-owner": "To the owner of {account}",
        "to-domain": "To whoever looks after mail at {domain}",
        "virus": " A gateway removed a virus from the message.",
        "unrecorded": "(not recorded)",
    },
    "ja": {
        "say": (
            "〔お名前〕と申します。{account} から届いたメールのことでご連絡しました。メールの記録によりますと、{time} に、"
            "{country}の回線({network}、{ip})からメールサーバー {server} にログインして送られています。"
            "お心当たりがなければ、パスワードが第三者に知られているおそれがあります。"
            "すぐにパスワードを変更のうえ、サーバーのご担当者に {ip} からのログイン記録を調べてもらってください。"
        ),
        "letter": """\
件名:メールアカウント {account} の不正利用のおそれについて(ご連絡)

{addressee}

突然のご連絡にて失礼いたします。〔会社名・お名前〕と申します。
ご利用のメールアカウント {account} が第三者に使われているおそれがありますので、お知らせいたします。

このアカウントから送信されたメールが当方に届きました。ヘッダーの記録を確認したところ、差出人の表示が偽られただけではなく、\
メールサーバーに実際にログインしたうえで送信されたものと見られます。{virus}

■ 確認できた内容
日時:{time}
ログイン名:{login}
接続元:{ip}({network}、{country})
サーバー:{server}
Message-ID:{message_id}
Received 行(宛先は省いています):
{line}

■ お願いしたいこと
1. {account} のパスワードを、ウイルスに感染していないことを確認したパソコンから至急ご変更ください。\
同じパスワードをお使いのほかのサービスも、あわせて変更をお願いいたします。
2. サーバーのログイン記録で、上記の日時と接続元をご確認ください。
3. 覚えのない転送や振り分けが設定されていないか、ご確認ください。
4. このアカウントをお使いのパソコンのウイルス検査をお願いいたします。
5. 同様のメールがほかの方にも届いている可能性がありますので、お取引先などへの注意喚起をご検討ください。

以上はメールのヘッダーから読み取れる範囲の内容で、確実なものではありません(確からしさ:{confidence})。\
ご出張などでご本人が{country}からお使いだった場合は、どうかご容赦ください。
{account} 宛てのメールは第三者に読まれるおそれがあるため、ご返信はお電話か別のアドレスからいただけますと幸いです。

何とぞよろしくお願い申し上げます。

〔会社名・お名前・電話番号〕""",
        "complaint": """\
宛先:{desk}
件名:お客様のメールアカウント {account} の不正利用のおそれについて

不正利用ご担当者様

お世話になっております。〔会社名・お名前〕と申します。
貴社のサーバー {server} をご利用のメールアカウント {account} が、パスワードを知った第三者に使われているおそれがありますので、\
お知らせいたします。{virus}

日時:{time}
ログイン名:{login}
接続元:{ip}({network}、{country})
Message-ID:{message_id}
Received 行(宛先は省いています):
{line}

お手数をおかけしますが、ログイン記録をご確認のうえ、アカウントの保護とご本人へのご連絡をお願いいたします。
必要でしたら、メール全体をお送りいたします。

何とぞよろしくお願い申し上げます。

〔会社名・お名前〕""",
        "to-owner": "{account} をお使いの方へ",
        "to-domain": "{domain} メールご担当者様",
        "virus": "なお、このメールからは、途中の機器がウイルスを取り除いています。",
        "unrecorded": "(記録なし)",
    },
}


def text(kind: str, language: str, addressee: str, virus: bool, field: str, **values: str) -> str:
    """The notice `kind` (say, letter, complaint) in a language. `addressee`: to-owner or to-domain; `field`: a header field that
    stands beside the line. An empty value was not recorded."""
    written = TEXT[language]
    known = {name: printable(value) or written["unrecorded"] for name, value in values.items()}
    known["addressee"] = written[addressee].format_map(known)
    known["line"] += f"\n{printable(field)}" if field else ""
    known["virus"] = written["virus"] if virus else ""
    return written[kind].format_map(known)


def printable(value: str) -> str:
    """One line of at most MAX_VALUE characters, without any that would not show or would command: it goes to the clipboard."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(value[:MAX_VALUE].split()))
