"""The settings of a process: read from `CROWDHERITAGE_*` once, frozen from then on."""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from server.errors import Malformed

PREFIX = "CROWDHERITAGE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the variable `CROWDHERITAGE_<FIELD>`; sizes in bytes, times in seconds."""

    data: Path = Path("data")
    base_iri: str = ""  # empty: the one the data directory was created with
    publisher: str = ""  # who answers for the data, in catalogues
    host: str = "127.0.0.1"
    port: int = 8000
    max_body: int = 2_000_000  # of a form or an API call
    max_upload: int = 500_000_000  # of an imported file
    import_memory: int = 2_000_000_000
    import_seconds: int = 3600
    vocabulary_memory: int = 1_000_000_000
    vocabulary_seconds: int = 6 * 3600
    dump_memory: int = 1_500_000_000  # of the process that writes a dump
    dump_seconds: int = 6 * 3600
    dump_cache: int = 20_000_000_000  # of dumps on disk, which can be made again
    sparql_workers: int = 2
    sparql_seconds: float = 10.0
    sparql_memory: int = 1_500_000_000
    sparql_result: int = 10_000_000
    snapshot_seconds: float = 2.0  # how old the public snapshot may get
    session_days: int = 30
    admin_email: str = ""  # told to harvesters (OAI-PMH)
    secure_cookies: bool = False  # set where the site is served by https
    trusted_proxies: str = ""  # addresses whose X-Forwarded-For counts, comma-separated
    login_attempts: int = 10  # per address and per account, in five minutes
    rate: int = 600  # requests of one client in a minute that write
    image_hosts: str = ""  # host[:port] where pictures may be though private, comma-separated
    tile_cache: int = 5_000_000_000  # of deep zoom's tiles, which can be made again
    map_tiles: str = ""  # address of map tiles with {z}, {x}, {y}; without it maps are outlines
    map_attribution: str = ""  # whose tiles they are, shown on the map
    remote_hosts: str = ""  # the same for vocabularies' files and endpoints, and live look-up
    live_lookup: str = ""  # wikidata, getty, geonames: asked while people type; comma-separated
    live_wikidata: str = "https://www.wikidata.org"
    live_getty: str = "https://vocab.getty.edu"
    live_geonames: str = "https://secure.geonames.org"
    live_geonames_user: str = ""  # GeoNames wants to know who asks
    europeana_annotations: str = "https://api.europeana.eu/annotation"
    europeana_search: str = "https://api.europeana.eu/record/v2/search.json"
    europeana_key: str = dataclasses.field(default="", repr=False)
    europeana_token: str = dataclasses.field(default="", repr=False)  # to write, without a client
    europeana_oauth: str = (
        "https://auth.europeana.eu/auth/realms/europeana/protocol/openid-connect/token"
    )
    europeana_client: str = ""
    europeana_secret: str = dataclasses.field(default="", repr=False)
    europeana_user: str = ""  # whose annotations they are, where the client needs one
    europeana_password: str = dataclasses.field(default="", repr=False)
    europeana_rate: float = 5.0  # requests a second
    europeana_batch: int = 1  # new annotations in one upload, which takes an administrator's key
    min_free: int = 200_000_000  # below this much free disk, writes are refused


def read(environ: Mapping[str, str] = os.environ, **overrides: Any) -> Settings:
    """The defaults, then the environment, then `overrides` that are not None."""
    values: dict[str, Any] = {}
    for field in fields(Settings):
        text = environ.get(PREFIX + field.name.upper())
        if text is not None:
            values[field.name] = _convert(field.name, text)
    values.update({name: value for name, value in overrides.items() if value is not None})
    return replace(Settings(), **values)


def _convert(name: str, text: str) -> Any:
    kind = type(getattr(Settings(), name))
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        return Path(text) if isinstance(getattr(Settings(), name), Path) else kind(text)
    except (KeyError, ValueError) as error:
        raise Malformed(f"{PREFIX}{name.upper()} cannot be “{text}”.") from error
