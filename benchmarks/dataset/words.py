"""Sentences with the frequencies of natural text: few words often, many words rarely.

A search index over a handful of stock phrases would know every word in a quarter of
all tickets and measure nothing. Real words stand at the head of each language's list;
the long tail is made of syllables.
"""

from __future__ import annotations

from itertools import accumulate
from random import Random

LANGUAGES = ("en", "es", "pt")
#: Words and ready-made sentences of a language.
VOCABULARY = 4_000
SENTENCES = 3_000

_HEAD = {
    "en": (
        "the to and is we in it not of on our a this for with has after since please "
        "you can still when again before update device network office cable light "
        "restart window customer address yesterday morning number screen account "
        "invoice order battery sensor printer password firmware password message team "
        "setting page report meeting room floor wireless signal error button slow "
        "broken missing delivery refund contract licence phone colleague manager"
    ),
    "es": (
        "el la de que y en no a se los por con para una desde está hemos pero cuando "
        "otra vez antes aparato red oficina cable luz reiniciar ventana cliente "
        "dirección ayer mañana número pantalla cuenta factura pedido pila sensor "
        "impresora contraseña mensaje equipo ajuste página informe reunión sala planta "
        "señal fallo botón lento roto falta entrega abono contrato licencia teléfono"
    ),
    "pt": (
        "o a de que e em não um se os por com para uma desde está já mas quando outra "
        "vez antes aparelho rede escritório cabo luz reiniciar janela cliente endereço "
        "ontem manhã número tela conta fatura pedido bateria sensor impressora senha "
        "mensagem equipe ajuste página relatório reunião sala andar sinal falha botão "
        "lento quebrado falta entrega reembolso contrato licença telefone colega"
    ),
}
_SYLLABLES = {
    "en": ("bar con der fel gan hol ist ker lum mor net pel ras sten tor ven wick yar"),
    "es": ("ba co dra fe gue ja llo mar nes po que rra sol tia ver za cha ñe lin tor"),
    "pt": ("bo ca dor fe gui jo lha mar nho pra que ras sil tio ver zar chu lim tor"),
}


class Language:
    """Writes texts in one language.

    Args:
        code: One of ``LANGUAGES``.
    """

    def __init__(self, code: str) -> None:
        # The same sentences whatever the seed: only who says them when is random.
        rng = Random(f"sentences/{code}")
        words = self._words(code, rng)
        weights = list(accumulate(1 / (rank + 4) for rank in range(len(words))))
        self.sentences = []
        for _ in range(SENTENCES):
            chosen = rng.choices(words, cum_weights=weights, k=rng.randint(5, 14))
            sentence = " ".join(chosen)
            self.sentences.append(sentence[0].upper() + sentence[1:] + ".")

    @staticmethod
    def _words(code: str, rng: Random) -> list[str]:
        words = list(dict.fromkeys(_HEAD[code].split()))
        known, syllables = set(words), _SYLLABLES[code].split()
        while len(words) < VOCABULARY:
            word = "".join(rng.choices(syllables, k=rng.randint(2, 4)))
            if word not in known:
                known.add(word)
                words.append(word)
        return words

    def sentence(self, rng: Random) -> str:
        """Any sentence."""
        return self.sentences[int(rng.random() * SENTENCES)]

    def text(self, rng: Random, sentences: int) -> str:
        """Some sentences, broken into paragraphs of three, and a unique number."""
        random, bank = rng.random, self.sentences
        chosen = [bank[int(random() * SENTENCES)] for _ in range(sentences)]
        chosen.append(f"Ref. {int(random() * 9_000_000) + 1_000_000}.")
        if sentences < 4:
            return " ".join(chosen)
        return "\n\n".join(
            " ".join(chosen[i : i + 3]) for i in range(0, len(chosen), 3)
        )

    def subject(self, rng: Random) -> str:
        """One line of at most 80 characters."""
        return self.sentence(rng)[:80].rstrip(" .")
