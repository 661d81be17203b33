"""The STIX bundle is what OASIS' own validator takes, names no recipient, and points at no more than the findings do."""

import json
from typing import Any

import pytest
from stix2validator import ValidationOptions, validate_instance
from test_publication import CHOSEN, SETTINGS
from workbench import NOW, SAMPLES, mails, name, report_of, report_of_source

from sekisho.paint.export import export

OPTIONS = ValidationOptions(version="2.1", strict=False, strict_types=True, strict_properties=True)


def bundle(report: dict[str, Any], publication: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(export(report, "stix", SETTINGS, NOW, publication=publication).text)
    return made


def things(made: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in made["objects"] if one["type"] == kind]


@pytest.mark.parametrize("publication", [False, True])
@pytest.mark.parametrize("mail", [*SAMPLES, *mails()[::9]], ids=name)
def test_the_validator_takes_it(mail: Any, publication: bool) -> None:
    """No error by the schemas and the rules of the specification, patterns included; every reference leads to an object."""
    made = bundle(report_of(mail), publication)
    result = validate_instance(made, OPTIONS)

    assert [] == [str(error) for error in result.errors or ()]
    known = {one["id"] for one in made["objects"]}
    assert len(known) == len(made["objects"])
    assert set(references(made)) <= known


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [item for key, item in value.items() if key.endswith("_ref")]
        own += [item for key, items in value.items() if key.endswith("_refs") for item in items]
        return own + [found for item in value.values() for found in references(item)]
    return [found for item in value for found in references(item)] if isinstance(value, list) else []


def test_the_second_article_s_mail() -> None:
    """Its link, the domain and the address of the hand-over are indicators; the brand that it imitates is none."""
    (kagoya,) = (sample for sample in SAMPLES if sample.stem == "kagoya")
    made = bundle(report_of(kagoya))

    assert {
        "[domain-name:value = 'w-support.jp']",
        "[ipv4-addr:value = '120.136.14.43']",
    } == {one["pattern"] for one in things(made, "indicator")}
    assert {"T1566.002", "T1656"} == {
        one["external_references"][0]["external_id"] for one in things(made, "attack-pattern")
    }
    assert ["TLP:AMBER"] == [one["name"] for one in things(made, "marking-definition")]
    assert ["TLP:CLEAR"] == [one["name"] for one in things(bundle(report_of(kagoya), True), "marking-definition")]


def test_an_honest_mail_gives_no_indicator() -> None:
    """Where no finding has weight there is nothing to look for."""
    (honest,) = (sample for sample in SAMPLES if sample.stem == "honest")

    assert [] == things(bundle(report_of(honest)), "indicator")


def test_ids_of_observables_are_those_of_the_specification() -> None:
    """The id of an address is the one that every other maker of STIX reckons, and two bundles of one mail are the same."""
    (kagoya,) = (sample for sample in SAMPLES if sample.stem == "kagoya")
    made = bundle(report_of(kagoya))
    (address,) = (one for one in things(made, "ipv4-addr"))

    # uuid5(00abedb4-aa42-466c-9c01-fed23315a9b7, '{"value":"120.136.14.43"}')
    assert "ipv4-addr--a7702783-e0a9-5664-94f0-2949fa29a8ed" == address["id"]
    assert made == bundle(report_of(kagoya))


def test_hostile_text_stays_text() -> None:
    """Quotes, backslashes, controls and half characters in a mail break neither the JSON nor a pattern."""
    mail = (
        b"Received: from evil.example (evil.example [203.0.113.9]) by mx.mizuiro-works.example with ESMTP for <hanako.tsukino@mizuiro-works.example>;"
        b" Mon, 1 Jun 2026 09:00:05 +0900\r\nFrom: \"a'] OR [x\\\\\" <a'b@evil.example>\r\nSubject: =?utf-8?Q?'=5C=00=1B[31m_=ED=A0=80?=\r\n"
        b"Content-Type: text/html\r\n\r\n<a href=\"https://192.0.2.1/'%5D%20OR%20[url:value='\\\">x</a><a href='https://amazon.co.jp.evil.example/'>amazon.co.jp</a>"
    )
    for publication in (False, True):
        made = bundle(report_of_source(mail, **CHOSEN), publication)

        assert [] == [str(error) for error in validate_instance(made, OPTIONS).errors or ()]
