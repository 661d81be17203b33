"""The sender's fields held against each other, in sentences: whom answers reach, what the name holds, who sent it for whom."""

from __future__ import annotations

from sekisho.facts import Facts, parties
from sekisho.panel.primitives import Primitive, fold, sentence, table
from sekisho.panel.words import Words

_LABELS = {
    "from": "From",
    "sender": "Sender",
    "reply-to": "Reply-To",
    "return-path": "Return-Path",
    "message-id": "Message-ID",
    "list-id": "List-Id",
}


def sentences(facts: Facts, words: Words) -> list[Primitive]:
    """What is worth a sentence of its own; the table of all fields is folded below them."""
    said = []
    answers, carrier = facts.answers, facts.carrier
    if answers is not None and answers.reading != "list":
        said.append(words("identity.answers", other=answers.address, owner=facts.identity.organisation))
    for other in facts.sender_name.addresses[:2]:
        if other == facts.carrier_behind:
            continue  # said below, with who says so
        said.append(words("identity.name-address", other=other))
    if facts.from_list:
        said.append(words(f"identity.list.{facts.from_list}"))
    if carrier is not None:
        kind, proof = words(f"identity.carrier.{carrier.kind}"), words(f"identity.by.{carrier.by}")
        said.append(words("identity.carrier", name=carrier.name, kind=kind, proof=proof))
        if carrier.behind:
            said.append(words("identity.behind", name=carrier.name, behind=carrier.behind))
    named = parties.collect(facts.message, facts.identity)
    out = [sentence(text) for text in said]
    if any(party.same is False for party in named):
        rows = [[_LABELS[party.field], party.domain, words(f"identity.same.{party.same}")] for party in named]
        out.append(fold(words("identity.parties"), [table(rows), sentence(words("identity.parties-hint"), "muted")]))
    return out
