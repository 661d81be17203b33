"""Domains in which anybody can have a mailbox: an address there does not make the domain, or its servers, the reader's own.

as-of 2026-11-22, by hand: free mail, internet providers with mail for their customers, hosts that give customers a name
under their own. Registrable domains, as the Public Suffix List has them. One that is missing costs little: what such a
provider's servers write about a customer of theirs is then taken for the word of the reader's own.
"""

# Providers that have a domain of the same name in many countries (yahoo.co.jp, hotmail.fr, live.nl, gmx.at).
_NAMES = frozenset(
    ["aol", "gmx", "googlemail", "hotmail", "icloud", "laposte", "live", "mailbox", "msn", "outlook", "proton", "protonmail", "yahoo", "yandex"]
)  # fmt: skip
_DOMAINS = frozenset(
    " ".join(
        (
            # the world
            "gmail.com google.com me.com mac.com apple.com ymail.com rocketmail.com myyahoo.com passport.com windowslive.com",
            "office365.com onmicrosoft.com pm.me zoho.com zohomail.com zohomail.eu fastmail.com fastmail.fm messagingengine.com",
            "hey.com hushmail.com tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me startmail.com runbox.com",
            "posteo.net posteo.de mailfence.com disroot.org riseup.net mail.com email.com usa.com post.com europe.com asia.com",
            "consultant.com engineer.com myself.com iname.com inbox.com lycos.com excite.com mail.ee inbox.lv duck.com",
            "simplelogin.com anonaddy.com cock.li",
            # Japan
            "docomo.ne.jp ezweb.ne.jp au.com auone-net.jp auone.jp dion.ne.jp softbank.jp softbank.ne.jp vodafone.ne.jp",
            "disney.ne.jp ymobile.ne.jp ymobile1.ne.jp willcom.com pdx.ne.jp emnet.ne.jp rakumail.jp uqmobile.jp biglobe.ne.jp",
            "mesh.ne.jp nifty.com nifty.ne.jp ocn.ne.jp ocn.ad.jp plala.or.jp so-net.ne.jp so-net.jp asahi-net.or.jp iij4u.or.jp",
            "iijmio-mail.jp iij.ad.jp odn.ne.jp odn.ad.jp zaq.ne.jp home.ne.jp cnc.jp itscom.net itscom.jp eonet.ne.jp enjoy.ne.jp",
            "hi-ho.ne.jp infoweb.ne.jp infoseek.jp excite.co.jp goo.jp goo.ne.jp inter7.jp livedoor.com rakuten.jp dti.ne.jp",
            "wakwak.com interlink.or.jp bbiq.jp ctt.ne.jp commufa.jp starcat.ne.jp cty-net.ne.jp tees.ne.jp megaegg.ne.jp",
            "pikara.ne.jp fctv-net.jp incl.ne.jp mopera.net mopera.ne.jp alpha-net.ne.jp sannet.ne.jp justnet.ne.jp highway.ne.jp",
            "netyou.jp gol.com tcn-catv.ne.jp tcp-ip.or.jp kcn.jp kcn.ne.jp catv.ne.jp coara.or.jp bunbun.ne.jp nns.ne.jp",
            "netvision.ne.jp xserver.jp xsrv.jp kagoya.net lolipop.jp heteml.jp coreserver.jp valueserver.jp muumuu-mail.com",
            "onamae.ne.jp gmoserver.jp conoha.io xrea.com star.ne.jp wpx.jp",
            # Europe
            "web.de freenet.de t-online.de arcor.de online.de 1und1.de vodafone.de kabelmail.de unity-mail.de unitybox.de o2mail.de",
            "o2online.de alice.de ewe.net ewetel.net netcologne.de strato.de mailo.com mail.de email.de magenta.de a1.net aon.at",
            "chello.at utanet.at liwest.at inode.at bluewin.ch sunrise.ch hispeed.ch green.ch vtxmail.ch orange.fr wanadoo.fr",
            "free.fr sfr.fr neuf.fr club-internet.fr bbox.fr aliceadsl.fr numericable.fr noos.fr cegetel.net libero.it virgilio.it",
            "tin.it alice.it tim.it tiscali.it iol.it inwind.it fastwebnet.it email.it aruba.it pec.it poste.it telefonica.net",
            "terra.es movistar.es ono.com telenet.be skynet.be proximus.be pandora.be scarlet.be voo.be ziggo.nl kpnmail.nl kpn.com",
            "xs4all.nl planet.nl home.nl chello.nl casema.nl hetnet.nl upcmail.nl quicknet.nl solcon.nl btinternet.com",
            "btopenworld.com virginmedia.com ntlworld.com blueyonder.co.uk sky.com talktalk.net tiscali.co.uk plus.net plus.com",
            "plusnet.com fsmail.net eircom.net telia.com telia.se bredband.net comhem.se spray.se tele2.se online.no broadpark.no",
            "lyse.net getmail.no tdcadsl.dk stofanet.dk mail.dk youmail.dk jubii.dk kolumbus.fi elisanet.fi luukku.com",
            "saunalahti.fi wp.pl o2.pl tlen.pl onet.pl op.pl vp.pl interia.pl interia.eu gazeta.pl seznam.cz email.cz centrum.cz",
            "volny.cz post.cz azet.sk zoznam.sk centrum.sk freemail.hu citromail.hu t-email.hu upcmail.hu abv.bg mail.bg net.hr",
            "siol.net sapo.pt netcabo.pt otenet.gr forthnet.gr mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru ya.ru ukr.net",
            "i.ua meta.ua tut.by",
            # the Americas
            "comcast.net xfinity.com verizon.net att.net sbcglobal.net bellsouth.net ameritech.net pacbell.net cox.net charter.net",
            "spectrum.net rr.com roadrunner.com twc.com earthlink.net mindspring.com juno.com netzero.net optonline.net optimum.net",
            "frontier.com frontiernet.net windstream.net centurylink.net centurytel.net embarqmail.com q.com suddenlink.net",
            "mediacombb.net cableone.net rcn.com prodigy.net cs.com netscape.net compuserve.com sympatico.ca bell.net rogers.com",
            "shaw.ca telus.net videotron.ca cogeco.ca eastlink.ca uol.com.br bol.com.br terra.com.br ig.com.br globo.com",
            "globomail.com oi.com.br r7.com zipmail.com.br prodigy.net.mx telmexmail.com fibertel.com.ar arnet.com.ar speedy.com.ar",
            # Asia and Oceania
            "qq.com foxmail.com 163.com 126.com 139.com 189.cn yeah.net sina.com sina.cn sohu.com tom.com aliyun.com 21cn.com wo.cn",
            "naver.com hanmail.net daum.net kakao.com nate.com hanafos.com hinet.net pchome.com.tw seed.net.tw netvigator.com",
            "singnet.com.sg rediffmail.com sify.com bsnl.in indiatimes.com bigpond.com bigpond.net.au optusnet.com.au iinet.net.au",
            "on.net tpg.com.au westnet.com.au dodo.com.au xtra.co.nz slingshot.co.nz telkomsa.net mweb.co.za vodamail.co.za",
            "walla.com walla.co.il netvision.net.il mynet.com",
        )
    ).split()
)


def shared(registrable: str) -> bool:
    """Whether strangers have mailboxes, or servers, in that registrable domain."""
    return registrable in _DOMAINS or registrable.partition(".")[0] in _NAMES


# Among them: what a firm runs for itself as well, and hosts whose customers are firms with a name under the host's.
_BUSINESS = frozenset(
    " ".join(
        (
            "google.com apple.com office365.com onmicrosoft.com rakuten.jp iij.ad.jp ocn.ad.jp odn.ad.jp home.ne.jp au.com auone.jp",
            "goo.jp livedoor.com aruba.it pec.it poste.it vodafone.de netcologne.de kpn.com telia.com strato.de ovh.net messagingengine.com",
            "softbank.jp uqmobile.jp xserver.jp xsrv.jp kagoya.net lolipop.jp heteml.jp coreserver.jp valueserver.jp muumuu-mail.com",
            "onamae.ne.jp gmoserver.jp conoha.io xrea.com star.ne.jp wpx.jp",
        )
    ).split()
)


def personal(registrable: str) -> bool:
    """Whether people have their private mailboxes in that registrable domain, and firms as a rule do not."""
    return shared(registrable) and registrable not in _BUSINESS
