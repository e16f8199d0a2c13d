"""Which vessel or tile is drawn for which record."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

_CLAY = ("#d2793f", "#231815", "#8f3a2a")
_OLD = ("#d8b27c", "#3a2418", "#8a4a2c")
_WHITE = ("#f1efe8", "#23427f", "#5b86b8", "#3c7a5a")

VESSELS: dict[str, dict[str, object]] = {
    "dipylon-amphora": {"p": _OLD, "profile": "tall", "handles": "neck", "bands": (("zigzag", 3, 9), ("meander", 11, 18), ("lines", 19, 22), ("meander", 24, 32), ("mourners", 41, 54), ("meander", 57, 65), ("lines", 67, 76), ("zigzag", 78, 84), ("solid", 90, 100))},
    "hirschfeld-krater": {"p": _OLD, "profile": "krater", "handles": "belly", "bands": (("meander", 2, 9), ("lines", 10, 16), ("mourners", 19, 34), ("lines", 36, 39), ("chariots", 40, 55), ("lines", 57, 64), ("solid", 71, 76), ("lines", 79, 90), ("solid", 93, 100))},
    "francois-vase": {"p": _CLAY, "profile": "krater", "handles": "volute", "bands": (("solid", 0, 2), ("chariots", 3, 17), ("lines", 18, 20), ("warriors", 21, 34), ("palmettes", 36, 45), ("chariots", 46, 57), ("rays", 60, 69), ("solid", 70, 100))},
    "exekias-amphora": {"p": _CLAY, "profile": "amphora", "handles": "neck", "bands": (("solid", 0, 6), ("palmettes", 8, 20), ("solid", 21, 30), ("warriors", 32, 58), ("meander", 59, 65), ("solid", 66, 77), ("rays", 79, 92), ("solid", 92, 100))},
    "dionysos-cup": {"p": ("#c8553a", "#1f1613", "#e8d6b8"), "profile": "cup", "handles": "cup", "bands": (("solid", 0, 3), ("ship", 4, 24), ("solid", 33, 39), ("lines", 41, 64), ("solid", 70, 76))},
    "amasis-lekythos": {"p": _CLAY, "profile": "lekythos", "handles": "jug", "bands": (("solid", 0, 11), ("palmettes", 13, 25), ("lines", 26, 29), ("weavers", 33, 59), ("meander", 60, 65), ("solid", 67, 76), ("rays", 78, 90), ("solid", 91, 100))},
    "berlin-painter-amphora": {"p": ("#1c1614", "#cf7440", "#cf7440"), "profile": "amphora", "handles": "neck", "bands": (("musician", 28, 66), ("second", 68, 69), ("second", 93, 94))},
    "niobid-krater": {"p": ("#1c1614", "#d07a45", "#d07a45"), "profile": "calyx", "handles": "belly", "bands": (("palmettes", 3, 10), ("warriors", 14, 54), ("meander", 57, 63), ("second", 88, 89))},
    "siren-vase": {"p": ("#1d1715", "#cd7742", "#cd7742"), "profile": "stamnos", "handles": "loop", "bands": (("palmettes", 9, 16), ("siren", 20, 36), ("ship", 34, 66), ("meander", 67, 72), ("second", 90, 91))},
    "chigi-vase": {"p": ("#e3c596", "#4a2a20", "#9a3d2c"), "profile": "olpe", "handles": "jug", "bands": (("solid", 0, 8), ("palmettes", 10, 22), ("warriors", 28, 46), ("second", 48, 50), ("chariots", 52, 64), ("lines", 66, 70), ("gazelles", 71, 82), ("rays", 84, 93), ("solid", 94, 100))},
    "warrior-vase": {"p": ("#e0bd8c", "#6b2f20", "#8a4632"), "profile": "krater", "handles": "belly", "bands": (("solid", 0, 5), ("lines", 7, 14), ("warriors", 17, 50), ("lines", 52, 58), ("solid", 60, 66), ("lines", 70, 100))},
    "octopus-flask": {"p": ("#e8cfa0", "#5a3020", "#8a5034"), "profile": "globe", "handles": "jug", "bands": (("solid", 0, 6), ("lines", 8, 14), ("octopus", 22, 72), ("lines", 80, 88), ("solid", 92, 100))},
    "portland-vase": {"p": ("#1b2450", "#eef0f2", "#b8c4d8"), "profile": "stamnos", "handles": "neck", "bands": (("palmettes", 17, 24), ("cameo", 25, 70), ("lines", 73, 76))},
    "mosque-lamp-1549": {"p": ("#f0efe8", "#1f3f8a", "#3aa3a8", "#3a7a6a"), "profile": "lamp", "handles": "lamp", "bands": (("second", 0, 3), ("scrolls", 5, 18), ("solid", 20, 22), ("zigzag", 24, 30), ("solid", 40, 42), ("blossoms", 44, 72), ("second", 74, 77), ("rays", 80, 86), ("scrolls", 91, 99))},
    "david-vases": {"p": ("#f3f2ec", "#2b4f9a", "#6c90c4", "#4a74b4"), "profile": "baluster", "handles": "neck", "bands": (("rays", 0, 5), ("palmettes", 8, 18), ("scrolls", 20, 31), ("dragon", 40, 64), ("meander", 66, 70), ("palmettes", 73, 83), ("scrolls", 86, 94), ("lines", 95, 100))},
    "moon-jar": {"p": ("#f2efe6", "#d9d3c4", "#e6e0d2"), "profile": "moon", "wall": "#a8a296", "bands": ()},
    "albarello": {"p": ("#f2ead6", "#24478c", "#d99a2b", "#3f7f55"), "profile": "jar", "bands": (("solid", 0, 3), ("zigzag", 6, 13), ("second", 15, 17), ("blossoms", 20, 52), ("second", 54, 56), ("scrolls", 58, 76), ("second", 78, 80), ("zigzag", 82, 90), ("solid", 95, 100))},
    "gazelles-vase": {"p": ("#efe3c8", "#2d4f8f", "#b8873a", "#b8873a"), "profile": "tall", "handles": "wing", "bands": (("second", 0, 4), ("scrolls", 6, 18), ("palmettes", 20, 30), ("scrolls", 38, 45), ("gazelles", 46, 66), ("meander", 68, 74), ("palmettes", 76, 88), ("second", 93, 100))},
    "iznik-jug": {"p": ("#f4f1ea", "#1f3f86", "#c23a2a", "#2f8a72"), "profile": "olpe", "handles": "jug", "bands": (("scrolls", 1, 8), ("solid", 9, 10), ("blossoms", 12, 26), ("solid", 28, 29), ("blossoms", 34, 78), ("solid", 80, 81), ("scrolls", 82, 92))},
    "delft-tile-tulip": {"p": ("#f2f0e8", "#27457f", "#e08a2e", "#4d8a5a"), "design": "tulip"},
    "delft-tile-ship": {"p": _WHITE, "design": "ship"},
    "delft-tile-windmill": {"p": ("#f3f1ea", "#5a2f5f", "#b89ac0", "#6b4a78"), "design": "windmill"},
    "iznik-tiles-rustem-pasha": {"p": ("#f6f4ee", "#1d3f88", "#2f9aa0", "#c8402c"), "design": "iznik"},
    "kashan-star-tiles": {"p": ("#f0e6d0", "#5a3a1c", "#a8742f", "#2f8fa0"), "design": "star"},
    "lisbon-panorama": {"p": ("#f1f0ea", "#284c92", "#a9bfe0", "#5b7fbf"), "design": "panorama"},
}  # fmt: skip
