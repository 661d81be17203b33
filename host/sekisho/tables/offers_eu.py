"""What advertising from strangers offers in German, French, Spanish, Portuguese, Italian, Dutch, Czech and Polish; patterns as in lures_en.py.

as-of 2026-11-22. Source: spam in public archives, and the warnings of Verbraucherzentrale, Cybermalveillance.gouv.fr, INCIBE and CERT Polska. Accents
are folded as they are in the text: none.
"""

PATTERNS: dict[str, tuple[str, ...]] = {
    "mailbox-full": (
        "postfach|mailbox|e-mail-konto|speicherplatz .. voll|uberschritten|erschopft|fast voll|limit|erweitern",
        "boite mail|boite aux lettres|messagerie|espace de stockage .. pleine|plein|sature*|depasse|limite",
        "buzon|correo|caixa de entrada|caixa postal|webmail|conta de email .. lleno|limite|excedido|cheia|suspenso|suspensa|capacidade|espaco|cuota",
    ),
    "account-suspended": (
        "konto|zugang|karte .. gesperrt|eingeschrankt|deaktiviert|geschlossen|blockiert",
        "compte|acces|carte .. suspendu|bloque*|desactive*|restreint|limite",
        "cuenta|conta|acceso|acesso|cartao|tarjeta .. suspendid*|bloquead*|desactivad*|desativad*|suspens*|cancelad*|restringid*",
    ),
    "parcel-held": (
        "encomenda|pedido|objeto|pacote|remessa .. retid*|bloquead*|devolvid*|retornad*|parad*|fiscalizacao|alfandega|pendencia|taxad*|aguardando",
        "paquete|envio|pedido .. retenid*|aduana|pendiente|devuelt*|bloquead*|no entregado|no se pudo entregar",
        "colis|livraison .. en attente|bloque*|douane|retenu*|retourne*|echec|frais|non livre*",
        "paket|sendung|lieferung .. zuruckgehalten|zoll|angehalten|nicht zugestellt|wartet|zollgebuhr*|gestoppt|fehlgeschlagen",
        "pakket|zending|bezorging .. vastgehouden|douane|niet bezorgd|wacht|invoerrechten|mislukt|openstaand*",
    ),
    "prize": (
        "gewinnspiel|gutschein*|gewinner|verlosung .. glucklich*|ausgewahlt|gewonnen|gewinnen|sichern sie|teilnehm*|fordern sie|kostenlos|endauslosung",
        "geselecteerd|gekozen|uitgekozen|winnaar .. kans|gratis|prijs|product|cadeau*|ontvang*|winnen|enquete",
        "selecionado|selecionada|sorteado|contemplado|ganhou|premiado .. premio|gratis|brinde|resgat*|receber|pontos|voce",
        "seleccionado|ganado|ganador|premiado .. premio|gratis|regalo|recibir|reclam*|sorteo",
        "selectionne|gagne|gagnant|tire au sort .. prix|gratuit*|cadeau*|recevoir|lot|remporter",
    ),
    "invoice": (
        "nota fiscal|nf-e|boleto|fatura|comprobante|factura electronica|factura de venta|comprovante .. visualizar|emitida|disponible|disponivel|descargar|baixar|ver|vencimento|vencimiento|anexo|pedido",
        "facture|rechnung|fattura|faktura .. anbei|angehangt|ci-joint*|allegat*|telecharger|offen|uberfallig|w zalaczniku|v priloze|impayee",
    ),
    "offer-trade": (
        "wir sind|wir bieten|als fuhrender|unser unternehmen|unsere firma .. hersteller|anbieter|lieferant|agentur|ihnen an|produzent",
        "haben sie interesse|ware das fur sie|waren sie interessiert|hatten sie interesse|sind sie interessiert|darf ich ihnen .. angebot|gesprach|muster|zusammenarbeit|produkte",
        "unsere produkte|unser sortiment|unsere losung*|unser angebot .. umfasst|werden|senken|sparen|ermoglich*|bieten",
        "nous sommes|notre societe|notre entreprise|nous proposons .. fabricant|fournisseur|specialis*|agence|leader|prestataire",
        "somos|nuestra empresa|nossa empresa|la empresa .. fabricante*|proveedor*|fornecedor*|especializad*|lider|agencia",
        "siamo|la nostra azienda .. produttor*|fornitor*|specializzat*|leader|agenzia",
        "jsme|nase spolecnost|obracim se na vas|zastupuji|dovolte mi .. vyrobc*|dodavatel*|vyrab*|dodavame|nabidk*|spolecnost*|jmenem",
        "mate zajem|meli byste zajem|mam zajem|mohli bychom|zajima vas .. prodavat|spoluprac*|nabidk*|produkt*|zaslat|schuzk*|kontakt*|probrat",
        "jestesmy|nasza firma|reprezentuje|zwracam sie .. producent*|dostawc*|oferuj*|w imieniu|firm*",
        "czy sa panstwo|czy byliby panstwo|czy jestescie|chcialbym zaproponowac .. zainteresowan*|wspolprac*|rozmow*|ofert*",
        "curso|taller|seminario|workshop|palestra|treinamento .. inscri*|online|gratuit*|vagas|inversion|descuento|desconto",
    ),
    "offer-credit": (
        "plano de saude|planos de saude|plano amil|plano unimed|plano odontologico|seguro auto|seguro de carro|seguro de vida .. cotacao|cotar|cotacoes|proposta|economi*|reduz*|0%|promocional|reajust*|corretor*|condicao|carencia|menores|simula*",
        "cotacao|reajuste|reajustado|mensalidade|tabela promocional|corretor|corretora .. plano|planos|seguro|saude|convenio|amil|unimed|hapvida|bradesco saude",
        "darlehen*|kredit*|finanzierung .. angebot|zinssatz|zinsen|0%|euro|bis zu|schufa|sofort|anbieten|beantragen",
        "pret|prets|credit .. taux|entre particuliers|offre de|rapide|0%|euros|urgent",
        "prestamo*|credito*|emprestimo*|prestito .. interes*|juros|tasa|taxa|0%|rapido|inmediato|aprobad*|aprovad*|oferta|tasso",
        "pujck*|uver*|pozyczk*|kredyt* .. urok*|0%|hned|szybk*|nabidk*|ofert*|oprocent*",
    ),
    "offer-income": (
        "nebenjob|teletrabajo|trabajo desde casa|trabalhe em casa|renda extra|renda passiva|ingresos extra|revenu passif|complement de revenu .. euro*|dolar*|reais|r$ 0|semana|por dia|al dia|par jour|pro tag|sem experiencia|sin experiencia|sans experience",
        "casino|kasino|cassino|freispiele|giros gratis|rodadas gratis|tours gratuits|gratis spins|apostas|wetten .. bonus|bono|einzahlung|deposito|depot|storting|gratis|kostenlos|cadastr*|registr*|0%",
        "geld verdienen|nebenverdienst|heimarbeit|passives einkommen|ganar dinero|ganhar dinheiro|gagner de l'argent|guadagnare .. zu hause|von zuhause|casa|online|euro|facil|semana|rapid*|tag|internet|domicile",
    ),
    "offer-adult": (
        "frauen|girls|mujeres|mulheres|femmes|chicas|donne .. kennenlernen|treffen|in deiner nahe|cerca de ti|perto de voce|pres de chez|rencontr*|sexo|sex|nackt|quieren|vicino",
    ),
    "offer-funds": (
        "spende|spenden|spendenbetrag|gespendet|schenk* .. million*|euro|ihnen|sie|jackpot|gewinn*|zufallig*|wohltatig*|usd|$0",
        "geschaftliche|geschaftlich*|vertrauliche*|gemeinsam* .. anfrage|zusammenarbeit|vorschlag|angebot|angelegenheit|transaktion .. e-mail|details|kontakt*|antwort*|mochte|besprechen|erbschaft|million*",
        "heredero|herencia|herdeiro|heranca|heritage|heritier|erbschaft|erbe|eredita .. million*|fondo*|fundo*|fonds|euros|dolares|banco|banque|bank",
        "don|donation|donacion|doacao|donazione .. million*|euros|dolares|beneficiair*|beneficiari*|selecciona*|selecionad*|hasard|caridad",
        "propuesta|proposta|proposition .. negocio*|negocios|affaires|inversion|investimento|investissement|affari",
        "premio|gewinner|gagnant|ganador|ganhador|parabens|felicidades|felicitaciones|herzlichen gluckwunsch .. loteria|loterie|lotterie|seleccionad*|selecionad*|ausgewahlt|selectionne|premio|gewonnen|gagne|convite",
    ),
    "removal-promised": (
        "abmelden|austragen|keine weiteren e-mails|keine weitere werbung .. antworten sie|antworten|betreff|einfach|mochten|erhalten",
        "desinscrire|ne plus recevoir .. repond*|objet|simplement|cliqu*",
        "nao desejo mais|nao deseja mais|no desea recibir|no deseo recibir|dejar de recibir|darse de baja|remover seu .. emails|e-mails|correos|mensagens|mensajes|responda|lista|asunto|assunto|informacion|email",
        "nechcete dostavat|neprejete si|nie chcesz otrzymywac|non desidera* ricevere",
    ),
}
VOID: tuple[str, ...] = ("phishing", "betrug", "warnung vor", "fraude", "arnaque", "estafa", "golpe")
