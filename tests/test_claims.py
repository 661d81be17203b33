"""What speaks for and against a line below the checkpoint: each piece of evidence alone, and what one made-up line means for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench import PACKAGE

from sekisho.facts import claims
from sekisho.facts.claims import WEIGHTS, weigh
from sekisho.locales.en import panel as en
from sekisho.locales.ja import panel as ja
from sekisho.mail import received
from sekisho.mail.received import Received

DAY, NOON, EVENING = "Tue, 16 Apr 2024", "12:00:00 +0000", "20:00:00 +0000"


def line(peer: str, by: str, when: str = f"{DAY} {NOON}", how: str = "with ESMTP id 77") -> Received:
    return received.parse(f"from {peer} by {by} {how}; {when}")


ENTRY = line("out.sender.test (out.sender.test [203.0.113.5])", "mx.own.example")
NAMELESS = line("laptop ([203.0.113.5])", "mx.own.example")
PLAIN = "c.example (c.example [198.51.100.7])"
MIDDLE = line("b.sender.test (b.sender.test [198.51.100.1])", "out.sender.test")
POSTFIX = "(Postfix) with ESMTP id"
# Reason: the lines below the checkpoint; the reason is looked for in the last of them.
CASES: dict[str, tuple[Received, list[Received]]] = {
    "same-host": (ENTRY, [line(PLAIN, "out.sender.test")]),
    "same-organisation": (ENTRY, [line(PLAIN, "in.sender.test")]),
    "break": (ENTRY, [line(PLAIN, "mx.bank.example")]),
    "peer-without-name": (NAMELESS, [line(PLAIN, "mx.bank.example")]),
    "same-host-deeper": (ENTRY, [MIDDLE, line(PLAIN, "b.sender.test")]),
    "same-organisation-deeper": (ENTRY, [MIDDLE, line(PLAIN, "c.sender.test")]),
    "break-deeper": (ENTRY, [MIDDLE, line(PLAIN, "mx.bank.example")]),
    "clock-agrees": (ENTRY, [line(PLAIN, "out.sender.test", how=f"{POSTFIX} 4VJkZm0000z1")]),
    "clock-contradicts": (ENTRY, [line(PLAIN, "out.sender.test", how=f"{POSTFIX} 3VJkZm0000z1")]),
    "clock-impossible": (ENTRY, [line(PLAIN, "out.sender.test", how=f"{POSTFIX} QWPIOUa5TK")]),
    "later-by-hours": (ENTRY, [line(PLAIN, "out.sender.test", f"{DAY} {EVENING}")]),
    "later-by-minutes": (ENTRY, [line(PLAIN, "out.sender.test", f"{DAY} 12:10:00 +0000")]),
    "gap-of-days": (ENTRY, [line(PLAIN, "out.sender.test", f"Fri, 12 Apr 2024 {NOON}")]),
    "gap-of-weeks": (ENTRY, [line(PLAIN, "in.sender.test", f"Fri, 1 Mar 2024 {NOON}")]),
    "no-address": (ENTRY, [line("c.example", "out.sender.test")]),
    "foreign-syntax": (ENTRY, [line(PLAIN, "mx.google.com", how="with ESMTP id QWPIOU")]),
    "made-up-host": (ENTRY, [line("qnx.mdrost.com ([198.51.100.7])", "out.sender.test")]),
    "date-for-address": (ENTRY, [line("c.example ([Tue, 16 Apr 2024 11:58:03 +0000])", "out.sender.test")]),
    "kit-date": (ENTRY, [line(PLAIN, "out.sender.test", "Apr, 16 2024 11:59:03 AM +0000")]),
    "reserved-address": (ENTRY, [line("c.example (c.example [240.0.0.7])", "out.sender.test")]),
}


@pytest.mark.parametrize("reason", WEIGHTS)
def test_each_evidence_is_seen(reason: str) -> None:
    """Every reason has a pair of lines that shows it, and its weight is what it adds."""
    entry, below = CASES[reason]
    weighed = weigh([entry, *below], 0)

    assert reason in weighed[-1].reasons
    assert len(below) + 1 == len(weighed)
    assert round(sum(WEIGHTS[one] for one in weighed[-1].reasons), 2) == weighed[-1].score
    assert (claims.CONTRADICTED <= weighed[-1].score) == weighed[-1].contradicted


MICROSOFT = "AM1PEPF000252E0.mail.protection.outlook.com"


@pytest.mark.parametrize(
    ("by", "how", "foreign"),
    [
        (MICROSOFT, "with Microsoft SMTP Server id 15.20.6838.22 via Frontend Transport", False),
        (MICROSOFT, "with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_AES_256_GCM_SHA384) id 15.20.1.1", False),
        ("A1.eurp1.prod.outlook.com", "with HTTPS", False),
        ("A1.eurp1.prod.exchangelabs.com", "with mapi id 15.20.6838.025", False),
        ("A1.eurp1.prod.outlook.com", "with MailboxResubmission by AntispamTT id 15.20.9275.15", False),
        (MICROSOFT, "(Postfix) with ESMTP id 4VJkZm0000z1", True),
        ("A1.eurp1.prod.outlook.com", "with ESMTP id 12", True),
        ("mx.google.com", "with ESMTPS id a1si100abc.1.2024.04.16.05.00.00", False),
        ("mx.google.com", "with ESMTPS id 4VJkZm0000z1", True),
    ],
)
def test_a_providers_line_is_in_its_own_words(by: str, how: str, foreign: bool) -> None:
    """Microsoft's servers and Google's write in one way each; another's form under their name was made up."""
    assert foreign == ("foreign-syntax" in weigh([ENTRY, line(PLAIN, by, how=how)], 0)[1].reasons)


@pytest.mark.parametrize(
    ("entry", "below"),
    [
        (ENTRY, line(PLAIN, "out.sender.test")),
        (ENTRY, line(PLAIN, "OUT.Sender.Test")),
        (ENTRY, line("localhost (localhost [127.0.0.1])", "mail.sender.test")),
        (ENTRY, line("h ([10.0.0.1])", "exchange.corp.local")),
        (ENTRY, line("h ([10.0.0.1])", "laptop")),
        (NAMELESS, line("h ([10.0.0.1])", "laptop.bank.example")),  # it calls itself so, and signs so
        (ENTRY, line("webmail", "out.sender.test", how="with HTTPS id 5")),
        (ENTRY, line(PLAIN, "out.sender.test", f"Fri, 1 Mar 2024 {NOON}")),  # a moderator was away
        (ENTRY, line("other (elsewhere.test [198.51.100.9])", "out.sender.test")),  # HELO unlike reverse name
        (ENTRY, line(PLAIN, "out.sender.test", f"{DAY} 12:04:00 +0000")),  # clocks differ
        (ENTRY, line(PLAIN, "out.sender.test", "no date")),
        (ENTRY, received.parse("by out.sender.test (Postfix, from userid 33) id 9A")),
        (ENTRY, line("c.example (unknown [127.0.0.6])", "out.sender.test")),  # a container's own address
        (ENTRY, line("c.example (Tuesday [198.51.100.7])", "out.sender.test")),
        (ENTRY, received.parse("")),
    ],
)  # fmt: skip
def test_what_honest_mail_does_is_no_contradiction(entry: Received, below: Received) -> None:
    """Inside hosts, slow lists, odd names and clocks that differ by minutes are everyday mail."""
    assert not weigh([entry, below], 0)[1].contradicted


@pytest.mark.parametrize(
    ("peer", "by"),
    [
        ("x.outbound.protection.outlook.com", "A1.eurp1.prod.exchangelabs.com"),
        ("mail-a1.google.com", "smtp.gmail.com"),
        ("a.sender.example", "b.sender.example"),
        ("www2881.sakura.ne.jp", "fsav114.sakura.ne.jp"),
    ],
)
def test_one_organisation_may_sign_under_several_names(peer: str, by: str) -> None:
    """Its lines follow each other without a break."""
    weighed = weigh([line(f"{peer} ({peer} [203.0.113.5])", "mx.own.example"), line(PLAIN, by)], 0)

    assert "same-organisation" in weighed[1].reasons


@pytest.mark.parametrize(
    "by", ["shop.sakura.ne.jp", "www.sakura.ne.jp", "fsav114.shop.sakura.ne.jp", "wwwx2.sakura.ne.jp"]
)
def test_a_customers_name_under_a_public_suffix_is_not_the_providers(by: str) -> None:
    """SAKURA gives its customers names under its own: only its numbered servers are SAKURA's."""
    weighed = weigh([line("www2881.sakura.ne.jp (www2881.sakura.ne.jp [203.0.113.5])", "mx.own.example"), line(PLAIN, by)], 0)  # fmt: skip

    assert weighed[1].contradicted
    assert "break" in weighed[1].reasons


def test_a_made_up_line_takes_all_below_with_it() -> None:
    """Whoever made it up could make up the rest as well; what stands above it keeps its own weight."""
    made_up = line(PLAIN, "b.sender.test", how=f"{POSTFIX} QWPIOUa5TK")
    weighed = weigh([ENTRY, MIDDLE, made_up, line(PLAIN, "c.example"), line(PLAIN, "c.example")], 0)

    assert [False, False, True, True, True] == [one.contradicted for one in weighed]
    assert all("below-contradicted" in one.reasons for one in weighed[3:])
    assert "below-contradicted" not in weighed[2].reasons


def test_what_stands_above_the_checkpoint_is_not_weighed() -> None:
    """It is fact, whatever it looks like; without a checkpoint everything is weighed."""
    strange = line(PLAIN, "mx.bank.example", how=f"{POSTFIX} QWPIOUa5TK")

    assert [(0.0, (), False)] * 2 == [tuple(one) for one in weigh([strange, strange], 1)]
    assert weigh([strange], -1)[0].contradicted


LINES = [entry for entry, _ in CASES.values()] + [below[-1] for _, below in CASES.values()]


@given(lines=st.lists(st.sampled_from(LINES), max_size=8), boundary=st.integers(-1, 7))
def test_there_is_one_verdict_a_line_and_taint_has_no_end(lines: list[Received], boundary: int) -> None:
    """From the first contradicted line on every line is contradicted."""
    hop = min(boundary, len(lines) - 1)
    weighed = weigh(lines, hop)
    verdicts = [one.contradicted for one in weighed]

    assert len(lines) == len(weighed)
    assert sorted(verdicts) == verdicts


# ------------------------------------------------------------------ words

RULES = (
    "own-networks", "provider-edge", "learnt-edge", "own-organisation", "own-server", "own-relay", "own-filter", "own-forwarder", "own-scanner",
    "above-checkpoint", "below-checkpoint", "handed-down", "below-contradicted", "no-outside-hop",
)  # fmt: skip


@pytest.mark.parametrize("reason", [*RULES, *WEIGHTS])
def test_every_reason_has_its_sentence_in_both_languages(reason: str) -> None:
    """A whole sentence, written in each language."""
    english, japanese = en.TEXT[f"why.{reason}"], ja.TEXT[f"why.{reason}"]

    assert english.endswith(".")
    assert japanese.endswith("。")


def test_every_sentence_has_its_reason() -> None:
    """No words for what is never said, and no reason in the code without words."""
    code = "".join(Path(PACKAGE, "facts", f"{name}.py").read_text("utf-8") for name in ("checkpoint", "claims", "route"))  # fmt: skip
    worded = {key.removeprefix("why.") for key in en.TEXT if key.startswith("why.")}

    assert {*RULES, *WEIGHTS} == worded
    assert set() == {reason for reason in RULES if f'"{reason}"' not in code}
