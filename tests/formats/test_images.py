"""Images that come with a spreadsheet: found, verified, kept; and files that mean harm."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.errors import CrowdHeritageError, Malformed, TooLarge
from server.formats import images
from server.formats.images import collect, find, keep
from server.formats.images_svg import clean_svg

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def picture(
    kind: str = "PNG", size: tuple[int, int] = (80, 60), colour: str = "#336699", **options: object
) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def kept(data: bytes, folder: Path) -> images.Kept:
    return keep(lambda: io.BytesIO(data), folder)


def drawing(body: str, attributes: str = 'viewBox="0 0 120 80"') -> bytes:
    return f"<svg {SVG} {attributes}>{body}</svg>".encode()


@pytest.mark.parametrize(
    ("kind", "mime"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"),
     ("WEBP", "image/webp"), ("TIFF", "image/tiff")],
)  # fmt: skip
def test_an_image_is_kept_byte_for_byte_under_its_content(
    tmp_path: Path, kind: str, mime: str
) -> None:
    data = picture(kind, (800, 600))
    found = kept(data, tmp_path)
    assert (found.width, found.height, found.mime) == (800, 600, mime)
    assert (tmp_path / found.file).read_bytes() == data
    with Image.open(tmp_path / found.thumbnail) as small:
        assert small.size == (400, 300)
    assert kept(data, tmp_path) == found
    assert len(list(tmp_path.iterdir())) == 2


def test_the_dominant_colour_is_the_one_that_covers_most(tmp_path: Path) -> None:
    image = Image.new("RGB", (90, 90), "#204060")
    image.paste("#ff0000", (0, 0, 30, 30))
    out = io.BytesIO()
    image.save(out, "PNG")
    colour = kept(out.getvalue(), tmp_path).colour
    assert [abs(int(colour[n : n + 2], 16) - want) < 6 for n, want in
            ((1, 0x20), (3, 0x40), (5, 0x60))] == [True] * 3  # fmt: skip


def test_a_thumbnail_stands_upright_and_tells_no_position(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees to see it upright
    exif.get_ifd(0x8825)[2] = (52.0, 5.0, 1.0)
    image = Image.new("RGB", (80, 40), "white")
    image.paste("#000000", (0, 0, 40, 40))  # the left half, which then is on top
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    found = kept(out.getvalue(), tmp_path)
    assert (found.width, found.height) == (40, 80)
    with Image.open(tmp_path / found.thumbnail) as small:
        assert small.size == (40, 80)
        assert not dict(small.getexif()) and "exif" not in small.info
        assert small.getpixel((20, 10))[0] < 60 and small.getpixel((20, 70))[0] > 200


def test_transparency_and_palettes_are_taken(tmp_path: Path) -> None:
    for number, mode in enumerate(["RGBA", "LA", "P", "L", "1", "CMYK"]):
        out = io.BytesIO()
        Image.new(mode, (10 + number, 10)).save(out, "TIFF")
        assert kept(out.getvalue(), tmp_path).colour.startswith("#")


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><body>404</body></html>", b"<!DOCTYPE html><script>alert(1)</script>", b"MZ\0\0",
     picture()[:60], picture("JPEG")[:100], b"%PDF-1.4", b"<svg/>", b"<svg", b"GIF89a",
     b"<?xml version='1.0'?><x xmlns='http://www.w3.org/2000/svg'/>"],
)  # fmt: skip
def test_what_is_no_image_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Malformed):
        kept(data, tmp_path)
    assert not list(tmp_path.iterdir())


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checked

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(999)))


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000, 12_000)])
def test_a_decompression_bomb_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge):
        kept(bomb(*size), tmp_path)


def test_an_endless_animation_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MAX_FRAMES", 3)
    frames = [Image.new("RGB", (9, 9), (60 * n, 0, 0)) for n in range(4)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(TooLarge):
        kept(out.getvalue(), tmp_path)


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "MAX_BYTES", 100)
    with pytest.raises(TooLarge):
        kept(picture(), tmp_path)


def test_a_drawing_is_kept_with_the_size_of_its_view_box(tmp_path: Path) -> None:
    found = kept(drawing('<rect width="9" height="9" fill="#abc"/>'), tmp_path)
    assert (found.width, found.height, found.mime) == (120, 80, "image/svg+xml")
    assert found.colour == "#aabbcc"
    assert b'fill="#abc"' in (tmp_path / found.file).read_bytes()


def test_a_drawing_without_view_box_has_its_width_and_height() -> None:
    assert clean_svg(drawing("", 'width="10mm" height="2in"'))[1:3] == (38, 192)
    assert clean_svg(drawing("", 'width="100%" viewBox="a b"'))[1:3] == (300, 150)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)" OnClick="alert(1)"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">alert</body></foreignObject>',
        '<image href="http://evil.example/a.png"/>',
        '<image xlink:href="data:image/svg+xml;base64,alert"/>',
        '<use xlink:href="http://evil.example/a.svg#x"/>',
        '<use href="javascript:alert(1)"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<rect fill="url(http://evil.example/a.svg#p)"/>',
        "<rect fill=\"URL( '//evil.example/a')\"/>",
        '<rect style="fill:url(http://evil.example/a)"/>',
        '<rect style="fill:u\\72l(http://evil.example/a)"/>',
        '<rect fill="u\\72l(http://evil.example/a)"/>',
        '<style>@import "http://evil.example/a.css";</style>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        '<iframe src="http://evil.example"/>',
        '<g xml:base="http://evil.example/"/>',
        '<g xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="alert"/>',
        '<?xml-stylesheet href="http://evil.example/a.css"?>',
        "<!-- alert -->",
    ],
)
def test_a_drawing_can_neither_act_nor_fetch(body: str) -> None:
    clean = clean_svg(drawing(body + '<circle r="3"/>'))[0].lower()
    for trace in (b"alert", b"evil", b"javascript", b"import"):
        assert trace not in clean
    assert b"<circle" in clean


def test_what_a_drawing_is_made_of_stays() -> None:
    body = (
        '<defs><pattern id="p" width="4" height="4" patternUnits="userSpaceOnUse"><path d="M0 0"/>'
        '</pattern></defs><rect fill="url(#p)" style="opacity:.5" transform="scale(2)"/>'
        '<use xlink:href="#p"/><text font-family="serif" x="1">Öl &amp; Holz</text>'
    )
    clean = clean_svg(drawing(body))[0].decode()
    for part in ("url(#p)", "opacity:.5", "scale(2)", 'href="#p"', "Öl &amp; Holz", "userSpaceOn"):
        assert part in clean


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://evil.example/x"> %a;]>',
    ],
)
def test_a_drawing_with_entities_is_refused(start: str) -> None:
    with pytest.raises(CrowdHeritageError):
        clean_svg(start.encode() + drawing("<text>&a;</text>"))


def test_uses_of_uses_cannot_multiply() -> None:
    layers = "".join(
        f'<g id="l{n}">' + f'<use xlink:href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, 20)
    )
    clean = clean_svg(drawing(f'<rect id="l0"/>{layers}<use href="#l19"/>'))[0]
    assert clean.count(b"<use") == 10  # those of the rectangle


def test_a_usual_document_type_is_left_out() -> None:
    start = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x/svg11.dtd">'
    assert b"DOCTYPE" not in clean_svg(start + drawing("<g/>"))[0]


def test_a_drawing_nested_too_deeply_is_refused() -> None:
    with pytest.raises(Malformed):
        clean_svg(drawing("<g>" * 5000 + "</g>" * 5000))


@pytest.mark.parametrize("packed", [False, True])
def test_images_are_found_by_name_in_any_case_with_or_without_ending(
    tmp_path: Path, packed: bool
) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    for name in ("P-1.JPG", "deep/plate.12.png", "deep/ΕΙΚΟΝΑ.png", "notes.txt"):
        (folder / name).write_bytes(picture())
    source = folder
    if packed:
        source = tmp_path / "in.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for path in folder.rglob("*.*"):
                archive.write(path, path.relative_to(folder))
    there = collect(source)
    for name in ("p-1.jpg", "P-1", "C:\\photos\\P-1.jpg", "scans/P-1.png", "plate.12",
                 "Plate.12.PNG", "εικονα.png"):  # fmt: skip
        opener = find(there, name)
        assert opener is not None, name
        assert keep(opener, tmp_path / "out").width == 80
    for name in ("P-2.jpg", "notes.txt", "notes", "plate", "", "../in"):
        assert find(there, name) is None, name


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.png").symlink_to(tmp_path / "secret.png")
    assert collect(folder) == {}


def test_a_zip_bomb_among_images_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "in.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(50_000_000))
    with pytest.raises(TooLarge):
        keep(collect(source)["a.png"], tmp_path)
    (tmp_path / "b.zip").write_bytes(b"no zip")
    with pytest.raises(Malformed):
        collect(tmp_path / "b.zip")
