"""The clock in a queue id: every mail server's own, held against the date of its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.mail import queue_id, received
from sekisho.mail.queue_id import AGREES, CONTRADICTS, IMPOSSIBLE, Reading

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE60 = BASE62[:60]
BASE52 = "".join(char for char in BASE62 if char not in "AEIOUaeiou")


def written(number: int, digits: str, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text


def sendmail(moment: datetime) -> str:
    parts = (moment.year - 1900) % 60, moment.month - 1, moment.day, moment.hour, moment.minute, moment.second
    return "".join(BASE60[part] for part in parts) + "01012345"


# How each server writes itself and its id at a moment (UTC).
SERVERS: dict[str, tuple[str, Callable[[datetime], str]]] = {
    "Postfix": ("mx.example.org (Postfix) with ESMTP", lambda at: written(int(at.timestamp()), BASE52, 6) + "2Kqkz4wB"),
    "Exim": ("mx.example.org with esmtp (Exim 4.96)", lambda at: written(int(at.timestamp()), BASE62, 6) + "-0003kY-2B"),
    "Exim 4.97": ("mx.example.org with esmtp (Exim 4.97)", lambda at: written(int(at.timestamp()), BASE62, 6) + "-00000003kYz-2B4F"),
    "sendmail": ("mx.example.org (8.17.1/8.17.1) with ESMTP", sendmail),
    "FortiMail": ("mx.example.org (FortiMail) with ESMTP", lambda at: sendmail(at)[:8] + "012345"),
    "Gmail": ("mx.google.com with SMTPS", lambda at: (at - timedelta(hours=8)).strftime("a1si5abc.12.%Y.%m.%d.%H.%M.%S")),
    "Courier": ("mx.example.org with SMTP", lambda at: f"00000000000A1B2C.{int(at.timestamp()):08X}.00001A2B"),
}  # fmt: skip


def read(server: str, number: str, at: datetime) -> Reading | None:
    dated = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return queue_id.read(received.parse(f"from a.example (a.example [203.0.113.5]) by {server} id {number}; {dated}"))


moments = st.datetimes(datetime(2000, 1, 2), datetime(2037, 12, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=timezone.utc))  # fmt: skip


@pytest.mark.parametrize("name", SERVERS)
def test_a_line_agrees_with_its_own_id_and_no_other(name: str) -> None:
    """The id a server writes at a moment agrees with a line of that moment, and contradicts one of another month."""
    server, number = SERVERS[name]

    @given(at=moments, apart=st.integers(3, 4000), later=st.booleans())
    def held(at: datetime, apart: int, later: bool) -> None:
        agreed = read(server, number(at), at)
        other = at + timedelta(days=apart if later or at.year < 2012 else -apart)
        contradicted = read(server, number(at), other)

        assert agreed is not None and contradicted is not None
        assert (AGREES, CONTRADICTS) == (agreed.verdict, contradicted.verdict)
        assert 3600 >= abs(agreed.seconds)

    held()


@pytest.mark.parametrize(
    ("server", "number", "expected"),
    [
        ("mx.example.org (Postfix) with ESMTP", "QWPIOUa5TKNtwh", IMPOSSIBLE),  # vowels are no digits
        ("mx.example.org (Postfix) with ESMTP", "F4240ABC01", IMPOSSIBLE),  # 1,000,000 microseconds
        ("mx.example.org (Postfix) with ESMTP", "F423FABC01", None),  # 999,999: a short id is no clock
        ("mx.example.org (Postfix) with ESMTP", "2F1D3ABC01", None),
        ("mx.example.org (Postfix) with ESMTP", "a.b-c", None),  # somebody's own form
        ("mx.example.org with local (Exim, from userid 33)", "3D2B1F2555D", IMPOSSIBLE),  # Postfix's form
        ("mx.example.org (8.14.4/8.14.4) with ESMTP", "QWPIOUa5TKNtwh", IMPOSSIBLE),
        ("mx.example.org (8.14.4/8.14.4) with ESMTP", "12", None),
        ("mx.google.com with SMTPS", "a1si5abc.12.2024.13.40.01.02.03", IMPOSSIBLE),
        ("mx.google.com with SMTPS", "a1csp100", None),
        ("mx.example.org with SMTP", "4VJYzF0z0z1", None),  # nobody says how it is made
        ("mx.example.org with SMTP", "", None),
    ],
)
def test_an_id_is_of_its_servers_form_or_tells_nothing(server: str, number: str, expected: str | None) -> None:
    """An id that this server can't have written is impossible; one without a clock is no evidence."""
    found = read(server, number, datetime(2024, 4, 16, 1, 2, 3))

    assert expected == (found and found.verdict)


@pytest.mark.parametrize("name", SERVERS)
def test_without_a_date_there_is_nothing_to_hold_an_id_against(name: str) -> None:
    """A fragment is not contradicted by its own lack of a date."""
    server, number = SERVERS[name]
    at = datetime(2024, 4, 16, 1, 2, 3, tzinfo=timezone.utc)

    assert None is queue_id.read(received.parse(f"from a.example by {server} id {number(at)}"))


@given(
    server=st.sampled_from([server for server, _ in SERVERS.values()]),
    number=st.text(st.characters(blacklist_characters=" ;()<>\"'", blacklist_categories=("Cs",)), max_size=40)
    | st.from_regex(r"[0-9A-Za-z٣.\-]{1,30}", fullmatch=True),
)
def test_no_id_makes_the_reader_raise(server: str, number: str) -> None:
    """Whatever stands behind `id` is read or passed over."""
    read(server, number, datetime(2024, 4, 16, 1, 2, 3))


@pytest.mark.parametrize(("hours", "expected"), [(0, AGREES), (9, AGREES), (-11, AGREES), (30, CONTRADICTS)])
def test_sendmail_may_count_local_time(hours: int, expected: str) -> None:
    """Its id carries the hour of the machine's own zone, its date the zone beside it: a day is no contradiction."""
    at = datetime(2024, 4, 16, 1, 2, 3)
    found = read("mx.example.org (8.17.1/8.17.1) with ESMTP", sendmail(at + timedelta(hours=hours)), at)

    assert found is not None
    assert expected == found.verdict
