"""What people write to a help desk, put together from parts in three languages."""

from __future__ import annotations

import random
from dataclasses import dataclass

_DEVICES = ("NW-R200", "NW-R500", "Hub 2", "T10", "D10", "M10", "L10")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The parts for one language, with ``{device}``, ``{place}`` and ``{number}``."""

    subjects: tuple[str, ...]
    openings: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    solutions: tuple[str, ...]
    thanks: tuple[str, ...]
    notes: tuple[str, ...]
    places: tuple[str, ...]


_PHRASES = {
    "en": Phrases(
        subjects=(
            "{device} offline since this morning",
            "Wrong amount on invoice {number}",
            "{device} does not pair",
            "Slow connection in {place}",
            "New colleague for {place}",
            "Battery of {device} empty after a month",
            "Export of measurements stops at {number} rows",
            "Replacement for {device} {number}",
            "VPN between {place} and head office drops",
            "How do we move {device} to {place}?",
        ),
        openings=(
            "Hello,\n\nour {device} in {place} has been acting up since yesterday. We "
            "restarted it twice without any change. The serial number ends in "
            "{number}.",
            "Hi, can you have a look at this? It concerns the {device} in {place}. "
            "Reference {number}. It worked well until the last update.",
            "Good morning,\n\nsomething is wrong with {place}: alerts come an hour "
            "late. "
            "Is it only us? Our reference is {number}.",
            "We need help with the {device} in {place}, please. I attach what I can "
            "see "
            "on the screen. Case {number} was similar.",
        ),
        questions=(
            "Thank you for writing. Which firmware does the {device} show under "
            "Health?",
            "Could you send us a diagnostics file of the last hour from {place}?",
            "What colour is the status light right now, and does it blink?",
            "Is anything else connected to the same switch? Number {number} looks odd.",
        ),
        answers=(
            "It says 5.2.{number}. The light is amber and does not blink.",
            "I have sent the file from {place}. Nothing else was changed there.",
            "Yes, two printers. I unplugged them and it is the same.",
            "The colleague in {place} looked: cable fine, light green, still offline.",
        ),
        solutions=(
            "We found it: the {device} kept an old address. Please restart it once "
            "more; "
            "it should be back within five minutes.",
            "We have corrected this on our side. You need not do anything; the next "
            "invoice shows a credit of {number} euros.",
            "A replacement for the {device} left our warehouse today. It arrives in "
            "{place} tomorrow before noon.",
            "This is fixed in 5.2.{number}, which we have released for your account.",
        ),
        thanks=(
            "That did it, thank you!",
            "Works again in {place}. You can close this.",
            "Great, thanks for the quick answer.",
            "Perfect. Have a good day!",
        ),
        notes=(
            "Called {place}, nobody answered. Trying again tomorrow.",
            "Same cause as {number}: see the firmware thread.",
            "Checked with hardware: batch {number} is affected.",
            "Customer is friendly but in a hurry, they open at eight.",
        ),
        places=("Leeds", "Dublin", "Cork", "Bristol", "Oslo", "Malmö", "the warehouse"),
    ),
    "es": Phrases(
        subjects=(
            "{device} sin conexión desde esta mañana",
            "Importe incorrecto en la factura {number}",
            "El {device} no se empareja",
            "Conexión lenta en {place}",
            "Alta de una compañera en {place}",
            "Pila del {device} agotada en un mes",
            "Sustitución del {device} {number}",
            "Se corta la VPN entre {place} y la central",
        ),
        openings=(
            "Hola:\n\nel {device} de {place} da problemas desde ayer. Lo hemos "
            "reiniciado "
            "dos veces sin cambios. El número de serie termina en {number}.",
            "Buenos días, ¿pueden mirar esto? Se trata del {device} de {place}. "
            "Referencia {number}. Funcionaba bien hasta la última actualización.",
            "Necesitamos ayuda con el {device} de {place}, por favor. El caso {number} "
            "era parecido.",
        ),
        questions=(
            "Gracias por escribirnos. ¿Qué firmware muestra el {device} en Estado?",
            "¿Podría enviarnos un archivo de diagnóstico de la última hora de {place}?",
            "¿De qué color está ahora la luz de estado y parpadea?",
        ),
        answers=(
            "Pone 5.2.{number}. La luz está en ámbar y no parpadea.",
            "He enviado el archivo de {place}. No se ha cambiado nada más.",
            "La compañera de {place} lo ha mirado: cable bien, luz verde, sin "
            "conexión.",
        ),
        solutions=(
            "Lo hemos encontrado: el {device} guardaba una dirección antigua. "
            "Reinícielo "
            "una vez más y volverá en cinco minutos.",
            "Lo hemos corregido. No tiene que hacer nada; la próxima factura llevará "
            "un "
            "abono de {number} euros.",
            "Hoy ha salido el {device} de sustitución. Llega mañana a {place} antes de "
            "mediodía.",
        ),
        thanks=(
            "¡Solucionado, muchas gracias!",
            "Ya funciona en {place}. Pueden cerrar la solicitud.",
            "Perfecto, gracias por la rapidez.",
        ),
        notes=(
            "He llamado a {place} y no contestan. Mañana otra vez.",
            "Misma causa que {number}: ver el hilo del firmware.",
        ),
        places=("Madrid", "Sevilla", "Bilbao", "Valencia", "Bogotá", "el almacén"),
    ),
    "pt-br": Phrases(
        subjects=(
            "{device} off-line desde hoje cedo",
            "Valor errado na fatura {number}",
            "{device} não pareia",
            "Conexão lenta em {place}",
            "Novo colega em {place}",
            "Bateria do {device} acabou em um mês",
            "Troca do {device} {number}",
        ),
        openings=(
            "Olá,\n\no {device} de {place} está com problemas desde ontem. Já "
            "reiniciamos "
            "duas vezes e nada mudou. O número de série termina em {number}.",
            "Bom dia, podem dar uma olhada? É o {device} de {place}. Referência "
            "{number}. "
            "Funcionava bem até a última atualização.",
            "Precisamos de ajuda com o {device} de {place}, por favor. O caso {number} "
            "foi parecido.",
        ),
        questions=(
            "Obrigado por escrever. Qual firmware o {device} mostra em Saúde?",
            "Você pode enviar um arquivo de diagnóstico da última hora de {place}?",
            "Qual é a cor da luz de status agora, e ela pisca?",
        ),
        answers=(
            "Mostra 5.2.{number}. A luz está âmbar e não pisca.",
            "Enviei o arquivo de {place}. Nada mais foi mudado.",
            "O colega de {place} olhou: cabo bom, luz verde, continua off-line.",
        ),
        solutions=(
            "Encontramos: o {device} guardava um endereço antigo. Reinicie mais uma "
            "vez "
            "e ele volta em cinco minutos.",
            "Corrigimos aqui. Você não precisa fazer nada; a próxima fatura terá um "
            "crédito de {number} reais.",
            "O {device} novo saiu hoje do nosso estoque e chega amanhã a {place}.",
        ),
        thanks=(
            "Deu certo, muito obrigado!",
            "Voltou a funcionar em {place}. Podem encerrar.",
            "Ótimo, obrigado pela rapidez.",
        ),
        notes=(
            "Liguei para {place}, ninguém atendeu. Tento de novo amanhã.",
            "Mesma causa que {number}: ver a conversa do firmware.",
        ),
        places=("Recife", "Curitiba", "Porto", "Campinas", "Belém", "o depósito"),
    ),
}


class Conversationalist:
    """Writes the messages of one ticket, all about the same device and place.

    Args:
        language: One of ``names.LANGUAGES``.
        rng: Decides everything.
    """

    def __init__(self, language: str, rng: random.Random) -> None:
        self.rng = rng
        self.phrases = _PHRASES[language]
        self.words = {
            "device": rng.choice(_DEVICES),
            "place": rng.choice(self.phrases.places),
        }

    def _fill(self, parts: tuple[str, ...]) -> str:
        number = self.rng.randrange(10, 9_999)
        return self.rng.choice(parts).format(number=number, **self.words)

    def subject(self) -> str:
        """A subject line."""
        return self._fill(self.phrases.subjects)

    def opening(self) -> str:
        """The customer's first message."""
        return self._fill(self.phrases.openings)

    def customer(self, *, is_last: bool) -> str:
        """A customer's answer; the last one of a solved ticket says thank you."""
        return self._fill(self.phrases.thanks if is_last else self.phrases.answers)

    def agent(self, *, is_last: bool) -> str:
        """An agent's reply: a question at first, a solution in the end."""
        return self._fill(self.phrases.solutions if is_last else self.phrases.questions)

    def note(self) -> str:
        """A note among colleagues."""
        return self._fill(self.phrases.notes)
