"""Mails that came down a road of real servers: what the report says of it is what the road did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from .chain import ALPHA, BETA, CLIENT, DELTA, FINAL, GAMMA, HELD, LIAR, RECIPIENT, SENDER, Sending, Travelled, travel

HOST = Path(__file__).resolve().parents[2] / "host"
BANK = "from mail.bank.example (mail.bank.example [192.0.2.99])"
SENDINGS = (
    Sending("plain"),
    Sending("login", login=True),
    Sending("late", hold=3),
    # lines that the client wrote: one of another year, one that fits, one whose queue id was given out in 2016
    Sending(
        "old",
        above=f"Received: {BANK}\r\n\tby mail.alpha.example (Postfix) with ESMTP id 4F1B2C0123\r\n"
        "\tfor <taro@final.example>; Mon, 1 Jan 2024 00:00:00 +0000 (UTC)\r\n",
    ),
    Sending(
        "fitting",
        above=f"Received: {BANK}\r\n\tby line77.isp.example (Postfix) with ESMTP id 4F1B2C0123\r\n"
        "\tfor <taro@final.example>; {now} (UTC)\r\n",
    ),
    Sending(
        "clock",
        above=f"Received: {BANK}\r\n\tby line77.isp.example with esmtp (Exim 4.96)\r\n"
        "\tid 1aaaaa-000001-2N\r\n\tfor taro@final.example; {now}\r\n",
    ),
)
FORGED = {"old": {"contradicted"}, "fitting": {"claimed", "contradicted"}, "clock": {"contradicted"}}
NAMES = [sending.name for sending in SENDINGS]
READER = {"own_addresses": [RECIPIENT]}
# A reader whose own servers are all of the road.
OWNER = {**READER, "trusted_networks": ["192.0.2.0/26", "203.0.113.0/24"]}

Reports = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def travelled(programs: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Travelled]:
    return travel(tmp_path_factory.mktemp("chain"), SENDINGS)


@pytest.fixture(scope="module")
def reader(travelled: dict[str, Travelled], tmp_path_factory: pytest.TempPathFactory) -> Reports:
    return analysed(travelled, READER, tmp_path_factory.mktemp("reader"))


@pytest.fixture(scope="module")
def owner(travelled: dict[str, Travelled], tmp_path_factory: pytest.TempPathFactory) -> Reports:
    return analysed(travelled, OWNER, tmp_path_factory.mktemp("owner"))


def analysed(travelled: dict[str, Travelled], given: dict[str, Any], folder: Path) -> Reports:
    """Each mail's report, by the command line."""
    settings = folder / "settings.json"
    settings.write_text(json.dumps(given), "utf-8")
    command = [sys.executable, "-m", "sekisho", "analyse", "--json", "--settings", str(settings)]
    done = subprocess.run(
        [*command, *(str(one.path) for one in travelled.values())],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(HOST)},
        check=True,
    )
    return dict(zip(travelled, map(json.loads, done.stdout.splitlines()), strict=True))


def road(name: str, one: Travelled) -> list[dict[str, Any]]:
    """What the servers did, newest first; a reverse name only where it leads back."""
    first, exim, opensmtpd, sendmail, last = one.ids
    protocol = "ESMTPSA" if name == "login" else "ESMTP"
    sender = HELD if name == "late" else SENDER
    return [
        {"ip": DELTA[0], "helo": DELTA[1], "rdns": None, "by": FINAL[1], "with": "ESMTP", "id": last},
        {"ip": GAMMA[0], "helo": GAMMA[1], "rdns": GAMMA[1], "by": DELTA[1], "with": "ESMTP", "id": sendmail},
        {"ip": BETA[0], "helo": BETA[1], "rdns": BETA[1], "by": GAMMA[1], "with": "ESMTP", "id": opensmtpd},
        {"ip": ALPHA[0], "helo": ALPHA[1], "rdns": ALPHA[1], "by": BETA[1], "with": "esmtp", "id": exim}
        | {"envelope_from": sender},
        {"ip": CLIENT[0], "helo": CLIENT[2], "rdns": CLIENT[1], "by": ALPHA[1], "with": protocol, "id": first},
    ]


@pytest.mark.parametrize("name", NAMES)
def test_hops(travelled: dict[str, Travelled], reader: Reports, name: str) -> None:
    """Addresses, names, protocols and queue ids of every hop, as the servers' own logs have them."""
    expected = road(name, travelled[name])
    hops = reader[name]["hops"]
    assert expected == [{key: hop[key] for key in true} for hop, true in zip(hops, expected, strict=False)]
    assert len(expected) + (name in FORGED) == len(hops)
    assert {RECIPIENT} == {hop["for"] for hop in hops}


@pytest.mark.parametrize("name", NAMES)
def test_times(travelled: dict[str, Travelled], reader: Reports, name: str) -> None:
    """Each server wrote its date while it had the mail; the mail lay where it was held, and nowhere else for longer than it took."""
    one = travelled[name]
    hops = reader[name]["hops"][:5]
    dates = [datetime.fromisoformat(hop["date"]).timestamp() for hop in hops]
    assert all(int(one.begun) <= date <= one.delivered for date in dates)
    delays = [hop["delay_seconds"] for hop in hops]
    assert [None, *(after - before for after, before in pairwise(dates))] == delays
    if one.released:
        assert int(one.released) - int(one.sent) <= delays[4] <= one.delivered - int(one.begun)
        assert 3 <= delays[4]
    else:
        assert sum(delays[1:]) <= one.delivered - int(one.begun)


@pytest.mark.parametrize("name", NAMES)
def test_origin_for_the_reader(reader: Reports, name: str) -> None:
    """The reader's own server proves the address that it took the mail from, and no line below."""
    report = reader[name]
    assert (0, DELTA[0]) == (report["origin"]["hop"], report["origin"]["ip"])
    assert "proven" == report["hops"][0]["standing"]
    assert {"claimed", "contradicted"} >= {hop["standing"] for hop in report["hops"][1:]}
    assert {"claimed"} == {hop["standing"] for hop in report["hops"][1:5]}, "no honest line is contradicted"


@pytest.mark.parametrize("name", NAMES)
def test_origin_for_the_owner(owner: Reports, name: str) -> None:
    """Who owns all of the servers sees through to the client's line."""
    report = owner[name]
    assert (4, CLIENT[0]) == (report["origin"]["hop"], report["origin"]["ip"])
    assert {("yours", "proven")} == {(hop["trust"], hop["standing"]) for hop in report["hops"][:5]}


@pytest.mark.parametrize("whose", ["reader", "owner"])
@pytest.mark.parametrize("name", FORGED)
def test_forged_line(request: pytest.FixtureRequest, whose: str, name: str) -> None:
    forged = request.getfixturevalue(whose)[name]["hops"][5]
    assert ("mail.bank.example", "192.0.2.99", "claimed") == (forged["helo"], forged["ip"], forged["trust"])
    assert forged["standing"] in FORGED[name]


@pytest.mark.parametrize("name", NAMES)
def test_login(reader: Reports, name: str) -> None:
    """The account and the encryption where a client logged in, and nowhere else."""
    hops = reader[name]["hops"]
    logins = {number: hop["auth"]["user"] for number, hop in enumerate(hops) if hop["auth"]}
    encrypted = {number: hop["tls"]["version"] for number, hop in enumerate(hops) if hop["tls"]}
    assert (({4: SENDER}, {4: "TLSv1.3"}) if name == "login" else ({}, {})) == (logins, encrypted)


@pytest.mark.parametrize("name", NAMES)
def test_unconfirmed_name(reader: Reports, owner: Reports, name: str) -> None:
    """The reverse name that does not lead back is believed nowhere."""
    assert not [report for report in (reader[name], owner[name]) if LIAR[1] in json.dumps(report)]
