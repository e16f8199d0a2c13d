"""The token by which Europeana lets annotations be written: a fixed one, or one by OAuth 2.0."""

import asyncio
import time
from urllib.parse import quote, urlencode

import httpx

from server.domain.remote_addresses import Listed, Question, Unreachable, answered, body
from server.errors import Invalid, Malformed, Unavailable
from server.formats import europeana_answers
from server.i18n import _
from server.settings import Settings

_MOST_BYTES = 100_000
_SPARE_SECONDS = 30.0


class Tokens:
    """Knows the current token, and what must never be shown."""

    def __init__(self, settings: Settings, listed: Listed, seconds: float) -> None:
        self._settings, self._listed, self._seconds = settings, listed, seconds
        self._token, self._until = "", 0.0

    def current(self) -> str:
        """Raises Invalid where the settings name none, Unavailable where none is given."""
        if self._settings.europeana_token:
            return self._settings.europeana_token
        if not self._settings.europeana_client:
            raise Invalid(_("The settings name no token and no client for writing to Europeana."))
        if not self._token or time.monotonic() > self._until:
            self._token, seconds = self._fetch()
            self._until = time.monotonic() + max(seconds - _SPARE_SECONDS, 1.0)
        return self._token

    def renew(self) -> bool:
        """Forget a token that is refused; False where there is no other."""
        had = bool(self._token)
        self._token = ""
        return had and not self._settings.europeana_token

    def without_secrets(self, text: str) -> str:
        named = self._settings
        secrets = (
            named.europeana_key, named.europeana_token, named.europeana_secret,
            named.europeana_password, self._token,
        )  # fmt: skip
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            for form in (secret, quote(secret, safe="")):
                text = text.replace(form, "…")
        return text

    def _fetch(self) -> tuple[str, float]:
        """RFC 6749, 4.3 where a user is named, else 4.4."""
        named = self._settings
        form = {"client_id": named.europeana_client, "client_secret": named.europeana_secret}
        if named.europeana_user:
            form |= {
                "grant_type": "password", "username": named.europeana_user,
                "password": named.europeana_password,
            }  # fmt: skip
        else:
            form |= {"grant_type": "client_credentials"}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        question = Question(
            named.europeana_oauth, headers, urlencode(form).encode(), "POST", follows=False
        )
        try:
            status, data = asyncio.run(self._ask(question))
            if status == 200:
                return europeana_answers.token(data)
        except (Unreachable, Malformed) as error:
            raise Unavailable(_("Europeana gives no token: {reason}", reason=error)) from error
        said = self.without_secrets(europeana_answers.reason(data)) or str(status)
        raise Unavailable(_("Europeana gives no token: {reason}", reason=said))

    async def _ask(self, question: Question) -> tuple[int, bytes]:
        require_safe(question.address, self._listed)
        async with answered(question, self._listed, seconds=self._seconds) as response:
            return response.status_code, await body(response, _MOST_BYTES)


def require_safe(address: str, listed: Listed) -> None:
    """Keys go over https, or to hosts that the administrator names. Raises Invalid."""
    if not address.startswith("https://") and httpx.URL(address) not in listed:
        raise Invalid(_("Keys are only sent by https."))
