"""What the native host learns from the mail that it analyses, from one start to the next, and how it forgets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_native import error, message, reports, request, the_answer, told
from workbench import failures, held, wrong

from sekisho.folders import REGISTER
from sekisho.lookup.cache import NAME, Cache
from sekisho.questions import Answer, Question
from sekisho.register import look

ACCOUNT = "account1 reader@own.example"
SQLITE = "import atexit, os, sys\natexit.register(lambda: {'sqlite3', '_sqlite3'} & set(sys.modules) and os._exit(3))\n"  # then `told` fails


def mail(number: int) -> bytes:
    """A mail from the organisation of that number, handed over at the edge and then inside over a public address."""
    return (
        "Received: from mx1.own.example (mx1.own.example [192.0.2.1])\r\n\tby imap1.own.example (Postfix) with ESMTP id 4VJYzF1\r\n"
        f"\tfor <reader@own.example>; Tue, 16 Apr 2024 01:02:{number % 60:02} +0000\r\n"
        f"Received: from mail.sender{number}.test (mail.sender{number}.test [198.51.100.{number}])\r\n"
        f"\tby mx1.own.example (Postfix) with ESMTP id 4VJYzF0\r\n\tfor <reader@own.example>; Tue, 16 Apr 2024 01:02:{number % 60:02} +0000\r\n"
        f"From: Hanako <hanako@sender{number}.test>\r\nTo: reader@own.example\r\nSubject: Invoice {number}\r\n\r\nHello\r\n"
    ).encode()


@pytest.fixture
def home(tmp_path: Path) -> str:
    """Python that makes `tmp_path` the user's home of every system."""
    names = dict.fromkeys(("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "USERPROFILE"), str(tmp_path))
    return f"import os\nos.environ.update({names!r})\n"


def file(tmp_path: Path) -> str:
    found = [str(path) for path in tmp_path.rglob(REGISTER)]
    return found[0] if found else str(tmp_path / REGISTER)


def rules(said: list[Any], identity: Any) -> list[str]:
    """What decided in each report of a request."""
    return [report["origin"]["why"] for report in reports(said, identity)]


def test_without_an_account_nothing_is_written(tmp_path: Path, home: str) -> None:
    """No folder, no file, and the library is not even loaded."""
    said = told(
        [*message(1, mail(1)), *message(2, mail(2), account=None), *message(3, mail(3), account="")], home + SQLITE
    )

    assert [1, 1, 1] == [len(reports(said, identity)) for identity in (1, 2, 3)]
    assert [] == list(tmp_path.iterdir())


def test_an_edge_is_learnt_from_ten_mails(tmp_path: Path, home: str) -> None:
    """Ten mails teach; from the eleventh on the learnt edge decides, and another start knows it too."""
    ten = [frame for number in range(10) for frame in message(number, mail(number), account=ACCOUNT)]
    said = told([*ten, *message(10, mail(10), account=ACCOUNT), *message(11, mail(11))], home)
    later = told([*message(1, mail(0), account=ACCOUNT), *message(2, mail(20), account="account2")], home)
    unlearnt, learnt = rules(said, 0), rules(said, 10)

    assert unlearnt != learnt
    assert [unlearnt] * 10 == [rules(said, number) for number in range(10)]
    assert (learnt, unlearnt) == (rules(later, 1), rules(later, 2))
    assert unlearnt == rules(said, 11)
    assert (12, 2) == held(file(tmp_path))[:2]


def test_it_learns_at_every_level_of_privacy(tmp_path: Path, home: str) -> None:
    """Whoever may be asked, the message teaches and what was taught is used, in every report and in a second look."""
    nobody = {"locale": "en", "resolver": "127.0.0.1:1", "deadline": 1}
    said = told([frame for number in range(10) for frame in message(number, mail(number), account=ACCOUNT)], home)
    later = message(1, mail(10), account=ACCOUNT, privacy="resolver", settings=nobody)
    live = told([*later, request(2, "ask_more", of=1, privacy="resolver")], home)

    assert 1 == len(set(rules(live, 1) + rules(live, 2)) - set(rules(said, 0)))
    assert (11, 1) == held(file(tmp_path))[:2]


def test_a_second_look_knows_what_has_passed_since(tmp_path: Path, home: str) -> None:
    """A panel that is opened later tells what the message's sender sent meanwhile, as it would were the message sent again; none counts twice."""
    others = [mail(1).replace(b"4VJYzF", b"4VJYz%d" % n).replace(b"16 Apr", b"%d Apr" % n) for n in (11, 12, 13)]
    between = [frame for n, one in enumerate(others) for frame in message(10 + n, one, account=ACCOUNT, panel=False)]
    said = told(
        [
            *message(1, mail(1), account=ACCOUNT, panel=False),
            *between,
            request(2, "ask_more", of=1),
            *message(3, mail(1), account=ACCOUNT),
        ],
        home,
    )
    (first,), (second,), (third,) = (reports(said, identity) for identity in (1, 2, 3))

    assert first["history"] is None or first["history"]["count"] < second["history"]["count"]
    assert second == third
    assert (4, 1) == held(file(tmp_path))[:2]


def test_what_was_learnt_moves_the_checkpoint(tmp_path: Path, home: str) -> None:
    """An inside server of another organisation: untold, its hand-over looks like the sender's; ten mails tell that it is inside."""

    def hosted(number: int) -> bytes:
        return mail(number).replace(b"imap1.own.example", b"store.hoster.example")

    said = told([frame for number in range(12) for frame in message(number, hosted(number), account=ACCOUNT)], home)

    assert "192.0.2.1" == reports(said, 0)[0]["hops"][reports(said, 0)[0]["origin"]["hop"]]["ip"]
    assert ("198.51.100.11", 1) == tuple(reports(said, 11)[0]["origin"][name] for name in ("ip", "hop"))


def test_what_the_address_book_says_of_the_sender_is_told(home: str) -> None:
    """A yes about the address in From; a no, one about somebody else, and none at all say nothing; what is no such thing is refused."""
    mine = "hanako@sender1.test"
    given: list[Any] = [
        {"address": mine, "by": ["address-book"]},
        {"address": mine, "by": []},
        {"address": "other@sender1.test", "by": ["address-book"]},
        None,
    ]
    wrong: list[Any] = [
        "yes",
        {"address": mine},
        {"by": ["address-book"]},
        {"address": mine, "by": ["friend"]},
        {"address": 7, "by": []},
    ]
    said = told(
        [frame for number, known in enumerate([*given, *wrong]) for frame in message(number, mail(1), known=known)],
        home,
    )

    assert [["address-book"], [], [], []] == [reports(said, number)[-1]["identity"]["known"] for number in range(4)]
    assert {-32602} == {error(said, number)["code"] for number in range(4, 9)}


def test_a_message_counts_once(tmp_path: Path, home: str) -> None:
    """However often it is looked at, in whatever chunks, starred or not."""
    sent = [*message(1, mail(1), account=ACCOUNT), *message(2, mail(1), 100, account=ACCOUNT)]
    sent += message(3, b"X-Mozilla-Status: 0001\r\n" + mail(1).replace(b"\r\n", b"\n"), account=ACCOUNT)
    told(sent, home)
    told(sent, home)

    assert (1, 1) == held(file(tmp_path))[:2]


def test_only_a_whole_message_teaches(tmp_path: Path, home: str) -> None:
    """Neither an early report, nor a message that ended early, nor one that was cancelled, nor sent mail."""
    cut = message(1, mail(1), account=ACCOUNT, size=5000)
    never = message(2, mail(2), 100, account=ACCOUNT)[:3]
    short = message(3, mail(3), account=ACCOUNT, expected_size=5000)
    cancelled = message(4, mail(4), 100, account=ACCOUNT)[:2]
    sent = message(5, b"From: reader@own.example\r\nTo: you@sender.test\r\n\r\nHello\r\n", account=ACCOUNT)
    cancel = {"jsonrpc": "2.0", "method": "cancel", "params": {"id": 4}}
    told([*cut, *never, *short, *cancelled, cancel, *sent], home)

    size = look(file(tmp_path))
    assert size is None or size.messages == 0


def test_it_is_forgotten_on_request(tmp_path: Path, home: str) -> None:
    """One account, then everything; nothing is there any more, and it learns again."""
    sent = [frame for number in range(12) for frame in message(number, mail(number), account=ACCOUNT)]
    sent += [frame for number in range(3) for frame in message(f"b{number}", mail(number), account="account2")]
    sent += [
        request("f1", "forget", account="account2"),
        request("f2", "forget", account="account2"),
        request("f3", "forget"),
    ]
    sent += [request("f4", "forget", account=None), *message("last", mail(5), account=ACCOUNT)]
    said = told(sent, home)

    assert [3, 0, 12, 0] == [the_answer(said, f"f{number}")["result"]["forgotten"] for number in (1, 2, 3, 4)]
    assert rules(said, 0) == rules(said, "last") != rules(said, 11)
    assert (1, 1) == held(file(tmp_path))[:2]


def test_kept_answers_are_forgotten_with_everything(tmp_path: Path, home: str) -> None:
    """Answers to look-ups say whose mail was looked at. One account's mail alone takes none of them along."""
    cache = Cache(tmp_path / "sekisho")
    cache.put(Question("dns", "MX", "secret.example"), Answer(("10 mx.secret.example",), "a resolver", "2026-11-22"))
    cache.close()
    home += f"os.environ['XDG_CACHE_HOME'] = {str(tmp_path)!r}\n"
    kept = tmp_path / "sekisho" / NAME

    assert {"forgotten": 0} == the_answer(told([request(1, "forget", account=ACCOUNT)], home), 1)["result"]
    assert b"secret" in kept.read_bytes()
    assert {"forgotten": 0} == the_answer(told([request(1, "forget")], home), 1)["result"]
    assert b"secret" not in kept.read_bytes()


def test_forgetting_where_nothing_is_known_makes_nothing(tmp_path: Path, home: str) -> None:
    """An answer, and no file."""
    assert {"forgotten": 0} == the_answer(told([request(1, "forget")], home), 1)["result"]
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("account", [3, True, [], {}, "a" * 201])
def test_an_account_that_is_no_key_is_refused(home: str, account: Any) -> None:
    """In both requests, and the message's chunks do no harm."""
    said = told([*message(1, mail(1), account=account), request(2, "forget", account=account)], home)

    for identity in (1, 2):
        assert (-32602, {"field": "account"}) == tuple(error(said, identity)[name] for name in ("code", "data"))


def test_a_register_that_cannot_be_written_is_said_once(tmp_path: Path, home: str) -> None:
    """Analyses go on; the report after the first failure says that nothing could be remembered, in the reader's language."""
    for folder in ("sekisho", "Library"):
        (tmp_path / folder).write_bytes(b"")
    sent = [
        message(n, mail(n), account=ACCOUNT, settings={"locale": locale}) for n, locale in enumerate(("ja", "ja", "en"))
    ]
    said = told([*(frame for frames in sent for frame in frames), request(9, "forget")], home)
    made = [reports(said, number)[0] for number in range(3)]

    assert [0, 1, 0] == [report["defects"].count("not-remembered") for report in made]
    assert "記録簿" in json.dumps(made[1]["panel"], ensure_ascii=False)
    assert "記録簿" not in json.dumps(made[0]["panel"], ensure_ascii=False)
    for report in made:
        assert ([], []) == (wrong(report), failures(report))
    assert {"forgotten": 0} == the_answer(said, 9)["result"]


def test_what_cannot_be_forgotten_is_said(tmp_path: Path, home: str) -> None:
    """A register that a newer Sekisho wrote is none of this one's business."""
    told(message(1, mail(1), account=ACCOUNT), home)
    import sqlite3

    with sqlite3.connect(file(tmp_path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    said = told([request(1, "forget"), *message(2, mail(2), account=ACCOUNT)], home)

    assert -32006 == error(said, 1)["code"]
    assert "newer" in error(said, 1)["data"]["reason"]
    assert ["not-remembered"] == reports(said, 2)[0]["defects"]


def test_nothing_of_the_mail_gets_into_the_users_folders(tmp_path: Path, home: str) -> None:
    """One file, and of mail without warning signs no word in it but the local part of the reader's own address."""
    told([frame for number in range(12) for frame in message(number, mail(number), account=ACCOUNT)], home)
    held = Path(file(tmp_path)).read_bytes().lower()

    assert [REGISTER] == [path.name for path in tmp_path.rglob("*") if path.is_file()]
    for word in (
        "own.example",
        "imap1",
        "sender1",
        "198.51",
        "192.0.2",
        "hanako",
        "invoice",
        "account1",
        "postfix",
    ):
        assert word.encode() not in held
