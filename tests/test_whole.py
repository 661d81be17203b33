"""A report that has no room in one frame: cut there, whole in parts for whoever asks."""

from __future__ import annotations

import json
from typing import Any

from test_native import HEAD, MAIL, error, message, reports, request, the_answer, told
from workbench import wrong

from sekisho import session, settings
from sekisho.frames import pack_report

MANY = HEAD + b"Content-Type: text/html\n\n" + b"".join(
    b'<a href="https://h%d.example.com/%s/%d?q=\xe3\x81\x82">\xe3\x81\x82</a>\n' % (n, b"x" * 4000, n) for n in range(300)
)  # fmt: skip
WORDS = [request(2, "whole", of=1), request(3, "export", of=1, format="json", locale="en")]


def joined(said: list[Any], identity: Any) -> str:
    """The text of a result that came in parts, as the extension puts it together."""
    pieces = [one["params"] for one in said if one.get("method") == "part" and one["params"]["id"] == identity]
    result = the_answer(said, identity)["result"]

    assert list(range(len(pieces))) == [piece["index"] for piece in pieces]
    if result["parts"] == 1:
        assert [] == pieces
        return str(result["text"])
    assert (None, len(pieces)) == (result["text"], result["parts"])
    return "".join(piece["text"] for piece in pieces)


def test_what_a_frame_has_no_room_for_comes_in_parts() -> None:
    """The parts joined are the report that was cut, with everything in it, and so is the document made of it."""
    said = told([*message(1, MANY), *WORDS])
    cut, whole = reports(said, 1)[-1], json.loads(joined(said, 2))
    made = session.report(MANY, settings.read({"locale": "en"})[0])

    assert len(json.dumps(made, ensure_ascii=False).encode()) > 1 << 20
    assert the_answer(said, 2)["result"]["parts"] > 1 and the_answer(said, 3)["result"]["parts"] > 1
    assert made == whole
    assert [] == wrong(whole) and [] == wrong(cut)
    assert "cut-for-size" in cut["defects"] and cut["left_out"] >= 0
    assert "left_out" not in whole and "cut-for-size" not in whole["defects"]
    assert made["panel"] == json.loads(joined(said, 3))["panel"]


def test_the_whole_of_a_report_that_was_asked_for_without_a_panel_has_one() -> None:
    """Cut it may be all the same; the rest is fetched with the panel that nobody wanted before, and a document is made of it."""
    said = told([*message(1, MANY, panel=False), *WORDS])
    short, whole = reports(said, 1)[-1], json.loads(joined(said, 2))

    assert short["panel"] is None and [] == wrong(short)
    assert session.report(MANY, settings.read({"locale": "en"})[0]) == whole
    assert whole["panel"] == json.loads(joined(said, 3))["panel"]


def test_a_report_without_a_panel_is_cut_like_any_other() -> None:
    """However little room there is."""
    report = {"defects": [], "panel": None, "links": ["x" * 900] * 2000, "findings": [], "hops": [], "attachments": []}
    cut = json.loads(pack_report(lambda one: one, report, "{count} more")[4:])
    bare = json.loads(pack_report(lambda one: one, {**report, "message": {"subject": ["x" * 60] * 60_000}}, "")[4:])

    assert (None, 0, 400) == (cut["panel"], cut["left_out"], len(cut["links"]))
    assert (None, 0) == (bare["panel"], bare["left_out"])


def test_how_much_was_cut_is_said() -> None:
    """Each list in the panel that lost entries says how many, and the report how many in all."""
    items = [[{"kind": "sentence", "text": "x" * 900}] for _ in range(2000)]
    body = [{"kind": "list", "items": items, "ordered": False}, {"kind": "sentence", "text": "short"}]
    report = {"defects": [], "panel": [{"block": "links", "title": None, "level": None, "body": body}]}
    cut = json.loads(pack_report(lambda one: one, report, "{count} more")[4:])
    (block,) = cut["panel"]

    assert (1600, 401) == (cut["left_out"], len(block["body"][0]["items"]))
    assert [{"kind": "more", "text": "1600 more"}] == block["body"][0]["items"][-1]


def test_a_report_that_fits_is_whole() -> None:
    """It has nothing left out, and comes in one part when it is asked for all the same."""
    said = told([*message(1, MAIL), request(2, "whole", of=1)])

    assert "left_out" not in reports(said, 1)[-1]
    assert reports(said, 1)[-1] == json.loads(joined(said, 2))


def test_what_is_no_longer_kept_is_gone() -> None:
    """Only the last few messages can be asked for again."""
    said = told([*(part for n in range(1, 7) for part in message(n, MAIL)), *(request(10 + n, "whole", of=n) for n in range(1, 7)),
        request(20, "whole"), request(21, "export", of=99, format="html")])  # fmt: skip

    assert [-32005, -32005] == [error(said, identity)["code"] for identity in (11, 12)]
    assert all("result" in the_answer(said, identity) for identity in (13, 14, 15, 16))
    assert [-32005, -32005] == [error(said, identity)["code"] for identity in (20, 21)]
