"""Security headers on every answer, errors included; a response's own header wins."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_IMAGES = "img-src 'self' data:"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        _IMAGES,
        "connect-src 'self'",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: it makes browsers send forms with `Origin: null`.
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Answers that pages elsewhere may read (SPARQL, data) say `cross-origin` themselves.
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR = 31_536_000


class SecurityHeaders:
    """The outermost middleware. `secure`: the site is served by https, and stays so.

    `images` is one origin from which pages may show pictures besides our own: of map tiles.
    """

    def __init__(self, app: ASGIApp, *, secure: bool = False, images: str = "") -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if images:
            policy = CONTENT_SECURITY_POLICY.replace(_IMAGES, f"{_IMAGES} {images}")
            self.headers["Content-Security-Policy"] = policy
        if secure:
            self.headers["Strict-Transport-Security"] = f"max-age={_YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if state.get("person") is not None or "set-cookie" in headers:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_secured)
