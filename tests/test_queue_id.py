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
    "FortiMail": ("mx.example.org with ESMTP", lambda at: f"{sendmail(at)}-{sendmail(at)[:8]}012346"),
    "Gmail": ("mx.google.com with SMTPS", lambda at: (at - timedelta(hours=8)).strftime("a1si5abc.12.%Y.%m.%d.%H.%M.%S")),
    "Gmail, inside": ("10.87.67.13 with SMTP", lambda at: f"u13mr6202793fgk.66.{int(at.timestamp()) * 1000 + 112:013d}"),
    "Gmail, submission": ("smtp.gmail.com with ESMTPSA", lambda at: (at - timedelta(hours=8)).strftime("a1-2b.3sm5.12.%Y.%m.%d.%H.%M.%S")),
    "Courier": ("mx.example.org with SMTP", lambda at: f"00000000000A1B2C.{int(at.timestamp()):016X}.00001A2B"),
    "Courier, old": ("mx.example.org with SMTP", lambda at: f"00011EC9.{int(at.timestamp()):08X}.00007DBB"),
    "InterMail": ("mx.example.org (InterMail vM.8.01) with ESMTP", lambda at: f"<{at:%Y%m%d%H%M%S}.JXWL21918.mx.example.org@a.example>"),
    "InterMail's successor": ("mta-snd-e11.example.jp with ESMTP", lambda at: f"<{at:%Y%m%d%H%M%S}030.IAKE.51369.mail.example.jp@example.jp>"),
    "Domino": ("mx.example.org (HCL Domino Release 14.0FP4) with ESMTP", lambda at: f"{at:%Y%m%d%H%M%S}37-13014"),
    "Mailgun": ("mxa.mailgun.org with ESMTP", lambda at: f"{int(at.timestamp()):08x}.7fb15c300340-smtp-out-n04"),
    "Mailgun, sending": ("6f044a0f45c2 with SMTP", lambda at: f"{int(at.timestamp()):08x}7e30d38cded68051"),
    "SendGrid": ("recvd-8477f8c878-pt48n with SMTP", lambda at: f"recvd-8477f8c878-pt48n-1-{int(at.timestamp()):08X}-2A"),
}  # fmt: skip
# These may confirm a line and never contradict one.
WITNESSES: dict[str, tuple[str, Callable[[datetime], str]]] = {
    "Zoho": ("mx.zohomail.com with SMTPS", lambda at: f"{int(at.timestamp()):010d}269896.811332013007"),
    "ZoneMTA": ("mx.example.org (ZoneMTA) with ESMTPS", lambda at: f"{int(at.timestamp()) * 1000:011x}000e2b6.011"),
    "IceWarp": ("mx.example.org (IceWarp 11.2.1.1) with ESMTP", lambda at: f"{at:%Y%m%d%H%M%S}1734"),
    "Sendmail's form without its name": ("mx.example.org with ESMTP", lambda at: sendmail(at)),
    "Exim's form without its name": ("mx.example.org (a gateway) with ESMTP", lambda at: written(int(at.timestamp()), BASE62, 6) + "-0003kY-2B"),
    "Postfix's form without its name": ("mx.example.org (Mailchimp) with ESMTP", lambda at: written(int(at.timestamp()), BASE52, 6) + "2Kqkz4wB"),
}  # fmt: skip


def read(server: str, number: str, at: datetime) -> Reading | None:
    dated = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return queue_id.read(received.parse(f"from a.example (a.example [203.0.113.5]) by {server} id {number}; {dated}"))


moments = st.datetimes(datetime(2002, 1, 2), datetime(2037, 12, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=timezone.utc))  # fmt: skip


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


@pytest.mark.parametrize("name", WITNESSES)
def test_a_form_seen_seldom_confirms_or_is_silent(name: str) -> None:
    """It agrees with a line of its own moment and says nothing against one of another."""
    server, number = WITNESSES[name]

    @given(at=moments, apart=st.integers(3, 4000))
    def held(at: datetime, apart: int) -> None:
        agreed = read(server, number(at), at)

        assert agreed is not None
        assert agreed.verdict == AGREES
        assert None is read(server, number(at), at + timedelta(days=apart if at.year < 2020 else -apart))

    held()


@pytest.mark.parametrize("hours", [9, -5, 5.5])
def test_intermail_counts_utc_whatever_the_zone(hours: float) -> None:
    """An id that counts the hours of the date's own zone was made up: the carriers' lines are imitated so."""
    east = timedelta(hours=hours)
    zone = f"{'-' if hours < 0 else '+'}{int(abs(hours)):02}{int(abs(hours) % 1 * 60):02}"
    at = datetime(2024, 6, 14, 1, 47, 54)
    verdicts = []
    for moment in (at, at + east):
        number = f"{moment:%Y%m%d%H%M%S}588.LQYV.38056.mail.example.jp@example.jp"
        line = (
            f"from mail.example.jp by mta.example.jp with ESMTP id <{number}>; {at + east:%a, %d %b %Y %H:%M:%S} {zone}"
        )
        found = queue_id.read(received.parse(line))
        verdicts.append(found and found.verdict)

    assert [AGREES, CONTRADICTS] == verdicts


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
        ("mx.example.org (Lotus Domino Release 8.5.3FP6) with ESMTP", "2019139915032991-10027949", None),
        ("mx.example.org (Lotus Domino Release 8.5.3FP6) with ESMTP", "12", None),
        ("mx.example.org (InterMail vM.8.01) with ESMTP", "<abc@a.example>", None),
        ("geopod-ismtpd-5 (SG) with ESMTP", "4A2qnn0eRB6lO0Onw9U5kw", None),
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
    server=st.sampled_from([server for server, _ in (*SERVERS.values(), *WITNESSES.values())]),
    number=st.text(st.characters(blacklist_characters=" ;()<>\"'", blacklist_categories=("Cs",)), max_size=40)
    | st.from_regex(r"[0-9A-Za-z٣.\-]{1,30}", fullmatch=True),
)
def test_no_id_makes_the_reader_raise(server: str, number: str) -> None:
    """Whatever stands behind `id` is read or passed over."""
    read(server, number, datetime(2024, 4, 16, 1, 2, 3))


@pytest.mark.parametrize(("clock", "expected"), [(1_713_229_323_123, AGREES), (1_583_219_743_009, CONTRADICTS)])
def test_googles_inside_is_a_clock_in_its_newer_form_too(clock: int, expected: str) -> None:
    """It names no peer, and stands in X-Received as well; one that was copied from another message has that one's time."""
    line = f"by 2002:a05:6a00:a86:b0:736:9f20:a175 with SMTP id d2e1a72fcca58-7390597a1e8mr12b3a.12.{clock}; Tue, 16 Apr 2024 01:02:03 +0000"
    found = queue_id.read(received.parse(line))

    assert found is not None
    assert expected == found.verdict


@pytest.mark.parametrize(("hours", "expected"), [(0, AGREES), (9, AGREES), (-11, AGREES), (30, CONTRADICTS)])
def test_sendmail_may_count_local_time(hours: int, expected: str) -> None:
    """Its id carries the hour of the machine's own zone, its date the zone beside it: a day is no contradiction."""
    at = datetime(2024, 4, 16, 1, 2, 3)
    found = read("mx.example.org (8.17.1/8.17.1) with ESMTP", sendmail(at + timedelta(hours=hours)), at)

    assert found is not None
    assert expected == found.verdict
