"""What travel posters are made of: skies, peaks, seas, ships, trains, trees and people."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

import math
from random import Random

from server.demo.shapes import around, circle, ellipse, group, path, polygon, rect, symbol, use

Layer = str


def sky(r: Random, top: str, low: str, bands: int = 7) -> Layer:
    """Flat bands from the top colour to the lower one, as lithographers shaded."""
    a, b = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in (top, low))
    out = []
    for i in range(bands):
        mix = [round(x + (y - x) * i / (bands - 1)) for x, y in zip(a, b, strict=True)]
        out.append(
            rect(0, i * 780 / bands, 800, 780 / bands + 1, "#{:02x}{:02x}{:02x}".format(*mix))
        )
    return "".join(out)


def sun(r: Random, x: int, y: int, size: int, colour: str, rays: str = "") -> Layer:
    beams = ""
    if rays:
        d = "".join(
            f"M{x},{y}L{x + 1200 * math.cos(t):.0f},{y + 1200 * math.sin(t):.0f}"
            f"L{x + 1200 * math.cos(t + 0.1):.0f},{y + 1200 * math.sin(t + 0.1):.0f}Z"
            for t in (i * math.tau / 30 for i in range(30))
        )
        beams = path(d, rays, more=' opacity=".5"')
    return beams + circle(x, y, size, colour)


def clouds(r: Random, y: int, colour: str, count: int = 4) -> Layer:
    out = ""
    for _ in range(count):
        x, at, w = r.randint(-60, 700), y + r.randint(-60, 60), r.randint(90, 190)
        out += path(
            f"M{x},{at}q{w * 0.1:.0f},-30 {w * 0.35:.0f},-24q{w * 0.2:.0f},-40 {w * 0.5:.0f},-8q{w * 0.3:.0f},-14 {w * 0.4:.0f},32Z",
            colour,
        )
    return out


def sea(r: Random, y: int, colour: str, light: str, to: int = 860) -> Layer:
    """Water with dashes of light that grow wider towards the viewer."""
    out = [rect(0, y, 800, to - y, colour)]
    at, gap = y + 8.0, 7.0
    while at < to:
        d = ""
        for _ in range(5):
            x, w = r.randint(-40, 780), r.randint(20, 70) * gap / 14
            d += f"M{x},{at:.0f}q{w / 2:.0f},{-gap / 3:.0f} {w:.0f},0"
        out.append(
            path(d, stroke=light, width=1.2 + gap / 9, more=' stroke-linecap="round" opacity=".8"')
        )
        at, gap = at + gap, gap * 1.17
    return "".join(out)


def hills(r: Random, y: int, height: int, colour: str, shade: str = "", rough: float = 1) -> Layer:
    """A rolling skyline."""
    a, b, c = (r.uniform(0, 6) for _ in range(3))
    pairs = [
        (
            x,
            y
            - height
            * (
                0.55
                + 0.3 * math.sin(x / 170 + a)
                + 0.15 * rough * math.sin(x / 60 + b)
                + 0.04 * rough * math.sin(x / 17 + c)
            ),
        )
        for x in range(0, 801, 16)
    ]
    out = polygon([*pairs, (800, 900), (0, 900)], colour)
    if shade:
        out += polygon(
            [
                *((x, v + height * 0.22 + 12 * math.sin(x / 45 + c)) for x, v in pairs),
                (800, 900),
                (0, 900),
            ],
            shade,
        )
    return out


def range_(r: Random, y: int, height: int, rock: str, snow: str, peaks: int = 5) -> Layer:
    """A row of pointed peaks, lit from the left."""
    out = ""
    for i in sorted(range(peaks), key=lambda k: abs(k - peaks / 2), reverse=True):
        x = (i + 0.5) * 800 / peaks + r.randint(-30, 30)
        h = height * r.uniform(0.65, 1) * (1 - 0.25 * abs(x - 400) / 400)
        w = h * r.uniform(0.55, 0.75)
        out += polygon(
            [
                (x - w, y),
                (x - w * 0.45, y - h * 0.52),
                (x - w * 0.3, y - h * 0.56),
                (x, y - h),
                (x + w * 0.34, y - h * 0.6),
                (x + w * 0.5, y - h * 0.56),
                (x + w, y),
            ],
            snow,
        )
        out += polygon(
            [
                (x, y - h),
                (x + w * 0.34, y - h * 0.6),
                (x + w * 0.5, y - h * 0.56),
                (x + w, y),
                (x + w * 0.1, y),
                (x + w * 0.16, y - h * 0.3),
                (x - w * 0.06, y - h * 0.5),
                (x + w * 0.08, y - h * 0.7),
            ],
            rock,
        )
        out += polygon(
            [
                (x - w, y),
                (x - w * 0.62, y - h * 0.33),
                (x - w * 0.4, y - h * 0.18),
                (x - w * 0.2, y),
            ],
            rock,
            ' opacity=".55"',
        )
    return out


def matterhorn(r: Random, light: str, middle: str, dark: str, y: int = 700) -> Layer:
    """The leaning horn over its ridge: lit face, shaded face, and the snow between."""
    face = [
        (-20, y),
        (90, 560),
        (170, 470),
        (236, 400),
        (292, 300),
        (322, 226),
        (352, 168),
        (384, 142),
        (420, 150),
        (470, 250),
        (500, 330),
        (560, 430),
        (640, 520),
        (740, 600),
        (830, y),
    ]
    shade = [
        (384, 142),
        (420, 150),
        (470, 250),
        (500, 330),
        (560, 430),
        (640, 520),
        (740, 600),
        (830, y),
        (470, y),
        (440, 610),
        (398, 520),
        (424, 430),
        (376, 340),
        (404, 250),
    ]
    snow = [
        (384, 142),
        (404, 250),
        (376, 340),
        (424, 430),
        (398, 520),
        (370, 470),
        (338, 430),
        (362, 350),
        (340, 300),
        (366, 210),
    ]
    ledges = "M292,300l40,30M236,400l64,40l36,-8M170,470l70,50l60,-10M446,300l34,60M462,420l60,60M520,540l70,30M470,560l60,70M120,540l90,60l50,-14"
    return (
        polygon(face, middle)
        + polygon(shade, dark)
        + polygon(snow, light)
        + path(ledges, stroke=light, width=7, more=' stroke-linejoin="round" opacity=".85"')
        + polygon([(-20, y + 4), (120, 610), (230, 640), (330, 600), (420, y + 4)], light)
    )


def pines(
    r: Random, y: int, height: int, colour: str, count: int = 12, left: int = 0, right: int = 800
) -> Layer:
    tree = "".join(
        polygon([(0, -10 + k * 26), (-18 - k * 9, 34 + k * 26), (18 + k * 9, 34 + k * 26)], colour)
        for k in range(4)
    ) + rect(-5, 108, 10, 26, colour)
    out = symbol(f"pine{y}{left}", tree)
    for _ in range(count):
        s = height / 130 * r.uniform(0.7, 1.15)
        out += use(
            f"pine{y}{left}",
            r.randint(left, right),
            y - 130 * s + r.randint(0, 24),
            f"scale({s:.2f})",
        )
    return out


def palm(r: Random, x: int, y: int, height: int, leaf: str, trunk: str) -> Layer:
    """A date palm with a slightly bent trunk."""
    name = f"frond{x}{y}"
    s = height / 400
    frond = path("M0,0C30,-50 100,-60 160,10C120,-14 90,-20 60,-14L66,8L44,-10L40,14L22,-6Z", leaf)
    tx, ty = x + 34 * s, y - height
    stem = path(
        f"M{x - 13 * s:.0f},{y}C{x - 6 * s:.0f},{y - height / 2:.0f} {x + 8 * s:.0f},{y - height * 0.8:.0f} {tx - 6 * s:.0f},{ty:.0f}h{13 * s:.0f}C{x + 28 * s:.0f},{y - height * 0.7:.0f} {x + 16 * s:.0f},{y - height / 2:.0f} {x + 15 * s:.0f},{y}Z",
        trunk,
    )
    fronds = "".join(
        use(name, tx, ty, f"rotate({t}) scale({s * k:.2f},{s * abs(k):.2f})")
        for t, k in (
            (8, 1),
            (-34, 1.05),
            (44, 0.95),
            (-72, 0.9),
            (-8, -1),
            (34, -1.05),
            (-44, -0.95),
            (72, -0.9),
        )
    )
    return symbol(name, frond) + stem + fronds


def sail(r: Random, x: int, y: int, size: float, canvas: str, hull: str) -> Layer:
    body = path("M4,-210C60,-130 96,-70 104,-16H4Z", canvas) + path(
        "M-6,-190C-20,-120 -50,-60 -76,-20H-6Z", canvas, more=' opacity=".86"'
    )
    body += path("M-90,-8H112C104,14 88,30 64,32H-46C-70,30 -84,12 -90,-8Z", hull) + rect(
        -3, -220, 5, 212, hull
    )
    return group(
        body + path("M-70,42h70M-20,54h110", stroke=canvas, width=5, more=' opacity=".7"'),
        f"translate({x},{y}) scale({size})",
    )


def liner(r: Random, x: int, y: int, size: float, hull: str, white: str, funnel: str) -> Layer:
    """An ocean liner seen from the quarter, smoke trailing."""
    body = path(
        "M150,-250C230,-330 330,-300 420,-370C330,-270 250,-270 170,-236Z",
        "#fff",
        more=' opacity=".45"',
    )
    body += "".join(
        path(f"M{a},-150L{a + 14},-262H{a + 64}L{a + 54},-150Z", funnel)
        + path(f"M{a + 11},-236L{a + 14},-262H{a + 64}L{a + 62},-236Z", hull)
        for a in (-120, -10, 100)
    )
    body += path("M-210,-70L-190,-160H210L230,-70Z", white) + path(
        "M-170,-160V-186H180V-160Z", white
    )
    body += path(
        "M-180,-136H214M-186,-110H220", stroke=hull, width=6, more=' stroke-dasharray="9 9"'
    )
    body += path(
        "M-330,-96C-300,-84 -260,-76 -210,-74H300L276,40H-270C-296,0 -318,-46 -330,-96Z", hull
    )
    body += path(
        "M-314,-44C-302,-20 -290,10 -276,40H276L284,4H-294Z", funnel, more=' opacity=".9"'
    ) + path(
        "M-250,-46H284",
        stroke=white,
        width=7,
        more=' stroke-dasharray="7 15" stroke-linecap="round"',
    )
    body += path(
        "M-340,44C-300,20 -270,52 -230,40S-150,52 -100,42S20,54 80,42S220,54 330,40V60H-340Z", white
    )
    body += path(
        "M-300,-92L-262,-250M250,-74V-230M-262,-250L-40,-170M250,-230L120,-160",
        stroke=hull,
        width=4,
    )
    return group(body, f"translate({x},{y}) scale({size})")


def lighthouse(r: Random, x: int, y: int, size: float, white: str, red: str, beam: str) -> Layer:
    body = path("M0,-330L-900,-470V-240Z", beam, more=' opacity=".5"') + path(
        "M0,-330L900,-430V-270Z", beam, more=' opacity=".5"'
    )
    body += path("M-52,0L-34,-296H34L52,0Z", white) + path(
        "M-48,-70H48L43,-140H-43ZM-39,-210H39L35,-280H-35Z", red
    )
    body += (
        rect(-46, -306, 92, 14, "#23303f")
        + rect(-26, -352, 52, 46, beam)
        + path("M-26,-352H26M-13,-352v46M13,-352v46M0,-352v46", stroke="#23303f", width=4)
        + path("M-34,-352L0,-390L34,-352Z", red)
        + circle(0, -394, 6, red)
    )
    body += rect(-8, -40, 18, 40, "#23303f") + rect(-5, -180, 10, 18, "#23303f")
    return group(body, f"translate({x},{y}) scale({size})")


def cliff(r: Random, y: int, height: int, colour: str, shade: str, left: bool = True) -> Layer:
    edge = [
        (0, y - height),
        (150, y - height - 14),
        (260, y - height + 16),
        (300, y - height * 0.7),
        (352, y - height * 0.5),
        (346, y - height * 0.2),
        (400, y),
        (0, y),
    ]
    dark = [
        (260, y - height + 16),
        (300, y - height * 0.7),
        (352, y - height * 0.5),
        (346, y - height * 0.2),
        (400, y),
        (270, y),
        (250, y - height * 0.3),
        (276, y - height * 0.55),
        (226, y - height * 0.8),
    ]
    body = polygon(edge, colour) + polygon(dark, shade)
    return body if left else group(body, "translate(800,0) scale(-1,1)")


def town(
    r: Random, x: int, y: int, width: int, walls: tuple[str, ...], roof: str, tower: bool = True
) -> Layer:
    """Houses climbing a slope, a campanile above them."""
    out = ""
    for row in range(3):
        at = x + row * 18.0
        while at < x + width - row * 22:
            w, h = r.randint(30, 52), r.randint(44, 78)
            low = y - (2 - row) * 40 + 20
            out += rect(at, low - h, w, h, r.choice(walls)) + polygon(
                [(at - 4, low - h), (at + w / 2, low - h - 15), (at + w + 4, low - h)], roof
            )
            out += "".join(
                rect(at + 8 + k * 15, low - h + 14 + m * 20, 6, 9, "#33414f", ' opacity=".75"')
                for k in range((w - 10) // 15)
                for m in range(2)
            )
            at += w + 2
    if tower:
        mid = x + width * 0.45
        out = (
            rect(mid, y - 230, 34, 190, walls[0])
            + polygon([(mid - 5, y - 230), (mid + 17, y - 280), (mid + 39, y - 230)], roof)
            + rect(mid + 11, y - 214, 12, 24, "#33414f")
            + out
        )
    return out


def fortress(r: Random, x: int, y: int, width: int, wall: str, shade: str) -> Layer:
    body = polygon([(x, y), (x + 14, y - 110), (x + width - 14, y - 110), (x + width, y)], wall)
    body += polygon(
        [
            (x + width * 0.6, y),
            (x + width * 0.64, y - 110),
            (x + width - 14, y - 110),
            (x + width, y),
        ],
        shade,
    )
    body += "".join(
        rect(x + 14 + k * 26, y - 124, 15, 15, wall) for k in range(int((width - 28) / 26))
    )
    body += (
        rect(x + width * 0.3, y - 190, 60, 90, wall)
        + rect(x + width * 0.3 + 34, y - 190, 26, 90, shade)
        + circle(x + width * 0.3 + 30, y - 190, 30, shade)
    )
    return (
        body
        + path(f"M{x + width * 0.3 + 30:.0f},{y - 220}v-60", stroke=shade, width=4)
        + path(f"M{x + width * 0.3 + 32:.0f},{y - 278}l46,12l-46,14Z", "#c0392b")
    )


def umbrella(r: Random, x: int, y: int, size: float, a: str, b: str, pole: str) -> Layer:
    """A striped beach umbrella with somebody's towel and ball beside it."""
    ribs = "".join(
        path(
            f"M0,-250C{k * 62 - 150},-230 {k * 75 - 205},-170 {k * 75 - 188},-110Q{k * 75 - 150},-132 {k * 75 - 113},-110C{(k + 1) * 75 - 205},-170 {(k + 1) * 62 - 150},-230 0,-250Z",
            a if k % 2 else b,
        )
        for k in range(5)
    )
    body = (
        path("M-4,-130L14,40", stroke=pole, width=9)
        + group(ribs, "rotate(-9 0 -110)")
        + ellipse(40, 42, 130, 12, "#000", ' opacity=".16"')
    )
    body += (
        path("M60,30L190,14L220,36L86,54Z", b)
        + path("M84,27L112,50M132,21L162,45", stroke=a, width=9)
        + circle(-110, 18, 30, a)
        + path("M-110,-12C-96,4 -96,30 -110,48M-138,8C-124,20 -96,20 -82,8", stroke=b, width=7)
    )
    return group(body, f"translate({x},{y}) scale({size})")


def train(r: Random, x: int, y: int, size: float, engine: str, trim: str, smoke: str) -> Layer:
    """A locomotive coming towards the viewer out of its smoke."""
    puffs = "".join(
        circle(-40 - i * 62, -300 - i * 46, 52 + i * 17, smoke, f' opacity="{0.95 - i * 0.09:.2f}"')
        for i in range(6)
    )
    body = puffs + "".join(
        polygon(
            [
                (140 + i * 96, -180 + i * 16),
                (228 + i * 96, -170 + i * 16),
                (228 + i * 96, -36 - i * 7),
                (140 + i * 96, -12 - i * 9),
            ],
            trim if i % 2 else engine,
        )
        for i in range(3)[::-1]
    )
    body += (
        path("M-120,-10V-150H-96V-186H96V-150H120V-10Z", engine)
        + rect(-26, -306, 52, 60, engine)
        + rect(-36, -316, 72, 16, trim)
    )
    body += (
        circle(0, -160, 106, engine, f' stroke="{trim}" stroke-width="9"')
        + circle(0, -160, 74, engine, f' stroke="{trim}" stroke-width="3"')
        + path("M0,-160L40,-190M0,-160h-48M0,-160l20,46", stroke=trim, width=7)
        + circle(0, -160, 13, trim)
    )
    body += (
        circle(0, -276, 24, "#fff3c4", f' stroke="{trim}" stroke-width="6"')
        + rect(-134, -50, 268, 38, "#b0302a")
        + circle(-92, -31, 23, trim)
        + circle(92, -31, 23, trim)
        + circle(-92, -31, 12, engine)
        + circle(92, -31, 12, engine)
    )
    body += path("M-70,-12L-96,46H-60L-30,-12ZM70,-12L96,46H60L30,-12Z", engine)
    return group(
        path("M-58,40L-150,330M58,40L150,330", stroke=trim, width=14)
        + path(
            "".join(f"M{-70 - k * 21},{70 + k * 54}H{70 + k * 21}" for k in range(6)),
            stroke=engine,
            width=13,
            more=' opacity=".75"',
        )
        + body,
        f"translate({x},{y}) scale({size})",
    )


def railcar(r: Random, x: int, y: int, size: float, body_: str, trim: str, tilt: int = 0) -> Layer:
    """A little mountain train from the side, on its viaduct or slope."""
    out = ""
    for k in range(3):
        a = k * 126
        out += (
            rect(a, -70, 118, 62, body_)
            + rect(a - 4, -78, 126, 10, trim)
            + "".join(rect(a + 10 + m * 27, -58, 18, 24, "#fff2cf") for m in range(4))
            + circle(a + 24, -4, 11, "#22272e")
            + circle(a + 94, -4, 11, "#22272e")
        )
    return group(
        path("M-900,10H1500", stroke="#22272e", width=8) + out,
        f"translate({x},{y}) rotate({tilt}) scale({size})",
    )


def cantilever(r: Random, y: int, steel: str, width: float = 9) -> Layer:
    """Three great double cantilevers in steel tube over the water."""
    out = path(f"M-20,{y}H820", stroke=steel, width=width + 5)
    for x in (70, 400, 730):
        d = f"M{x - 22},{y + 120}L{x - 12},{y - 210}H{x + 12}L{x + 22},{y + 120}M{x - 18},{y}L{x + 14},{y - 150}M{x + 18},{y}L{x - 14},{y - 150}"
        for s in (1, -1):
            d += f"M{x},{y - 210}L{x + s * 150},{y - 30}M{x},{y + 110}Q{x + s * 70},{y + 40} {x + s * 150},{y + 6}"
            d += "".join(
                f"M{x + s * (18 + k * 34)},{y - 186 + k * 42}L{x + s * (50 + k * 34)},{y + 62 - k * 18}M{x + s * (18 + k * 34)},{y + 84 - k * 22}L{x + s * (50 + k * 34)},{y - 146 + k * 40}"
                for k in range(4)
            )
        out += path(d, stroke=steel, width=width, more=' stroke-linejoin="round"') + rect(
            x - 40, y + 114, 80, 40, "#7c6f63"
        )
    return out


def skier(r: Random, x: int, y: int, size: float, coat: str, legs: str, scarf: str) -> Layer:
    body = path(
        "M-150,70L150,-6M-120,96L178,20", stroke="#3a2a20", width=9, more=' stroke-linecap="round"'
    )
    body += path(
        "M-30,-60L20,-14L-24,44M-14,-60L48,-8L22,50",
        stroke=legs,
        width=24,
        more=' stroke-linejoin="round" stroke-linecap="round"',
    )
    body += path("M-52,-64C-40,-110 0,-140 34,-150L58,-128C30,-104 16,-80 4,-50Z", coat) + path(
        "M34,-138C52,-110 60,-96 86,-88M20,-128L44,-86L70,-70",
        stroke=coat,
        width=18,
        more=' stroke-linecap="round"',
    )
    body += (
        path("M86,-88L-40,10M70,-70L-90,30", stroke="#3a2a20", width=5)
        + circle(58, -168, 21, "#f0c9a4")
        + path("M38,-176C44,-200 76,-200 80,-174Z", scarf)
        + path(
            "M40,-146C16,-150 -20,-166 -52,-150L-30,-142L-58,-130C-24,-138 10,-130 44,-136Z", scarf
        )
    )
    spray = path(
        "M-150,84C-190,60 -240,70 -280,40C-250,86 -220,104 -140,104Z", "#fff", more=' opacity=".9"'
    )
    return group(spray + body, f"translate({x},{y}) rotate(30) scale({size})")


def slope(r: Random, left: int, right: int, colour: str, shade: str) -> Layer:
    """A snow field that falls across the sheet, with tracks."""
    body = path(f"M0,{left}C260,{left + 10} 420,{right - 90} 800,{right}V900H0Z", colour)
    body += path(
        f"M0,{left + 130}C240,{left + 120} 300,{right - 20} 620,{right + 100}V900H0Z", shade
    )
    tracks = f"M-10,{left + 34}C250,{left + 40} 330,{right - 110} 420,{right - 74}M-10,{left + 54}C240,{left + 60} 320,{right - 92} 410,{right - 56}"
    return body + path(tracks, stroke=shade, width=6)


def skater(r: Random, x: int, y: int, size: float, coat: str, skirt: str, hat: str) -> Layer:
    body = (
        path("M-6,-150C-40,-60 -76,-26 -104,0C-60,22 40,22 74,-6C50,-50 28,-100 20,-150Z", skirt)
        + path(
            "M-20,0L-28,44M30,2L96,20", stroke="#2b211d", width=12, more=' stroke-linecap="round"'
        )
        + path("M-56,52H6M74,34L128,16", stroke="#59636b", width=6)
    )
    body += (
        path("M-14,-150C-26,-200 -16,-226 8,-230C32,-226 38,-200 26,-146Z", coat)
        + path(
            "M26,-206C56,-190 70,-180 96,-196M-10,-206C-40,-184 -52,-168 -80,-172",
            stroke=coat,
            width=18,
            more=' stroke-linecap="round"',
        )
        + ellipse(104, -196, 22, 15, hat)
        + circle(10, -252, 21, "#f0c9a4")
        + path("M-22,-258C-14,-290 36,-292 42,-258Z", hat)
        + circle(10, -288, 9, coat)
    )
    return group(
        ellipse(0, 60, 120, 10, "#000", ' opacity=".14"') + body,
        f"translate({x},{y}) scale({size})",
    )


def sailor(r: Random, x: int, y: int, size: float, jersey: str, trousers: str, hat: str) -> Layer:
    """A stout old fisherman skipping along the sand."""
    body = path(
        "M-20,-90L-70,-30L-128,-44M26,-90L70,-20L54,50",
        stroke=trousers,
        width=44,
        more=' stroke-linejoin="round" stroke-linecap="round"',
    ) + path("M-128,-60L-152,-14L-118,-6ZM30,42L88,40L96,68H26Z", "#2a2320")
    body += (
        path(
            "M-58,-90C-78,-180 -50,-240 4,-244C58,-240 82,-176 58,-86C20,-70 -24,-72 -58,-90Z",
            jersey,
        )
        + path(
            "M-40,-214L-136,-262M44,-216L136,-254",
            stroke=jersey,
            width=36,
            more=' stroke-linecap="round"',
        )
        + circle(-150, -268, 18, "#e9b48c")
        + circle(150, -260, 18, "#e9b48c")
    )
    body += (
        circle(2, -280, 42, "#e9b48c")
        + path("M-38,-270C-30,-226 32,-226 42,-270C24,-254 -18,-254 -38,-270Z", "#fff")
        + path("M-14,-262Q2,-250 20,-262", stroke="#8c3b2a", width=5)
        + circle(-12, -286, 4, "#222")
        + circle(18, -286, 4, "#222")
        + path("M-60,-300C-40,-316 -34,-350 4,-350C40,-350 46,-316 66,-300Z", hat)
    )
    body += path("M44,-230C100,-210 110,-160 70,-140", stroke="#c0392b", width=13)
    return group(
        ellipse(10, 150, 120, 12, "#000", ' opacity=".18"') + body,
        f"translate({x},{y}) scale({size})",
    )


def geyser(r: Random, x: int, y: int, steam: str, shade: str) -> Layer:
    out = path(
        f"M{x - 26},{y}C{x - 34},{y - 200} {x - 70},{y - 300} {x - 60},{y - 420}H{x + 90}C{x + 70},{y - 300} {x + 30},{y - 200} {x + 26},{y}Z",
        steam,
    )
    for i in range(17):
        dx, dy = r.randint(-120, 150), r.randint(330, 560)
        out += circle(x + dx * dy / 520, y - dy, r.randint(36, 74), shade if i % 3 == 0 else steam)
    return out + path(
        f"M{x - 150},{y + 20}C{x - 90},{y - 22} {x + 90},{y - 22} {x + 150},{y + 20}Z", shade
    )


def canyon(r: Random, y: int, colours: tuple[str, ...]) -> Layer:
    """Mesas in strata, one behind the other."""
    out = ""
    for k in range(3):
        top, n = y + k * 80, len(colours)
        for side in (0, 1):
            edge = 300 - k * 90 + r.randint(-20, 20)
            body = ""
            for s in range(n):
                v, step = top + s * 54, edge + s * 26
                body += polygon(
                    [
                        (0, v),
                        (step - 8, v),
                        (step + 6, v + 20),
                        (step, v + 54),
                        (step + 18, 900),
                        (0, 900),
                    ],
                    colours[(s + k) % n],
                )
            out += group(body, f"translate({800 * side},0) scale({-1 if side else 1},1)")
    return out


def roses(
    r: Random, x: int, y: int, reach: int, colours: tuple[str, ...], count: int = 12
) -> Layer:
    """A wheel of flowers, ring within ring."""
    petal = "".join(
        ellipse(9 * math.cos(t), 9 * math.sin(t), 8, 8, c)
        for t, c in zip(
            (0.3, 1.57, 2.8, 4.1, 5.4),
            (colours[0], colours[1], colours[0], colours[1], colours[0]),
            strict=True,
        )
    ) + circle(0, 0, 4.5, colours[2])
    out = (
        symbol(f"bloom{x}", petal)
        + f'<circle cx="{x}" cy="{y}" r="{reach}" fill="none" stroke="{colours[3]}" stroke-width="12"/>'
        + f'<circle cx="{x}" cy="{y}" r="{reach * 0.62:.0f}" fill="none" stroke="{colours[3]}" stroke-width="5"/>'
    )
    out += symbol(
        f"wheel{x}",
        use(f"bloom{x}", 0, -reach, "scale(2.4)")
        + use(f"bloom{x}", 26, -reach * 0.82, "scale(1.3)"),
    )
    out += symbol(f"hub{x}", use(f"bloom{x}", 0, -reach * 0.62, "scale(1.7)"))
    return out + around(f"wheel{x}", count, x, y) + around(f"hub{x}", count - 3, x, y, 9)


def bather(r: Random, x: int, y: int, size: float, dress: str, trim: str) -> Layer:
    """A bather of the 1890s, wading, in a striped costume and a cap."""
    body = (
        path(
            "M-26,-110L-34,20M18,-110L30,20",
            stroke="#f1caa6",
            width=24,
            more=' stroke-linecap="round"',
        )
        + path(
            "M-50,-96C-40,-150 -50,-200 -22,-230H26C52,-200 40,-150 50,-96C20,-80 -20,-80 -50,-96Z",
            dress,
        )
        + path("M-46,-118H46M-42,-146H42M-40,-176H40", stroke=trim, width=9)
    )
    body += (
        path(
            "M-24,-222C-60,-250 -70,-290 -60,-320M26,-222C66,-220 92,-230 118,-262",
            stroke="#f1caa6",
            width=19,
            more=' stroke-linecap="round"',
        )
        + circle(2, -262, 27, "#f1caa6")
        + path("M-28,-264C-28,-304 32,-306 32,-264C12,-274 -10,-274 -28,-264Z", trim)
        + path("M26,-282l26,-6l-8,18Z", trim)
    )
    return group(
        body + path("M-110,24q30,-14 60,0t60,0t60,0t40,0", stroke="#fff", width=7),
        f"translate({x},{y}) scale({size})",
    )
