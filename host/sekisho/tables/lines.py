"""What kind of line an address is: how access providers name their customers' lines, and who runs data centres and mail services.

as-of 2026-11-22, by hand: the providers' own names as they stand in real mail (public list archives and the mail that Sekisho
was measured on), network numbers from the routing registries' names in the atlas. A provider that is missing costs a
sentence; a business's line that is taken for a home costs somebody's good name, so a name that says "static" is left alone.
"""

from __future__ import annotations

# Parts of a customer's name that only an access line has, without the digits behind them (dip0, hsd1, dial1). They count only
# where the name carries the address as well: anybody can call a server "cable".
ACCESS_WORDS = frozenset(
    [
        *("dsl", "adsl", "vdsl", "xdsl", "adslgp", "dslgb", "ppp", "pppoe", "ppp-bb", "dhcp", "dyn", "dynamic", "dynip", "dip", "dial"),
        *("dialup", "dialin", "pool", "pools", "cable", "catv", "ftth", "fttx", "fttb", "flets", "bflets", "ipoe", "hsd", "hsi", "res"),
        *("fios", "lightspeed", "abo", "cmts", "lns", "homenet", "residential", "revip", "broadband", "fbx", "pooles"),
    ]
)  # fmt: skip
MOBILE_WORDS = frozenset(["mobile", "gprs", "umts", "lte", "wwan", "wimax", "cellular", "tmi", "3g", "4g", "5g"])
# A line that its provider calls fixed is often a business's, with a mail server of its own.
FIXED_WORDS = frozenset(["static", "staticip", "stat", "fix", "fixed", "fixip", "business", "biz", "corp", "dedicated"])
HOSTING_WORDS = frozenset(["vps", "vmi", "vm", "server", "dedi", "colo", "cloud", "compute", "kvm", "ovz"])

# Below these names providers put nothing but their customers' lines, each with a number of its own.
ACCESS = frozenset(
    [
        # Japan
        *("bbtec.net", "ap.so-net.ne.jp", "ap.nuro.jp", "ap.plala.or.jp", "ap.yournet.ne.jp", "ap.gmo-access.jp", "ap.dream.jp"),
        *("ocn.ne.jp", "ppp.infoweb.ne.jp", "ppp.asahi-net.or.jp", "ppp.odn.ne.jp", "ppp-bb.dion.ne.jp", "rev.home.ne.jp"),
        *("rev.zaq.ne.jp", "zaq.ne.jp"),
        # Europe
        *("dip0.t-ipconnect.de", "dip.t-dialin.net", "arcor-ip.net", "adsl.alicedsl.de", "dynamic.kabel-deutschland.de", "pppool.de"),
        *("hsi.kabel-badenwuerttemberg.de", "dyn.telefonica.de", "cust.bluewin.ch", "dclient.hispeed.ch", "abo.wanadoo.fr", "rev.libertysurf.net", "fbx.proxad.net", "rev.sfr.net"),
        *("rev.numericable.fr", "abo.bbox.fr", "in-addr.btopenworld.com", "range.btcentralplus.com", "cable.virginm.net"),
        *("skybroadband.com", "as13285.net", "dynamic.ziggo.nl", "access.telenet.be", "adsl-dyn.isp.belgacom.be"),
        *("customer.tele.dk", "bredband.skanova.com", "tbcn.telia.com", "elisa-laajakaista.fi", "neoplus.adsl.tpnet.pl"),
        *("dyn.user.ono.com", "dynamic.clientes.euskaltel.es", "rev.vodafone.pt", "dyn.eolo.it", "retail.telecomitalia.it"),
        *("pool.ukrtel.net", "cust.vodafonedsl.it", "dsl.pipex.com", "broadband.corbina.ru", "dynamic.sbb.rs"),
        # the Americas
        *("res.rr.com", "res.spectrum.com", "fios.verizon.net", "lightspeed.sbcglobal.net"),
        *("dyn.optonline.net", "dyn.centurytel.net", "dsl.mindspring.com", "client.attbi.com", "cable.rcncustomer.com"),
        *("dsl.bell.ca", "dsl.telesp.net.br", "dsl.brasiltelecom.net.br", "user.veloxzone.com.br", "adsl.terra.cl"),
        "prod-infinitum.com.mx",
        # Asia and Oceania
        *("dynamic.hinet.net", "airtelbroadband.in", "revip.asianet.co.th"),
    ]
)  # fmt: skip
# Below these the provider's own servers stand as well: a customer's line has its address in its name.
ACCESS_NUMBERED = frozenset(
    [
        *("mesh.ad.jp", "eonet.ne.jp", "commufa.jp", "megaegg.ne.jp", "bbiq.jp", "pikara.ne.jp", "thn.ne.jp", "itscom.jp", "ucom.ne.jp"),
        *("vectant.ne.jp", "dti.ne.jp", "gyao.ne.jp", "starcat.ne.jp", "hi-ho.ne.jp", "infoweb.ne.jp", "so-net.ne.jp", "plala.or.jp"),
        *("unitymediagroup.de", "versanet.de", "superkabel.de", "surfer.at", "netcabo.pt", "blueyonder.co.uk", "east.verizon.net"),
        *("comcast.net", "cox.net", "frontiernet.net", "covad.net", "virtua.com.br", "fibertel.com.ar", "speedy.com.ar", "bigpond.net.au"),
    ]
)  # fmt: skip
MOBILE = frozenset(
    [
        *("spmode.ne.jp", "au-net.ne.jp", "panda-world.ne.jp", "openmobile.ne.jp", "uqwimax.jp", "vmobile.jp", "ppp.prin.ne.jp"),
        *("myvzw.com", "mycingular.net", "tmodns.net", "tmi.telenormobil.no"),
    ]
)  # fmt: skip

# Domains of the names that data centres give their customers' machines.
HOSTING = frozenset(
    [
        *("amazonaws.com", "googleusercontent.com", "cloudapp.net", "contaboserver.net", "linodeusercontent.com", "vultrusercontent.com"),
        *("colocrossing.com", "your-server.de", "ovh.net", "ovh.ca", "poneytelecom.eu", "stratoserver.net", "kundenserver.de"),
        *("secureserver.net", "dreamhost.com", "dream.io", "hostwindsdns.com", "trouble-free.net", "quadranet.com", "sl-reverse.com"),
        *("cnode.io", "cnode.jp", "xserver.jp", "xvps.ne.jp", "kagoya.net", "lolipop.jp", "heteml.jp", "gmoserver.jp", "coreserver.jp"),
        *("regruhosting.ru", "pfcloud.network", "kryptcolo.net", "greencloudvps.com", "finalhosting.cz"),
    ]
)  # fmt: skip

# Domains of services that carry others' mail and nothing else, beside tables.providers.SUBMISSION.
RELAYS = frozenset(
    [
        *("mimecast.com", "messagelabs.com", "pphosted.com", "ppe-hosted.com", "mailchimp.com", "mcdlv.net", "rsgsv.net", "klaviyomail.com"),
        *("outbound.protection.outlook.com", "sparkpostmail.com", "mta2.net", "improvmx.com", "postmarkapp.com", "mtasv.net"),
        *("mailjet.com", "sendinblue.com", "brevo.com", "exacttarget.com", "hubspotemail.net", "convertkit.com", "securemx.jp", "cuenote.jp", "smp.ne.jp", "blayn.jp"),
    ]
)  # fmt: skip

# Networks of data centres (autonomous systems; names from the atlas of 2026-11).
HOSTING_NETWORKS = frozenset(
    [
        *(16509, 14618, 8987),  # Amazon
        *(396982, 15169),  # Google
        *(8075, 8068, 8069, 8070),  # Microsoft
        *(63949, 20940, 16625, 13335, 54113),  # Akamai and Linode, Cloudflare, Fastly
        *(14061, 16276, 35540, 24940, 213230, 20473, 51167, 40021, 12876, 29447, 8560, 6724, 61157),
        *(60781, 28753, 30633, 395954, 32613, 7203, 36352, 54290, 9009, 47583, 26496, 398787, 398101, 46606, 26347),
        *(33070, 19994, 27357, 15395, 32244, 29802, 40676, 8100, 19318, 7979, 30058, 57043, 36351, 31898, 54253),
        *(37963, 45102, 134963, 45090, 132203, 133478, 55990, 49505, 50340, 9123, 200350, 31034, 27715, 203020, 207990),
        *(7684, 9370, 9371),  # SAKURA internet
        *(131965, 24282, 7506, 4694, 9597),  # Xserver, KAGOYA, GMO, IDC Frontier, KDDI Web
    ]
)  # fmt: skip

# Of these so many are customers that two who meet there have nothing in common (autonomous systems).
CROWDS = frozenset([16509, 14618, 8987, 396982, 15169, 8075, 8068, 8069, 8070, 63949, 20940, 16625, 13335, 54113])
