"""Drawings of cloth whose pattern is made on the loom: stripes, checks, ikat, kente, kilims."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

from random import Random

from server.demo.shapes import (
    Palette,
    circle,
    group,
    half_drop,
    path,
    points,
    polygon,
    rect,
    symbol,
    tile,
    use,
)

WIDTH, HEIGHT = 800, 1000


def threads(strength: float = 0.16) -> str:
    """The fine grid of warp and weft that makes a flat drawing look like cloth."""
    lines = (
        rect(0, 0, 4, 1, "#000", ' opacity=".5"')
        + rect(0, 2, 4, 1, "#fff", ' opacity=".5"')
        + rect(0, 0, 1, 4, "#000", ' opacity=".35"')
        + rect(2, 0, 1, 4, "#fff", ' opacity=".35"')
    )
    cover = rect(0, 0, WIDTH, HEIGHT, "url(#threads)", f' opacity="{strength}"')
    return tile("threads", 4, 4, lines) + cover


def fringe(r: Random, colour: str, ground: str) -> str:
    """The loose warp ends along the lower edge."""
    d = "".join(
        f"M{x},960q{r.randint(-4, 4)},20 {r.randint(-5, 5)},{r.randint(30, 39)}"
        for x in range(4, WIDTH, 7)
    )
    return rect(0, 958, WIDTH, 42, ground) + path(d, stroke=colour, width=3)


def stripes(r: Random, p: Palette, widths: tuple[int, ...] = (40,), across: bool = False) -> str:
    """Bands of the palette's colours in turn, each with the next of the widths."""
    out, at, i = [], 0, 0
    limit = HEIGHT if across else WIDTH
    while at < limit:
        w, colour = widths[i % len(widths)], p[i % len(p)]
        out.append(rect(0, at, WIDTH, w, colour) if across else rect(at, 0, w, HEIGHT, colour))
        at, i = at + w, i + 1
    return "".join(out) + threads()


def tartan(r: Random, p: Palette, sett: tuple[tuple[int, int], ...] = ((0, 40), (1, 40))) -> str:
    """A sett of (colour, threads), mirrored at its ends, crossed with itself in twill."""
    whole = [*sett, *reversed(sett[1:-1])]
    out, at = [], 0
    for colour, w in whole:
        out.append(rect(at, 0, w, HEIGHT, p[colour]))
        at += w
    twill = tile("twill", 6, 6, path("M-2,2L2,-2M0,6L6,0M4,8L8,4", stroke="#fff", width=2.2))
    mask = f'<mask id="over">{rect(0, 0, WIDTH, HEIGHT, "url(#twill)")}</mask>'
    warp = tile("warp", at, HEIGHT, "".join(out))
    turned = tile("weft", at, HEIGHT, "".join(out), "rotate(90)")
    return (
        warp
        + turned
        + f"<defs>{twill}{mask}</defs>"
        + rect(0, 0, WIDTH, HEIGHT, "url(#warp)")
        + rect(0, 0, WIDTH, HEIGHT, "url(#weft)", ' mask="url(#over)"')
        + threads(0.1)
    )


def _feathered(r: Random, w: float, h: float, bend: float, colour: str, y: float = 0) -> str:
    """A shape with the stepped edge of ikat: the dye creeps along the warp."""
    top, low = [], []
    step = 3
    count = int(2 * w / step)
    for i in range(count):
        u = (i + 0.5) / count * 2 - 1
        reach = h * (1 - abs(u) ** bend) ** (1 / bend)
        x0, x1 = -w + i * step, -w + (i + 1) * step
        up = y - reach - r.uniform(0, 9)
        down = y + reach + r.uniform(0, 9)
        top += [(x0, up), (x1, up)]
        low += [(x0, down), (x1, down)]
    return polygon(top + low[::-1], colour)


def ikat(r: Random, p: Palette, bend: float = 1.5, w: int = 200, h: int = 250) -> str:
    """Nested almonds or lozenges with feathered edges; a bend of 1 is a lozenge, 2 an ellipse."""
    rings = ((0.43, 0.40, 1), (0.33, 0.31, 2), (0.23, 0.22, 3), (0.11, 0.11, 4))
    body = "".join(_feathered(r, w * a, h * b, bend, p[k % len(p)]) for a, b, k in rings)
    hooks = ""
    for side in (-1, 1):
        for end in (-1, 1):
            leaf = _feathered(r, w * 0.07, h * 0.12, 1.4, p[3 % len(p)])
            at = f"translate({side * w * 0.38:.0f},{end * h * 0.4:.0f})"
            hooks += group(leaf, at)
    fine = "".join(
        rect(x, 0, 1.4, HEIGHT, p[1], f' opacity="{r.uniform(0.03, 0.13):.2f}"')
        for x in range(0, WIDTH, 9)
    )
    cloth = half_drop("ikat", w, h, body + hooks) + rect(0, 0, WIDTH, HEIGHT, "url(#ikat)")
    return cloth + fine + threads(0.12)


def _stepped(reach: int, wide: float, high: float) -> list[tuple[float, float]]:
    """The outline of a diamond with stairs for sides."""
    pairs = []
    for sx, sy in ((1, -1), (-1, 1)):
        for i in range(reach):
            y = sy * (reach - i) * high
            pairs += [(sx * i * wide, y), (sx * (i + 1) * wide, y)]
        for i in range(reach, 0, -1):
            x = sx * i * wide
            pairs += [(x, -sy * (reach - i) * high), (x, -sy * (reach - i + 1) * high)]
    return pairs


def kilim(r: Random, p: Palette, size: int = 200, steps: int = 8) -> str:
    """Stepped diamonds in rows, between two borders of small triangles."""
    u = size / 2 / steps
    rings = (steps, steps - 1, steps - 3, steps - 5, 1)
    kinds = []
    for k in range(3):
        order = [p[0], *(p[1 + (k + i) % (len(p) - 1)] for i in range(4))]
        body = (polygon(_stepped(n, u, u), c) for n, c in zip(rings, order, strict=True))
        kinds.append(symbol(f"d{k}", "".join(body)))
    field = []
    for row in range(-1, int(HEIGHT / size * 2) + 2):
        for col in range(-1, WIDTH // size + 2):
            x = col * size + (size / 2 if row % 2 else 0)
            field.append(use(f"d{(row + col) % 3 if row % 2 else row % 3}", x, row * size / 2 + 60))
    teeth = tile(
        "teeth", 40, 60, polygon([(0, 60), (20, 10), (40, 60)], p[1]) + circle(20, 46, 6, p[0])
    )
    edge = "".join(
        rect(0, y, WIDTH, 60, p[0]) + rect(0, y, WIDTH, 60, "url(#teeth)")
        + rect(0, y, WIDTH, 6, p[2]) + rect(0, y + 60, WIDTH, 8, p[2])
        for y in (0, 900)
    )  # fmt: skip
    return (
        "".join(kinds) + "".join(field) + teeth + edge + fringe(r, p[-1], "#efe9dc") + threads(0.22)
    )


def kente(r: Random, p: Palette, strip: int = 100, block: int = 125) -> str:
    """Narrow strips sewn side by side; blocks of weft pattern between warp stripes."""
    designs = [_kente_block(k, p, strip, block) for k in range(4)]
    out = [symbol(f"k{k}", body) for k, body in enumerate(designs)]
    for i in range(WIDTH // strip):
        for j in range(HEIGHT // block):
            if (i + j) % 2:
                out.append(use("k0", i * strip, j * block))
            else:
                out.append(use(f"k{1 + (i // 2 + j) % 3}", i * strip, j * block))
        out.append(rect(i * strip - 1, 0, 2, HEIGHT, "#000", ' opacity=".45"'))
    return "".join(out) + threads(0.22)


def _kente_block(k: int, p: Palette, w: int, h: int) -> str:
    gold, green, red, black = p[0], p[1], p[2], p[3]
    if k == 0:
        lines = (
            (0, 100, gold),
            (10, 8, green),
            (22, 14, red),
            (44, 12, black),
            (64, 14, red),
            (82, 8, green),
        )
        return "".join(rect(w * x / 100, 0, w * d / 100, h, c) for x, d, c in lines)
    ground = rect(0, 0, w, h, black)
    bars = "".join(
        rect(0, y, w, 9, c) for y, c in ((0, gold), (12, red), (h - 9, gold), (h - 21, red))
    )
    if k == 1:
        steps = "".join(
            rect(w / 2 - 12 * i, 28 + 9 * (i - 1), 24 * i, 9, gold if i % 2 else green)
            + rect(w / 2 - 12 * i, h - 37 - 9 * (i - 1), 24 * i, 9, gold if i % 2 else green)
            for i in range(1, 5)
        )
        return ground + bars + steps
    if k == 2:
        cells = "".join(
            rect(x * w / 5, 30 + y * 13, w / 5, 13, gold if (x + y) % 2 else green)
            for x in range(5) for y in range(5)
        )  # fmt: skip
        return ground + bars + cells
    zig = "".join(
        path(
            f"M0,{y + 22}L{w / 4},{y}L{w / 2},{y + 22}L{w * 3 / 4},{y}L{w},{y + 22}",
            stroke=c,
            width=9,
        )
        for y, c in ((34, gold), (50, red), (66, green))
    )
    return ground + bars + zig


def flames(r: Random, p: Palette, reach: int = 110, band: int = 17) -> str:
    """Flame stitch: zigzag rows of stepped stitches, shaded from dark to light."""
    xs = range(0, WIDTH + 8, 8)
    peaks = [(1 - abs((x / 100) % 2 - 1)) * reach * (0.65 if int(x / 200) % 2 else 1) for x in xs]
    line = "".join(f"V{-v:.0f}h8" for v in peaks)
    d = (
        f"M0,0{line}V{band + 2}"
        + "".join(f"V{-v + band + 1:.0f}h-8" for v in reversed(peaks))
        + "Z"
    )
    out = [f'<defs><path id="flame" d="{d}"/></defs>']
    for i, y in enumerate(range(0, HEIGHT + reach + band, band)):
        out.append(f'<use href="#flame" y="{y}" fill="{p[i % len(p)]}"/>')
    return "".join(out) + threads(0.14)


def blanket(r: Random, p: Palette, plain: bool = False) -> str:
    """Broad bands with stepped diamonds in the middle, at the edges and the corners."""
    out = []
    rows = (110, 40, 110, 110, 40, 180, 40, 110, 110, 40, 110)
    y = 0
    for i, h in enumerate(rows):
        out.append(rect(0, y, WIDTH, h, p[i % 2]))
        y += h
    for y in (110, 410, 550, 850):
        out.append(rect(0, y, WIDTH, 40, p[2]))
        out.append(rect(0, y + 14, WIDTH, 12, p[3]))
    if plain:
        return "".join(out) + threads(0.25)
    nested = ""
    for reach, colour in ((8, p[1]), (7, p[2]), (5, p[3]), (3, p[0]), (2, p[2])):
        nested += polygon(_stepped(reach, 14, 18), colour)
    out.append(symbol("step", nested))
    out += [use("step", x, y) for x in (0, WIDTH / 2, WIDTH) for y in (0, HEIGHT / 2, HEIGHT)]
    return "".join(out) + threads(0.25)


def guls(r: Random, p: Palette) -> str:
    """The quartered octagons of a Turkmen main carpet, with small crosses between."""
    octagon = [
        (-84, -30),
        (-46, -58),
        (46, -58),
        (84, -30),
        (84, 30),
        (46, 58),
        (-46, 58),
        (-84, 30),
    ]
    body = f'<clipPath id="oct"><polygon points="{points([(x * 0.88, y * 0.86) for x, y in octagon])}"/></clipPath>' + polygon(octagon, p[1]) + group(
        rect(-84, -58, 168, 116, p[2]) + rect(-84, -58, 84, 58, p[0]) + rect(0, 0, 84, 58, p[0]), more=' clip-path="url(#oct)"'
    )  # fmt: skip
    body += "".join(
        path(
            f"M{x - 14},{y}h28M{x},{y - 9}v18M{x - 14},{y - 6}v12M{x + 14},{y - 6}v12",
            stroke=p[1],
            width=4,
        )
        for x, y in ((-44, -26), (44, -26), (-44, 26), (44, 26))
    )
    body += polygon([(-30, 0), (0, -22), (30, 0), (0, 22)], p[1]) + polygon(
        [(-16, 0), (0, -12), (16, 0), (0, 12)], p[3]
    )
    cross = path("M-34,0h68M0,-30v60M-16,-16L16,16M-16,16L16,-16", stroke=p[3], width=7)
    cross += polygon([(-9, 0), (0, -9), (9, 0), (0, 9)], p[1])
    lines = path("M-100,0H100M0,-75V75", stroke=p[3], width=2)
    pattern = symbol("gul", lines + body) + symbol("minor", cross)
    field = [use("gul", x, y) for x in range(200, 800, 200) for y in range(160, 900, 150)]
    field += [use("minor", x, y) for x in range(100, 800, 200) for y in range(235, 800, 150)]
    return pattern + "".join(field) + _border(p) + fringe(r, "#e9dcc3", "#f6f0e2") + threads(0.22)


def _border(p: Palette) -> str:
    """A frame of small eight-pointed stars between narrow guards."""
    arm = polygon([(-18, 0), (0, -18), (18, 0), (0, 18)], p[1]) + rect(-12, -12, 24, 24, p[1])
    unit = arm + polygon([(-9, 0), (0, -9), (9, 0), (0, 9)], p[2])
    ground = path("M0,0H800V960H0ZM90,80V880H710V80Z", p[0], more=' fill-rule="evenodd"')
    guards = "".join(
        f'<rect x="{a}" y="{a - 6 if a > 50 else a}" width="{800 - 2 * a}" height="{960 - 2 * a + (12 if a > 50 else 0)}"'
        f' fill="none" stroke="{c}" stroke-width="{w}"/>'
        for a, c, w in ((8, p[2], 10), (22, p[3], 3), (84, p[2], 8), (70, p[3], 3))
    )
    xs = [47 + i * (706 / 14) for i in range(15)]
    ys = [45 + i * (870 / 17) for i in range(18)]
    stars = [use("bs", x, y) for x in xs for y in (ys[0], ys[-1])]
    stars += [use("bs", x, y) for x in (xs[0], xs[-1]) for y in ys[1:-1]]
    return symbol("bs", unit) + ground + guards + "".join(stars)


def serape(r: Random, p: Palette) -> str:
    """A serrated diamond of many thin outlines on fine stripes, in the manner of Saltillo."""
    out = [rect(x, 0, 9, HEIGHT, p[(x // 9) % 3]) for x in range(0, WIDTH, 9)]
    for i in range(22):
        reach = 1 - i / 22
        half_w, half_h = 330 * reach, 420 * reach
        count = max(2, int(26 * reach))
        pairs = []
        for sx, sy in ((1, -1), (1, 1), (-1, 1), (-1, -1)):
            for k in range(count):
                t = k / count if sx == -sy else 1 - k / count
                x, y = sx * half_w * t, sy * half_h * (1 - t)
                pairs += [(400 + x, 500 + y), (400 + x + (9 if k % 2 else -9), 500 + y)]
        out.append(polygon(pairs, p[3 + (i * 2) % (len(p) - 3)]))
    for x in (0, WIDTH - 54):
        out += [rect(x + k * 18, 0, 18, HEIGHT, p[3 + k]) for k in range(3)]
    return "".join(out) + threads(0.24)


def squares(r: Random, p: Palette, size: int = 100) -> str:
    """A grid of squares, each with one of several small geometric designs."""
    half = size / 2
    marks = [
        lambda a, b: rect(-half, -half, size, size, a) + polygon([(-36, 0), (0, -36), (36, 0), (0, 36)], b) + rect(-10, -10, 20, 20, a),
        lambda a, b: rect(-half, -half, size, size, a) + rect(-half, -half, half, half, b) + rect(0, 0, half, half, b),
        lambda a, b: rect(-half, -half, size, size, a) + path("M-50,50L50,-50", stroke=b, width=16) + rect(-34, -34, 20, 20, b) + rect(14, 14, 20, 20, b),
        lambda a, b: rect(-half, -half, size, size, a) + path("M-36,-36H36V36H-36V-12H12V12H-12", stroke=b, width=11),
        lambda a, b: rect(-half, -half, size, size, a) + "".join(rect(-42 + 30 * i, -42 + 30 * j, 22, 22, b) for i in range(3) for j in range(3)),
        lambda a, b: rect(-half, -half, size, size, a) + path("M-50,-20L-25,-40L0,-20L25,-40L50,-20M-50,10L-25,-10L0,10L25,-10L50,10M-50,40L-25,20L0,40L25,20L50,40", stroke=b, width=9),
    ]  # fmt: skip
    out = []
    for j in range(HEIGHT // size):
        for i in range(WIDTH // size):
            a, b = r.sample(p, 2)
            out.append(
                group(
                    marks[(i * 2 + j * 5 + r.randint(0, 1)) % 6](a, b),
                    f"translate({i * size + half},{j * size + half})",
                )
            )
    grid = path(
        "".join(f"M0,{y}H800" for y in range(0, 1001, size))
        + "".join(f"M{x},0V1000" for x in range(0, 801, size)),
        stroke=p[-1],
        width=4,
    )
    return "".join(out) + grid + threads(0.2)


def nasrid(r: Random, p: Palette) -> str:
    """Bands of stars, knots and merlons one above the other, in the manner of the Alhambra."""
    red, gold, green, white, blue = p
    d8 = polygon([(0, -44), (44, 0), (0, 44), (-44, 0)], gold) + rect(-31, -31, 62, 62, gold)
    d8 += polygon([(0, -30), (30, 0), (0, 30), (-30, 0)], blue) + rect(-21, -21, 42, 42, blue)
    knot = path("M-50,20C-25,-50 25,50 50,-20M-50,-20C-25,50 25,-50 50,20", stroke=white, width=9)
    merlon = polygon([(-25, 40), (-25, 18), (-15, 18), (-15, 2), (-6, 2), (-6, -22), (6, -22), (6, 2), (15, 2), (15, 18), (25, 18), (25, 40)], gold)  # fmt: skip
    bands = (
        ("d8", red, 120, 100), ("", gold, 14, 0), ("knot", green, 70, 100), ("", white, 8, 0),
        ("merlon", blue, 82, 50), ("", gold, 14, 0), ("knot", red, 70, 100), ("", white, 8, 0),
    )  # fmt: skip
    out, y = [symbol("d8", d8), symbol("knot", knot), symbol("merlon", merlon)], 0
    while y < HEIGHT:
        for name, ground, h, step in bands:
            out.append(rect(0, y, WIDTH, h, ground))
            if name:
                out += [use(name, x, y + h / 2) for x in range(0, WIDTH + 1, step)]
            y += h
    return "".join(out) + threads(0.14)
