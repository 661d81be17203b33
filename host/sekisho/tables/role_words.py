"""Words in a sender's name that say what is written, not who writes: they are borne out by no domain. as-of 2026-11-22, by hand.

Lower case, without accents, three letters and more; English, German, French, Spanish, Portuguese, Italian, Dutch.
"""

from __future__ import annotations

ROLES = frozenset(
    " ".join(
        (
            "the and your you our for from with via all new now free get team group service services support info information news newsletter",
            "newsletters mail email mails online official store shop club member members membership customer customers client clients care center",
            "centre office department desk help account accounts billing notice notices notification notifications update updates alert alerts",
            "reminder message messages offer offers deal deals reward rewards sales marketing admin administrator system security webmaster noreply reply",
            "contact com net org www inc ltd llc plc gmbh corp der die das und von fur ihr ihre les des une pour vos votre del los las",
            "una para por sus con dos das seu sua nos uma dei della il het een van voor uw kundenservice kundendienst angebot angebote",
            "nachricht servicio clientes cliente equipo suporte atendimento equipe servizio clienti assistenza klantenservice aanbieding",
        )
    ).split()
)
