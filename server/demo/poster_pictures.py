"""Which scene is drawn for which record of the posters."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

from server.demo.posters import Step


def s(name: str, **options: object) -> Step:
    return (name, options)


_DAWN = s("sky", top="#f2a65a", low="#fbe9c6")
_DUSK = s("sky", top="#24305e", low="#e58a63")
_SAND = s("hills", y=900, height=130, colour="#ecd49c", shade="#e3c182", rough=0.2)
_SNOW = s("slope", left=600, right=610, colour="#c3d6e6", shade="#b7ccdf")
_SLOPE = s("slope", left=560, right=800, colour="#f6f9fb", shade="#d3e2ee")

POSTERS: dict[str, dict[str, object]] = {
    "zermatt-1908": {"words": "ZERMATT", "face": "serif", "ink": "#2b2430", "scene": (
        s("sky", top="#c7d3d4", low="#f0dfb8"), s("matterhorn", light="#f7d9a0", middle="#d98d4b", dark="#5b4a68"),
        s("hills", y=860, height=240, colour="#3f4a5e", shade="#2f3848"), s("pines", y=830, height=120, colour="#222a38", count=16))},
    "skegness-1908": {"words": "SKEGNESS", "under": "IS SO BRACING", "ink": "#173a63", "scene": (
        s("sky", top="#7fb9d8", low="#fdf3da"), s("clouds", y=190, colour="#ffffff"), s("sea", y=520, colour="#3f8fb0", light="#e8f3ee"),
        s("hills", y=900, height=250, colour="#f0d69a", shade="#e7c47e", rough=0.1), s("sailor", x=390, y=600, size=1.15, jersey="#1e4f7f", trousers="#efe7d6", hat="#f2c230"))},
    "monaco-1897": {"words": "MONACO", "under": "MONTE-CARLO", "face": "serif", "ink": "#6b3a2a", "paper": "#f2e6cb", "scene": (
        s("sky", top="#8fb8b0", low="#f6e2b8"), s("hills", y=560, height=170, colour="#9fa9b0", shade="#8a97a0"), s("town", x=470, y=560, width=300, walls=("#f7ecd6", "#f0d9bd", "#e8c9a8"), roof="#c4694a"),
        s("sea", y=560, colour="#4f97a3", light="#d9eadf"), s("sail", x=560, y=720, size=0.5, canvas="#fbf3e0", hull="#7a3b2e"),
        s("roses", x=290, y=380, reach=210, colours=("#f2b8b5", "#fbe7dd", "#e2a53c", "#7d8f5b"), count=14), s("roses", x=150, y=720, reach=130, colours=("#c9a3cf", "#f1e3f0", "#e2a53c", "#7d8f5b"), count=11))},
    "cabourg-1896": {"words": "CABOURG", "under": "À 5 HEURES DE PARIS", "face": "serif", "ink": "#24424f", "scene": (
        s("sky", top="#a9cfc9", low="#fbedcf"), s("sun", x=600, y=250, size=80, colour="#f6c667"), s("sea", y=430, colour="#5fa3a0", light="#eaf4ea"), s("sail", x=180, y=500, size=0.45, canvas="#fff8e8", hull="#5c4334"),
        s("bather", x=430, y=740, size=1.5, dress="#c23b3b", trim="#fbf2e1"), s("hills", y=900, height=90, colour="#ecd8a6", rough=0.1))},
    "calvi-1928": {"words": "CALVI", "under": "LA PLAGE · CORSE", "ink": "#123a5a", "scene": (
        s("sky", top="#f3a35c", low="#fde8bd"), s("range_", y=520, height=240, rock="#6f5b8c", snow="#a78bb0", peaks=6), s("sea", y=500, colour="#1d7ea8", light="#bfe6ec"),
        s("cliff", y=640, height=180, colour="#d59a5a", shade="#9a5c3f"), s("fortress", x=20, y=466, width=230, wall="#f0c98b", shade="#c08552"), s("pines", y=800, height=240, colour="#1f5a46", count=3, left=560, right=740), _SAND,
        s("umbrella", x=330, y=790, size=0.7, a="#d8452f", b="#fff5dd", pole="#6b4a30"))},
    "antibes-1928": {"words": "ANTIBES", "ink": "#1c3f66", "scene": (
        s("sky", top="#3f8fc4", low="#fbe6c0"), s("range_", y=480, height=300, rock="#7f8fb8", snow="#f5f3f2", peaks=5), s("hills", y=520, height=70, colour="#8a9fa3"),
        s("town", x=120, y=560, width=420, walls=("#f5d9a8", "#eec08a", "#f7ead0"), roof="#c85f3d"), s("fortress", x=560, y=560, width=180, wall="#e3b57c", shade="#b98253"), s("sea", y=560, colour="#1f6f9c", light="#cfeaf0"),
        s("sail", x=300, y=760, size=0.8, canvas="#fff6e2", hull="#a93427"))},
    "marseille-1929": {"words": "MARSEILLE", "under": "PORTE DE L'AFRIQUE DU NORD", "ink": "#1b2f4a", "scene": (
        s("sky", top="#f0b35a", low="#fcebc4"), s("sun", x=220, y=260, size=110, colour="#f7d774"), s("hills", y=560, height=140, colour="#b98a6a", shade="#a3745a"), s("town", x=500, y=570, width=260, walls=("#f6e3c0", "#efcfa0"), roof="#bf6a45"),
        s("sea", y=560, colour="#2a7c98", light="#d3ecec"), s("liner", x=380, y=690, size=1.0, hull="#1d2a3c", white="#fbf4e4", funnel="#c93b2a"))},
    "mont-blanc-1927": {"words": "LE TOUR DU MONT-BLANC", "face": "deco", "size": 56, "ink": "#20314f", "scene": (
        s("sky", top="#5f4b8b", low="#f7b98d"), s("range_", y=640, height=470, rock="#5f78a8", snow="#fdf1ea", peaks=4), s("hills", y=720, height=160, colour="#4a6a72", shade="#3c5a60"), s("hills", y=860, height=150, colour="#2f5a46", shade="#264a3b"),
        s("railcar", x=250, y=760, size=0.8, body_="#d2452f", trim="#f2d28b", tilt=-5), s("pines", y=850, height=110, colour="#1c392f", count=14))},
    "chamonix-1905": {"words": "CHAMONIX", "under": "SPORTS D'HIVER", "face": "serif", "ink": "#26405f", "scene": (
        s("sky", top="#8db7cf", low="#f8ecd6"), s("range_", y=560, height=390, rock="#7f9dbd", snow="#ffffff", peaks=5), s("pines", y=600, height=90, colour="#33566a", count=18), s("hills", y=900, height=300, colour="#dfeaf0", rough=0.05),
        s("skater", x=420, y=730, size=1.35, coat="#b5303a", skirt="#3c3f5e", hat="#3b2b2b"))},
    "chamonix-1924": {"words": "CHAMONIX", "under": "MONT-BLANC · 1924", "ink": "#152a46", "scene": (
        s("sky", top="#1f3f77", low="#f0c9a0"), s("range_", y=640, height=460, rock="#466b9e", snow="#f9fbff", peaks=3), _SNOW, _SLOPE, s("skier", x=430, y=590, size=1.0, coat="#d23b2f", legs="#22304d", scarf="#f2c23c"), s("pines", y=826, height=100, colour="#1f3a4d", count=6, left=0, right=240))},
    "superbagneres-1929": {"words": "SUPERBAGNÈRES-LUCHON", "under": "SPORTS D'HIVER", "size": 54, "ink": "#5b1f2a", "scene": (
        s("sky", top="#1d5f8f", low="#bfe0ea"), s("sun", x=620, y=170, size=70, colour="#ffd95e", rays="#4f93b8"), s("range_", y=620, height=300, rock="#6aa0c0", snow="#ffffff", peaks=6), _SNOW, _SLOPE, s("skier", x=400, y=570, size=1.25, coat="#f0b429", legs="#a3222f", scarf="#a3222f"))},
    "menton-1890s": {"words": "MENTON", "under": "STATION D'HIVER", "face": "serif", "ink": "#4a3552", "scene": (
        s("sky", top="#c3a6c9", low="#fbe3c2"), s("range_", y=470, height=270, rock="#8f86ab", snow="#d8c6d2", peaks=5), s("town", x=200, y=530, width=420, walls=("#f7e0bd", "#f3c79f", "#efb58c"), roof="#b85c43"), s("sea", y=530, colour="#5b93ad", light="#f2e9dc"),
        s("sail", x=600, y=680, size=0.5, canvas="#fdf0da", hull="#6a4038"), s("hills", y=900, height=110, colour="#7e8f5c", shade="#69794a"), s("palm", x=120, y=850, height=520, leaf="#47663f", trunk="#7a573c"))},
    "davos-1914": {"words": "WINTER IN DAVOS", "size": 70, "face": "serif", "ink": "#233a5c", "scene": (
        s("sky", top="#7fa9c9", low="#eef3f2"), s("range_", y=520, height=300, rock="#86a6c4", snow="#ffffff", peaks=4), s("pines", y=560, height=80, colour="#3d5c66", count=20), s("hills", y=900, height=340, colour="#cfe2ec", rough=0.05),
        s("skater", x=270, y=690, size=1.0, coat="#2f5d8a", skirt="#e9dfcb", hat="#c23b33"), s("skater", x=560, y=760, size=1.25, coat="#b8372f", skirt="#42324a", hat="#e0a92f"))},
    "davos-1926": {"words": "DAVOS", "ink": "#20264a", "scene": (
        s("sky", top="#ffcf5a", low="#fff0c8"), s("sun", x=400, y=260, size=130, colour="#f26b3a", rays="#fff6d8"), s("range_", y=620, height=330, rock="#3f5fa8", snow="#eef3ff", peaks=5), s("hills", y=740, height=130, colour="#3c8f6a", shade="#2f7a5a"), s("railcar", x=210, y=740, size=0.95, body_="#c62f3a", trim="#ffd36b", tilt=-9), s("pines", y=850, height=100, colour="#1d4d43", count=14))},
    "red-star-1899": {"words": "RED STAR LINE", "under": "ANTWERPEN · NEW YORK", "size": 74, "face": "serif", "ink": "#8f1f24", "scene": (
        s("sky", top="#e9c88f", low="#f9ecd0"), s("clouds", y=170, colour="#fdf5e2", count=5), s("sea", y=540, colour="#5d8a82", light="#eef0dc"), s("liner", x=400, y=610, size=0.85, hull="#2b2524", white="#f7eeda", funnel="#b33a2c"), s("sail", x=170, y=770, size=0.55, canvas="#b5683c", hull="#3d2a22"), s("sail", x=660, y=800, size=0.45, canvas="#8c5136", hull="#3d2a22"))},
    "simplon-1906": {"words": "MILANO 1906", "under": "INAUGURAZIONE DEL SEMPIONE", "face": "serif", "ink": "#3a2330", "scene": (
        s("sky", top="#221b33", low="#6b3a3f"), s("sun", x=400, y=330, size=200, colour="#f6b45a", rays="#7f4a3c"), s("range_", y=420, height=210, rock="#7f93b8", snow="#f5ead8", peaks=6), s("hills", y=560, height=90, colour="#4c6f74"), s("cliff", y=1100, height=1100, colour="#33242d", shade="#4a343a"), s("cliff", y=1100, height=1100, colour="#33242d", shade="#4a343a", left=False), s("train", x=400, y=620, size=0.85, engine="#1c1a20", trim="#e2a84e", smoke="#f3e0c4"))},
    "rimini-1922": {"words": "RIMINI", "ink": "#17476b", "scene": (
        s("sky", top="#57aecf", low="#fdf0cf"), s("sea", y=440, colour="#1f8aa8", light="#d8f0ea"), s("sail", x=160, y=520, size=0.55, canvas="#e08a2e", hull="#5b3a2a"), s("sail", x=620, y=500, size=0.45, canvas="#c9442f", hull="#5b3a2a"), s("hills", y=900, height=280, colour="#f3dca6", shade="#ecd092", rough=0.1), s("umbrella", x=290, y=760, size=1.15, a="#ffffff", b="#d9332e", pole="#7a5a3c"), s("umbrella", x=620, y=680, size=0.6, a="#fff4da", b="#2d7f9f", pole="#7a5a3c"))},
    "gdynia-1925": {"words": "GDYNIA", "under": "BALTIC · POLAND", "ink": "#1a2c4c", "scene": (
        s("sky", top="#6f9fbb", low="#f6e7c4"), s("clouds", y=150, colour="#fff9ea", count=4), s("hills", y=520, height=110, colour="#7d9a78", shade="#68876a"), s("sea", y=520, colour="#3a7a92", light="#e0eee8"), s("liner", x=430, y=640, size=0.8, hull="#202938", white="#fbf5e6", funnel="#d3382f"), s("sail", x=170, y=760, size=0.75, canvas="#fff7e6", hull="#a83a2c"))},
    "norway-midnight": {"words": "NORWAY", "under": "THE LAND OF THE MIDNIGHT SUN", "ink": "#2a2f57", "scene": (
        s("sky", top="#5a3f78", low="#ffb45e"), s("sun", x=400, y=470, size=80, colour="#fff0b8", rays="#f7955a"), s("cliff", y=560, height=420, colour="#3d4a75", shade="#2d3860"), s("cliff", y=560, height=360, colour="#4a5585", shade="#353f6b", left=False), s("sea", y=540, colour="#6a4f86", light="#ffc27a"), s("liner", x=400, y=690, size=0.55, hull="#20264a", white="#fdf0dc", funnel="#e2593b"))},
    "forth-bridge-1928": {"words": "THE FORTH BRIDGE", "under": "ON THE EAST COAST ROUTE", "size": 64, "ink": "#5c2a22", "scene": (
        s("sky", top="#88b4c4", low="#f8ead0"), s("clouds", y=140, colour="#ffffff", count=5), s("hills", y=600, height=90, colour="#8fa58c", shade="#7c957e"), s("sea", y=590, colour="#4a8394", light="#e3efe8"), s("cantilever", y=480, steel="#a83a2c"), s("railcar", x=240, y=468, size=0.34, body_="#3b2a24", trim="#e9c98a"), s("sail", x=560, y=780, size=0.6, canvas="#f7ead0", hull="#3a2c28"))},
    "east-coast-1931": {"words": "EAST COAST JOYS", "under": "TRAVEL BY L·N·E·R", "size": 68, "ink": "#b5402b", "scene": (
        s("sky", top="#5fb4d6", low="#dff0ee"), s("sea", y=360, colour="#2a86b0", light="#c6e6f0"), s("hills", y=900, height=430, colour="#f6d98f", rough=0.05), s("umbrella", x=400, y=730, size=1.6, a="#f2703c", b="#ffe7a8", pole="#8a5a35"), s("sail", x=650, y=430, size=0.35, canvas="#ffffff", hull="#b5402b"))},
    "east-coast-frolics": {"words": "EAST COAST FROLICS", "under": "THE DRIER SIDE OF BRITAIN", "size": 60, "ink": "#1d4b6b", "scene": (
        s("sky", top="#ffcf70", low="#fff4d6"), s("sun", x=150, y=180, size=90, colour="#f4743b"), s("sea", y=430, colour="#30a0b0", light="#e2f5ee"), s("lighthouse", x=640, y=470, size=0.75, white="#fffaf0", red="#d5402f", beam="#fff8d8"), s("hills", y=900, height=300, colour="#f8dfa2", shade="#f1cf86", rough=0.2), s("umbrella", x=250, y=760, size=1.1, a="#2f8f7f", b="#fff7e0", pole="#7a5a3c"))},
    "cornwall-1907": {"words": "CORNWALL", "under": "SEE YOUR OWN COUNTRY FIRST", "face": "serif", "ink": "#1f4a3c", "scene": (
        s("sky", top="#8cc0d0", low="#fbeccb"), s("clouds", y=160, colour="#fffaf0"), s("sea", y=460, colour="#2b8a94", light="#d8f0e8"), s("cliff", y=720, height=330, colour="#8a9a5b", shade="#6a6a52"), s("cliff", y=600, height=170, colour="#9aa56c", shade="#75735a", left=False), s("sail", x=470, y=640, size=0.7, canvas="#b5502f", hull="#33261f"), s("hills", y=900, height=90, colour="#e9d29c", rough=0.2))},
    "yellowstone-1938": {"words": "YELLOWSTONE", "under": "NATIONAL PARK · OLD FAITHFUL", "size": 76, "ink": "#5a3a1f", "scene": (
        s("sky", top="#2c6e91", low="#8ec3cf", bands=5), s("hills", y=660, height=160, colour="#3c5a4a", shade="#2f4a3d"), s("pines", y=690, height=120, colour="#233c33", count=22), s("hills", y=900, height=180, colour="#c99a5b", shade="#a8763f", rough=0.3), s("geyser", x=390, y=740, steam="#fdf7ea", shade="#d5e4e6"))},
    "grand-teton-1938": {"words": "GRAND TETON", "under": "NATIONAL PARK · JENNY LAKE", "size": 76, "ink": "#2c3f2d", "scene": (
        s("sky", top="#f0b86a", low="#fbe7bd", bands=4), s("range_", y=560, height=430, rock="#5a6f8f", snow="#eef0ea", peaks=4), s("hills", y=600, height=60, colour="#3f5f4c"), s("sea", y=590, colour="#4a86a0", light="#cfe4e2", to=760), s("hills", y=900, height=160, colour="#6a7f45", shade="#566b38"), s("pines", y=850, height=210, colour="#24402f", count=9))},
    "grand-canyon-1938": {"words": "GRAND CANYON", "under": "A FREE GOVERNMENT SERVICE", "size": 76, "ink": "#6b2a1e", "scene": (
        s("sky", top="#3f86a8", low="#fbe3b4", bands=5), s("clouds", y=130, colour="#fff6e2", count=4), s("canyon", y=300, colours=("#e2a35c", "#cf7a45", "#b5573a", "#8f3f35", "#d98f52", "#a84d38", "#7a3432", "#5f2a30")), s("pines", y=850, height=140, colour="#2f3a2c", count=8))},
    "zion-1938": {"words": "ZION", "under": "NATIONAL PARK", "ink": "#4b2430", "scene": (
        s("sky", top="#4f9fc0", low="#f7ecd0", bands=5), s("range_", y=700, height=470, rock="#9a3f3a", snow="#e08a5b", peaks=3), s("hills", y=760, height=140, colour="#b5613f", shade="#9a4f38"), s("hills", y=900, height=140, colour="#5f7a44", shade="#4c6538"), s("pines", y=850, height=130, colour="#2d4a33", count=12))},
    "winter-schweiz-1921": {"words": "WINTER IN DER SCHWEIZ", "size": 56, "face": "serif", "ink": "#25314f", "scene": (
        s("sky", top="#1f5f9e", low="#8fc3e0"), s("range_", y=600, height=330, rock="#7fa6c9", snow="#ffffff", peaks=5), _SNOW, _SLOPE, s("pines", y=830, height=130, colour="#1f3b4a", count=7, left=0, right=300), s("skier", x=340, y=570, size=1.1, coat="#e9e2d0", legs="#5a4636", scarf="#c8342d"))},
    "nord-express-1927": {"words": "NORD EXPRESS", "under": "LONDON · BRUSSELS · BERLIN · WARSAW", "size": 76, "ink": "#14223a", "scene": (
        s("sky", top="#14223a", low="#5f86a0", bands=9), s("sun", x=400, y=420, size=190, colour="#c9d6da", rays="#2d4766"), s("hills", y=900, height=300, colour="#22344c", shade="#1a2a40", rough=0.05), s("train", x=400, y=600, size=1.0, engine="#0f1826", trim="#d9c48f", smoke="#eef2f0"))},
    "cote-dazur-1930": {"words": "L'ÉTÉ SUR LA CÔTE D'AZUR", "size": 54, "ink": "#15446b", "scene": (
        s("sky", top="#2a8fd0", low="#fdeec8"), s("sun", x=610, y=190, size=84, colour="#ffd45a"), s("hills", y=500, height=150, colour="#a98bb5", shade="#8f78a3"), s("sea", y=490, colour="#1272a8", light="#bfe8f2"), s("sail", x=560, y=620, size=0.6, canvas="#ffffff", hull="#d8402f"), _SAND, s("umbrella", x=480, y=800, size=0.9, a="#f0a52f", b="#fffbe8", pole="#7a5a3c"), s("palm", x=120, y=860, height=600, leaf="#2f6b45", trunk="#8a6444"))},
    "brittany-1920s": {"words": "BRETAGNE", "under": "CHEMINS DE FER DE L'ÉTAT", "face": "serif", "ink": "#20384f", "scene": (
        _DUSK, s("lighthouse", x=480, y=600, size=1.25, white="#f8f0e0", red="#b8382f", beam="#ffe9a8"), s("cliff", y=720, height=130, colour="#4a4450", shade="#35313f", left=False), s("sea", y=640, colour="#2c4a6b", light="#f0b48a"), s("sail", x=190, y=760, size=0.75, canvas="#a8492f", hull="#1d1a22"))},
    "hyeres-1900s": {"words": "HYÈRES", "under": "LES PALMIERS", "face": "serif", "ink": "#2f4a2f", "scene": (
        _DAWN, s("hills", y=520, height=140, colour="#b58fa0", shade="#a07d92"), s("sea", y=510, colour="#4f93a8", light="#f7e6c8"), s("hills", y=900, height=230, colour="#a8a862", shade="#8f9350", rough=0.3), s("palm", x=150, y=820, height=560, leaf="#3f6b3c", trunk="#7a5a3e"), s("palm", x=420, y=860, height=660, leaf="#355f37", trunk="#6b4d36"), s("palm", x=640, y=800, height=440, leaf="#4a7843", trunk="#84654a"))},
}  # fmt: skip
