"""Campaigns and histories, from mail to panel through a real register: what is joined, what is not, and who cannot change it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import waves
from workbench import LOCALES, NOW, failures, primitives, wrong

from sekisho import letters, settings
from sekisho.engine import analyse
from sekisho.facts import language
from sekisho.folders import REGISTER
from sekisho.mail import likeness
from sekisho.mail.message import Message
from sekisho.memory import Memory
from sekisho.questions import ALIKE, KNOWN, Answer
from sekisho.register import Register
from sekisho.register.fingerprints import likeness as overlap
from sekisho.register.fingerprints import of as fingerprint
from sekisho.report import as_json

ACCOUNT = "account1 info@office.example"
OFFICE = {"own_addresses": [f"{name}@{waves.OWN}" for name in waves.ACCOUNTS]}
DAY = 86_400
START = 1_712_876_400
PASS = "Authentication-Results: mx.office.example; dkim=pass header.d={domain}; spf=pass smtp.mailfrom={domain}\r\n"

Look = Callable[..., dict[str, Any]]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register(str(tmp_path / "sekisho" / REGISTER))


@pytest.fixture
def look(register: Register) -> Look:
    """Analyses a mail as the native host does, and lets it count; the memory of the last one is `look.memory`."""

    def looked(source: bytes, locale: str = "en", teach: bool = True, **given: Any) -> dict[str, Any]:
        chosen = settings.read({**OFFICE, "locale": locale, **given})[0]
        message, memory = Message(source), Memory(register, ACCOUNT, 180)
        analysis = analyse(message, memory.recall(message), chosen, NOW)
        if teach:
            memory.teach(analysis)
        assert None is register.trouble
        report: dict[str, Any] = json.loads(json.dumps(as_json(analysis.report)))
        assert ([], []) == (wrong(report), failures(report))
        report["memory"] = memory
        return report

    return looked


def ids(report: dict[str, Any]) -> set[str]:
    return {finding["id"] for finding in report["findings"]}


# ------------------------------------------------------------------ campaigns


def test_a_morning_of_guessed_names_is_one_campaign(look: Look) -> None:
    """111 mails: every address, both link domains, and the whole list for who wants to select them."""
    made = [look(source) for source in waves.guessed()]
    last = made[-1]["campaign"]

    assert (111, 108, 104, 111) == (last["count"], len(last["recipients"]), last["unknown"], last["to_self"])
    assert {f"{name}@{waves.OWN}" for name in waves.NAMES} == {one["address"] for one in last["recipients"]}
    assert set(waves.LINKS) == set(last["links"])
    assert [40, 40, 31] == [one["count"] for one in last["times"]]
    assert None is made[1]["campaign"]
    assert ["campaign-guessed-recipients"] * 104 == [
        name for report in made for name in ids(report) if name.startswith("campaign")
    ]
    listed = made[-1]["memory"].campaign()
    assert (111, 0) == (len({one["message_id"] for one in listed["messages"]}), listed["left_out"])
    assert 111 == len(made[0]["memory"].campaign()["messages"])


def test_unrelated_newsletters_form_none(look: Look) -> None:
    """200 of 200 senders, though all are written in the same frame and several come from one network."""
    assert [None] * 200 == [look(source)["campaign"] for source in waves.newsletters()]


def newsletter(
    number: int, head: str = "", sender: str = "news@letter.test", peer: str = "out.letter.test (203.0.113.9)"
) -> bytes:
    text = (
        "Good morning,\r\n\r\nour shop in the old town has new bicycles, lamps and saddles, and repairs yours while you have a cup of coffee.\r\n"
        f"This week: {random.Random(number).choice(('a red', 'a blue', 'an old'))} bicycle for {number} crowns.\r\n"
        "You receive this newsletter because you asked for it. To stop receiving it, answer with the word stop.\r\n"
    )
    return waves.mail(
        START + number * 7 * DAY,
        f"Shop <{sender}>",
        f"info@{waves.OWN}",
        f"News {number}",
        text,
        peer,
        f"{number}@x",
        head,
    )


def test_issues_of_one_newsletter_are_a_series(look: Look) -> None:
    """One proven sender's mail that is alike is said to be a series, and warned of by nothing."""
    made = [look(newsletter(number, PASS.format(domain="letter.test"))) for number in range(4)]

    assert (4, True) == (made[-1]["campaign"]["count"], made[-1]["campaign"]["series"])
    assert "clear" == made[-1]["verdict"]["level"]
    text = json.dumps(made[-1]["panel"])
    assert "Newsletters and notices" in text


def test_a_forger_cannot_make_a_newsletter_a_campaign(look: Look) -> None:
    """Copies in the newsletter's own name, to guessed names, don't count for the newsletter."""
    for number in range(20):
        forged = newsletter(number, peer="mail.forger.test (198.51.100.9)").replace(
            b"To: info@", b"To: name%d@" % number
        )
        look(forged)
    honest = look(newsletter(3, PASS.format(domain="letter.test")))

    assert None is honest["campaign"]
    assert "campaign-guessed-recipients" not in ids(honest)


def test_what_a_sender_varies_changes_little() -> None:
    """Names, addresses, tokens, links, case, width and words put in behind leave most of the text the same; another text does not."""
    text = "Your mailbox is almost full. 5 messages were returned to their senders. To get more room, follow the link and sign in within 2 days."
    base = f"Dear mori, {text} https://a.test/x?e=1 "
    variants = [
        f"Hello Hanako Sato, {text} http://other.test/p/{'9f' * 20}",
        f"Dear mori@office.example, {text.upper()} https://a.test",
        base + "zebra lantern copper meadow quartz",
        "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
        text.replace("5", "17").replace("2 days", "3 days") + f" ID {'ab12' * 8}",
    ]
    other = "The committee meets on Thursday in the library. Please bring the minutes of the last meeting, and the plan of the new garden with its cost."

    def signature(text: str) -> bytes | None:
        mail = waves.mail(START, "x@y.test", f"mori@{waves.OWN}", "s", text, "h.test (203.0.113.7)", "1@x")
        return fingerprint(likeness.of(Message(mail)).shingles, b"k" * 32)[0]

    alike = [overlap(signature(base), signature(variant)) for variant in variants]
    assert min(one or 0 for one in alike) >= 0.5, alike
    assert (overlap(signature(base), signature(other)) or 0) < 0.1
    assert None is overlap(signature(base), signature("See you tomorrow."))


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\0" * 3000,
        b"Subject: " + b"a " * 200_000,
        b"Subject: x\r\n\r\n" + "鬱".encode() * 50_000,
        b"From: \xff\xfe@\xed\xa0\x80\r\nReceived: x\r\n\r\n" + b"@" * 90_000,
    ],
)
def test_no_bytes_stop_it(look: Look, source: bytes) -> None:
    """Whatever the message holds, it is likened, remembered and found."""
    for _ in range(2):
        look(source)


# ------------------------------------------------------------------ histories


def letter(day: int, head: str = "", peer: str = "mail.kagu.example (153.149.1.20)", text: str = "") -> bytes:
    return waves.mail(
        START + day * DAY,
        "Yoshida <h_yoshida@kagu.example>",
        f"info@{waves.OWN}",
        f"Estimate {day}",
        text or f"See what I wrote on day {day}.",
        peer,
        f"{day}@kagu.example",
        head,
    )


PROOF = PASS.format(domain="kagu.example")
ABROAD = "p54812bcd.dip0.t-ipconnect.de (84.129.43.205)"


def test_what_is_unlike_a_sender_is_said(look: Look) -> None:
    """Fourteen months from one network in Japan; then a home line in Germany."""
    for day in range(0, 420, 14):
        look(letter(day, PROOF))
    as_always, elsewhere = look(letter(421, PROOF), teach=False), look(letter(422, peer=ABROAD), teach=False)

    assert (30, 30, True, []) == tuple(as_always["history"][key] for key in ("count", "proven", "as_always", "news"))
    assert "sender-new-ways" not in ids(as_always)
    assert {"network", "country", "line"} <= set(elsewhere["history"]["news"])
    assert ["medium"] == [one["severity"] for one in elsewhere["findings"] if one["id"] == "sender-new-ways"]


JAPANESE = "いつもお世話になっております。お見積もりの件、添付のとおりお送りいたします。よろしくお願いいたします。"
ENGLISH = "Please pay the invoice today. Our bank has changed and you will find the new account in this letter, with the amount."


def test_language_and_hour_stand_beside_what_else_is_new(look: Look) -> None:
    """Japanese at nine on weekdays so far; then English at three on a Sunday, from abroad: told as habits, and weighing nothing."""
    at_nine = START + 60 * 60  # Friday, 9:00 in Japan

    def japanese(day: int, head: str = PROOF, peer: str = "", text: str = JAPANESE, hours: int = 0) -> bytes:
        made = letter(day, head, peer or "mail.kagu.example (153.149.1.20)", text)
        moment = waves.date(START + day * DAY).encode()
        return made.replace(moment, waves.date(at_nine + day * DAY + hours * 3600).encode())

    for week in range(12):
        look(japanese(7 * week))
    alone = look(japanese(85, text=ENGLISH, hours=-6), teach=False)
    abroad = look(japanese(86, "", ABROAD, ENGLISH, hours=-6), teach=False)
    plain = look(japanese(84, "", ABROAD), teach=False)

    assert ("ja", {"first": 9, "last": 10, "weekdays": True, "zone": 540}) == (
        alone["history"]["language"],
        alone["history"]["hours"],
    )
    assert (True, []) == (alone["history"]["as_always"], alone["history"]["news"])
    assert "Japanese" not in json.dumps(panel_of(alone, "history"))
    assert {"country", "language", "hour"} <= set(abroad["history"]["news"])
    assert not {"language", "hour"} & set(plain["history"]["news"])
    said = json.dumps(panel_of(abroad, "history"))
    assert "They were in Japanese." in said and "It is written in English." in said
    assert "from Monday to Friday between 9:00 and 10:00".lower() in said.lower()
    assert "It came on a Sunday at 03:00" in said and "no warning by itself" in said
    assert "日曜日の 03:00" in json.dumps(
        panel_of(look(japanese(86, "", ABROAD, ENGLISH, hours=-6), teach=False, locale="ja"), "history"),
        ensure_ascii=False,
    )
    weighed = [(one["id"], one["severity"]) for one in abroad["findings"] if one["id"] == "sender-new-ways"]
    assert weighed == [(one["id"], one["severity"]) for one in plain["findings"] if one["id"] == "sender-new-ways"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (JAPANESE, "ja"),
        (ENGLISH, "en"),
        (
            "Bitte bezahlen Sie die Rechnung für den Monat Mai und senden Sie uns eine Bestätigung, wir danken Ihnen.",
            "de",
        ),
        ("Merci pour votre commande, vous trouverez les documents dans la lettre avec une copie pour nous.", "fr"),
        ("请尽快确认您的订单,我们将于明天发货,谢谢您的支持。", "zh"),
        ("주문하신 상품이 내일 발송될 예정입니다. 감사합니다.", "ko"),
        ("OK", ""),
        ("", ""),
        ("the und les el il não het " * 50, ""),
        ("\ud800\udfff" * 3000, ""),
    ],
)
def test_a_language_is_told_by_its_smallest_words(text: str, expected: str) -> None:
    """What is short or mixed is none."""
    assert expected == language.named(text)


def test_a_forger_makes_no_habit(look: Look) -> None:
    """A hundred mails in a sender's name that nobody vouches for are counted, and make neither a way nor an "as always"."""
    for day in range(100):
        look(letter(day, peer=ABROAD))
    forged, genuine = look(letter(101, peer=ABROAD), teach=False), look(letter(101, PROOF), teach=False)

    assert (100, 0) == (forged["history"]["count"], forged["history"]["proven"])
    for report in (forged, genuine):
        assert (False, []) == (report["history"]["as_always"], report["history"]["news"])


def test_a_first_mail_is_no_accusation(look: Look) -> None:
    """It is said, and weighs nothing."""
    look(newsletter(1))
    first, without = look(letter(0, PROOF), teach=False), look(letter(0, PROOF), teach=False, locale="ja")

    assert (0, "clear") == (first["history"]["count"], first["verdict"]["level"])
    assert "no earlier mail" in json.dumps(first["panel"])
    assert "初めて" in json.dumps(without["panel"], ensure_ascii=False)


def sent(to: str, day: int = 0, head: str = "") -> bytes:
    return f"From: info@{waves.OWN}\r\nTo: {to}\r\nDate: {waves.date(START + day * DAY)}\r\nMessage-ID: <s{day}@x>\r\n{head}\r\nHello\r\n".encode()


def test_whom_the_reader_wrote_to_is_known(look: Look) -> None:
    """Sent mail counts once each; drafts don't, nor what came in from outside in the reader's name."""
    look(sent("h_yoshida@kagu.example"))
    look(sent("h_yoshida@kagu.example"))
    look(sent("h_yoshida@kagu.example, other@kagu.example", 1))
    look(sent("draft@kagu.example", 2, "X-Mozilla-Draft-Info: internal/draft\r\n"))
    look(waves.mail(START, f"info@{waves.OWN}", "victim@kagu.example", "x", "y", ABROAD, "f@x"))

    def written(address: str) -> Any:
        history = look(letter(5).replace(b"h_yoshida@", address.encode() + b"@"), teach=False)["history"]
        return history["written"] and history["written"]["times"]

    assert [2, 1, None, None] == [written(name) for name in ("h_yoshida", "other", "draft", "victim")]


def test_a_known_sender_is_told_with_the_limit_of_it(look: Look) -> None:
    """From the address book, of this very address, or from sent mail; an address can be borrowed, and what was said of another is nothing."""

    def report(source: bytes, address: str | None = "H_Yoshida@kagu.example") -> dict[str, Any]:
        message, chosen = Message(source), settings.read({**OFFICE, "locale": "en"})[0]
        known = (
            {} if address is None else {KNOWN: Answer(({"address": address, "by": ["address-book"]},), "extension", "")}
        )
        made: dict[str, Any] = json.loads(json.dumps(as_json(analyse(message, known, chosen, NOW).report)))
        assert ([], []) == (wrong(made), failures(made))
        return made

    proven, borrowed, other, unasked = (
        report(letter(5, PROOF)),
        report(letter(5, peer=ABROAD)),
        report(letter(5, PROOF), "other@kagu.example"),
        report(letter(5, PROOF), None),
    )
    assert [["address-book"], ["address-book"], [], []] == [
        one["identity"]["known"] for one in (proven, borrowed, other, unasked)
    ]
    assert (
        "h_yoshida@kagu.example is in your address book, and it is verified that the message comes from"
        in json.dumps(proven["panel"])
    )
    assert "This time nothing proves" in json.dumps(borrowed["panel"])
    assert "address book" not in json.dumps([other["panel"], unasked["panel"]])
    look(sent("h_yoshida@kagu.example"))
    written = look(letter(5, PROOF), teach=False)
    assert ["sent"] == written["identity"]["known"]
    assert "You have written to h_yoshida@kagu.example before" in json.dumps(written["panel"])


def test_a_month_of_viruses_and_whom_one_told(look: Look) -> None:
    """Each virus of the sender's mail, and how many came after the reader told somebody; a note can be taken back."""
    notice = "The file [inline-{n}.html] has been detected containing virus [{virus}], and has been removed."
    first = look(letter(0, text=notice.format(n=1, virus="HTML/Phishing.70A5!tr")))
    assert first["memory"].told("sender", START + DAY)
    assert first["memory"].told("network", START + DAY) and first["memory"].told("network", None)
    for day in range(2, 14):
        last = look(letter(day, text=notice.format(n=day, virus="XF/CoinMiner.Z!tr")))

    assert {"HTML/Phishing.70A5!tr": 1, "XF/CoinMiner.Z!tr": 12} == {
        one["virus"]: one["count"] for one in last["history"]["viruses"]
    }
    assert [("sender", 12)] == [(one["whom"], one["since"]) for one in last["history"]["told"]]
    said = "You told the sender on 2024-04-12; 13 more", "2024-04-12 に差出人へ知らせました"
    for locale, words in zip(LOCALES, said, strict=True):
        assert words in json.dumps(look(letter(14), teach=False, locale=locale)["panel"], ensure_ascii=False)


# ------------------------------------------------------------------ one letter for all of a campaign

DESK = "info@antiphishing.jp"


def letter_of(register: Register, source: bytes, language: str, mask: bool = True) -> letters.Draft:
    """The letter about all of a mail's kind, as the native host drafts it."""
    chosen = settings.read(OFFICE)[0]
    message, memory = Message(source), Memory(register, ACCOUNT, 180)
    known = memory.recall(message)
    made = letters.draft(message, {**known, ALIKE: memory.kin()}, chosen, DESK, language, mask, NOW, campaign=True)
    assert made is not None
    return made


def from_two_servers(count: int) -> list[bytes]:
    """A wave that two machines hand over, every fourth mail the second one."""
    other = b"mail.other.test (mail.other.test [203.0.113.77])"
    first = b"sv742.hosting.test (sv742.hosting.test [198.51.100.14])"
    return [
        source.replace(first, other) if number % 4 == 3 else source
        for number, source in enumerate(waves.guessed(count))
    ]


def test_one_letter_tells_of_all_of_them(look: Look, register: Register) -> None:
    """Number, first and last, addresses, every machine with its count, both link domains; one original; nothing of the reader's."""
    mails = from_two_servers(250)  # more than a report looks at
    for source in mails:
        report = look(source)
    made = letter_of(register, mails[7], "en")
    assert report["campaign"]["at_least"] and 200 <= report["campaign"]["count"] < 250
    assert "More than" in json.dumps(panel_of(report, "campaign"))

    assert (
        "one of 250 messages of the same kind that reached us between 2024-04-11 23:00 and 2024-04-12 05:13"
        in made.body
    )
    assert "108 addresses of ours. None of our mail accounts has 104 of these" in made.body
    assert re.search(r"^  198\.51\.100\.14.*: 188$", made.body, re.MULTILINE)
    assert re.search(r"^  203\.0\.113\.77.*: 62$", made.body, re.MULTILINE)
    assert all(name.replace(".", "[.]") in made.body and name not in made.body for name in waves.LINKS)
    for text in (made.subject, made.body, made.attached.data.decode("utf-8")):
        assert waves.OWN not in text and not re.search("recruit|nakajima|postmaster", text)
    assert all(line.isprintable() for line in made.body.splitlines())
    assert mails[7] == letter_of(register, mails[7], "ja", False).attached.data
    assert "250 通" in letter_of(register, mails[7], "ja").body
    offered = [one for one in panel_of(report, "campaign") if one.get("action") == "draft"]
    assert {True} == {one["arguments"]["campaign"] for one in offered}
    assert DESK in {one["arguments"]["recipient"] for one in offered}


def test_no_letter_is_about_a_series_or_a_single_mail(look: Look, register: Register) -> None:
    """Where there is no campaign nothing is drafted, whatever is asked for."""
    mail = waves.guessed(1)[0]
    look(mail)
    chosen, message, memory = settings.read(OFFICE)[0], Message(mail), Memory(register, ACCOUNT, 180)
    known = memory.recall(message)

    assert letters.draft(message, known, chosen, DESK, "en", True, NOW) is not None
    assert letters.draft(message, known, chosen, DESK, "en", True, NOW, campaign=True) is None


def test_whom_one_told_of_a_campaign_is_known_to_all_of_it(look: Look) -> None:
    """Each has another sender: those that come later say when it was told and how many came since, and so does the one it was told about."""
    mails = waves.guessed(40)
    for source in mails[:20]:
        told = look(source)
    assert told["memory"].told("network", START + 90 * 19 + 30, True)
    last = [look(source) for source in mails[20:]][-1]
    again = look(mails[19], teach=False)
    unlike = look(letter(3), teach=False)

    assert [("network", 20)] == [(one["whom"], one["since"]) for one in last["campaign"]["told"]]
    assert [("network", 20)] == [(one["whom"], one["since"]) for one in again["campaign"]["told"]]
    assert (40, 40) == (last["campaign"]["count"], again["campaign"]["count"])
    assert None is unlike["campaign"] and [] == unlike["history"]["told"]
    said = "You told the network that it came from of these messages on 2024-04-11; 20 more", "その後 20 通届いています"
    for locale, words in zip(LOCALES, said, strict=True):
        assert words in json.dumps(look(mails[39], teach=False, locale=locale)["panel"], ensure_ascii=False)
    assert told["memory"].told("network", None, True)
    assert [] == look(mails[39], teach=False)["campaign"]["told"]


def test_a_letter_of_long_ago_is_still_told_and_counts_nothing_twice(look: Look) -> None:
    """Seven weeks later the mail that was told of is none of those that are counted; that somebody was told is said."""
    mails = [*waves.guessed(3), *waves.guessed(5, start=START + 50 * DAY)]
    for source in mails[:3]:
        told = look(source)
    assert told["memory"].told("registrar", START + DAY, True)
    last = [look(source) for source in mails[3:]][-1]["campaign"]

    assert (5, [("registrar", 5)]) == (last["count"], [(one["whom"], one["since"]) for one in last["told"]])


def panel_of(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for block in report["panel"] if block["block"] == name for one in primitives(block["body"])]


# ------------------------------------------------------------------ what is kept


def words_kept(register: Register, words: Sequence[str]) -> set[str]:
    held = Path(register.path).read_bytes().lower()
    return {word for word in words if word.lower().encode() in held}


def test_of_honest_mail_nothing_is_kept_in_words(look: Look, register: Register) -> None:
    """No sender, subject, text, link, file or Message-ID; the local part of the reader's own address alone."""
    look(letter(0, PROOF, text="See https://secret-shop.example/basket about the walnut table."))
    hidden = ("yoshida", "kagu", "estimate", "walnut", "secret-shop", "office.example", "0@kagu", "153.149.1")

    assert {"info"} == words_kept(register, (*hidden, "info"))


def test_of_a_suspicious_mail_its_links_and_id_are_kept(look: Look, register: Register) -> None:
    """And neither its subject nor its text."""
    mail = waves.guessed(1)[0]
    identity = mail.partition(b"Message-ID: <")[2].partition(b">")[0].decode()
    assert "danger" == look(mail)["verdict"]["level"]

    kept = words_kept(
        register, (waves.LINKS[0], waves.LINKS[1], identity.partition("@")[0], "重要", "メールボックス", "kagoya")
    )
    assert kept - set(waves.LINKS) == {identity.partition("@")[0]}
    assert 1 == len(kept & set(waves.LINKS))


def test_what_is_old_is_forgotten_and_all_of_it_on_request(tmp_path: Path, look: Look, register: Register) -> None:
    """The age limit is the reader's; a shorter one holds from the next mail on."""
    today = [20_000]
    register = Register(str(tmp_path / "old" / REGISTER), lambda: today[0])

    def passed(source: bytes, days: int = 180) -> dict[str, Any]:
        message, memory = Message(source), Memory(register, ACCOUNT, days)
        analysis = analyse(message, memory.recall(message), settings.read(OFFICE)[0], NOW)
        memory.teach(analysis)
        return analysis.report.history or {}

    passed(letter(0, PROOF))
    today[0] += 100
    assert 1 == passed(letter(1, PROOF))["count"]
    today[0] += 1
    passed(letter(2, PROOF), 30)
    assert 2 == passed(letter(3, PROOF), 30)["count"]
    assert 3 == register.forget()
    assert (None, 0) == tuple(passed(letter(4, PROOF))[key] for key in ("began", "count"))
