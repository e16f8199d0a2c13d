"""Deep zoom through this server: tiles of plain pictures and of IIIF services, good and hostile."""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from PIL import Image

from server.domain import remote_pictures, shelves
from server.domain.shelves import Shelf
from tests.web.iiif_server import ImageService, encoded, gradient
from tests.web.picture_site import AGGREGATION, Origin, Site, origin, picture, send, site

SIZE = (3000, 2000)


@pytest.fixture
def source() -> Iterator[Origin]:
    with origin() as found:
        yield found


@pytest.fixture
def ours(tmp_path: Path, source: Origin) -> Iterator[Site]:
    with site(tmp_path / "data", f"127.0.0.1:{source.port}") as found:
        yield found


def opened(response: httpx.Response, kind: str = "image/webp") -> Image.Image:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == kind
    return Image.open(io.BytesIO(response.content)).convert("RGB")


def alike(found: Image.Image, wanted: Image.Image, most: int = 12) -> bool:
    """The same picture, as far as two encodings of it may differ, at places all over it."""
    width, height = found.size
    places = [(x * (width - 1) // 4, y * (height - 1) // 4) for x in range(5) for y in range(5)]
    return found.size == wanted.size and all(
        abs(a - b) <= most
        for place in places
        for a, b in zip(found.getpixel(place), wanted.getpixel(place), strict=True)
    )


def of_service(service: ImageService) -> str:
    """The record of Europeana's sample: the picture names its service."""
    return f"""{AGGREGATION} <agg> edm:isShownBy <{service.whole}> .
        <{service.whole}> a edm:WebResource ; svcs:has_service <{service.address}> .
        <{service.address}> a svcs:Service ;
          doap:implements <http://iiif.io/api/image/2/level1.json> ."""


def info_of(ours: Site, path: str) -> dict[str, object]:
    response = ours.get(f"{path}/1/iiif/info.json")
    assert response.status_code == 200, response.text
    return response.json()


# --- plain pictures ----------------------------------------------------------------------------


def test_a_large_plain_picture_is_zoomed_at_its_natural_size(ours: Site, source: Origin) -> None:
    image = gradient(*SIZE)
    path = ours.item(source.add("/a", encoded(image)))
    facts = ours.get(f"{path}/1/info").json()
    assert (facts["width"], facts["height"], facts["number"]) == (3000, 2000, 1)
    assert facts["iri"] == source.address("/a")
    assert facts["tiles"] == f"{path}/1/iiif"
    info = info_of(ours, path)
    assert (info["width"], info["height"]) == SIZE
    assert info["@context"] == "http://iiif.io/api/image/3/context.json"
    assert info["id"] == f"{ours.desk.names.base}{path[1:]}/1/iiif"
    (tiles,) = info["tiles"]
    assert tiles == {"width": 512, "height": 512, "scaleFactors": [1, 2, 4, 8]}
    got = opened(ours.get(f"{path}/1/iiif/512,1024,512,512/512,512/0/default.webp"))
    assert alike(got, image.crop((512, 1024, 1024, 1536)))
    last = opened(ours.get(f"{path}/1/iiif/2560,1536,440,464/440,464/0/default.webp"))
    assert alike(last, image.crop((2560, 1536, 3000, 2000)))
    small = opened(ours.get(f"{path}/1/iiif/full/375,250/0/default.webp"))
    assert alike(small, image.resize((375, 250)))
    assert source.asked == ["/a", "/a"]  # to be shown, and to be cut, each once


def test_a_small_picture_needs_no_tiles_but_has_them(ours: Site, source: Origin) -> None:
    path = ours.item(source.add("/a", encoded(gradient(600, 300))))
    facts = ours.get(f"{path}/1/info").json()
    assert (facts["width"], facts["height"], facts["tiles"]) == (600, 300, None)
    assert facts["src"] == path
    assert opened(ours.get(f"{path}/1/iiif/512,0,88,300/88,300/0/default.webp")).size == (88, 300)


def test_a_picture_that_lies_on_its_side_is_zoomed_upright(ours: Site, source: Origin) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = ours.item(source.add("/a", picture("JPEG", (2400, 1200), exif=exif)))
    facts = ours.get(f"{path}/1/info").json()
    assert (facts["width"], facts["height"]) == (1200, 2400)
    tile = ours.get(f"{path}/1/iiif/1024,2048,176,352/176,352/0/default.webp")
    assert opened(tile).size == (176, 352)


def test_any_part_can_be_had_as_evidence_in_both_formats(ours: Site, source: Origin) -> None:
    image = gradient(*SIZE)
    path = ours.item(source.add("/a", encoded(image)))
    wanted = image.crop((700, 300, 1900, 1100)).resize((600, 400))
    got = opened(ours.get(f"{path}/1/iiif/700,300,1200,800/600,400/0/default.webp"))
    assert alike(got, wanted)
    within = ours.get(f"{path}/1/iiif/700,300,1200,800/!600,9000/0/default.jpg")
    assert alike(opened(within, "image/jpeg"), wanted)
    one = opened(ours.get(f"{path}/1/iiif/0,0,512,512/512,/0/color.jpg"), "image/jpeg")
    assert alike(one, image.crop((0, 0, 512, 512)))
    assert opened(ours.get(f"{path}/1/iiif/full/max/0/default.webp")).size == (2000, 1333)


def test_a_region_goes_to_the_edge_and_no_farther(ours: Site, source: Origin) -> None:
    path = ours.item(source.add("/a", encoded(gradient(600, 300))))
    got = opened(ours.get(f"{path}/1/iiif/590,290,500,500/10,10/0/default.webp"))
    assert got.size == (10, 10)


@pytest.mark.parametrize(
    "asked",
    ["pct:0,0,999,999/max/0/default.webp", "pct:999/max/0/default.webp",
     "-1,0,10,10/max/0/default.webp", "0,0,0,10/max/0/default.webp",
     "600,0,10,10/max/0/default.webp", "0,0,10/max/0/default.webp",
     "99999999,0,10,10/max/0/default.webp", "1e3,0,10,10/max/0/default.webp",
     "٣,0,10,10/max/0/default.webp", "square/max/0/default.webp",
     "full/99999,99999/0/default.webp", "full/,/0/default.webp", "full/0,0/0/default.webp",
     "full/^1200,600/0/default.webp", "full/1200,600/0/default.webp", "full/pct:999/0/default.webp",
     "full/!600,/0/default.webp", "full/max/90/default.webp", "full/max/!0/default.webp",
     "full/max/0/bitonal.webp", "full/max/0/default.tif", "full/max/0/default.webp.php",
     "0,0,600,300/2001,/0/default.webp", "%2e%2e/max/0/default.webp",
     "..%5c..%5c/max/0/default.webp",
     "full/%2e%2e/0/default.webp", "full/max/0/..%5cdefault.webp", "full%00/max/0/default.webp"],
)  # fmt: skip
def test_what_is_no_part_of_the_picture_is_refused(
    ours: Site, source: Origin, asked: str
) -> None:  # fmt: skip
    path = ours.item(source.add("/a", encoded(gradient(600, 300))))
    response = ours.get(f"{path}/1/iiif/{asked}")
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "asked",
    ["..%2f..%2f..%2fjournal.sqlite/max/0/default.webp",
     "full/max/0/..%2f..%2f..%2fjournal.sqlite"],
)  # fmt: skip
def test_a_path_leads_nowhere_else(ours: Site, source: Origin, asked: str) -> None:
    path = ours.item(source.add("/a", encoded(gradient(600, 300))))
    assert ours.get(f"{path}/1/iiif/{asked}").status_code in (400, 404)


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x", "1.0"])
def test_there_are_only_the_pictures_of_the_item(ours: Site, source: Origin, number: str) -> None:
    path = ours.item(source.add("/a", picture()))
    for below in ("", "/info", "/iiif/info.json", "/iiif/full/max/0/default.webp"):
        assert ours.get(f"{path}/{number}{below}").status_code == 404


def test_a_drawing_has_a_size_and_needs_no_tiles(ours: Site) -> None:
    folder = ours.data / "media" / "prints"
    folder.mkdir(parents=True)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480"/>'
    (folder / "abc.svg").write_bytes(drawing)
    path = ours.item(f"{ours.desk.names.base}media/prints/abc.svg")
    facts = ours.get(f"{path}/1/info").json()
    assert (facts["width"], facts["height"], facts["vector"]) == (640, 480, True)
    assert facts["tiles"] is None
    assert ours.get(f"{path}/1/iiif/info.json").status_code == 404


def test_tiles_of_private_items_are_for_those_who_may_see_them(
    ours: Site, source: Origin
) -> None:  # fmt: skip
    path = ours.item(source.add("/a", picture()), "2", "work")
    for below in ("", "/info", "/iiif/info.json", "/iiif/full/max/0/default.webp"):
        assert ours.get(f"{path}/1{below}").status_code == 404
        found = ours.get(f"{path}/1{below}", organiser="yes")
        assert found.status_code == 200
        assert found.headers["cache-control"].startswith("private")
    assert source.asked == ["/a", "/a"]


def test_caches_ask_again_by_the_tag_of_a_tile(ours: Site, source: Origin) -> None:
    path = ours.item(source.add("/a", picture()))
    address = f"{path}/1/iiif/0,0,512,512/512,512/0/default.webp"
    response = ours.get(address)
    assert response.headers["cache-control"].startswith("public")
    again = ours.get(address, **{"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_that_changed_meanwhile_is_no_error_of_ours(ours: Site, source: Origin) -> None:
    path = ours.item(source.add("/a", encoded(gradient(3000, 2000))))
    ours.get(f"{path}/1/info")
    source.add("/a", encoded(gradient(300, 200)))
    response = ours.get(f"{path}/1/iiif/2560,1536,440,464/440,464/0/default.webp")
    assert response.status_code == 502


# --- image services ----------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3])
def test_tiles_come_from_the_image_service_each_once(
    ours: Site, source: Origin, version: int
) -> None:  # fmt: skip
    service = ImageService(source, version, SIZE)
    path = ours.described(of_service(service))
    assert (info_of(ours, path)["width"], info_of(ours, path)["height"]) == SIZE
    assert info_of(ours, path)["tiles"] == [
        {"width": 256, "height": 256, "scaleFactors": [1, 2, 4, 8]}
    ]
    before = len(source.asked)
    for _again in range(2):
        got = opened(ours.get(f"{path}/1/iiif/2560,1536,440,464/220,232/0/default.webp"))
        assert alike(got, service.image.crop((2560, 1536, 3000, 2000)).resize((220, 232)))
    size = "220," if version == 2 else "220,232"
    assert source.asked[before:] == [f"/iiif/one/2560,1536,440,464/{size}/0/default.jpg"]


@pytest.mark.parametrize("version", [2, 3])
def test_a_picture_of_a_service_is_asked_for_no_larger_than_it_is_shown(
    ours: Site, source: Origin, version: int
) -> None:
    service = ImageService(source, version, SIZE)
    path = ours.described(of_service(service))
    assert opened(ours.get(path)).size == (2000, 1333)
    size = "2000," if version == 2 else "2000,1333"
    assert source.asked == ["/iiif/one/info.json", f"/iiif/one/full/{size}/0/default.jpg"]
    facts = ours.get(f"{path}/1/info").json()
    assert (facts["width"], facts["height"]) == SIZE
    assert facts["tiles"] == f"{path}/1/iiif"


def test_the_address_of_a_picture_tells_its_service_too(ours: Site, source: Origin) -> None:
    service = ImageService(source, 3, SIZE)
    path = ours.item(service.whole)
    assert info_of(ours, path)["tiles"][0]["width"] == 256
    assert source.asked == ["/iiif/one/info.json"]


@pytest.mark.parametrize("version", [2, 3])
def test_a_service_without_tiles_makes_any_that_it_is_asked_for(
    ours: Site, source: Origin, version: int
) -> None:  # fmt: skip
    service = ImageService(source, version, SIZE, said={"tiles": None})
    path = ours.described(of_service(service))
    assert info_of(ours, path)["tiles"][0]["width"] == 512
    got = opened(ours.get(f"{path}/1/iiif/0,0,1024,1024/512,512/0/default.webp"))
    assert alike(got, service.image.crop((0, 0, 1024, 1024)).resize((512, 512)))


def test_a_part_across_tiles_of_a_service_is_put_together(ours: Site, source: Origin) -> None:
    service = ImageService(source, 3, SIZE)
    path = ours.described(of_service(service))
    got = opened(ours.get(f"{path}/1/iiif/700,300,600,400/300,200/0/default.webp"))
    assert alike(got, service.image.crop((700, 300, 1300, 700)).resize((300, 200)))
    tiles = [path for path in source.asked if not path.endswith("info.json")]
    assert all("512,512/256,256" in path for path in tiles), tiles


def test_one_request_causes_at_most_forty_to_the_service(ours: Site, source: Origin) -> None:
    service = ImageService(source, 3, (9000, 9000), tile=64)
    path = ours.described(of_service(service))
    response = ours.get(f"{path}/1/iiif/1,1,2000,2000/2000,2000/0/default.webp")
    assert response.status_code == 400
    assert source.asked == ["/iiif/one/info.json"]


def test_a_service_that_does_not_answer_leaves_the_plain_picture(
    ours: Site, source: Origin
) -> None:  # fmt: skip
    image = gradient(2600, 1300)
    plain = source.add("/plain.png", encoded(image))
    gone = source.address("/gone")
    source.answers["/gone/"] = lambda handler: send(handler, b"", "text/plain", {}, 404)
    path = ours.described(
        f"{AGGREGATION} <agg> edm:isShownBy <{plain}> . <{plain}> svcs:has_service <{gone}> ."
    )
    assert opened(ours.get(path)).size == (2000, 1000)
    got = opened(ours.get(f"{path}/1/iiif/0,0,512,512/512,512/0/default.webp"))
    assert alike(got, image.crop((0, 0, 512, 512)))
    assert source.asked.count("/gone/info.json") == 1


INFOS = {
    "list": [],
    "number": 5,
    "empty": {},
    "no context": {"@context": "http://example.org/"},
    "version 1": {"@context": "http://library.stanford.edu/iiif/image-api/1.1/context.json"},
    "presentation": {"@context": "http://iiif.io/api/presentation/3/context.json"},
    "negative": {"width": -5},
    "text": {"width": "3000"},
    "truth": {"width": True},
    "part": {"width": 3000.5},
    "huge": {"width": 10**12, "height": 10**12},
    "too many pixels": {"width": 499_999, "height": 499_999},
    "none": {"height": None},
}


@pytest.mark.parametrize("name", list(INFOS))
def test_a_service_that_claims_what_cannot_be_is_left(
    ours: Site, source: Origin, name: str
) -> None:  # fmt: skip
    service = ImageService(source, 3, (900, 600))
    said = INFOS[name]
    full = service.info() | said if isinstance(said, dict) and said else said
    source.answers = {
        "/iiif/one/info.json": lambda handler: send(
            handler, json.dumps(full).encode(), "application/json", {}
        ),
        "/iiif/one/": service.answer,
    }
    path = ours.described(of_service(service))
    facts = ours.get(f"{path}/1/info")
    assert facts.status_code == 200, facts.text
    assert (facts.json()["width"], facts.json()["height"]) == (900, 600)


@pytest.mark.parametrize(
    "tiles",
    [[{"width": 9, "scaleFactors": [1, 2]}], [{"width": 10**9, "scaleFactors": [1]}], "x", [None],
     [{"width": 256, "scaleFactors": [3, 5]}], [{"width": 256, "scaleFactors": "1"}],
     [{"width": 256, "height": -1, "scaleFactors": [1]}], [{"width": 256}], {"width": 256}],
)  # fmt: skip
def test_odd_tiles_are_not_asked_for(ours: Site, source: Origin, tiles: object) -> None:
    service = ImageService(source, 3, SIZE, said={"tiles": tiles})
    path = ours.described(of_service(service))
    assert info_of(ours, path)["tiles"] == [
        {"width": 512, "height": 512, "scaleFactors": [1, 2, 4, 8]}
    ]


def test_a_description_of_a_hundred_megabytes_is_left_unread(ours: Site, source: Origin) -> None:
    service = ImageService(source, 2, (900, 600))
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "100000000")
        handler.end_headers()
        for _block in range(1000):
            sent += handler.wfile.write(b"[" * 100_000)

    source.answers = {"/iiif/one/info.json": endless, **source.answers}
    path = ours.described(of_service(service))
    assert ours.get(f"{path}/1/info").json()["width"] == 900
    assert sent < 20_000_000


def test_a_description_nested_without_end_is_no_description(ours: Site, source: Origin) -> None:
    service = ImageService(source, 2, (900, 600))
    source.answers = {
        "/iiif/one/info.json": lambda handler: send(
            handler, b"[" * 400_000, "application/json", {}
        ),
        **source.answers,
    }
    assert ours.get(f"{ours.described(of_service(service))}/1/info").json()["width"] == 900


def test_a_tile_of_another_size_or_kind_is_not_passed_on(ours: Site, source: Origin) -> None:
    service = ImageService(source, 2, SIZE)
    path = ours.described(of_service(service))
    info_of(ours, path)
    page = b"<script>alert(1)</script>"
    wrong = {
        (0, 0): (encoded(gradient(3000, 2000), "JPEG"), "image/jpeg"),
        (256, 0): (page, "image/jpeg"),
        (512, 0): (encoded(gradient(10, 10), "JPEG"), "image/jpeg"),
        (768, 0): (b"", "image/jpeg"),
        (1024, 0): (bytes(remote_pictures.MAX_TILE + 1), "image/jpeg"),
    }
    for (left, top), (data, kind) in wrong.items():
        source.answers = {
            f"/iiif/one/{left},{top},256,256/256,/0/default.jpg": lambda handler, d=data, k=kind: (
                send(handler, d, k, {})
            ),
            **source.answers,
        }
        response = ours.get(f"{path}/1/iiif/{left},{top},256,256/256,256/0/default.webp")
        assert response.status_code == 502, (left, top)
        assert b"script" not in response.content
    assert not (ours.data / "tiles").exists()


def test_a_service_does_not_lead_into_a_private_network(ours: Site, source: Origin) -> None:
    with origin() as inner:
        secret = ImageService(inner, 3, SIZE, path="/secret")
        for name in ("info.json", "full/max/0/default.jpg", "0,0,256,256/256,256/0/default.jpg"):
            source.redirect(f"/iiif/one/{name}", secret.address + "/" + name)
        service = ImageService(source, 3, SIZE)
        path = ours.described(of_service(service))
        assert ours.get(f"{path}/1/info").status_code == 502
        assert ours.get(path).status_code == 502
        del source.answers["/iiif/one/info.json"]
        path = ours.described(of_service(replace(service, path="/iiif/two")), "2")
        source.redirect("/iiif/two/0,0,256,256/256,256/0/default.jpg", secret.address)
        source.answers = dict(sorted(source.answers.items(), reverse=True))
        assert info_of(ours, path)
        tile = ours.get(f"{path}/1/iiif/0,0,256,256/256,256/0/default.webp")
        assert tile.status_code == 502
        assert inner.asked == []


def test_a_service_that_nobody_listed_is_not_asked(tmp_path: Path, source: Origin) -> None:
    service = ImageService(source, 3, SIZE)
    with site(tmp_path / "data") as ours:
        path = ours.described(of_service(service))
        for below in ("", "/1/info", "/1/iiif/info.json", "/1/iiif/full/max/0/default.webp"):
            assert ours.get(path + below).status_code == 502
    assert source.asked == []


# --- the shelf ---------------------------------------------------------------------------------


def test_the_shelf_holds_no_more_than_it_may_and_the_oldest_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_BETWEEN", 1)
    shelf = Shelf(tmp_path / "tiles", min_free=0, most=10_000)
    for number in range(30):
        shelf.put({f"{number}.webp": bytes(1000)})
        time.sleep(0.002)  # so that each has a time of its own
    left = {path.name for path in shelf.folder.iterdir()}
    assert sum(path.stat().st_size for path in shelf.folder.iterdir()) <= 11_000
    assert "29.webp" in left and "0.webp" not in left


def test_a_file_that_could_not_be_written_leaves_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "tiles", min_free=0)

    def broken(part: Path) -> None:
        part.write_bytes(b"half")
        raise ValueError

    with pytest.raises(ValueError):
        shelf.make("a.webp", broken)
    assert list(shelf.folder.iterdir()) == []
