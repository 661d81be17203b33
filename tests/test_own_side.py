"""The reader's own side: which mails under the own domain are forged, and how sure it is who speaks as the own provider."""

from __future__ import annotations

import json

import pytest
from workbench import REPLAYS, SAMPLES, analysed, replayed, report_of

from sekisho.facts import own_provider
from sekisho.facts.identity import Identity
from sekisho.facts.route import Route
from sekisho.settings import Settings
from sekisho.tables import administrators

NOBODY = Identity(None, (), "", "", None, False, frozenset())
NOWHERE = Route((), None, -1, (), (), "")


@pytest.mark.parametrize(
    ("mail", "severity"),
    [
        ("fires-low-bounce-that-came-round", "low"),
        ("fires-low-report-that-names-a-page", "low"),
        ("fires-address-of-the-catch-all", "high"),
        ("fires-own-address-to-others", "high"),
        ("fires-proof-failed", "high"),
        ("fires-proof-failed-at-the-same-provider", "high"),
        ("fires-greets-as-the-reader", "high"),
        ("fires-signature-that-nobody-looked-at", "medium"),
        ("fires-signature-of-googles-for-the-firm", "medium"),
        ("fires-behind-a-list-of-the-senders-own", "high"),
        ("fires-japanese-unknown-reader", "medium"),
    ],
)
def test_a_mail_under_the_own_domain_from_outside_weighs_by_its_proof(mail: str, severity: str) -> None:
    """High where nothing speaks for it; less where its marks are there and nobody has looked, or nobody knows the reader."""
    found = {one["id"]: one["severity"] for one in report_of(REPLAYS / "self-spoof" / f"{mail}.eml")["findings"]}

    assert severity == found["self-spoof"]


@pytest.mark.parametrize(
    ("mail", "severity"),
    [
        ("fires-kagoya", "high"),
        ("fires-another-address", "high"),
        ("fires-signature", "high"),
        ("fires-provider-not-known", "high"),
        ("fires-helpdesk-without-a-name", "high"),
        ("fires-own-domain-as-name", "high"),
    ],
)
def test_who_speaks_as_the_own_provider_weighs_most(mail: str, severity: str) -> None:
    """It is the first of the reasons, too."""
    report = report_of(REPLAYS / "own-provider-claimed" / f"{mail}.eml")
    (found,) = [one for one in report["findings"] if one["id"] == "own-provider-claimed"]

    assert severity == found["severity"]
    assert "own-provider-claimed" == report["verdict"]["reasons"][0]
    assert "brand-elsewhere" not in report["verdict"]["reasons"]


def test_less_is_said_where_the_provider_is_not_known_for_certain() -> None:
    """The accounts tell: then it is the company that keeps the mailbox. Else it only speaks as one that keeps mailboxes."""
    known, unknown = (
        report_of(REPLAYS / "own-provider-claimed" / f"{mail}.eml")
        for mail in ("fires-kagoya", "fires-provider-not-known")
    )
    (one,), (other,) = (
        [found for found in report["findings"] if found["id"] == "own-provider-claimed"] for report in (known, unknown)
    )

    assert ("provider", "mailboxes") == (one["values"]["posing"], other["values"]["posing"])
    assert "the company that keeps your mailbox" in one["title"]
    assert "your mailbox" not in other["title"]


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        (
            "en",
            "It says it is from KAGOYA, the company that keeps your mailbox, but was sent through Xserver, Japan (sv742.xserver.jp), "
            "and its link belongs to w-support.jp.",
        ),
        (
            "ja",
            "ご契約のメール会社「KAGOYA」を名乗っていますが、実際には Xserver(日本、sv742.xserver.jp) から送られ、リンクの持ち主は w-support.jp です。",
        ),
    ],
)
def test_the_headline_holds_the_claim_against_the_facts_in_one_sentence(locale: str, sentence: str) -> None:
    """The second article's mail, to a reader whose mailbox is at the company that it names."""
    sample = next(path for path in SAMPLES if path.stem == "kagoya")
    report = replayed(
        sample, locale, own_addresses=["mori@office.example"], incoming_servers=["mas10.kagoya.net"]
    ).report

    assert sentence == report.verdict.headline


@pytest.mark.parametrize(
    ("given", "names", "domains"),
    [
        ({"incoming_servers": ("mas10.kagoya.net",)}, {"KAGOYA"}, set()),
        (
            {"incoming_servers": ("sv742.xserver.jp",), "own_domains": ("office.example",)},
            {"XServer"},
            {"office.example"},
        ),
        ({"own_addresses": ("yui@gmail.com",)}, {"Google"}, set()),
        ({"incoming_servers": ("mail.office.example",)}, set(), {"office.example"}),
        ({}, set(), set()),
        ({"incoming_servers": ("192.0.2.1", "kagoya.net.example")}, set(), {"net.example"}),
    ],
)
def test_the_accounts_tell_the_provider(given: dict[str, tuple[str, ...]], names: set[str], domains: set[str]) -> None:
    """By whole registrable domains; what is shared with strangers is the provider's, and not the reader's."""
    readers = frozenset(given.get("own_addresses", ()))
    found = own_provider.find(Settings(**given), NOWHERE, NOBODY._replace(readers=readers), ())

    assert (names, domains) == ({brand.name for brand in found.brands}, set(found.domains))


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        ("webmail administrator", True),
        ("it helpdesk team", True),
        ("office mail support", True),
        ("メール管理者", True),
        ("officeサーバー管理者", True),
        ("mail delivery subsystem", False),
        ("customer service", False),
        ("jira support team", False),
        ("account security team", False),
        ("mail", False),
        ("", False),
        ("メール配信サービス", False),
    ],
)
def test_a_helpdesk_without_a_name_says_nothing_else(name: str, speaks: bool) -> None:
    """Words of what is run and of who runs it, and no other word but the reader's own domain."""
    assert speaks == administrators.speaks(name, frozenset({"office"}))


def test_every_quiet_mail_of_the_own_side_is_under_the_own_domain() -> None:
    """The quiet replays would be forged if they came from elsewhere: with another peer's name they fire."""
    for stem in (
        "quiet-web-form-on-the-own-server",
        "quiet-web-form-where-the-mailbox-is",
        "quiet-colleague-at-the-same-provider",
        "quiet-list-hands-on-ones-own-post",
    ):
        path = REPLAYS / "self-spoof" / f"{stem}.eml"
        source = path.read_bytes()
        host = source.partition(b"Received: from ")[2].split(b" ", 1)[0]
        elsewhere = source.replace(b"from %b (%b " % (host, host), b"from out7.bulk.example (out7.bulk.example ")
        given = json.loads(path.with_suffix(".settings.json").read_text("utf-8"))
        report = analysed(elsewhere, given).report

        assert "self-spoof" in {finding.id for finding in report.findings}, stem
