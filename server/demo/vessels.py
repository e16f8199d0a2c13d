"""Drawings of painted vessels on a plain ground, and of tiles."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

from collections.abc import Callable
from random import Random

from server.demo.shapes import (
    Palette,
    around,
    circle,
    ellipse,
    group,
    number,
    path,
    polygon,
    rect,
    star,
    symbol,
    tile,
    use,
)

# Half widths at heights from the lip (0) to the foot (100), right side; drawn 7.6 units a step.
PROFILES: dict[str, tuple[tuple[float, float], ...]] = {
    "amphora": ((0, 17), (4, 17), (6, 12), (20, 11), (28, 22), (42, 33), (58, 31), (78, 17), (92, 9), (94, 14), (100, 15)),
    "tall": ((0, 14), (4, 14), (7, 9), (33, 10), (40, 22), (50, 28), (62, 27), (80, 17), (93, 9), (100, 12)),
    "krater": ((0, 36), (5, 36), (8, 32), (18, 31), (28, 38), (44, 38), (60, 28), (70, 13), (78, 11), (92, 19), (100, 25)),
    "calyx": ((0, 41), (5, 41), (8, 36), (40, 31), (58, 28), (64, 33), (74, 27), (84, 10), (90, 10), (94, 24), (100, 25)),
    "lekythos": ((0, 13), (8, 14), (10, 6), (25, 6), (30, 13), (36, 23), (52, 24), (72, 17), (90, 8), (94, 14), (100, 15)),
    "stamnos": ((0, 17), (5, 18), (8, 15), (16, 15), (24, 32), (38, 37), (54, 33), (76, 16), (92, 11), (95, 17), (100, 18)),
    "olpe": ((0, 15), (5, 16), (8, 13), (24, 14), (40, 22), (60, 28), (76, 26), (90, 17), (94, 18), (100, 18)),
    "globe": ((0, 13), (5, 14), (7, 11), (14, 13), (22, 28), (38, 38), (55, 38), (74, 26), (90, 13), (95, 15), (100, 15)),
    "lamp": ((0, 30), (5, 30), (22, 20), (34, 14), (40, 15), (50, 30), (62, 34), (74, 26), (86, 11), (92, 11), (100, 20)),
    "baluster": ((0, 16), (4, 16), (7, 10), (28, 11), (33, 14), (40, 27), (52, 31), (68, 22), (84, 15), (94, 20), (100, 21)),
    "jar": ((0, 17), (5, 19), (8, 16), (14, 16), (19, 24), (32, 21), (50, 19), (68, 21), (80, 24), (88, 19), (94, 20), (100, 20)),
    "cup": ((0, 38), (4, 39), (12, 37), (24, 28), (34, 15), (40, 6), (54, 5), (66, 7), (72, 20), (76, 22)),
    "moon": ((0, 13), (4, 14), (7, 13), (20, 31), (34, 39), (48, 40), (62, 36), (78, 22), (84, 17), (88, 17)),
}  # fmt: skip
HANDLES = {
    "neck": "M80,62C190,36 200,180 150,232",
    "loop": "M236,176C340,150 350,280 268,300", "belly": "M270,300C340,296 336,372 262,388",
    "volute": "M250,130C320,96 322,-20 262,-16C232,-10 240,26 262,20", "cup": "M286,70C376,20 390,90 280,116",
    "jug": "M100,20C230,-40 260,200 150,310", "lamp": "M130,280C220,250 240,330 214,372", "wing": "M70,60C220,0 250,180 168,300L150,270C200,170 180,70 72,100Z",
}  # fmt: skip
U = 7.6

#: What fills a band: palette, upper and lower edge to SVG.
Ornament = Callable[[Palette, float, float], str]


def _outline(profile: str) -> str:
    """A smooth closed path through a profile and its mirror image (Catmull-Rom)."""
    pts = [(x * U, y * U) for y, x in PROFILES[profile]]
    ends = [pts[0], *pts, pts[-1]]
    right, left = f"M{number(pts[0][0])},{number(pts[0][1])}", ""
    for (x0, y0), (x1, y1), (x2, y2), (x3, y3) in zip(
        ends, ends[1:], ends[2:], ends[3:], strict=False
    ):
        k = min(1.0, (y2 - y1) / 30) / 6  # short steps (lip, foot) keep their corners
        ax, ay, bx, by = (
            x1 + (x2 - x0) * k,
            y1 + (y2 - y0) * k,
            x2 - (x3 - x1) * k,
            y2 - (y3 - y1) * k,
        )
        right += f"C{number(ax)},{number(ay)} {number(bx)},{number(by)} {number(x2)},{number(y2)}"
        left = (
            f"C{number(-bx)},{number(by)} {number(-ax)},{number(ay)} {number(-x1)},{number(y1)}"
            + left
        )
    x, y = pts[-1]
    return f"{right}L{number(-x)},{number(y)}{left}Z"


Band = tuple[str, float, float]


def vessel(
    r: Random,
    p: Palette,
    profile: str = "amphora",
    handles: str = "",
    bands: tuple[Band, ...] = (),
    wall: str = "#e9e3d6",
) -> str:
    """A vessel; palette: clay, paint, second colour. Bands: (ornament, from, to) in hundredths."""
    bottom = PROFILES[profile][-1][0] * U
    shape = _outline(profile)
    clip = f'<clipPath id="body"><path d="{shape}"/></clipPath>'
    inside = rect(-400, -20, 800, 900, p[0])
    for name, a, b in bands:
        inside += ORNAMENTS[name](p, a * U, b * U)
    shading = (
        '<defs><linearGradient id="round"><stop offset="0" stop-color="#000" stop-opacity=".42"/>'
        '<stop offset=".3" stop-color="#fff" stop-opacity=".16"/><stop offset=".55" stop-color="#fff" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".5"/></linearGradient>'
        '<radialGradient id="wall" cx=".45" cy=".38" r=".8"><stop offset="0" stop-color="#fff" stop-opacity=".65"/>'
        '<stop offset="1" stop-color="#000" stop-opacity=".2"/></radialGradient></defs>'
    )
    wide = max(x for _, x in PROFILES[profile]) * U * 1.05  # curves overshoot their points
    inside += (
        f'<rect x="{-wide:.0f}" y="-10" width="{2 * wide:.0f}" height="860" fill="url(#round)"/>'
    )
    grip = ""
    if handles:
        d = HANDLES[handles]
        if handles == "wing":
            arm = path(d, p[0], p[1], 4)
        else:
            dark = min(p[:2], key=lambda c: sum(int(c[i : i + 2], 16) for i in (1, 3, 5)))
            arm = path(d, stroke=dark, width=27, more=' stroke-linecap="round"') + path(
                d, stroke="#fff", width=5, more=' opacity=".2"'
            )
        grip = arm if handles == "jug" else arm + group(arm, "scale(-1,1)")
    y = 890 - bottom
    room = (
        shading
        + rect(0, 0, 800, 1000, wall)
        + rect(0, 0, 800, 1000, "url(#wall)")
        + rect(0, 800, 800, 200, "#000", ' opacity=".1"')
    )
    shadow = ellipse(400, 888, 210, 24, "#000", ' opacity=".3"') + ellipse(
        440, 892, 300, 30, "#000", ' opacity=".12"'
    )
    lip = ellipse(0, 3, PROFILES[profile][0][1] * U, 9, p[1], ' opacity=".85"')
    return (
        room
        + shadow
        + clip
        + group(
            grip + group(inside, more=' clip-path="url(#body)"') + lip, f"translate(400,{y:.0f})"
        )
    )


def _row(unit: str, name: str, step: float, y: float, scale: float = 1) -> str:
    count = int(640 / step) + 1
    marks = "".join(
        use(name, (i - count // 2) * step, y, f"scale({scale:.2f})") for i in range(count + 1)
    )
    return symbol(name, unit) + marks


def _name(kind: str, a: float) -> str:
    return f"{kind}{a:.0f}"


def _solid(p: Palette, a: float, b: float) -> str:
    return rect(-400, a, 800, b - a, p[1])


def _second(p: Palette, a: float, b: float) -> str:
    return rect(-400, a, 800, b - a, p[2])


def _lines(p: Palette, a: float, b: float) -> str:
    return "".join(rect(-400, y, 800, 5, p[1]) for y in range(int(a), int(b), 12))


def _meander(p: Palette, a: float, b: float) -> str:
    k = (b - a - 12) / 44
    key = path("M0,44V0H44V32H16V18H28", stroke=p[1], width=8)
    edges = rect(-400, a, 800, 4, p[1]) + rect(-400, b - 4, 800, 4, p[1])
    return edges + _row(
        key + path("M0,44H60V0", stroke=p[1], width=8), _name("me", a), 60 * k, a + 6, k
    )


def _zigzag(p: Palette, a: float, b: float) -> str:
    h = b - a - 12
    d = f"M-400,{b - 6:.0f}" + "".join(
        f"l{h * 0.5:.1f},{-h:.1f}l{h * 0.5:.1f},{h:.1f}" for _ in range(int(800 / h) + 1)
    )
    return (
        path(d, stroke=p[1], width=7)
        + rect(-400, a, 800, 4, p[1])
        + rect(-400, b - 4, 800, 4, p[1])
    )


def _rays(p: Palette, a: float, b: float) -> str:
    return "".join(polygon([(x - 17, b), (x, a), (x + 17, b)], p[1]) for x in range(-384, 400, 34))


def _palmettes(p: Palette, a: float, b: float) -> str:
    k = (b - a) / 100
    leaf = (
        "".join(group(ellipse(0, -44, 7, 30, p[1]), f"rotate({t})") for t in range(-75, 76, 25))
        + circle(0, -6, 10, p[1])
        + path("M-46,10C-40,-8 -16,-8 -10,8M46,10C40,-8 16,-8 10,8", stroke=p[1], width=6)
    )
    return _row(leaf, _name("pa", a), 110 * k, b - 18 * k, k)


def _scrolls(p: Palette, a: float, b: float) -> str:
    k = (b - a) / 100
    unit = (
        path(
            "M0,50C20,0 80,0 80,44C80,74 40,76 40,48C40,34 58,32 60,44M80,44C92,80 120,86 150,50",
            stroke=p[1],
            width=8,
        )
        + path("M80,20q20,-24 40,-10q-14,22 -40,10M20,60q-4,26 22,30q2,-24 -22,-30", p[2])
        + circle(112, 40, 13, p[2])
        + circle(112, 40, 5, p[1])
    )
    return _row(unit, _name("sc", a), 150 * k, a, k)


def _blossoms(p: Palette, a: float, b: float) -> str:
    """Tulips and carnations on curving stems."""
    k = (b - a) / 200
    tulip = path("M0,0C-26,-10 -24,-44 -18,-62L-6,-40L0,-70L6,-40L18,-62C24,-44 26,-10 0,0Z", p[2])
    pink = "".join(
        group(
            path("M0,0C-10,-26 -12,-44 -8,-54L0,-46L8,-54C12,-44 10,-26 0,0Z", p[1]), f"rotate({t})"
        )
        for t in (-50, -25, 0, 25, 50)
    )
    stems = path(
        "M60,200C60,150 20,130 24,80M60,200C64,150 104,130 100,70M60,190C60,120 62,80 62,50",
        stroke=p[3 % len(p)],
        width=5,
    )
    leaves = path(
        "M60,190C20,170 6,140 0,110C30,130 54,150 60,190ZM60,190C100,176 118,150 124,116C94,134 66,150 60,190Z",
        p[3 % len(p)],
    )
    unit = (
        leaves
        + stems
        + group(tulip, "translate(24,82)")
        + group(pink, "translate(100,76)")
        + group(tulip, "translate(62,56) scale(.9)")
    )
    return _row(group(unit, "translate(-62,0)"), _name("bl", a), 140 * k, a, k)


def _scene(p: Palette, a: float, b: float, unit: str, wide: float, many: bool = True) -> str:
    k = (b - a) / 200
    ground = rect(-400, b - 4, 800, 4, p[1])
    if not many:
        return ground + group(unit, f"translate(0,{a:.0f}) scale({k:.2f})")
    return ground + _row(unit, _name("fi", a), wide * k, a, k)


def _mourner(c: str) -> str:
    return (
        circle(0, 22, 15, c)
        + polygon([(-34, 54), (34, 54), (0, 116)], c)
        + path("M-34,56L-26,14L0,8L26,14L34,56", stroke=c, width=8)
        + path("M-4,112L-16,156L-10,196M4,112L16,156L10,196", stroke=c, width=14)
    )


def _warrior(c: str, light: str) -> str:
    shield = (
        circle(6, 92, 44, light)
        + f'<circle cx="6" cy="92" r="40" fill="{c}" stroke="{light}" stroke-width="5"/><polygon points="{star(6, 92, 26, 10, 6)}" fill="{light}"/>'
    )
    return (
        path("M-48,190L40,-20", stroke=c, width=5)
        + path(
            "M-14,36C-20,6 26,2 24,34L10,44H-12ZM-24,22C-34,-18 34,-22 34,14L26,12C20,-4 -8,-4 -14,24Z",
            c,
        )
        + path("M-6,120L-26,160L-34,196M10,120L34,154L36,196", stroke=c, width=18)
        + shield
    )


def _chariot(c: str) -> str:
    horse = path(
        "M-10,84C-34,80 -40,100 -44,140L-50,196H-38L-26,140L-10,126L34,128L50,196H62L58,120C62,100 72,80 78,50L98,62L104,52L80,24L66,30C56,56 40,84 -10,84Z",
        c,
    )
    wheel = (
        f'<circle cx="-96" cy="160" r="34" fill="none" stroke="{c}" stroke-width="8"/>'
        + path("M-130,160h68M-96,126v68", stroke=c, width=5)
        + path("M-130,126H-44L-40,96", stroke=c, width=8)
    )
    return (
        horse
        + wheel
        + circle(-98, 26, 13, c)
        + polygon([(-118, 46), (-78, 46), (-98, 100)], c)
        + path("M-98,98V128M-80,52L60,60", stroke=c, width=6)
    )


def _musician(c: str, light: str) -> str:
    robe = path("M-26,60C-40,110 -44,160 -52,196H44C36,150 34,100 22,58Z", c) + path(
        "M-20,80L-34,192M-4,80L-8,192M12,80L18,192", stroke=light, width=3
    )
    lyre = path(
        "M34,96C30,60 34,40 44,26M84,96C90,60 84,40 74,26M30,96H88V112H30ZM42,34H78",
        stroke=c,
        width=8,
    ) + path("M50,36V96M59,36V96M68,36V96", stroke=c, width=3)
    return (
        robe
        + path("M-22,30C-22,6 14,4 16,28L20,38L10,42C4,56 -20,54 -22,30Z", c)
        + path("M14,70L50,86", stroke=c, width=13)
        + lyre
    )


def _weaver(c: str, light: str) -> str:
    loom = (
        path("M-70,10V196M70,10V196M-80,18H80", stroke=c, width=9)
        + path("".join(f"M{x},24V170" for x in range(-56, 60, 14)), stroke=c, width=3)
        + rect(-62, 24, 124, 50, c)
        + path("M-60,38H60M-60,52H60", stroke=light, width=4)
        + "".join(circle(x, 176, 7, c) for x in range(-56, 60, 14))
    )
    woman = (
        circle(0, 34, 14, c)
        + path("M-16,52C-22,110 -26,150 -30,196H30C26,150 22,110 16,52ZM14,60L50,40", c, c, 5)
        + path("M-14,120H14M-18,150H18", stroke=light, width=4)
    )
    return (
        group(loom, "translate(-20,0)")
        + group(woman, "translate(110,0)")
        + group(woman, "translate(-150,0) scale(-1,1)")
    )


def _ship(c: str, light: str) -> str:
    hull = path(
        "M-190,110C-150,160 120,160 170,96L196,60L180,120C150,180 -140,190 -176,140L-206,150Z", c
    )
    mast = (
        path("M0,128V-10", stroke=c, width=8)
        + path(
            "M-110,0C-60,-18 60,-18 110,0C130,40 110,76 84,86C40,70 -40,70 -84,86C-110,76 -130,40 -110,0Z",
            light,
            c,
            5,
        )
        + path("M-60,-10V76M0,-14V72M60,-10V76", stroke=c, width=3)
    )
    return (
        hull
        + mast
        + path(
            "M-150,150L-170,190M-90,160L-110,196M-30,164L-46,198M30,162L20,198M90,152L84,190",
            stroke=c,
            width=5,
        )
        + circle(-176, 128, 7, light)
    )


def _octopus(c: str, light: str) -> str:
    arms = ""
    for s in (1, -1):
        for d in (
            "M10,90C90,70 150,20 120,-30C100,-60 70,-30 90,-10",
            "M14,104C110,110 190,60 200,10C204,-20 170,-20 172,8",
            "M14,116C90,150 190,150 210,90C214,70 184,66 184,88",
            "M6,124C40,190 130,230 180,190C196,170 166,152 156,174",
        ):
            arms += group(
                path(d, stroke=c, width=17, more=' stroke-linecap="round"')
                + path(
                    d, stroke=light, width=6, more=' stroke-dasharray="1 12" stroke-linecap="round"'
                ),
                f"scale({s},1)",
            )
    head = path("M0,-10C-60,0 -54,80 -30,112C-14,130 14,130 30,112C54,80 60,0 0,-10Z", c) + "".join(
        circle(x, 84, 14, light) + circle(x, 84, 6, c) for x in (-20, 20)
    )
    return group(arms + head, "translate(0,20)")


def _siren(c: str, light: str) -> str:
    bird = path(
        "M-30,70C-100,40 -150,60 -196,30C-170,80 -130,110 -80,112L-150,150L-60,140C-10,160 40,130 44,84L60,50C66,20 30,10 22,36C16,60 0,76 -30,70Z",
        c,
    ) + path("M-170,46L-90,90M-130,136L-70,122M-20,92q26,16 44,0", stroke=light, width=4)
    return bird + circle(44, 36, 18, c) + path("M-20,140v46M10,140v46", stroke=c, width=7)


def _dragon(c: str, light: str) -> str:
    d = "M-230,150C-190,60 -150,60 -120,120S-40,190 0,110S80,30 120,90S180,130 200,70"
    spines = "".join(
        polygon([(x - 9, y), (x + 9, y), (x, y - 22)], c)
        for x, y in ((-190, 80), (-150, 72), (-60, 136), (-10, 108), (40, 66), (90, 56), (140, 92))
    )
    head = (
        path("M190,84C180,50 210,30 240,42L262,30L252,54L276,70L240,78C226,92 204,96 190,84Z", c)
        + circle(226, 56, 5, light)
        + path("M214,40C200,20 190,20 176,24M240,76C256,90 270,90 280,86", stroke=c, width=5)
    )
    legs = path(
        "M-110,130l-26,40l-20,4m20,-4l4,20M110,90l26,44l20,0m-20,0l-6,20M-20,140l24,36l18,-2m-18,2l-8,18",
        stroke=c,
        width=9,
    )
    return (
        path(d, stroke=c, width=36, more=' stroke-linecap="round"')
        + path(d, stroke=light, width=20, more=' stroke-dasharray="3 9"')
        + spines
        + legs
        + head
    )


def _gazelles(c: str, light: str) -> str:
    one = (
        path(
            "M-70,80C-40,60 10,64 40,70L62,30L88,36L94,46L72,52L60,100L66,190H52L44,126L-30,124L-44,190H-58L-56,120L-78,104Z",
            c,
        )
        + path("M66,34C60,6 70,-6 90,-14M74,34C74,10 84,0 100,-4", stroke=c, width=6)
        + path("M-40,86C-10,100 10,100 36,88", stroke=light, width=5)
    )
    return (
        group(one, "translate(84,0) scale(-1,1)")
        + group(one, "translate(-84,0)")
        + path("M0,196V70M0,120q-26,-10 -30,-40M0,120q26,-10 30,-40", stroke=c, width=6)
    )


def _cameo(c: str, light: str) -> str:
    figure = (
        circle(0, 26, 17, c)
        + path("M-18,46C-34,90 -10,110 -30,190H34C20,120 36,84 18,46Z", c)
        + path("M16,60C50,70 70,90 100,84", stroke=c, width=14)
        + path("M-10,100C0,130 -8,160 -14,186M8,100C14,130 12,160 16,186", stroke=light, width=3)
    )
    tree = path("M0,196C6,120 -14,80 10,20", stroke=c, width=11) + "".join(
        ellipse(x, y, 26, 12, c, f' transform="rotate({t} {x} {y})"')
        for x, y, t in ((-26, 40, 30), (30, 34, -30), (10, 8, 0), (-20, 76, 40), (34, 70, -34))
    )
    return group(figure, "translate(-40,0)") + group(tree, "translate(110,0)")


def _mourners(p: Palette, a: float, b: float) -> str:
    return _scene(p, a, b, _mourner(p[1]), 78)


def _chariots(p: Palette, a: float, b: float) -> str:
    return _scene(p, a, b, _chariot(p[1]), 270)


def _scened(draw: Callable[[str, str], str], wide: float, many: bool) -> Ornament:
    def ornament(p: Palette, a: float, b: float) -> str:
        return _scene(p, a, b, draw(p[1], p[0]), wide, many)

    return ornament


ORNAMENTS: dict[str, Ornament] = {
    "solid": _solid, "second": _second, "lines": _lines, "meander": _meander, "zigzag": _zigzag, "rays": _rays,
    "palmettes": _palmettes, "scrolls": _scrolls, "blossoms": _blossoms, "mourners": _mourners, "chariots": _chariots,
    "warriors": _scened(_warrior, 120, True), "musician": _scened(_musician, 1, False), "weavers": _scened(_weaver, 1, False),
    "ship": _scened(_ship, 1, False), "octopus": _scened(_octopus, 1, False), "siren": _scened(_siren, 1, False),
    "dragon": _scened(_dragon, 1, False), "gazelles": _scened(_gazelles, 1, False), "cameo": _scened(_cameo, 330, True),
}  # fmt: skip


def tiles(r: Random, p: Palette, design: str = "tulip", size: int = 266) -> str:
    """A field of tiles; palette: glaze, line, fill, third colour."""
    unit = TILES[design](p)
    field = tile(
        "tile",
        size,
        size,
        rect(0, 0, size, size, p[0])
        + group(unit, f"translate({size / 2},{size / 2}) scale({size / 266:.3f})"),
    )
    joints = path(
        "".join(f"M0,{y}H800" for y in range(0, 1001, size))
        + "".join(f"M{x},0V1000" for x in range(0, 801, size)),
        stroke="#8d877b",
        width=5,
    )
    gleam = '<defs><linearGradient id="gleam" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".3"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".14"/></linearGradient></defs>'
    specks = "".join(
        circle(r.randint(0, 800), r.randint(0, 1000), r.uniform(0.6, 1.8), p[1], ' opacity=".4"')
        for _ in range(60)
    )
    return (
        field
        + rect(0, 0, 800, 1000, "url(#tile)")
        + joints
        + specks
        + gleam
        + rect(0, 0, 800, 1000, "url(#gleam)")
    )


def _corners(p: Palette) -> str:
    """The ox-head corners of Delft tiles."""
    ox = path(
        "M-120,-120C-96,-120 -84,-104 -86,-84C-100,-90 -104,-100 -106,-106C-100,-104 -90,-100 -84,-86C-104,-84 -120,-96 -120,-120Z",
        p[1],
        p[1],
        4,
    ) + circle(-78, -78, 6, p[1])
    return symbol("ox", ox) + around("ox", 4)


def _tile_tulip(p: Palette) -> str:
    bloom = path(
        "M0,10C-44,-4 -44,-60 -30,-88L-12,-58L0,-96L12,-58L30,-88C44,-60 44,-4 0,10Z", p[2], p[1], 4
    ) + path(
        "M0,8V-70M-20,-6C-26,-30 -20,-50 -16,-58M20,-6C26,-30 20,-50 16,-58", stroke=p[1], width=3
    )
    leaves = path(
        "M0,104C-50,84 -66,44 -60,10C-30,30 -6,70 0,104ZM0,104C50,84 66,44 60,10C30,30 6,70 0,104Z",
        p[3],
        p[1],
        3.5,
    )
    return _corners(p) + path("M0,104V8", stroke=p[1], width=5) + leaves + bloom


def _tile_ship(p: Palette) -> str:
    water = "".join(
        path(f"M-80,{y}q20,-9 40,0t40,0t40,0t40,0", stroke=p[1], width=3) for y in (62, 74, 86)
    )
    return (
        _corners(p)
        + group(_ship(p[1], p[0]), "translate(0,-76) scale(.44,.66)")
        + water
        + f'<circle r="104" fill="none" stroke="{p[1]}" stroke-width="3"/>'
    )


def _tile_windmill(p: Palette) -> str:
    mill = (
        path("M-26,56L-16,-20H16L26,56Z", p[2], p[1], 4)
        + path("M-18,-20C-14,-40 14,-40 18,-20Z", p[1])
        + rect(-6, 34, 12, 22, p[1])
    )
    wings = "".join(
        group(
            path(
                "M0,0V-74M-3,-70H15M-3,-58H15M-3,-46H15M-3,-34H15M-3,-22H15M15,-74V-18",
                stroke=p[1],
                width=3.4,
            ),
            f"translate(0,-26) rotate({t})",
        )
        for t in (20, 110, 200, 290)
    )
    land = path("M-90,60C-50,50 50,50 90,60M-70,72H-20M10,76H64", stroke=p[1], width=4) + path(
        "M58,56v-24M58,36q-16,-4 -12,-18q12,-12 24,0q4,14 -12,18", p[2], p[1], 3
    )
    return (
        _corners(p)
        + land
        + mill
        + wings
        + f'<circle r="104" fill="none" stroke="{p[1]}" stroke-width="3"/>'
    )


def _tile_iznik(p: Palette) -> str:
    leaf = path("M0,0C30,-30 40,-80 10,-124C-10,-90 -16,-40 0,0Z", p[2], p[1], 3) + path(
        "M2,-8C12,-40 14,-80 10,-110", stroke=p[0], width=3
    )
    pink = "".join(
        group(
            path("M0,0C-14,-26 -14,-44 -8,-58L0,-48L8,-58C14,-44 14,-26 0,0Z", p[3], p[1], 1.5),
            f"rotate({t})",
        )
        for t in range(-60, 61, 30)
    )
    defs = symbol("zl", leaf) + symbol("zp", pink)
    medal = "".join(
        path(
            "M0,-92C-46,-60 -60,-20 -46,16C-34,40 -14,46 0,66C14,46 34,40 46,16C60,-20 46,-60 0,-92Z",
            c,
            more=f' transform="scale({k})"',
        )
        for c, k in ((p[1], 1), (p[0], 0.9), (p[2], 0.8))
    )
    inner = (
        use("zp", 0, 24, "scale(.72)")
        + circle(0, 22, 9, p[0])
        + path("M0,30V50", stroke=p[0], width=5)
    )
    return (
        defs
        + use("zl", -22, 118, "rotate(-38)")
        + use("zl", 22, 118, "rotate(38) scale(-1,1)")
        + medal
        + inner
        + "".join(
            use("zp", x, y, f"rotate({t}) scale(.62)")
            for x, y, t in ((-98, -60, -20), (98, -60, 20), (-104, 74, -40), (104, 74, 40))
        )
        + circle(-133, 0, 16, p[3])
        + circle(133, 0, 16, p[3])
    )


def _tile_star(p: Palette) -> str:
    body = f'<polygon points="{star(0, 0, 133, 96, 8, -67.5)}" fill="{p[2]}" stroke="{p[1]}" stroke-width="5"/><polygon points="{star(0, 0, 108, 78, 8, -67.5)}" fill="{p[0]}"/>'
    leaf = symbol(
        "tl",
        path("M0,-14C-20,-30 -18,-56 0,-74C18,-56 20,-30 0,-14Z", p[2])
        + path("M0,-18V-60", stroke=p[0], width=3),
    )
    crosses = "".join(
        path(f"M{x},{y}m-26,0L{x},{y - 26}L{x + 26},{y}L{x},{y + 26}Z", p[3])
        for x, y in ((-133, -133), (133, -133), (-133, 133), (133, 133))
    )
    return (
        rect(-133, -133, 266, 266, p[3])
        + crosses
        + body
        + leaf
        + around("tl", 8)
        + circle(0, 0, 12, p[1])
    )


def _tile_panorama(p: Palette) -> str:
    sea = "".join(
        path(
            f"M-133,{y}q22,-8 44,0t44,0t44,0t44,0t44,0t46,0",
            stroke=p[1],
            width=2.6,
            more=' opacity=".7"',
        )
        for y in (70, 88, 106, 122)
    )
    houses = "".join(
        rect(x, 40 - h, 20, h + 10, p[2] if i % 2 else p[0], f' stroke="{p[1]}" stroke-width="2.5"')
        + polygon([(x - 2, 40 - h), (x + 10, 28 - h), (x + 22, 40 - h)], p[1])
        for i, (x, h) in enumerate(
            zip(range(-133, 130, 22), (20, 34, 26, 50, 30, 44, 70, 38, 28, 46, 24, 36), strict=True)
        )
    )
    tower = (
        rect(-10, -70, 22, 90, p[0], f' stroke="{p[1]}" stroke-width="3"')
        + polygon([(-14, -70), (1, -100), (16, -70)], p[1])
        + ellipse(66, -10, 26, 22, p[2], f' stroke="{p[1]}" stroke-width="3"')
    )
    clouds = "".join(
        path(f"M{x},{y}q10,-18 28,-10q18,-16 32,2q18,-2 20,10Z", p[2], more=' opacity=".6"')
        for x, y in ((-110, -80), (50, -96), (-40, -116))
    )
    return (
        clouds
        + tower
        + houses
        + rect(-133, 50, 266, 6, p[1])
        + sea
        + group(_ship(p[1], p[0]), "translate(-50,64) scale(.22,.26)")
    )


TILES: dict[str, Callable[[Palette], str]] = {
    "tulip": _tile_tulip, "ship": _tile_ship, "windmill": _tile_windmill,
    "iznik": _tile_iznik, "star": _tile_star, "panorama": _tile_panorama,
}  # fmt: skip
