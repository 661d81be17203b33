"""A queue id is a clock: many mail servers write the time into it, and it must agree with the date of the same line.

Whoever makes a line up copies the form and not the clock, or the clock and not the form. Measured on the lines of real mail,
each once (agree / contradict): Sendmail 2,026 / 0, Exim 1,479 / 0, Gmail 449 / 0, Postfix 160 / 0, SendGrid 85 / 0, InterMail and
its successor 80 / 0, Domino 43 / 0, Mailgun 30 / 0, Courier 23 / 0, FortiMail 11 / 0 (the code is Sendmail's). The lines that contradict
were made up, copied or edited. Forms seen less often (Zoho 14, IceWarp 3), or with a real line against them (ZoneMTA 12 / 1), or
known by their shape alone (a gateway sends one Exim id with every message) may confirm a line or be silent.
"""

from __future__ import annotations

import re

from sekisho.mail.date import days
from sekisho.mail.received import Received
from sekisho.mail.writers import named, writer
from sekisho.named import NamedTuple

AGREES, CONTRADICTS, IMPOSSIBLE = "agrees", "contradicts", "impossible"

_SENDMAIL = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"  # sendmail/queue.c, base 60
_EXIM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # Exim spec §3.4, base 62
_POSTFIX = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"  # postfix safe_ultostr, base 52
_DAY = 86400
# A date's zone may be wrong or its clock local: an id that counts local time may differ by a day, one that counts seconds by minutes.
_LOCAL_SLACK = _DAY + 3600
_EPOCH_SLACK = 3 * 3600


class Reading(NamedTuple):
    """What an id says: AGREES, CONTRADICTS or IMPOSSIBLE, and by how many seconds it differs from its line's date."""

    verdict: str
    seconds: int


def read(line: Received) -> Reading | None:
    """The clock in a line's id held against its date; None where the writer's ids carry none or the line has no date."""
    if not line.id or line.date is None:
        return None
    program = named(line)
    by_shape = "" if program else writer(line)
    reader = _READERS.get(program or by_shape)
    found = reader(line) if reader else None
    if found and found.verdict != AGREES and (by_shape in _NEEDS_ITS_NAME or (program or by_shape) in _ONLY_CONFIRMS):
        return None
    return found


def _postfix(line: Received) -> Reading | None:
    found = line.id
    if re.fullmatch(r"[0-9A-F]{6,15}", found):
        # Microseconds in the first five hexadecimal digits: there are no more than 999,999 of them.
        return Reading(IMPOSSIBLE, 0) if int(found[:5], 16) >= 1_000_000 else None
    if re.fullmatch(
        r"[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{6}[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{4,}z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]+",
        found,
    ):
        return _against(line, _number(found[:6], _POSTFIX), _EPOCH_SLACK)
    return Reading(IMPOSSIBLE, 0) if re.fullmatch(r"[0-9A-Za-z]+", found) else None


def _exim(line: Received) -> Reading | None:
    match = re.fullmatch(
        r"([0-9A-Za-z]{6})-[0-9A-Za-z]{6}(?:[0-9A-Za-z]{5})?-[0-9A-Za-z]{2}(?:[0-9A-Za-z]{2})?", line.id
    )
    return _against(line, _number(match.group(1), _EXIM), _EPOCH_SLACK) if match else Reading(IMPOSSIBLE, 0)


def _sendmail(line: Received) -> Reading | None:
    # FortiMail writes two of them, of the session and of the message.
    match = re.fullmatch(
        r"([0-9A-Za-x])([0-9A-B])([1-9A-V])([0-9A-N])([0-9A-Za-x])([0-9A-Za-x])([0-9A-Za-x]{0,2})(\d{5,10})(?:-\w{14,18})?",
        line.id,
    )
    if match is None:
        return Reading(IMPOSSIBLE, 0) if re.fullmatch(r"[0-9A-Za-z]{12,16}", line.id) and "8.1" in line.raw else None
    year, month, day, hour, minute, second = (_SENDMAIL.index(char) for char in match.groups()[:6])
    assert line.date is not None
    # Years are counted modulo 60: the one nearest to the date's is meant.
    wanted = int(line.date.iso[:4])
    full = min((1900 + year + 60 * turn for turn in range(6)), key=lambda value: abs(value - wanted))
    moment = days(full, month + 1, day) * _DAY + hour * 3600 + minute * 60 + second
    return _against(line, moment, _LOCAL_SLACK)


def _gmail(line: Received) -> Reading | None:
    match = re.search(r"\.(\d{4})\.(\d\d)\.(\d\d)\.(\d\d)\.(\d\d)\.(\d\d)$", line.id)
    if match is None:
        match = re.fullmatch(r"[0-9a-z\-]{2,60}mr\d+[0-9a-z]{3}\.\d{1,3}\.(\d{13})", line.id)
        return _against(line, int(match.group(1)) // 1000, _EPOCH_SLACK) if match else None
    # Pacific time, eight or seven hours west.
    moment = _calendar(*match.groups())
    return Reading(IMPOSSIBLE, 0) if moment is None else _against(line, moment + 7 * 3600, 2 * 3600)


def _courier(line: Received) -> Reading | None:
    match = re.fullmatch(r"[0-9A-F]{8,16}\.([0-9A-F]{8,16})\.[0-9A-F]{8}", line.id)
    return _against(line, int(match.group(1), 16), _EPOCH_SLACK) if match else None


def _intermail(line: Received) -> Reading | None:
    """UTC, whatever the zone of the date; in its successor with milliseconds behind."""
    return _dated(line, 0, _EPOCH_SLACK)


def _domino(line: Received) -> Reading | None:
    return _dated(line, line.date.offset * 60 if line.date else 0, _LOCAL_SLACK)


def _dated(line: Received, east: int, slack: int) -> Reading | None:
    """YYYYMMDDhhmmss at the beginning, counted `east` seconds east of UTC."""
    match = re.match(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", line.id)
    moment = _calendar(*match.groups()) if match else None
    return None if moment is None else _against(line, moment - east, slack)


def _hexadecimal(line: Received) -> Reading | None:
    """Seconds since 1970 in eight hexadecimal digits: Mailgun's first, SendGrid's last but one."""
    match = re.match(r"([0-9a-f]{8})(?:\.[0-9a-f]{12}-|[0-9a-f]{16}$)", line.id) or re.search(
        r"-([0-9A-F]{8})-[0-9A-F]{1,6}$", line.id
    )
    return _against(line, int(match.group(1), 16), _EPOCH_SLACK) if match else None


def _zoho(line: Received) -> Reading | None:
    match = re.match(r"(\d{10})\d{5,6}\.\d", line.id)
    return _against(line, int(match.group(1)), _EPOCH_SLACK) if match else None


def _zonemta(line: Received) -> Reading | None:
    match = re.fullmatch(r"([0-9a-f]{11})[0-9a-f]{7}\.[0-9a-f]{3}", line.id)
    return _against(line, int(match.group(1), 16) // 1000, _EPOCH_SLACK) if match else None


def _calendar(*parts: str) -> int | None:
    """Seconds since 1970 of year, month, day, hour, minute, second; None for a day or an hour that there is not."""
    year, month, day, hour, minute, second = (int(part) for part in parts)
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        return None
    return days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second


def _against(line: Received, moment: int, slack: int) -> Reading:
    assert line.date is not None
    apart = line.date.epoch - moment
    return Reading(AGREES if abs(apart) <= slack else CONTRADICTS, apart)


def _number(text: str, digits: str) -> int:
    value = 0
    for char in text:
        value = value * len(digits) + digits.index(char)
    return value


_READERS = {
    "Postfix": _postfix,
    "Exim": _exim,
    "Gmail": _gmail,
    "Sendmail": _sendmail,
    "FortiMail": _sendmail,
    "Courier": _courier,
    "InterMail": _intermail,
    "Domino": _domino,
    "Mailgun": _hexadecimal,
    "SendGrid": _hexadecimal,
    "Zoho Mail": _zoho,
    "ZoneMTA": _zonemta,
    "IceWarp": _domino,
}
_ONLY_CONFIRMS = frozenset({"Zoho Mail", "ZoneMTA", "IceWarp"})
_NEEDS_ITS_NAME = frozenset({"Postfix", "Exim", "Sendmail"})
