"""Registrable domains of services that send newsletters for others and count the clicks: only they know where such a link leads.

as-of 2026-11-22, by hand, from the services' pages on click tracking. Strangers send through each of them: a link there is
what a newsletter looks like, and no word for the newsletter.
"""

from __future__ import annotations

_DOMAINS = frozenset(
    " ".join(
        (
            "sendgrid.net sendgrid.com list-manage.com list-manage1.com list-manage2.com mailchimp.com mailchi.mp mailchimpapp.net eepurl.com",
            "mandrillapp.com rs6.net constantcontact.com ccsend.com createsend.com createsend1.com cmail19.com cmail20.com",
            "campaign-archive.com hubspotlinks.com hubspotemail.net hs-sites.com hubspot.com klclick.com klclick1.com klclick2.com",
            "klclick3.com klaviyomail.com exacttarget.com exct.net salesforce.com pardot.com mktoweb.com marketo.com mkt41.net en25.com",
            "eloqua.com responsys.net rsys2.net rsys5.com sailthru.com awstrack.me amazonses.com mailgun.org mailgun.net mgsend.net",
            "sparkpostmail.com sparkpostmail1.com sparkpostmail2.com iterable.com braze.com customeriomail.com customer.io intercom-mail.com",
            "intercom-clicks.com substack.com convertkit-mail.com convertkit-mail2.com convertkit-mail4.com kit-mail3.com beehiiv.com",
            "mlsend.com mailerlite.com ml.mailersend.com mailersend.net sendibm1.com sendibm2.com sendibm3.com sendinblue.com brevo.com",
            "sibmail.com mjt.lu mailjet.com pstmrk.it acemlna.com acemlnb.com acemlnc.com acemlnd.com activehosted.com activecampaign.com",
            "emlnk.com emlnk1.com emlnk9.com aweber.com getresponse.com gr-mail.com infusionsoft.com keap-link.com ontraport.com drip.com",
            "dripemail2.com benchurl.com bmetrack.com benchmarkemail.com bluehornet.com chtah.com chtah.net cheetahmail.com ed10.net",
            "bfi0.com epsl1.com amxe.net agnitas.de inxmail-commerce.com inxserver.de emarsys.net emsecure.net rapidmail.de sendy.co",
            "cleverreach.com crsend.com newsletter2go.com mailup.com contactlab.it dotdigital-pages.com dmtrk.com dotmailer.com",
            "pure360.com adestra.com msgfocus.com email-od.com smtp2go.com elasticemail.com moosend.com omnisend.com sendpulse.com",
            "sendsay.ru unisender.com zcsend.net zohocampaigns.com maillist-manage.com vertical-mail.com ymlp.com icontact.com",
            "icptrack.com verticalresponse.com vresp.com mailpro.com mailkit.eu ecomail.app smartemailing.cz freshemail.com getdrip.com",
            "musvc1.net musvc2.net musvc3.net musvc4.net musvc5.net musvc6.net movableink.com liveclicker.net litmus.com mixmax.com yesware.com mailtrack.io bananatag.com sidekickopen.com hsms06.com",
            # Japan
            "bme.jp blastmail.jp cuenote.jp smp.ne.jp pi-pe.co.jp combzmail.jp willcloud.jp will-mail.jp mpse.jp mpme.jp crmstyle.com",
            "asumeru.net asumeru.com haihaimail.jp lmsg.jp maildealer.jp rep1.jp mailpublisher.jp emberpoint.com arara.jp repica.jp",
            "sendgrid.kke.co.jp benchmarkemail.jp mailmagazine.jp mag2.com mc-nurture.com kairosmarketing.net satori.segs.jp b-dash.com",
            "karte.io rtoaster.jp shanon-services.com list-finder.jp myasp.jp autobiz.jp ac-mail.jp 1lejend.com mm-news.jp fofa.jp",
        )
    ).split()
)


def counts_clicks(registrable: str) -> bool:
    """Whether that registrable domain is a newsletter service's."""
    return registrable in _DOMAINS
