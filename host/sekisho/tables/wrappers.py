"""Services that write a link into another one so that where it leads can be read off it: whose they are, and where it stands.

as-of 2026-11-22, by hand. Sources: Microsoft's "Safe Links in Microsoft Defender", Proofpoint's URL decoder, Mimecast's and Barracuda's
manuals, Google's "Enabling your ad network to work with translation-related features", A8.net's, ValueCommerce's and Rakuten's pages
for publishers; links of each kind as published in mailing list archives and in other projects' tests. What only its own server
can resolve (Mailchimp, SendGrid, cuenote, blastmail, SPIRAL, Benchmark Email) is not here: there is nothing to read.
FortiMail and Outlook on the web wrap links under the host of whoever runs them, which anybody could: they are not believed.
"""

from __future__ import annotations

from sekisho.named import NamedTuple


class Wrapper(NamedTuple):
    """One service. `how` names the way its link is read (mail/wrappers.py), `names` the parameters that hold the target."""

    vendor: str
    kind: str  # gateway: a mail filter's, checked at the click | redirector: sends anybody anywhere | tracker: counts clicks
    path: str  # what its path begins with, lower case
    how: str
    names: tuple[str, ...]


# vendor | hosts (*. stands for one label or more) | path | how | parameters
_GATEWAYS = """
Microsoft Safe Links|*.safelinks.protection.outlook.com *.safelinks.protection.office365.us *.safelinks.protection.outlook.cn|/|query|url
Microsoft Safe Links|statics.teams.cdn.office.net|/evergreen-assets/safelinks/|query|url
Microsoft Azure|*.safelink.emails.azure.net|/redirect|query|destination
Proofpoint URL Defense|urldefense.proofpoint.com urldefense.com urldefense.us|/v1/|urldefense1|u
Proofpoint URL Defense|urldefense.proofpoint.com urldefense.com urldefense.us|/v2/|urldefense2|u
Proofpoint URL Defense|urldefense.proofpoint.com urldefense.com urldefense.us|/v3/|urldefense3|
Barracuda Link Protection|linkprotect.cudasvc.com|/url|query|a
Mimecast|*.mimecast.com *.mimecastprotect.com|/s/|said|domain
Cisco Secure Email|secure-web.cisco.com|/|last|
Trend Micro|*.trendmicro.com|/wis/clicktime/|query|url
Trend Micro|*.check.trendmicro.com|/|query|url
Sophos|*.protection.sophos.com|/|base64|u
Sophos|*.protection.sophos.com|/|said|d
Trellix (FireEye)|*.fireeye.com|/v1/url|query|u
Symantec|clicktime.symantec.com|/|query|u
Check Point|checkpoint.url-protection.com avanan.url-protection.com sonicwall.url-protection.com|/v1/|query|o
Check Point|protect.checkpoint.com url.avanan.click|/v2/|underscores|
Trustwave|scanmail.trustwave.com|/|query|u
INKY|shared.outlook.inky.com|/link|said|domain
Hornetsecurity|atpscan.global.hornetsecurity.com|/|query|u
TitanHQ|linklock.titanhq.com|/analyse|query|url
OpenText EdgePilot|link.edgepilot.com|/|query|u
Libraesva|*.urlsand.com urlsand.esvalabs.com|/|query|u
Topsec|scanner.topsec.com|/|query|u
GMX|deref-gmx.net deref-gmx.com|/mail/client/|query|redirectUrl
WEB.DE|deref-web.de deref-web-02.de|/mail/client/|query|redirectUrl
mail.com|deref-mail.com|/mail/client/|query|redirectUrl
Outlook|outlook.office.com outlook.office365.com outlook.live.com|/mail/safelink.html|query|url
Outlook|outlook.office.com outlook.office365.com outlook.live.com|/owa/redir.aspx|query|URL
"""
_REDIRECTORS = """
Google|www.google.com google.com maps.google.com mail.google.com plus.url.google.com|/url|query|q,url
Google AMP|www.google.com google.com|/amp/|amp|
Google AMP|*.cdn.ampproject.org|/|amp|
Google Ads|www.google.com www.googleadservices.com|/pagead/aclk|query|adurl
Google Ads|www.google.com|/aclk|query|adurl
Google Ads|googleads.g.doubleclick.net adclick.g.doubleclick.net|/|query|adurl
Google Ads|ad.doubleclick.net|/ddm/|bare|
Google Ads|clickserve.dartsearch.net|/link/click|query|ds_dest_url
Google News|news.google.com|/news/url|query|url
Google Scholar|scholar.google.com|/scholar_url|query|url
Google Translate|translate.google.com|/translate|query|u
Google Translate|*.translate.goog|/|translate|
Facebook|l.facebook.com lm.facebook.com www.facebook.com|/l.php|query|u
Facebook|www.facebook.com|/flx/warn|query|u
Messenger|l.messenger.com|/l.php|query|u
Instagram|l.instagram.com|/|query|u
Threads|l.threads.net l.threads.com|/|query|u
WhatsApp|l.wl.co|/l|query|u
LinkedIn|www.linkedin.com|/redir/|query|url
LinkedIn|www.linkedin.com|/safety/go|query|url
YouTube|www.youtube.com m.youtube.com youtube.com|/redirect|query|q
Yahoo|r.search.yahoo.com *.search.yahoo.com|/|yahoo|
Yahoo|rd.yahoo.com *.rd.yahoo.com|/|star|
Yahoo! JAPAN|rd.yahoo.co.jp ard.yahoo.co.jp *.rd.yahoo.co.jp|/|star|
Yahoo! JAPAN|search.yahoo.co.jp|/rd|query|url
Bing|www.bing.com bing.com|/ck/a|base64|u
Bing|www.bing.com bing.com|/aclick|base64|u
Bing|www.bing.com bing.com|/aclk|base64|u
Bing|www.translatetheweb.com www.microsofttranslator.com|/|query|a
DuckDuckGo|duckduckgo.com|/l/|query|uddg
Yandex|clck.yandex.ru|/redir/|star|
X|twitter.com x.com|/i/redirect|query|url
Slack|slack-redir.net|/link|query|url
Reddit|out.reddit.com click.redditmail.com|/|query|url
Medium|medium.com|/r/|query|url
Pinterest|www.pinterest.com|/offsite/|query|url
Tumblr|t.umblr.com|/redirect|query|z
Steam|steamcommunity.com|/linkfilter|query|url,u
VK|vk.com away.vk.com|/away.php|query|to
Bluesky|go.bsky.app|/redirect|query|u
SoundCloud|exit.sc|/|query|url
Disqus|disq.us|/|query|url
Pocket|getpocket.com|/redirect|query|url
Flipboard|flipboard.com|/redirect|query|url
Zhihu|link.zhihu.com|/|query|target
Naver|cc.naver.com cc.loginfra.com|/|query|u
DeviantArt|www.deviantart.com|/users/outgoing|bare|
href.li|href.li|/|bare|
anonym.to|anonym.to|/|bare|
"""
_TRACKERS = """
Amazon SES|*.awstrack.me|/l0/|second|
Mandrill|mandrillapp.com|/track/click/|json|p
Mailjet|*.mjt.lu|/lnk/|last64|
Postmark|click.pstmrk.it|/|postmark|
Amazon|www.amazon.com www.amazon.co.jp www.amazon.co.uk www.amazon.de www.amazon.fr www.amazon.it www.amazon.es www.amazon.ca|/gp/r.html|query|U
A8.net|px.a8.net|/svt/ejp|query|a8ejpredirect
ValueCommerce|ck.jp.ap.valuecommerce.com|/servlet/|query|vc_url
Rakuten Affiliate|hb.afl.rakuten.co.jp|/|query|pc,m
Rakuten|rd.rakuten.co.jp|/|query|R2
Moshimo|af.moshimo.com|/af/c/click|query|url
DMM Affiliate|al.dmm.com al.dmm.co.jp al.fanza.co.jp|/|query|lurl
Rakuten Advertising|click.linksynergy.com|/|query|murl,RD_PARM1
Awin|www.awin1.com|/|query|ued,p
CJ|www.anrdoezrs.net www.dpbolvw.net www.jdoqocy.com www.tkqlhce.com www.kqzyfj.com|/|query|url
Skimlinks|go.skimresources.com go.redirectingat.com|/|query|url
Sovrn|redirect.viglink.com|/|query|u
ShareASale|www.shareasale.com|/r.cfm|query|urllink
Impact|*.pxf.io *.sjv.io *.7eer.net *.evyy.net|/|query|u
Webgains|track.webgains.com|/|query|wgtarget
Travelpayouts|tp.media|/r|query|u
"""
# Google answers under the same paths in these countries' domains (its own list, google.com/supported_domains).
_GOOGLE = frozenset(
    f"google.{name}"
    for name in " ".join(
        (
            "com ad ae al am as at az ba be bf bg bi bj bs bt by ca cat cd cf cg ch ci cl cm cn cv cz de dj dk dm dz ee es fi fm fr ga",
            "ge gg gl gm gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li lk lt lu lv md me mg mk ml mn mu mv mw ne nl no nr nu pl",
            "pn ps pt ro rs ru rw sc se sh si sk sm sn so sr st td tg tl tm tn to tt vu ws co.ao co.bw co.ck co.cr co.id co.il co.in",
            "co.jp co.ke co.kr co.ls co.ma co.mz co.nz co.th co.tz co.ug co.uk co.uz co.ve co.vi co.za co.zm co.zw com.af com.ag com.ar",
            "com.au com.bd com.bh com.bn com.bo com.br com.bz com.co com.cu com.cy com.do com.ec com.eg com.et com.fj com.gh com.gi",
            "com.gt com.hk com.jm com.kh com.kw com.lb com.ly com.mm com.mt com.mx com.my com.na com.ng com.ni com.np com.om com.pa",
            "com.pe com.pg com.ph com.pk com.pr com.py com.qa com.sa com.sb com.sg com.sl com.sv com.tj com.tr com.tw com.ua com.uy com.vc com.vn",
        )
    ).split()
)
MAX_LABELS = 10  # of a host that are looked at, from its right end
_by_host: dict[str, list[Wrapper]] = {}


def of_host(host: str, registrable: str) -> list[Wrapper]:
    """The services at a normalised host whose registrable domain is given; an empty list for any other host."""
    if not _by_host:
        _read()
    if registrable in _GOOGLE:
        host = host[: len(host) - len(registrable)] + "google.com"
    found = list(_by_host.get(host, ()))
    labels = host.split(".")[-MAX_LABELS:]
    for start in range(1, len(labels) - 1):
        found += _by_host.get("*." + ".".join(labels[start:]), ())
    return found


def _read() -> None:
    for kind, rows in (("gateway", _GATEWAYS), ("redirector", _REDIRECTORS), ("tracker", _TRACKERS)):
        for row in rows.strip().splitlines():
            vendor, hosts, path, how, names = row.split("|")
            wrapper = Wrapper(vendor, kind, path, how, tuple(filter(None, names.split(","))))
            for host in hosts.split():
                _by_host.setdefault(host, []).append(wrapper)
