"""Mail in waves, for tests and benchmarks: the 111 mails of a morning to guessed names, and newsletters that have nothing in common."""

from __future__ import annotations

import random

OWN = "office.example"
ACCOUNTS = ("info", "mori", "sato.hanako", "recruit")  # names that the office really has
_GUESSED = [
    "abe",
    "aoki",
    "arai",
    "endo",
    "fujii",
    "fujita",
    "fukuda",
    "goto",
    "hara",
    "harada",
    "hasegawa",
    "hashimoto",
    "hayashi",
    "hirano",
    "honda",
    "ikeda",
    "imai",
    "inoue",
    "ishida",
    "ishii",
    "ishikawa",
    "ito",
    "iwasaki",
    "kato",
    "kawasaki",
    "kikuchi",
    "kimura",
    "kinoshita",
    "kobayashi",
    "koike",
    "kojima",
    "kondo",
    "kubo",
    "kudo",
    "maeda",
    "maruyama",
    "masuda",
    "matsuda",
    "matsui",
    "matsumoto",
    "miura",
    "miyamoto",
    "miyazaki",
    "morita",
    "murakami",
    "murata",
    "nakagawa",
    "nakajima",
    "nakamura",
    "nakano",
    "nakayama",
    "nishimura",
    "noguchi",
    "nomura",
    "oda",
    "ogawa",
    "ono",
    "onishi",
    "otsuka",
    "saito",
    "sakai",
    "sakamoto",
    "sakurai",
    "sano",
    "sasaki",
    "sekine",
    "shibata",
    "shimada",
    "shimizu",
    "suzuki",
    "takada",
    "takagi",
    "takahashi",
    "takeda",
    "takeuchi",
    "tamura",
    "tanaka",
    "taniguchi",
    "ueda",
    "ueno",
    "wada",
    "watanabe",
    "yamada",
    "yamaguchi",
    "yamamoto",
    "yamashita",
    "yamazaki",
    "yokoyama",
    "yoshida",
    "yoshikawa",
    "admin",
    "contact",
    "support",
    "sales",
    "office",
    "webmaster",
    "postmaster",
    "keiri",
    "soumu",
    "eigyo",
    "jinji",
    "kikaku",
    "shop",
    "order",
]
NAMES = (*ACCOUNTS, *_GUESSED)[:108]
LINKS = ("w-support.test", "atw-mail.test")
_WORDS = [
    "山",
    "川",
    "花",
    "鳥",
    "風",
    "月",
    "春",
    "夏",
    "秋",
    "冬",
    "東",
    "西",
    "南",
    "北",
    "白",
    "黒",
    "赤",
    "青",
    "緑",
    "紫",
]
_GREETINGS = ("{name} 様", "{name}さま", "{address} ご利用者様", "お客様各位", "DEAR {name}")
_SUBJECTS = (
    "非常に重要なメッセージ",
    "非常に重要なメッセージ",
    "【非常に重要なメッセージ】",
    "非常に重要なメッセージ {number}",
    "{name} 非常に重要なメッセージ",
)


def guessed(count: int = 111, seed: int = 7, start: int = 1_712_876_400) -> list[bytes]:
    """So many mails of one campaign, one every 90 seconds: From is To, names and links vary, words are put in and behind."""
    dice = random.Random(seed)
    return [_guessed(number, NAMES[number % len(NAMES)], start + 90 * number, dice) for number in range(count)]


def _guessed(number: int, name: str, at: int, dice: random.Random) -> bytes:
    address = f"{name}@{OWN}"
    filled = {"name": name, "address": address, "number": number}
    link = f"https://{LINKS[number % 3 == 0]}/{dice.choice(('activemail.kagoya.test', 'login', 'a'))}/?e={dice.getrandbits(64):x}"
    lines = [
        dice.choice(_GREETINGS).format(**filled),
        "完全なメールボックスメモリスペースがほぼ満杯であるため、",
        f"{dice.randrange(3, 30)} つの受信メールが返されました。",
        "メールボックスの記憶域を増やすには、",
        "以下のリンクをクリックしてプロセスを完了してください"
        if number % 4
        else "以下のリンクを クリックしてプロセスを完了してください",
        link,
        f"ID: {dice.getrandbits(48):x}",
        "".join(dice.choice(_WORDS) for _ in range(dice.randrange(0, 12))),
    ]
    return mail(
        at,
        f"eKagoya ISP <{address}>",
        address,
        dice.choice(_SUBJECTS).format(**filled),
        "\r\n".join(lines),
        f"sv742.hosting.test ({'198.51.100.14'})",
        f"{dice.getrandbits(64):x}@{OWN}",
    )


def mail(
    at: int, sender: str, recipient: str, subject: str, text: str, peer: str, identity: str, head: str = ""
) -> bytes:
    """A mail as the office's server takes it in. `peer`: name and address, the name confirmed; `head`: more header lines."""
    host, _, ip = peer.rstrip(")").partition(" (")
    return (
        f"Received: from {host} ({host} [{ip}])\r\n\tby mx.{OWN} (Postfix) with ESMTPS id {at:x}\r\n"
        f"\tfor <{recipient}>; {date(at)}\r\n{head}"
        f"From: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\nDate: {date(at)}\r\nMessage-ID: <{identity}>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    ).encode()


def date(at: int) -> str:
    """RFC 5322, on a clock in Japan."""
    from datetime import datetime, timedelta, timezone
    from email.utils import format_datetime

    return format_datetime(datetime.fromtimestamp(at, timezone(timedelta(hours=9))))


_TOPICS = [
    "garden",
    "bicycle",
    "kitchen",
    "museum",
    "train",
    "coffee",
    "camera",
    "guitar",
    "chess",
    "river",
    "bakery",
    "library",
    "theatre",
    "football",
    "painting",
    "poetry",
    "sailing",
    "yoga",
    "astronomy",
    "beekeeping",
    "carpentry",
    "knitting",
    "hiking",
    "cycling",
    "pottery",
    "opera",
    "jazz",
    "history",
    "physics",
    "language",
    "travel",
]
_VERBS = [
    "opens",
    "closes",
    "welcomes",
    "presents",
    "explains",
    "repairs",
    "celebrates",
    "discusses",
    "reviews",
    "collects",
    "moves",
    "teaches",
    "visits",
    "sells",
]
_FRAME = (
    "Hello,\r\n\r\nhere is what is new at {sender}.\r\n\r\n{text}\r\n\r\nYou receive this newsletter because you subscribed at {domain}.\r\n"
    "To stop receiving it, click here: https://{domain}/unsubscribe?u={token}\r\n"
)


def newsletters(count: int = 200, seed: int = 3, start: int = 1_712_800_000) -> list[bytes]:
    """Newsletters of as many senders, each about its own things, in the same frame of a few sentences."""
    dice = random.Random(seed)
    out = []
    for number in range(count):
        domain = f"letter{number}.test"
        sentences = [
            f"The {dice.choice(_TOPICS)} {dice.choice(_TOPICS)} {dice.choice(_VERBS)} the {dice.choice(_TOPICS)} {dice.choice(_TOPICS)} "
            f"near the {dice.choice(_TOPICS)} {dice.choice(_TOPICS)}."
            for _ in range(dice.randrange(8, 30))
        ]
        text = _FRAME.format(
            sender=domain, text="\r\n".join(sentences), domain=domain, token=f"{dice.getrandbits(64):x}"
        )
        peer = f"out.{domain} (203.0.113.{number % 250 + 1})"
        subject = f"News of the {dice.choice(_TOPICS)} {dice.choice(_TOPICS)}"
        out.append(
            mail(
                start + 600 * number,
                f"{domain} <news@{domain}>",
                f"info@{OWN}",
                subject,
                text,
                peer,
                f"{number}@{domain}",
            )
        )
    return out
