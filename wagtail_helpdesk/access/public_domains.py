"""Mail domains in which anybody can get an address, so that they name no company."""

from __future__ import annotations

_LARGE_PROVIDERS = """
    126.com 163.com aol.com arcor.de bol.com.br daum.net duck.com fastmail.com
    fastmail.fm free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
    googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.com.br hotmail.de
    hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com ig.com.br inbox.com
    inbox.ru laposte.net libero.it list.ru live.co.uk live.com live.com.mx live.fr
    live.it mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com orange.fr
    outlook.com outlook.com.br outlook.de outlook.es outlook.fr outlook.it pm.me
    posteo.de proton.me protonmail.ch protonmail.com qq.com rediffmail.com sapo.pt
    seznam.cz sina.com t-online.de terra.com.br tiscali.it tuta.com tutanota.com
    uol.com.br virgilio.it wanadoo.fr web.de wp.pl yahoo.co.in yahoo.co.jp
    yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.br yahoo.com.mx yahoo.de yahoo.es
    yahoo.fr yahoo.it yandex.com yandex.ru ymail.com zoho.com
"""

#: Of the large providers; there is no complete list.
PUBLIC_DOMAINS = frozenset(_LARGE_PROVIDERS.split())
