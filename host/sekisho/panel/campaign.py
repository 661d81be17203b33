"""The campaign block: the messages of one kind with this one that have passed before."""

from __future__ import annotations

from sekisho.facts.campaign import DAY, Campaign, Told
from sekisho.mail.date import iso
from sekisho.panel import View
from sekisho.panel.primitives import Primitive, action, bars, fold, listing, more, sentence, table
from sekisho.panel.primitives import block as make
from sekisho.panel.words import Words

MAX_SHOWN = 200  # addresses
_LEVELS = "▁▂▃▄▅▆▇█"


def block(view: View) -> Primitive | None:
    """The campaign block; None where the register knows too few of its kind."""
    found, words = view.facts.campaign, view.words
    if found is None:
        return None
    zone = _zone(view)
    since = moment(found.since, zone)
    if found.series:
        key = "campaign.series-least" if found.at_least else "campaign.series"
        said = sentence(words(key, count=found.messages, since=since))
        return make("campaign", words("campaign"), [said, *_times(found, zone, words)])
    key = "campaign.count-least" if found.at_least else "campaign.count"
    body = [sentence(words(key, count=found.messages, since=since), "strong")]
    if found.at_least:
        body.append(sentence(words("campaign.least"), "muted"))
    body += [sentence(text) for text in _traits(found, words)]
    body += [sentence(_told(one, words)) for one in found.told]
    body += _recipients(found, words) + _links(found, words) + _sources(found, words) + _times(found, zone, words)
    if view.facts.message.source:
        body += _deeds(words) + _letters(view)
    return make("campaign", words("campaign"), body)


def _told(one: Told, words: Words) -> str:
    key = "campaign.told" if one.since else "campaign.told-none"
    return words(key, whom=words(f"told.{one.whom}"), date=iso(one.at)[:10], count=one.since)


def _letters(view: View) -> list[Primitive]:
    """One letter about all of them, to each who can stop it."""
    from sekisho.panel import letters

    return letters.of_all(view)


def moment(at: int, zone: int) -> str:
    """A time as people read it, to the minute, on the clock on the reader's wall."""
    return iso(at, zone)[:16].replace("T", " ")


def _zone(view: View) -> int:
    entry = view.facts.route.entry
    return entry.received.date.offset if entry and entry.received.date else 0


def _traits(found: Campaign, words: Words) -> list[str]:
    out = []
    if len(found.recipients) > 1:
        key = "campaign.recipients-unknown" if found.unknown else "campaign.recipients"
        out.append(words(key, count=len(found.recipients), unknown=found.unknown))
    if found.to_self:
        every = found.to_self == found.messages
        out.append(words("campaign.to-self-all" if every else "campaign.to-self", count=found.to_self))
    elif found.senders > 1:
        out.append(words("campaign.senders", count=found.senders))
    if found.viruses:
        out.append(words("campaign.viruses", viruses=words("joiner").join(found.viruses)))
    return out


def _deeds(words: Words) -> list[Primitive]:
    """What can be done with all of them at once. The extension asks the host which they are (`campaign`)."""
    return [
        action(
            words(f"campaign.{how}"), "campaign", {"how": how}, words("campaign.junk-note") if how == "junk" else None
        )
        for how in ("first", "table", "select", "junk")
    ]


def _recipients(found: Campaign, words: Words) -> list[Primitive]:
    if len(found.recipients) < 2:
        return []
    known = {True: words("campaign.known"), False: words("campaign.not-known"), None: ""}
    rows = [[one.address, known[one.known]] for one in found.recipients[:MAX_SHOWN]]
    shown = [table(rows, [words("campaign.address"), words("campaign.account")])]
    if len(found.recipients) > MAX_SHOWN:
        shown.append(more(words("campaign.more", count=len(found.recipients) - MAX_SHOWN)))
    return [fold(words("campaign.every-recipient", count=len(found.recipients)), shown)]


def _links(found: Campaign, words: Words) -> list[Primitive]:
    if not found.links and not found.hidden_links:
        return []
    out = []
    if found.links:
        out.append(sentence(words("campaign.links", count=len(found.links))))
        out.append(listing([[sentence(name.replace(".", "[.]"))] for name in found.links]))
    if found.hidden_links:
        out.append(sentence(words("campaign.links-hidden", count=found.hidden_links), "muted"))
    return out


def _sources(found: Campaign, words: Words) -> list[Primitive]:
    rows = [[one.name or "?", words.country(one.country), str(one.messages)] for one in found.sources]
    if not rows:
        return []
    columns = [words("campaign.network"), words("campaign.country"), words("campaign.messages")]
    return [table(rows, columns)]


def _times(found: Campaign, zone: int, words: Words) -> list[Primitive]:
    """The histogram: a line of blocks to see at once, and the numbers behind it."""
    if len(found.hours) < 2:
        return []
    most = max(count for _, count in found.hours)
    line = "".join(_LEVELS[(len(_LEVELS) - 1) * count // most] if count else "·" for _, count in found.hours)
    daily = found.step == DAY
    key = "campaign.by-day" if daily else "campaign.by-hour"
    labels = [moment(at, zone)[:10] if daily else moment(at, zone) for at, _ in found.hours]
    said = words(key, line=line, first=labels[0], last=labels[-1])
    return [fold(said, [bars(said, list(zip(labels, (count for _, count in found.hours), strict=True)))])]
