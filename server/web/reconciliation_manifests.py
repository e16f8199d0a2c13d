"""What a reconciliation service says of itself: its manifest (Reconciliation Service API 0.2).

Addresses are those that the client asked at, since clients take them as they are.
"""

from typing import Any

from server import __version__
from server.domain import reconciliation_types as types
from server.domain.reconciliation_extensions import ALL
from server.domain.reconciliation_queries import BATCH
from server.domain.reconciliation_services import Service
from server.domain.reconciliation_types import Type
from server.i18n import _
from server.web.templates import static

VERSIONS = ["0.1", "0.2"]
#: Pixels of a preview's frame.
WIDTH, HEIGHT = 400, 200
_DEFAULT_TYPES = 12


def manifest(service: Service, kinds: list[Type], origin: str) -> dict[str, Any]:
    """The manifest of a service with terms of these types; `origin` is `https://host`."""
    here = f"{origin}/reconcile/{service.slug}"
    return {
        "versions": VERSIONS,
        "name": service.title,
        "identifierSpace": service.space.iri,
        "schemaSpace": types.CONCEPT,
        "serviceVersion": __version__,
        "documentation": f"{origin}/reconcile",
        "logo": origin + static("icon.svg"),
        "defaultTypes": [type_json(each) for each in kinds[:_DEFAULT_TYPES]],
        "view": {"url": here + "/view?id={{id}}"},
        "feature_view": {"url": origin + "/reconcile#feature-{{id}}"},
        "preview": {"url": here + "/preview?id={{id}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {kind: _suggest(here, kind) for kind in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": _settings(),
        },
        "batchSize": BATCH,
    }


def type_json(type_: Type) -> dict[str, Any]:
    said: dict[str, Any] = {"id": type_.identifier, "name": type_.name}
    if type_.identifier != types.CONCEPT:
        said["broader"] = [{"id": types.CONCEPT, "name": types.concept().name}]
    return said


def _suggest(here: str, kind: str) -> dict[str, str]:
    return {
        "service_url": here,
        "service_path": f"/suggest/{kind}",
        "flyout_service_path": f"/flyout/{kind}?id=${{id}}",
    }


def _settings() -> list[dict[str, Any]]:
    return [
        {
            "name": "limit",
            "label": _("Limit"),
            "type": "number",
            "default": 0,
            "help_text": _("How many values at most; 0 for all of them."),
        },
        {
            "name": "language",
            "label": _("Language"),
            "type": "text",
            "default": "",
            "help_text": _(
                "The code of a language, such as el; “{all}” for all languages.", all=ALL
            ),
        },
        {
            "name": "content",
            "label": _("Content"),
            "type": "select",
            "default": "literal",
            "help_text": _("Names, or addresses of terms."),
            "choices": [
                {"value": "literal", "name": _("Names")},
                {"value": "id", "name": _("Addresses (IRIs)")},
            ],
        },
    ]
