"""Parts of pictures for deep zoom: of tiles cut here, or fetched from an image service."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from server.commit import Desk
from server.domain.media import Medium
from server.domain.pictures import Pictures, name_of
from server.domain.remote_addresses import Unreachable
from server.domain.remote_pictures import MAX_TILE
from server.domain.shelves import Shelf
from server.errors import Malformed, NotFound, TooLarge
from server.formats import iiif, iiif_services, image_tiles
from server.formats.iiif import Cut, Grid, Tile
from server.formats.iiif_services import Service
from server.i18n import _
from server.index.items import ItemRow

MOST_TILES = 40  # that are put together for one answer


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the tiles of one picture come from: a service, or (None) the picture itself."""

    row: ItemRow
    medium: Medium
    grid: Grid
    service: Service | None

    @property
    def name(self) -> str:
        return name_of(self.row, self.medium.iri)


class Tiles:
    """The tiles of one instance's pictures, kept on a shelf of bounded size."""

    def __init__(self, desk: Desk, pictures: Pictures) -> None:
        self._pictures = pictures
        settings = desk.settings
        self._shelf = Shelf(
            settings.data / "tiles", min_free=settings.min_free, most=settings.tile_cache
        )
        self._holding = asyncio.Semaphore(8)  # files of up to 20 MB
        self._cutting = asyncio.Semaphore(1)  # a picture in full takes hundreds of megabytes

    async def grid(self, row: ItemRow, medium: Medium) -> Grid:
        """How a picture is divided. Raises NotFound for a drawing, which needs no tiles;
        Unreachable or Late where the picture cannot be had."""
        return (await self._source(row, medium)).grid

    async def show(
        self, row: ItemRow, medium: Medium, region: str, size: str, rotation: str, file: str
    ) -> tuple[bytes, str]:  # fmt: skip
        """A part of a picture as (bytes, media type), asked for as IIIF does.

        Raises Malformed for what is not offered, and as `grid`.
        """
        source = await self._source(row, medium)
        cut = iiif.read_cut(region, size, rotation, file, source.grid)
        tile = source.grid.tile_of(cut)
        if tile is None:
            return await self._assembled(source, cut), iiif.FORMS[cut.form]
        data = await self._tile(source, tile)
        if cut.form != "webp":
            data = await asyncio.to_thread(image_tiles.converted, data, cut.form)
        return data, iiif.FORMS[cut.form]

    async def _source(self, row: ItemRow, medium: Medium) -> _Source:
        kept = self._pictures.kept(medium.iri)
        if kept is not None and kept.suffix == ".svg":
            raise NotFound(_("A drawing has no tiles: it is sharp at any size."))
        service = None if kept else await self._pictures.service(medium)
        if service is not None and service.grid is not None:
            return _Source(row, medium, service.grid, service)
        facts = await self._pictures.facts(row, medium)
        return _Source(row, medium, image_tiles.grid_of(facts.width, facts.height), None)

    async def _assembled(self, source: _Source, cut: Cut) -> bytes:
        grid = source.grid
        factor = grid.level_for(cut)
        box = (
            cut.box[0] // factor, cut.box[1] // factor,
            -(-cut.box[2] // factor), -(-cut.box[3] // factor),
        )  # fmt: skip
        wanted = list(grid.tiles(factor, box)) if _count(grid, box) <= MOST_TILES else []
        if not wanted:
            raise Malformed(_("This part of the image is too large. Ask for it smaller."))
        found = await self._tiles(source, wanted)
        async with self._pictures.decoding:
            return await asyncio.to_thread(image_tiles.assembled, cut, factor, found)

    async def _tiles(self, source: _Source, wanted: Iterable[Tile]) -> dict[Tile, bytes]:
        tiles = list(wanted)
        found = await asyncio.gather(*(self._tile(source, tile) for tile in tiles))
        return dict(zip(tiles, found, strict=True))

    async def _tile(self, source: _Source, tile: Tile) -> bytes:
        if source.service is None:
            return await self._own(source, tile)
        name = f"{source.name}.{tile.factor}.{tile.column}.{tile.row}.webp"
        for _attempt in range(2):
            path = self._shelf.find(name)
            if path is not None:
                return await asyncio.to_thread(path.read_bytes)
            await self._pictures.flights.once(name, lambda: self._fetch(name, source, tile))
        raise Unreachable(_("Nothing can be fetched from this address."))

    async def _own(self, source: _Source, tile: Tile) -> bytes:
        name = f"{source.name}.tiles"
        if self._shelf.find(name) is None:
            await self._pictures.flights.once(name, lambda: self._cut(name, source.medium))
        try:
            return await asyncio.to_thread(image_tiles.read, self._shelf.folder / name, tile)
        except Malformed as error:
            raise Unreachable(str(error)) from error

    async def _cut(self, name: str, medium: Medium) -> None:
        async with self._holding:
            data = await self._pictures.original(medium)
            async with self._cutting:
                await asyncio.to_thread(self._cut_now, name, data)

    def _cut_now(self, name: str, data: bytes) -> None:
        try:
            self._shelf.make(name, lambda part: image_tiles.cut(data, part))
        except (Malformed, TooLarge) as error:
            raise Unreachable(str(error)) from error

    async def _fetch(self, name: str, source: _Source, tile: Tile) -> None:
        assert source.service is not None
        path = iiif_services.tile_path(source.service, tile)
        data = await self._pictures.servers.fetch(f"{source.medium.service}/{path}", MAX_TILE)
        async with self._pictures.decoding:
            try:
                made = await asyncio.to_thread(image_tiles.checked, data, tile)
            except (Malformed, TooLarge) as error:
                raise Unreachable(str(error)) from error
            await asyncio.to_thread(self._shelf.put, {name: made})


def _count(grid: Grid, box: iiif.Box) -> int:
    across = box[2] // grid.tile_width - box[0] // grid.tile_width + 1
    down = box[3] // grid.tile_height - box[1] // grid.tile_height + 1
    return across * down
