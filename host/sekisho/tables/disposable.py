"""Domains of mailboxes that are thrown away: made in a click, read by anybody or gone within the hour.

as-of 2026-11-22, by hand: the services that have run for years under a name of their own, with the domains that they publish.
The thousands that change weekly are left out: such a table would be old before it is read.
"""

from __future__ import annotations

DISPOSABLE = frozenset(
    " ".join(
        (
            "mailinator.com mailinator.net mailinator2.com binkmail.com bobmail.info chammy.info devnullmail.com letthemeatspam.com",
            "reallymymail.com safetymail.info sendspamhere.com sogetthis.com spamherelots.com suremail.info thisisnotmyrealemail.com",
            "tradermail.info veryrealemail.com zippymail.info guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.biz",
            "guerrillamail.de guerrillamailblock.com sharklasers.com grr.la pokemail.net spam4.me 10minutemail.com 10minutemail.net",
            "20minutemail.com yopmail.com yopmail.fr yopmail.net cool.fr.nf jetable.fr.nf nospam.ze.tm nomail.xl.cx mega.zik.dj",
            "speed.1s.fr courriel.fr.nf moncourrier.fr.nf monemail.fr.nf monmail.fr.nf temp-mail.org temp-mail.io tempmail.net",
            "tempmailo.com tempail.com tempr.email discard.email discardmail.com discardmail.de spambog.com spambog.de spambog.ru",
            "0815.ru hulapla.de trashmail.com trashmail.net trashmail.de trashmail.me trashmail.org trashmail.at trash-mail.com",
            "wegwerfmail.de wegwerfmail.net wegwerfmail.org wegwerfemail.de einrot.com fleckens.hu armyspy.com cuvox.de dayrep.com",
            "gustr.com jourrapide.com rhyta.com superrito.com teleworm.us maildrop.cc getnada.com dispostable.com mailnesia.com",
            "mailcatch.com mailnull.com mytemp.email mytrashmail.com mohmal.com moakt.com emailondeck.com throwawaymail.com",
            "fakeinbox.com fakemail.net fakemailgenerator.com getairmail.com harakirimail.com incognitomail.org inboxbear.com",
            "inboxkitten.com jetable.org kurzepost.de objectmail.com proxymail.eu rcpt.at mailexpire.com mailforspam.com mailsac.com",
            "mintemail.com minuteinbox.com owlymail.com spamgourmet.com spamex.com spamspot.com spamfree24.org tempinbox.com",
            "tempemail.net tempmail.plus tmail.ws tmpmail.org tmpmail.net luxusmail.org crazymailing.com dropmail.me",
            "emltmp.com 10mail.org yomail.info emailfake.com generator.email nada.email nospamfor.us anonbox.net deadaddress.com",
            "despam.it e4ward.com filzmail.com mailmoat.com nervmich.net no-spam.ws onewaymail.com shortmail.net",
            "soodonims.com tempomail.fr uggsrock.com wh4f.org mail-temp.com mailpoof.com smailpro.com",
            # Japan: 捨てメアド and its like
            "sute.jp instaddr.ch kuku.lu magim.be nekosan.uk eay.jp cocoro.uk fuwamofu.com heisei.be honeys.be ichigo.me",
            "mbox.re meruado.uk na-cat.com ponp.be risu.be svk.jp urawaza.biz usako.net uma3.be via.tokyo.jp",
        )
    ).split()
)


def disposable(registrable: str, host: str) -> bool:
    """Whether mailboxes there are thrown away. Equality only, with the registrable domain or the host itself."""
    return registrable in DISPOSABLE or host in DISPOSABLE
