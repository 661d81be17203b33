"""A queue id is a clock: many mail servers write the time into it, and it must agree with the date of the same line.

Whoever makes a line up copies the form and not the clock, or the clock and not the form. In 24,824 real lines of outside
data an id that contradicts its own line was never an honest one.
"""

import re
from typing import NamedTuple

from sekisho.mail.date import days
from sekisho.mail.received import Received

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
    writer = _writer(line)
    return _READERS[writer](line) if writer else None


def _writer(line: Received) -> str:
    raw, by = line.raw, line.by.lower()
    if "(Postfix" in raw:
        return "postfix"
    if "(Exim" in raw:
        return "exim"
    if by == "mx.google.com":
        return "gmail"
    if re.search(r"\((?:8\.\d+\.\d+|Sentrion|FortiMail)", raw):
        return "sendmail"
    if re.fullmatch(r"[0-9A-Fa-f]{16}\.[0-9A-Fa-f]{8}\.[0-9A-Fa-f]{8}", line.id):
        return "courier"
    return ""


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
    match = re.fullmatch(
        r"([0-9A-Za-x])([0-9A-B])([1-9A-V])([0-9A-N])([0-9A-Za-x])([0-9A-Za-x])([0-9A-Za-x]{0,2})(\d{5,10})", line.id
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
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return Reading(IMPOSSIBLE, 0)
    # Pacific time, eight or seven hours west.
    return _against(line, days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second + 7 * 3600, 2 * 3600)


def _courier(line: Received) -> Reading | None:
    return _against(line, int(line.id.split(".")[1], 16), _EPOCH_SLACK)


def _against(line: Received, moment: int, slack: int) -> Reading:
    assert line.date is not None
    apart = line.date.epoch - moment
    return Reading(AGREES if abs(apart) <= slack else CONTRADICTS, apart)


def _number(text: str, digits: str) -> int:
    value = 0
    for char in text:
        value = value * len(digits) + digits.index(char)
    return value


_READERS = {"postfix": _postfix, "exim": _exim, "gmail": _gmail, "sendmail": _sendmail, "courier": _courier}
