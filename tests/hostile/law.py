"""The law: for every byte string there is a report, of its form, with no fault of the host in it, of bounded size."""

import json
from typing import Any

from workbench import analysed, failures, wrong

from sekisho.report import as_json

SMALL, EACH = 400_000, 60  # bytes of a report: whatever the mail, and for each of its bytes


def broken(source: bytes, locale: str = "en", validate: bool = True, **arrived: Any) -> list[str]:
    """What the report of these bytes breaks of the law; an exception says it itself."""
    report = as_json(analysed(source, {"locale": locale}, **arrived).report)
    text = json.dumps(report, ensure_ascii=False, allow_nan=False)
    text.encode("utf-8")  # no lone surrogate: the frame could not hold it
    faults = failures(report)
    if len(text) > SMALL + EACH * len(source):
        faults.append(f"{len(text)} characters of report for {len(source)} bytes of mail")
    if any(link["url"] != "".join(segment["text"] for segment in link["segments"]) for link in report["links"]):
        faults.append("a link's segments are not its URL")
    return faults + (wrong(json.loads(text)) if validate else [])
