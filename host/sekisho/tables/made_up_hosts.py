"""Hosts that are known from made-up Received lines only.

as-of 2026-11-22. The first 32 are the closed list from which one spamming program draws, seen 2009-2026: in 22 mails (phishing_pot,
CC BY-NC 4.0, and older spam), and in no line of 9,000 of honest mail. The last is written by a kit that imitates the lines of Japanese
carriers; its source text has been published. Facts, not taken from any list of others.
"""

MADE_UP_HOSTS = frozenset(
    {
        "asx121.turbo-inline.com",
        "external.newsubdomain.com",
        "group21.345mail.com",
        "m1.gns.snv.thisdomainl.com",
        "mail.gimmicc.net",
        "mail.naihautsui.co.kr",
        "mail.webhostings4u.com",
        "mailout.endmonthnow.com",
        "mmx09.tilkbans.com",
        "mts.locks.grgtween.net",
        "mtu23.bigping.com",
        "mtu67.syds.piswix.net",
        "mx.reskind.net",
        "mx03.listsystemsf.net",
        "mxs.perenter.com",
        "nntp.pinxodet.net",
        "public.micromail.com.au",
        "qnx.mdrost.com",
        "qrx.quickslick.com",
        "relay-x.misswldrs.com",
        "relay.2yahoo.com",
        "relay37.vosimerkam.net",
        "rly04.hottestmile.com",
        "rsmail.alkoholic.net",
        "smtp-server1.cfdenselr.com",
        "smtp.doneohx.com",
        "smtp.endend.nl",
        "smtp.mixedthings.net",
        "smtp18.yenddx.com",
        "smtp4.cyberemailings.com",
        "snmp.otwaloow.com",
        "webmail.halftomorrow.com",
        "localhost.docomo.ne.jp",
    }
)
