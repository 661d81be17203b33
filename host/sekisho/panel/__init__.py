"""Facts and findings to the panel's blocks, in one language. The blocks are made of `primitives`; PROTOCOL.md has them all."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from sekisho.facts import Facts
from sekisho.named import NamedTuple
from sekisho.panel.primitives import Primitive
from sekisho.panel.words import Words
from sekisho.questions import Question
from sekisho.report import Finding, Lookups, Verdict
from sekisho.verdict import Counted


class View(NamedTuple):
    """All that a block may look at."""

    facts: Facts
    findings: tuple[Finding, ...]
    verdict: Verdict
    counted: tuple[Counted, ...]  # what made the verdict, the heaviest first
    defects: tuple[str, ...]
    words: Words
    now: int  # seconds since 1970
    read: bool  # False: only the first bytes have arrived so far
    lookups: Lookups
    wanted: tuple[Question, ...]  # what nobody was asked


def build(view: View) -> tuple[list[Primitive], list[str]]:
    """The blocks in the order they are shown, and the names of those that failed (their fault is theirs alone)."""
    from sekisho.panel import actions, attachments, authentication, facts, links, owners, route, source, verdict
    from sekisho.panel import map as chart

    makers: tuple[tuple[str, Callable[[View], Primitive | None]], ...] = (
        ("verdict", verdict.block),
        ("actions", actions.block),
        ("facts", facts.block),
        ("campaign", _remembered("campaign")),
        ("history", _remembered("history")),
        ("route", route.block),
        ("map", chart.block),
        ("network", owners.block),
        ("links", links.block),
        ("attachments", attachments.block),
        ("authentication", authentication.block),
        ("source", source.block),
    )
    blocks: list[Primitive] = []
    failed: list[str] = []
    for name, make in makers:
        try:
            made = make(view)
        except Exception:  # one broken block must not take the panel with it; tests demand that none does
            failed.append(name)
            continue
        if made is not None:
            blocks.append(made)
    return blocks, failed


def _remembered(name: str) -> Callable[[View], Primitive | None]:
    """The maker of a block that only mail which the register knows something about has; for others it is not even loaded."""

    def made(view: View) -> Primitive | None:
        if getattr(view.facts, name) is None:
            return None
        block: Callable[[View], Primitive | None] = import_module(f"{__name__}.{name}").block
        return block(view)

    return made
