"""What kind of line a reverse name says, in the providers' own spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.facts import lines
from sekisho.facts.domains import Listing
from sekisho.facts.network import ReverseName
from sekisho.report import Network

IP = "203.0.113.33"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("softbank203000113033.bbtec.net", "access"),
        ("p1234567-ipoe.tokyo.ocn.ne.jp", "access"),
        ("p123456.tokyte00.ap.so-net.ne.jp", "access"),
        ("i203-0-113-33.s41.a013.ap.plala.or.jp", "access"),
        ("KD203000113033.ppp-bb.dion.ne.jp", "access"),
        ("pCB007121.dip0.t-ipconnect.de", "access"),
        ("c-203-0-113-33.hsd1.ca.comcast.net", "access"),
        ("33-113-0-203.adsl.isp.example", "access"),
        ("33.203-0-113.dynamic.isp.example", "access"),
        ("sp203-0-113-33.msb.spmode.ne.jp", "mobile"),
        ("pw203000113033.3.panda-world.ne.jp", "mobile"),
        ("ec2-203-0-113-33.compute-1.amazonaws.com", "hosting"),
        ("v203-0-113-33.a1b2.static.cnode.io", "hosting"),
        ("sv742.xserver.jp", "hosting"),
        ("mail-ot1-f41.google.com", "mail-service"),
        ("us-smtp-delivery-1.mimecast.com", "mail-service"),
        # What says nothing, and what must not be taken for a home.
        ("203-0-113-33.static.isp.example", ""),
        ("203-0-113-33.isp.example", ""),
        ("mail.cable-shop.example", ""),
        ("dsl.example.com", ""),
        ("resqmta-c2p-547719.sys.comcast.net", ""),
        ("smtp1.ap-cable.example", ""),
        ("203-0-113-34.dsl.isp.example", ""),
        ("dhcp7.apple.com", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_a_name_says_its_line(name: str, kind: str) -> None:
    """Customers' lines carry the address and a word of access; a fixed line, a bare number or a word alone is nobody's home."""
    assert kind == lines.of_name(name, IP)


def test_an_ipv6_line_is_known_by_its_prefix() -> None:
    """The first 48 bits stand in the name."""
    assert "access" == lines.of_name("p200300d82f250700d84615f36ca08029.dip0.t-ipconnect.de", "2003:d8:2f25:700::1")
    assert "access" == lines.of_name("n20010db8000a.dsl.isp.example", "2001:db8:a::1")
    assert "" == lines.of_name("n20010db8000b.dsl.isp.example", "2001:db8:a::1")


def test_a_mail_services_name_must_lead_back() -> None:
    """Anybody may give an address the name of one; a name that nobody confirmed makes no mail service."""
    said = [lines.of(IP, [ReverseName("mail.google.com", confirmed)], (), None) for confirmed in (True, None, False)]

    assert ["mail-service", None, None] == [line and line.kind for line in said]


def test_a_list_and_a_network_speak_where_no_name_does() -> None:
    """The end users' list says access, and nothing when it does not have the address; a data centre is known by its number."""
    network = Network(IP, None, 131965, "Xserver Inc.", "JP", None, None, None, None, None, "atlas", None)
    listed = Listing("zen.spamhaus.org", True, "end-user-line")

    assert lines.Line("access", "list", "zen.spamhaus.org") == lines.of(IP, (), [listed], network)
    assert lines.Line("hosting", "network", "Xserver Inc.") == lines.of(
        IP, (), [listed._replace(listed=False, meaning=""), listed._replace(meaning="spam-source")], network
    )
    assert lines.of(IP, (), (), network._replace(asn=64496)) is None
    # A mail service's servers stand in such networks too: then neither is claimed.
    assert lines.of(IP, [ReverseName("mail.google.com", None)], (), network) is None


@given(st.text(max_size=300), st.sampled_from([IP, "2001:db8::1", "::1"]))
def test_no_name_is_too_odd(name: str, ip: str) -> None:
    """Whatever stands in a reverse name, there is a kind or none."""
    assert lines.of_name(name, ip) in ("", "access", "mobile", "hosting", "mail-service")
