"""Drawings of cloth that is dyed, printed or embroidered, and of figured silks."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

import math
from random import Random

from server.demo.shapes import (
    Palette,
    around,
    circle,
    ellipse,
    group,
    half_drop,
    path,
    polygon,
    rect,
    star,
    symbol,
    tile,
    use,
)
from server.demo.weaves import HEIGHT, WIDTH, fringe, threads


def _fill(name: str) -> str:
    return rect(0, 0, WIDTH, HEIGHT, f"url(#{name})")


def _flower(petals: int, reach: float, colour: str, heart: str, name: str) -> str:
    """A symbol: petals round a heart."""
    petal = ellipse(0, -reach * 0.62, reach * 0.3, reach * 0.4, colour)
    middle = circle(0, 0, reach * 0.3, heart) + circle(0, 0, reach * 0.14, colour)
    return symbol(name + "p", petal) + symbol(name, around(name + "p", petals) + middle)


def paisley(r: Random, p: Palette, w: int = 200, h: int = 250) -> str:
    """Botehs: bent drops filled with flowers, and sprigs between."""
    drop = "M0,96C-62,96 -74,36 -46,-6C-28,-34 2,-44 -8,-70C-14,-84 -32,-84 -38,-72C-44,-98 -14,-112 10,-94C44,-68 66,-10 62,36C60,74 36,96 0,96Z"
    flowers = _flower(8, 26, p[3], p[1], "pf") + _flower(6, 14, p[2], p[0], "ps")
    leaf = path("M0,0q10,-14 0,-30q-10,16 0,30", p[4])
    dots = "".join(
        circle(44 * math.cos(t) * 1.42, 22 + 60 * math.sin(t) * 1.2, 3.6, p[3])
        for t in (i * math.tau / 22 for i in range(22)) if math.sin(t) > -0.4
    )  # fmt: skip
    body = (
        path(drop, p[1])
        + group(path(drop, p[0]), "translate(0,4) scale(.87)")
        + group(path(drop, p[2]), "translate(0,7) scale(.74)")
    )
    body += group(path(drop, p[0]), "translate(0,10) scale(.64)") + dots
    body += (
        symbol("pl", leaf)
        + use("pf", 0, 48)
        + use("ps", -8, 4)
        + use("ps", 22, 4, "scale(.8)")
        + use("ps", 16, -30, "scale(.7)")
    )
    body += "".join(
        use("pl", x, y, f"rotate({t})")
        for x, y, t in ((-28, 34, -50), (30, 34, 50), (-22, 72, -120), (24, 72, 120), (0, -34, 10))
    )
    sprig = path(
        "M0,26C-8,8 8,-6 0,-26M0,10q-16,-4 -20,-18M0,2q16,-4 20,-18", stroke=p[4], width=3.5
    )
    sprig += use("ps", 0, -28) + use("ps", -22, -10, "scale(.7)") + use("ps", 22, -16, "scale(.7)")
    body += group(sprig, f"translate({w / 2},0) scale(.9)")
    return flowers + half_drop("boteh", w, h, body) + _fill("boteh") + threads(0.14)


def damask(r: Random, p: Palette, w: int = 266, h: int = 400) -> str:
    """An ogival net with a palmette in each mesh, in two or three tones."""
    ogive = f"M0,{-h / 2}C10,-120 {w / 2},-110 {w / 2},0C{w / 2},110 10,120 0,{h / 2}C-10,120 {-w / 2},110 {-w / 2},0C{-w / 2},-110 -10,-120 0,{-h / 2}Z"
    leafy = ""
    for s in (1, -1):
        for x, y, t, k in (
            (0, 60, 20, 1.25),
            (0, 60, 55, 1.1),
            (0, 60, 92, 0.85),
            (0, -10, 30, 0.7),
        ):
            leafy += group(
                path("M0,0C26,-18 34,-58 6,-92C-4,-74 -18,-60 -14,-34C-12,-20 -6,-8 0,0Z", p[1]),
                f"translate({x},{y}) scale({s},1) rotate({t}) scale({k})",
            )
    crown = path("M0,-104C26,-70 22,-40 0,-10C-22,-40 -26,-70 0,-104Z", p[1]) + path(
        "M0,-80C12,-62 10,-48 0,-34C-10,-48 -12,-62 0,-80Z", p[0]
    )
    base = path(
        "M-34,78C-30,104 -10,112 0,132C10,112 30,104 34,78C20,88 10,80 0,64C-10,80 -20,88 -34,78Z",
        p[1],
    )
    net = path(ogive, "none", p[1], 13) + path(ogive, "none", p[2], 3.5)
    knot = circle(0, h / 2, 17, p[1]) + circle(0, h / 2, 8, p[2])
    vein = path(
        "M0,60C30,30 44,-6 40,-44M0,60C-30,30 -44,-6 -40,-44M0,60C36,44 66,30 84,10M0,60C-36,44 -66,30 -84,10",
        stroke=p[2],
        width=2.5,
    )
    return (
        half_drop("ogive", w, h, net + leafy + vein + crown + base + knot)
        + _fill("ogive")
        + threads(0.12)
    )


def kawung(r: Random, p: Palette, size: int = 100) -> str:
    """Batik: four ovals set crosswise, with dots."""
    oval = (
        ellipse(0, -30, 16, 26, p[1])
        + ellipse(0, -30, 11, 21, p[2])
        + circle(0, -38, 3, p[0])
        + circle(0, -24, 3, p[0])
    )
    body = (
        symbol("oval", oval)
        + around("oval", 4, start=45)
        + polygon([(-5, 0), (0, -5), (5, 0), (0, 5)], p[1])
    )
    small = "".join(circle(x, y, 3, p[1]) for x, y in ((0, -46), (46, 0), (0, 46), (-46, 0)))
    return (
        tile("kaw", size, size, group(body + small, f"translate({size / 2},{size / 2})"))
        + _fill("kaw")
        + _crackle(r, p[1])
        + threads(0.08)
    )


def parang(r: Random, p: Palette) -> str:
    """Batik: slanting rows of knife shapes like breaking waves, with bands of lozenges."""
    blade = path(
        "M-44,40C-60,0 -20,-14 0,-40C14,-56 40,-52 44,-34C24,-40 18,-22 26,-6C36,16 4,30 -8,42C-20,52 -38,54 -44,40Z",
        p[1],
    )
    blade += path("M-28,32C-36,8 -6,-6 6,-24M-14,36C-8,14 14,6 12,-10", stroke=p[2], width=4)
    body = (
        group(blade, "translate(55,62)") + rect(0, 122, 110, 4, p[1]) + rect(0, 152, 110, 4, p[1])
    )
    body += "".join(
        polygon([(x - 14, 139), (x, 128), (x + 14, 139), (x, 150)], p[2])
        + circle(x + 27, 139, 3, p[1])
        for x in (27, 82)
    )
    body += rect(0, 0, 110, 3, p[1])
    return (
        tile("par", 110, 158, body, "rotate(-40)")
        + _fill("par")
        + _crackle(r, p[1])
        + threads(0.08)
    )


def _crackle(r: Random, colour: str) -> str:
    """The fine veins where dye ran into the cracked wax."""
    d = ""
    for _ in range(26):
        x, y = r.randint(0, WIDTH), r.randint(0, HEIGHT)
        d += f"M{x},{y}" + "".join(f"l{r.randint(-60, 60)},{r.randint(10, 70)}" for _ in range(3))
    return path(d, stroke=colour, width=1, more=' opacity=".3"')


def sashiko(r: Random, p: Palette, design: str = "asanoha") -> str:
    """White running stitches on indigo: hemp leaves, waves or linked circles."""
    lines = {
        "asanoha": (120, 208, "M60,0V208M0,52V156M120,52V156M0,52L60,0L120,52M0,156L60,208L120,156M0,52L60,104L120,52M0,156L60,104L120,156"
                    "M0,52L60,69L120,52M0,156L60,139L120,156M60,69L0,0M60,69L120,0M60,139L0,208M60,139L120,208M0,156L40,104L0,52M120,156L80,104L120,52M40,104L60,104M80,104L60,104M0,0V52M120,0V52M0,208V156M120,208V156"),
        "seigaiha": (160, 80, "".join(f"M{80 - k},80A{k},{k} 0 0 1 {80 + k},80M{-k},40A{k},{k} 0 0 1 {k},40M{160 - k},40A{k},{k} 0 0 1 {160 + k},40" for k in (80, 60, 40, 20))),
        "shippo": (140, 140, "M70,0A70,70 0 0 1 70,140A70,70 0 0 1 70,0M0,-70A70,70 0 0 1 0,70M0,70A70,70 0 0 1 0,210M140,-70A70,70 0 0 0 140,70M140,70A70,70 0 0 0 140,210M-70,0A70,70 0 0 0 70,0A70,70 0 0 0 210,0M-70,140A70,70 0 0 1 70,140A70,70 0 0 1 210,140M70,56V84M56,70H84"),
    }  # fmt: skip
    w, h, d = lines[design]
    stitch = path(d, stroke=p[1], width=4.2, more=' stroke-dasharray="11 5" stroke-linecap="round"')
    shade = "".join(
        rect(
            x,
            0,
            r.randint(2, 9),
            HEIGHT,
            r.choice(("#000", "#fff")),
            f' opacity="{r.uniform(0.01, 0.05):.2f}"',
        )
        for x in range(0, WIDTH, 13)
    )
    body = tile("sas", w, h, stitch)
    if design == "seigaiha":
        body = _scales(p)
    return shade + body + _fill("sas") + threads(0.16)


def _scales(p: Palette) -> str:
    """Overlapping waves: each scale covers those behind it."""
    one = "".join(
        circle(
            0,
            0,
            k,
            p[0],
            f' stroke="{p[1]}" stroke-width="4.2" stroke-dasharray="11 5" stroke-linecap="round"',
        )
        for k in (78, 58, 38, 18)
    )
    rows = "".join(
        use("scale", x, y)
        for y, xs in (
            (-40, (0, 160)),
            (0, (80,)),
            (40, (0, 160)),
            (80, (80,)),
            (120, (0, 160)),
            (160, (80,)),
        )
        for x in xs
    )
    return symbol("scale", one) + tile("sas", 160, 80, rows)


def suzani(r: Random, p: Palette) -> str:
    """Great embroidered rosettes in rings, with leafy scrolls around them."""
    petal = ellipse(0, -82, 15, 24, p[1]) + ellipse(0, -82, 6, 14, p[3])
    rosette = (
        circle(0, 0, 112, p[4])
        + circle(0, 0, 106, p[0])
        + around("sp", 16)
        + circle(0, 0, 58, p[2])
        + circle(0, 0, 48, p[0])
    )
    rosette += around("sq", 10) + circle(0, 0, 14, p[2])
    leaf = path("M0,0C30,-6 46,-34 40,-70C12,-60 -6,-34 0,0Z", p[4]) + path(
        "M4,-6C18,-24 28,-40 36,-62", stroke=p[3], width=3
    )
    defs = symbol("sp", petal) + symbol("sq", ellipse(0, -30, 7, 14, p[1]))
    small = _flower(8, 40, p[1], p[3], "sf")
    defs += small + symbol("sr", rosette)
    body = ""
    for y in (170, 500, 830):
        for x in (140, 400, 660):
            body += group(around("so", 8, start=22), f"translate({x},{y})") + use(
                "sr", x, y, "scale(.9)"
            )
    defs += symbol("so", group(leaf, "translate(0,-100) scale(.62)"))
    body += "".join(use("sf", x, y) for y in (335, 665, 10, 990) for x in (10, 270, 530, 790))
    return defs + body + threads(0.14)


def sprigs(r: Random, p: Palette, w: int = 130, h: int = 160) -> str:
    """Block print: small flowers on stems in alternate rows."""
    stem = path(
        "M0,52C-10,24 10,4 0,-22M0,34C-20,30 -26,14 -30,4M0,20C20,18 26,2 30,-8",
        stroke=p[2],
        width=4,
    )
    leaves = "".join(
        path(
            "M0,0q14,-12 26,-4q-10,14 -26,4",
            p[2],
            more=f' transform="translate(0,{y}) scale({s},1)"',
        )
        for y, s in ((40, 1), (44, -1), (8, -1))
    )
    flowers = _flower(7, 24, p[1], p[3], "bf")
    heads = (
        use("bf", 0, -30, "scale(1.15)")
        + use("bf", -31, 0, "scale(.62)")
        + use("bf", 31, -12, "scale(.62)")
    )
    dots = "".join(circle(x, y, 3, p[3]) for x, y in ((-46, 50), (46, 50), (-40, -52), (40, -52)))
    return (
        flowers
        + half_drop("spr", w * 1.25, h * 1.2, stem + leaves + heads + dots)
        + _fill("spr")
        + threads(0.12)
    )


def birds(r: Random, p: Palette) -> str:
    """Mirrored birds among strawberries and leaves, on dark blue."""
    ground, light, red, green, brown, pale = p
    body = "M-8,40C-58,40 -84,6 -74,-34C-70,-54 -54,-64 -38,-60L-20,-52L-36,-46C-22,-30 10,-26 44,6L96,44C60,48 30,44 -8,40Z"
    bird = (
        path(body, brown)
        + path("M-60,-6C-56,20 -30,34 -2,34C-16,16 -30,0 -60,-6Z", light)
        + "".join(circle(x, y, 3, brown) for x, y in ((-46, 6), (-34, 14), (-38, 22), (-22, 24)))
    )
    bird += path("M-34,-26C-4,-22 26,2 60,30C26,34 -14,16 -34,-26Z", pale) + path(
        "M-20,-14C6,-6 24,8 40,24M-12,-2C4,6 14,12 24,24", stroke=brown, width=2.5
    )
    bird += (
        circle(-52, -44, 5, light)
        + circle(-52, -44, 2.4, "#111")
        + path("M-14,40v22M-2,40v22", stroke=pale, width=4)
    )
    berry = path("M0,0C-22,2 -24,28 0,46C24,28 22,2 0,0Z", red) + "".join(
        circle(x, y, 1.8, light) for x, y in ((-8, 14), (8, 14), (0, 22), (-6, 30), (6, 30))
    )
    berry += path("M-18,2L0,-8L18,2L6,6L0,14L-6,6Z", green)
    leaf = path("M0,0C34,-8 48,-40 36,-84C6,-66 -14,-34 0,0Z", green) + path(
        "M2,-4C14,-28 24,-48 34,-74M12,-26l20,-8M6,-28l-4,-16M20,-44l14,-6", stroke=pale, width=2.4
    )
    defs = (
        symbol("bird", bird)
        + symbol("berry", berry)
        + symbol("bl", leaf)
        + _flower(5, 30, light, p[5], "bw")
    )
    half = use("bird", 96, 80) + path(
        "M0,240C60,220 90,180 150,170C176,166 196,140 200,110M0,-20C40,0 60,-40 110,-44C150,-46 180,-20 200,-30",
        stroke=green,
        width=6,
    )
    half += (
        use("berry", 150, 172)
        + use("berry", 60, -30)
        + use("berry", 110, -40, "scale(.9)")
        + use("bw", 186, 150)
        + use("bw", 40, 226, "scale(.9)")
    )
    half += "".join(
        use("bl", x, y, f"rotate({t}) scale({s})")
        for x, y, t, s in (
            (0, 40, 8, 0.95),
            (70, 205, 60, 0.8),
            (196, 120, -10, 0.9),
            (150, -40, 60, 0.8),
            (20, -4, 110, 0.7),
            (100, 176, 150, 0.7),
            (0, 240, -12, 1),
        )
    )
    unit = (
        half
        + group(half, "scale(-1,1)")
        + use("bw", 0, -26, "scale(1.2)")
        + use("bl", 0, 250, "rotate(165)")
    )
    return (
        defs
        + symbol("unit", unit)
        + "".join(use("unit", x, y) for y in range(-40, 1100, 300) for x in (0, 400, 800))
        + threads(0.1)
    )


def medallion(r: Random, p: Palette) -> str:
    """A carpet: a sixteen-lobed medallion on a field of scrolling flowers, with quarter corners."""
    scroll = path(
        "M0,0C30,-50 90,-40 90,0C90,30 50,34 48,8M90,0C100,44 150,46 180,0", stroke=p[4], width=3
    )
    flowers = _flower(8, 15, p[2], p[3], "mf") + _flower(6, 11, p[3], p[1], "mg")
    field = tile(
        "mfield",
        180,
        120,
        group(scroll, "translate(0,60)")
        + use("mf", 50, 66)
        + use("mg", 92, 60)
        + use("mf", 140, 20, "scale(.7)")
        + use("mg", 10, 16),
    )
    lobe = path("M-34,-120C-34,-160 -12,-176 0,-206C12,-176 34,-160 34,-120Z", p[3]) + path(
        "M-22,-120C-22,-156 -8,-168 0,-186C8,-168 22,-156 22,-120Z", p[2]
    )
    small = ellipse(0, -246, 15, 26, p[2]) + ellipse(0, -246, 8, 17, p[3])
    sun = (
        around("lobe", 16)
        + circle(0, 0, 136, p[3])
        + circle(0, 0, 126, p[1])
        + around("ray", 16)
        + around("mfar", 12, start=15)
        + circle(0, 0, 40, p[2])
        + use("mf", 0, 0, "scale(2)")
    )
    defs = (
        symbol("lobe", lobe)
        + symbol("ray", small)
        + symbol("mfar", use("mf", 0, -84, "scale(1.5)") + use("mg", 22, -112))
    )
    defs += symbol("sun", sun)
    body = rect(90, 90, 620, 780, p[0]) + rect(90, 90, 620, 780, "url(#mfield)")
    clip = f'<clipPath id="inner">{rect(90, 90, 620, 780, "#000")}</clipPath>'
    corners = "".join(use("sun", x, y, "scale(.8)") for x in (90, 710) for y in (90, 870))
    lamps = "".join(
        path(
            f"M400,{y}l0,{s * 50}c-40,{s * 20} -40,{s * 70} 0,{s * 100}c40,{-s * 30} 40,{-s * 80} 0,{-s * 100}",
            p[3],
            p[2],
            5,
        )
        for y, s in ((740, 1), (220, -1))
    )
    rose = symbol(
        "cart",
        ellipse(0, 0, 44, 24, p[3]) + ellipse(0, 0, 36, 17, p[2]) + use("mg", 0, 0, "scale(1.2)"),
    )
    frame = path("M0,0H800V960H0ZM90,90V870H710V90Z", p[1], more=' fill-rule="evenodd"')
    frame += "".join(
        f'<rect x="{a}" y="{a}" width="{800 - 2 * a}" height="{960 - 2 * a}" fill="none" stroke="{c}" stroke-width="{w}"/>'
        for a, c, w in ((6, p[2], 12), (20, p[3], 3), (86, p[3], 4), (78, p[2], 7))
    )
    frame += "".join(use("cart", x, y) for x in range(100, 720, 100) for y in (49, 911)) + "".join(
        use("cart", x, y, "rotate(90)") for y in range(130, 870, 100) for x in (49, 751)
    )
    frame += "".join(use("mf", x, y) for x in range(50, 790, 100) for y in (49, 911)) + "".join(
        use("mf", x, y) for y in range(80, 900, 100) for x in (49, 751)
    )
    return (
        flowers
        + field
        + defs
        + rose
        + clip
        + body
        + group(lamps + use("sun", 400, 480) + corners, more=' clip-path="url(#inner)"')
        + frame
        + fringe(r, "#e6d7b8", "#f4efe2")
        + threads(0.2)
    )


def quilt(r: Random, p: Palette, design: str = "cabin") -> str:
    """Patchwork: log cabins with a light and a dark half, one great diamond, or stars."""
    stitch = tile(
        "qs",
        40,
        40,
        path(
            "M0,40L40,0M0,0L40,40",
            stroke="#fff",
            width=1.2,
            more=' stroke-dasharray="5 4" opacity=".35"',
        ),
    )
    if design == "diamond":
        body = (
            rect(0, 0, 800, 1000, p[0])
            + rect(90, 190, 620, 620, p[1])
            + rect(110, 210, 580, 580, p[2])
        )
        body += polygon([(400, 220), (690, 500), (400, 780), (110, 500)], p[0]) + polygon(
            [(400, 262), (646, 500), (400, 738), (154, 500)], p[1]
        )
        body += "".join(rect(x, y, 90, 90, p[3]) for x in (90, 620) for y in (190, 720)) + path(
            "M0,90H800M0,910H800", stroke=p[2], width=60
        )
        return body + stitch + _fill("qs") + threads(0.1)
    if design == "star":
        unit = (
            rect(0, 0, 200, 200, p[0])
            + f'<polygon points="{star(100, 100, 96, 42, 8)}" fill="{p[1]}"/>'
            + f'<polygon points="{star(100, 100, 66, 28, 8)}" fill="{p[2]}"/>'
            + circle(100, 100, 16, p[3])
        )
        unit += "".join(
            polygon([(x, y), (x + sx * 34, y), (x, y + sy * 34)], p[3])
            for x, y, sx, sy in ((0, 0, 1, 1), (200, 0, -1, 1), (0, 200, 1, -1), (200, 200, -1, -1))
        )
        return tile("qu", 200, 200, unit) + _fill("qu") + stitch + _fill("qs") + threads(0.1)
    half = (len(p) - 1) // 2
    out = [stitch]
    for j in range(5):
        for i in range(4):
            body, a, w = rect(-14, -14, 28, 28, p[0]), 14.0, 14.4
            for _k in range(6):
                light, dark = r.choice(p[1 : 1 + half]), r.choice(p[1 + half :])
                body += rect(-a - w, -a - w, 2 * a + w, w, light) + rect(
                    -a - w, -a, w, 2 * a + w, light
                )
                body += rect(a, -a - w, w, 2 * a + w, dark) + rect(-a, a, 2 * a + w, w, dark)
                a += w
            out.append(
                group(
                    body,
                    f"translate({i * 200 + 100},{j * 200 + 100}) rotate({((i + j) % 2) * 180 if (i // 2 + j // 2) % 2 else 90 + ((i + j) % 2) * 180})",
                )
            )
    return "".join(out) + _fill("qs") + threads(0.14)


def dots(r: Random, p: Palette, design: str = "bandhani") -> str:
    """Tie-dye: small ringed dots in lozenges, or great rings of stitched resist."""
    if design == "rings":
        out = []
        for v in range(3):
            ring = ""
            for k, reach in enumerate((88, 74, 60, 46, 32, 18, 8)):
                turns = [(reach + r.uniform(-3, 3), t * math.tau / 36) for t in range(36)]
                pairs = [(d * math.cos(a), d * math.sin(a)) for d, a in turns]
                ring += polygon(pairs, p[1] if k % 2 == 0 else p[0])
            out.append(symbol(f"ring{v}", ring))
        places = [(i, j) for j in range(5) for i in range(4)]
        out += [use(f"ring{(i + j) % 3}", i * 200 + 100, j * 200 + 100) for i, j in places]
        small = "".join(
            circle(x, y, 9, p[1]) + circle(x, y, 4, p[0])
            for x in range(0, 801, 200)
            for y in range(0, 1001, 200)
        )
        return "".join(out) + small + threads(0.18)
    dot = circle(0, 0, 5.2, p[1]) + circle(0, 0, 1.8, p[0])
    red = circle(0, 0, 5.2, p[2]) + circle(0, 0, 1.8, p[0])
    body = symbol("bd", dot) + symbol("be", red)
    marks = []
    for i in range(-6, 7):
        for j in range(-6, 7):
            n = abs(i) + abs(j)
            if n in (6, 5, 3) or n == 0 or (n == 2 and i * j == 0) or (n == 1):
                marks.append(use("be" if n in (1, 3) else "bd", i * 16 + 100, j * 16 + 100))
    marks += [use("bd", x, y) for x, y in ((0, 100), (200, 100), (100, 0), (100, 200))]
    marks += [
        use("be", x + dx, y + dy)
        for x in (0, 200)
        for y in (0, 200)
        for dx, dy in ((0, 0), (16, 0), (-16, 0), (0, 16), (0, -16))
    ]
    return body + tile("bdt", 200, 200, "".join(marks)) + _fill("bdt") + threads(0.14)


def signs(r: Random, p: Palette, size: int = 160) -> str:
    """Hand-drawn signs in squares, pale on dark: mud cloth and starch-resist."""

    def shaky(d: str, width: float = 7) -> str:
        return path(
            d, stroke=p[1], width=width, more=' stroke-linecap="round" stroke-linejoin="round"'
        )

    marks = [
        shaky("M-60,-40L-36,-62L-12,-40L12,-62L36,-40L60,-62M-60,-6L-36,-28L-12,-6L12,-28L36,-6L60,-28M-60,28L-36,6L-12,28L12,6L36,28L60,6M-60,62L-36,40L-12,62L12,40L36,62L60,40"),
        shaky("M-50,-50L50,50M50,-50L-50,50M-18,-58h36M-18,58h36M-58,-18v36M58,-18v36"),
        "".join(circle(x * 28, y * 28, 7, p[1]) for x in range(-2, 3) for y in range(-2, 3)),
        shaky("M0,0m-56,0a56,56 0 1 0 112,0a56,56 0 1 0 -112,0M0,0m-34,0a34,34 0 1 0 68,0a34,34 0 1 0 -68,0") + circle(0, 0, 10, p[1]),
        shaky("M0,-62L56,0L0,62L-56,0ZM0,-34L30,0L0,34L-30,0Z") + circle(0, 0, 7, p[1]),
        shaky("M-58,-56H58M-58,-28H58M-58,0H58M-58,28H58M-58,56H58", 9),
    ]  # fmt: skip
    out = []
    for j in range(HEIGHT // size + 1):
        for i in range(WIDTH // size):
            turn = r.uniform(-2.5, 2.5)
            out.append(
                group(
                    marks[(i * 2 + j * 3) % 6],
                    f"translate({i * size + 80},{j * size + 80}) rotate({turn:.1f}) scale(.92)",
                )
            )
    grid = shaky(
        "".join(f"M0,{y}H800" for y in range(0, 1001, size))
        + "".join(f"M{x},0V1000" for x in range(0, 801, size)),
        5,
    )
    return "".join(out) + grid + threads(0.22)


def pile(r: Random, p: Palette) -> str:
    """Cut-pile raffia: interlaced angular bands that change their mind from row to row."""
    out = []
    for j in range(5):
        for i in range(4):
            x, y, k = i * 200 + 100, j * 200 + 100, (i * 3 + j * 2) % 4
            body = "".join(
                polygon([(-s, 0), (0, -s), (s, 0), (0, s)], p[1] if n % 2 else p[0])
                for n, s in enumerate((100, 88, 74, 60, 46, 32, 18))
            )
            if k == 1:
                body += path("M-74,0L0,-74M-46,0L0,-46M74,0L0,74M46,0L0,46", stroke=p[2], width=8)
            elif k == 2:
                body += rect(-16, -60, 32, 120, p[0]) + path(
                    "M0,-60V60M-10,-60V60M10,-60V60", stroke=p[1], width=5
                )
            elif k == 3:
                body += rect(-30, -30, 60, 60, p[1]) + path(
                    "M-22,-22H22V22H-10V-8H8V8", stroke=p[0], width=8
                )
            out.append(group(body, f"translate({x},{y})"))
    hatch = "".join(
        group(
            path("".join(f"M-40,{v}h80" for v in range(-36, 40, 12)), stroke=p[2], width=4),
            f"translate({x},{y}) rotate({45 if (x + y) % 400 else -45})",
        )
        for x in range(0, 801, 200)
        for y in range(0, 1001, 200)
    )
    return "".join(out) + group(hatch, more=' opacity=".75"') + threads(0.3)


def balls(r: Random, p: Palette) -> str:
    """Velvet: three balls above a pair of wavy lines, in rows."""
    trio = "".join(
        circle(x, y, 26, p[1]) + circle(x, y + 6, 17, p[0]) + circle(x, y + 10, 9, p[2])
        for x, y in ((0, -52), (-31, 0), (31, 0))
    )
    waves = "".join(
        path(
            f"M-72,{y}c20,-26 36,-26 54,-6s36,20 54,-4s30,-16 36,-6c-14,6 -20,26 -48,26s-40,-26 -60,-18s-20,18 -36,8Z",
            p[1],
        )
        for y in (56, 88)
    )
    return half_drop("trio", 230, 280, trio + waves) + _fill("trio") + threads(0.14)


def carnations(r: Random, p: Palette) -> str:
    """Velvet: fan-shaped carnations in staggered rows."""
    fan = ""
    for t in range(-60, 61, 20):
        fan += group(
            path("M0,20C-26,-40 -22,-80 -16,-104l8,10l8,-16l8,16l8,-10C22,-80 26,-40 0,20Z", p[1]),
            f"rotate({t})",
        )
        fan += group(
            path("M0,0C-10,-40 -8,-60 0,-80C8,-60 10,-40 0,0Z", p[0] if t % 40 else p[2]),
            f"rotate({t})",
        )
    calyx = path("M-26,14C-20,44 20,44 26,14C10,22 -10,22 -26,14Z", p[1]) + path(
        "M0,36V96M0,76C-20,74 -44,60 -52,40C-30,42 -10,54 0,76C10,54 30,42 52,40C44,60 20,74 0,76",
        p[1],
        p[1],
        6,
    )
    return half_drop("fan", 266, 333, fan + calyx) + _fill("fan") + threads(0.14)


def roundels(r: Random, p: Palette) -> str:
    """Silk: roundels with a frame of pearls, in each a tree between two facing birds."""
    pearl = circle(0, -112, 11, p[1])
    tree = path(
        "M0,84V-20M0,40C-30,34 -34,10 -30,-4M0,40C30,34 34,10 30,-4", stroke=p[3], width=7
    ) + around("rl", 7, 0, -34)
    bird = (
        path(
            "M-6,44C-40,40 -48,8 -30,-14C-36,-30 -22,-46 -6,-40L10,-32L-2,-26C2,-8 26,0 34,30L20,22C16,36 6,44 -6,44Z",
            p[1],
        )
        + circle(-14, -30, 4, p[0])
        + path("M-24,0C-10,2 4,10 12,24M-14,44v20M-2,44v20", stroke=p[2], width=4)
    )
    body = (
        circle(0, 0, 128, p[3])
        + circle(0, 0, 124, p[2])
        + around("rp", 20)
        + circle(0, 0, 98, p[3])
        + circle(0, 0, 94, p[0])
        + tree
    )
    body += use("rb", 56, 22, "scale(1,1)") + use("rb", -56, 22, "scale(-1,1)")
    defs = symbol("rp", pearl) + symbol("rl", ellipse(0, -22, 7, 18, p[2])) + symbol("rb", bird)
    cross = f'<polygon points="{star(0, 0, 58, 22, 8)}" fill="{p[3]}"/>' + circle(0, 0, 17, p[1])
    unit = symbol("ro", body) + symbol("rx", cross)
    places = [use("ro", x, y) for x in (133, 400, 667) for y in range(100, 1100, 266)]
    return (
        defs
        + unit
        + "".join(places)
        + "".join(use("rx", x, y) for x in (0, 267, 533, 800) for y in range(-33, 1100, 266))
        + threads(0.2)
    )


def sampler(r: Random, p: Palette) -> str:
    """Cross-stitch bands: letters, trees, birds, crowns and hearts on linen."""
    out, y = [], 56
    for k, (name, step) in enumerate(_BANDS):
        rows = _MOTIFS[name]
        wide = max(len(row) for row in rows) + step
        count = int(700 / (wide * 8))
        left = (WIDTH - count * wide * 8 + step * 8) / 2
        d = "".join(
            f"M{i * 8},{j * 8}l7,7m0,-7l-7,7"
            for j, row in enumerate(rows)
            for i, c in enumerate(row)
            if c != "."
        )
        out.append(symbol(f"x{k}", path(d, stroke=p[1 + k % (len(p) - 1)], width=3)))
        out += [use(f"x{k}", left + n * wide * 8, y) for n in range(count)]
        y += len(rows) * 8 + 26
    frame = f'<rect x="26" y="26" width="748" height="948" fill="none" stroke="{p[1]}" stroke-width="7" stroke-dasharray="9 5"/>'
    return frame + "".join(out) + threads(0.3)


_MOTIFS = {
    "tree": ("...x...", "..xxx..", ".xxxxx.", "..xxx..", ".xxxxx.", "xxxxxxx", "...x...", "...x...", ".xxxxx."),
    "bird": ("..xx....x", ".xxxx..xx", "xx.xxxxx.", "..xxxxx..", "...xxx...", "....x....", "...xx...."),
    "heart": (".xx.xx.", "xxxxxxx", "xxxxxxx", ".xxxxx.", "..xxx..", "...x..."),
    "crown": ("x..x..x", "x.xxx.x", "xxxxxxx", ".xxxxx.", ".xxxxx."),
    "zig": ("...x...", "..x.x..", ".x...x.", "x.....x"),
    "house": ("....x....", "...xxx...", "..xxxxx..", ".xxxxxxx.", "xxxxxxxxx", "x.x.x.x.x", "x.x.x.x.x", "xxxx.xxxx", "xxxx.xxxx"),
    "rose": ("..x.x..", ".xxxxx.", "xxx.xxx", ".x.x.x.", "xxx.xxx", ".xxxxx.", "..x.x..", "...x...", ".xxx...", "...xxx."),
    "abc": (".x..xx...xx.xx..xxx.xxx..xx.x.x.x", "x.x.x.x.x...x.x.x...x...x...x.x.x", "xxx.xx..x...x.x.xx..xx..x.x.xxx.x", "x.x.x.x.x...x.x.x...x...x.x.x.x.x", "x.x.xx...xx.xx..xxx.x....xx.x.x.x"),
    "klm": ("x.x.x...x.x.xx...x..xx..xx...xx.xxx", "x.x.x...xxx.x.x.x.x.x.x.x.x.x....x.", "xx..x...xxx.x.x.x.x.xx..xx...x...x.", "x.x.x...x.x.x.x.x.x.x...x.x...x..x.", "x.x.xxx.x.x.x.x..x..x...x.x.xx...x."),
}  # fmt: skip
_BANDS = (
    ("abc", 6),
    ("zig", 0),
    ("rose", 4),
    ("klm", 6),
    ("zig", 0),
    ("bird", 4),
    ("crown", 4),
    ("zig", 0),
    ("house", 5),
    ("tree", 3),
    ("heart", 4),
)
