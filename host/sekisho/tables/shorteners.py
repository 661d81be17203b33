"""Hosts whose links are short and say nothing of where they lead: only the service itself knows.

as-of 2026-11-22, by hand, from the services' own pages and public lists of shorteners. Most of them anybody may use; a company's
own leads to that company's pages alone (or to what it passes on, as t.co does), and belongs to its domain.
"""

from __future__ import annotations

_ANYBODYS = frozenset(
    " ".join(
        (
            # the world
            "bit.ly bitly.com j.mp bl.ink tinyurl.com tiny.cc tiny.one tinu.be is.gd v.gd goo.gl ow.ly buff.ly dlvr.it ift.tt",
            "rebrand.ly rb.gy cutt.ly shorturl.at shorturl.asia t.ly t2m.io s.id u.to clck.ru vk.cc lnk.to smarturl.it linktr.ee lnk.bio",
            "bio.link beacons.ai taplink.cc campsite.bio tr.ee adf.ly ouo.io shorte.st sh.st bc.vc exe.io za.gl linkvertise.com gplinks.co",
            "clk.sh short.io short.gy short.cm shrtco.de 9qr.de hoy.kr han.gl me2.do buly.kr url.kr c11.kr zrr.kr abre.ai encurtador.com.br",
            "acortar.link lc.cx lstu.fr huit.re kutt.it 1url.cz urly.it chilp.it qr.ae qrco.de qrfy.io qrs.ly me-qr.com me-qr.be",
            "qr.page q-r.to qr1.be scan.page scnv.io flow.page flowcode.com hubs.la hubs.ly hubs.li trib.al shor.by surl.li tny.im",
            "tiny.pl tny.sh tnyurl.at clicky.me cli.re lnkd.cc lnk.ink lnnk.in n9.cl shrinke.me shrinkme.io shorten.is shortest.link",
            "soo.gd soo.nz sor.bz snip.ly sniply.io spr.ly switchy.io swll.to tweez.me twib.in u.nu ulvis.net urlz.fr urlzs.com utm.io v.ht",
            "viral.ly vzturl.com wa.link wl.to x.co xurl.es yep.it zi.ma zpr.io 2no.co iplogger.org iplogger.com grabify.link",
            "ip-tracker.org bom.so by.com.vn link1s.com linkbun.ch longurl.in lurl.cc page.link app.link onelink.me",
            "ity.im db.tt dft.ba fur.ly gg.gg git.io href.sh hyperurl.co kore.us l.ead.me l.linklyhq.com linklyhq.com lihi.cc",
            "lihi.io lihi1.com lihi2.com lihi3.com pse.is reurl.cc ppt.cc supr.link psee.io risu.io maac.io t.cn suo.im dwz.cn u6.gg c.suo.nz",
            # Japan
            "x.gd ux.nu qr.paps.jp p.tl urx.nu urx.red urx2.nu 00m.in 0rz.tw bit.do onl.la onl.tw onl.bz onl.sc ur0.cc ur0.work ur0.jp",
            "u0u1.net u1u.me 4vw.me e2.gg 7b.is x.vu kk6.jp nav.cx",
            "msg.sc htn.to",
        )
    ).split()
)
# Each leads to one company's own, or to what its own service passes on: the registrable domain that it belongs to.
_COMPANIES = {
    **dict.fromkeys(("amzn.to", "amzn.asia", "amzn.com", "a.co", "amzn.eu"), "amazon.com"),
    **dict.fromkeys(("t.co", "pic.twitter.com"), "x.com"),
    **dict.fromkeys(("r10.to", "a.r10.to"), "rakuten.co.jp"),
    **dict.fromkeys(("aka.ms", "msft.it", "1drv.ms"), "microsoft.com"),
    **dict.fromkeys(("g.co", "goo.gle", "youtu.be", "forms.gle", "maps.app.goo.gl", "g.page"), "google.com"),
    **dict.fromkeys(("fb.me", "m.me", "fb.watch", "ig.me"), "facebook.com"),
    **dict.fromkeys(("apple.co", "apple.news", "itun.es"), "apple.com"),
    **dict.fromkeys(("paypal.me", "py.pl"), "paypal.com"),
    **dict.fromkeys(("yahoo.jp", "yj.pn"), "yahoo.co.jp"),
    **dict.fromkeys(("lin.ee", "liff.line.me"), "line.me"),
    "lnkd.in": "linkedin.com",
    "ebay.to": "ebay.com",
    "spoti.fi": "spotify.com",
    "nflx.it": "netflix.com",
    "wa.me": "whatsapp.com",
    "t.me": "telegram.org",
    "redd.it": "reddit.com",
    "pin.it": "pinterest.com",
    "flic.kr": "flickr.com",
    "wp.me": "wordpress.com",
    "tmblr.co": "tumblr.com",
    "mzl.la": "mozilla.org",
    "nyti.ms": "nytimes.com",
    "wapo.st": "washingtonpost.com",
    "bbc.in": "bbc.co.uk",
    "cnn.it": "cnn.com",
    "reut.rs": "reuters.com",
    "bloom.bg": "bloomberg.com",
    "econ.st": "economist.com",
    "on.ft.com": "ft.com",
    "on.wsj.com": "wsj.com",
    "gu.com": "theguardian.com",
    "s.nikkei.com": "nikkei.com",
    "amba.to": "ameblo.jp",
    "docomo.jp": "docomo.ne.jp",
    "adobe.ly": "adobe.com",
    "ibm.co": "ibm.com",
    "oracl.info": "oracle.com",
    "sforce.co": "salesforce.com",
    "dell.to": "dell.com",
    "intel.ly": "intel.com",
    "cs.co": "cisco.com",
    "red.ht": "redhat.com",
    "tcrn.ch": "techcrunch.com",
    "etsy.me": "etsy.com",
    "bby.me": "bestbuy.com",
}


def of(host: str, registrable: str) -> str | None:
    """Whose short links a host has: "" anybody's, else a company's domain; None when it is no shortener."""
    for name in (host, registrable):
        if name in _COMPANIES:
            return _COMPANIES[name]
        if name in _ANYBODYS:
            return ""
    return None
