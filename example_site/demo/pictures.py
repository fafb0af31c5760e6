"""Draws the pictures of the demo. They have no words, so they serve every language."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 600
LOGO_SIZE = 96
_SCALE = 2

INK = "#16324f"
PAPER = "#f3f6f9"
BODY = "#d7e0ea"
DARK = "#2c4a68"
GREEN = "#1f9d63"
AMBER = "#e0941b"
RED = "#c8372d"
BLUE = "#2f6fde"

Box = tuple[float, float, float, float]


class Canvas:
    """A drawing at twice its size, made smooth when it is saved."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", (width * _SCALE, height * _SCALE), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def box(
        self, box: Box, fill: str, radius: float = 12, outline: str | None = None
    ) -> None:
        """A rectangle with round corners: left, top, right, bottom."""
        self.draw.rounded_rectangle(
            _scaled(box), radius * _SCALE, fill, outline, width=3 * _SCALE
        )

    def dot(self, x: float, y: float, radius: float, fill: str | None) -> None:
        """A disc around a point."""
        box = (x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse(_scaled(box), fill)

    def ring(self, x: float, y: float, radius: float, colour: str) -> None:
        """A circle around a point."""
        box = (x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse(_scaled(box), outline=colour, width=4 * _SCALE)

    def line(self, *points: tuple[float, float], colour: str = INK) -> None:
        """A line through the points."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self.draw.line(scaled, colour, 6 * _SCALE, joint="curve")

    def port(self, x: float, y: float, light: str | None = None) -> None:
        """A network port with its top left corner there, and its light above."""
        self.box((x, y, x + 64, y + 52), INK, 6)
        self.box((x + 14, y + 26, x + 50, y + 52), BODY, 3)
        if light:
            self.dot(x + 32, y - 16, 8, light)

    def text(self, x: float, y: float, words: str, size: int) -> None:
        """A line of text, its top left corner there."""
        font = ImageFont.load_default(size * _SCALE)
        self.draw.text((x * _SCALE, y * _SCALE), words, INK, font)

    def save(self, image_format: str = "PNG") -> bytes:
        """The drawing as the bytes of a file."""
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        if image_format == "PNG":
            small = small.quantize(64)
        buffer = io.BytesIO()
        small.save(buffer, image_format, optimize=True)
        return buffer.getvalue()


def _scaled(box: Box) -> Box:
    left, top, right, bottom = box
    return left * _SCALE, top * _SCALE, right * _SCALE, bottom * _SCALE


def _hub_back(canvas: Canvas) -> None:
    canvas.box((250, 130, 950, 470), BODY, 60, DARK)
    canvas.dot(380, 300, 42, INK)
    canvas.dot(380, 300, 18, AMBER)
    canvas.dot(600, 300, 10, INK)
    canvas.ring(600, 300, 26, RED)
    canvas.port(760, 274, GREEN)
    canvas.line((380, 342), (380, 560))
    canvas.line((792, 326), (792, 560), colour=BLUE)


def _console(canvas: Canvas) -> None:
    canvas.box((80, 50, 1120, 550), "#ffffff", 18, DARK)
    canvas.box((80, 50, 260, 550), DARK, 18)
    for row in range(5):
        canvas.box((110, 110 + row * 60, 230, 126 + row * 60), BODY, 8)
    for column, colour in enumerate((GREEN, AMBER, GREEN)):
        left = 300 + column * 270
        canvas.box((left, 110, left + 240, 330), PAPER, 14, BODY)
        canvas.box((left, 110, left + 240, 130), colour, 8)
        for line in range(3):
            width = (190, 150, 170)[(line + column) % 3]
            top = 170 + line * 46
            canvas.box((left + 20, top, left + 20 + width, top + 16), BODY, 8)
    points = [(310, 500), (430, 440), (560, 470), (700, 400), (850, 430), (1070, 380)]
    canvas.line(*points, colour=BLUE)


def _rack(canvas: Canvas) -> None:
    for left in (170, 670):
        canvas.box((left, 40, left + 26, 560), DARK, 6)
        canvas.box((left + 334, 40, left + 360, 560), DARK, 6)
        for unit in range(6):
            top = 60 + unit * 82
            fill = BODY if unit != 3 else INK
            if unit not in (2, 4):
                canvas.box((left + 26, top, left + 334, top + 66), fill, 8, DARK)
    for port in range(6):
        canvas.dot(230 + port * 42, 338, 9, GREEN)
    for arrow in range(3):
        top = 318 + arrow * 18
        canvas.line((1060, top), (1130, top), colour=BLUE)
        canvas.line((1112, top - 10), (1130, top), (1112, top + 10), colour=BLUE)


def _coverage(canvas: Canvas) -> None:
    canvas.box((120, 50, 1080, 550), "#ffffff", 8, DARK)
    canvas.line((440, 50), (440, 300), colour=DARK)
    canvas.line((440, 300), (120, 300), colour=DARK)
    canvas.line((760, 550), (760, 330), (1080, 330), colour=DARK)
    spots = ((270, 180, BLUE), (640, 200, GREEN), (420, 420, AMBER), (920, 380, RED))
    for x, y, colour in spots:
        for radius in (60, 110, 160):
            canvas.ring(x, y, radius, colour)
        canvas.dot(x, y, 18, colour)


def _router_front(canvas: Canvas) -> None:
    canvas.box((100, 180, 1100, 420), BODY, 24, DARK)
    for x, colour in ((180, GREEN), (250, GREEN)):
        canvas.dot(x, 300, 16, colour)
        canvas.ring(x, 300, 28, DARK)
    lights = (GREEN, GREEN, AMBER, None, GREEN, None, GREEN, GREEN)
    for port, light in enumerate(lights):
        canvas.port(360 + port * 86, 284, light)


def _slow_tree(canvas: Canvas) -> None:
    canvas.box((500, 40, 700, 130), INK, 40)
    canvas.dot(600, 85, 22, AMBER)
    for index, colour in enumerate((RED, AMBER, BLUE, GREEN)):
        left = 110 + index * 260
        canvas.line((600, 130), (600, 220), (left + 90, 220), (left + 90, 320))
        canvas.box((left, 320, left + 180, 480), "#ffffff", 18, colour)
        for bar in range(4):
            height = 24 + bar * 22
            fill = colour if bar <= index else BODY
            x = left + 34 + bar * 30
            canvas.box((x, 450 - height, x + 20, 450), fill, 4)


def _video_poster(canvas: Canvas) -> None:
    canvas.box((0, 0, WIDTH, HEIGHT), DARK, 0)
    canvas.box((180, 200, 520, 440), BODY, 50)
    canvas.dot(350, 320, 24, GREEN)
    for radius in (70, 110, 150):
        canvas.ring(350, 320, radius, GREEN)
    canvas.box((820, 240, 980, 400), PAPER, 30)
    canvas.dot(900, 320, 16, BLUE)
    for place in range(5):
        canvas.dot(570 + place * 50, 320, 6, PAPER)


PICTURES: dict[str, Callable[[Canvas], None]] = {
    "hub-back": _hub_back,
    "console-overview": _console,
    "rack": _rack,
    "coverage": _coverage,
    "router-front": _router_front,
    "slow-tree": _slow_tree,
    "video-poster": _video_poster,
}


def picture(name: str) -> bytes:
    """A picture of the demo as a PNG file."""
    canvas = Canvas()
    PICTURES[name](canvas)
    return canvas.save()


def logo() -> bytes:
    """The mark of Northwind Devices, on the ground of the site's header."""
    size = LOGO_SIZE
    canvas = Canvas(size, size)
    canvas.box((0, 0, size, size), "#0b3f38", 0)
    points = [(24, 81), (24, 15), (72, 81), (72, 15)]
    scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
    canvas.draw.line(scaled, "#8fe0cf", 12 * _SCALE, joint="curve")
    return canvas.save()


def photo(colour: str) -> bytes:
    """A small picture, such as a customer attaches: a device with one light."""
    canvas = Canvas(480, 320)
    canvas.box((40, 100, 440, 220), BODY, 18, DARK)
    canvas.dot(100, 160, 18, colour)
    for port in range(3):
        canvas.port(180 + port * 80, 140)
    return canvas.save()


def survey_checklist() -> bytes:
    """The site survey checklist as a PDF file of one page."""
    canvas = Canvas(1240, 1754)
    canvas.text(100, 100, "Site survey checklist", 46)
    canvas.text(100, 170, "Northwind Devices · one sheet for each floor", 24)
    rows = (
        "Floor plan with scale attached",
        "Places where people work marked",
        "Walls: plasterboard / brick / concrete",
        "Lift shafts, metal ducts, fire doors",
        "Channels of neighbours at each corner",
        "Ceiling height and possible places",
        "Cables: category, length, free ports",
        "Power over Ethernet: watts available",
        "Access points drawn, cells overlap by a fifth",
        "Walk repeated after the installation",
    )
    for index, row in enumerate(rows):
        top = 290 + index * 120
        canvas.box((100, top, 150, top + 50), "#ffffff", 6, DARK)
        canvas.text(180, top + 6, row, 30)
        canvas.line((180, top + 92), (1140, top + 92), colour=BODY)
    canvas.text(100, 1620, "Date · Place · Name", 24)
    return canvas.save("PDF")
