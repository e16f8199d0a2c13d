"""A client of the site as a browser is one: it keeps cookies, and sends forms with their token."""

import re
from urllib.parse import unquote

import httpx

TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')
PROPOSAL = re.compile(r'id="proposal-([a-z0-9]+)"')
TERM = re.compile(r'id="proposal-([a-z0-9]+)"[^>]*>.*?href="/terms\?iri=([^"]+)"', re.DOTALL)
#: Enough of a status to say that something was refused.
REFUSED = range(400, 500)


class Visitor(httpx.Client):
    """Somebody with a browser; nobody yet."""

    def __init__(self, address: str) -> None:
        # Without certificates, whose loading takes longer than most tests.
        headers = {"Accept": "text/html"}
        super().__init__(base_url=address, headers=headers, timeout=60, verify=False)
        self.origin = {"Origin": address}
        self._tokens: dict[tuple[str | None, ...], str] = {}

    def token(self) -> str:
        """What every form of ours must carry."""
        key = self.cookies.get("session"), self.cookies.get("form")
        if key not in self._tokens:
            found = TOKEN.search(self.get("/register").text)
            assert found is not None
            key = self.cookies.get("session"), self.cookies.get("form")
            self._tokens[key] = found[1]
        return self._tokens[key]

    def submit(self, path: str, *, htmx: bool = False, **fields: object) -> httpx.Response:
        """Send a form, as its page or as htmx does; a field may have a list of values."""
        headers = self.origin | ({"HX-Request": "true"} if htmx else {})
        return self.post(path, data={"csrf": self.token(), **fields}, headers=headers)

    def sign_in(self, email: str, password: str) -> "Visitor":
        answer = self.submit("/login", email=email, password=password)
        assert answer.status_code == 303, answer.text
        return self

    def start(self, campaign: str) -> "Visitor":
        """Agree to the licence, as a guest where nobody is signed in."""
        answer = self.submit(f"/campaigns/{campaign}/start")
        assert answer.status_code == 303, answer.text
        return self

    def next(self, campaign: str) -> str:
        """The `{id}` of the next item; empty where nothing is left."""
        answer = self.get(f"/campaigns/{campaign}/next")
        return answer.headers.get("Location", "").rpartition("/")[2]

    def propose(
        self, campaign: str, item: str, term: str, *, htmx: bool = True, **fields: object
    ) -> httpx.Response:
        path = f"/campaigns/{campaign}/items/{item}/annotations"
        return self.submit(path, htmx=htmx, **{"task": "1", "body": term, **fields})

    def proposed(self, campaign: str, item: str, term: str) -> str:
        """The `{id}` of the annotation that proposing makes."""
        answer = self.propose(campaign, item, term)
        assert answer.status_code == 200, answer.text
        (made,) = [name for name, iri in TERM.findall(answer.text) if unquote(iri) == term]
        return str(made)

    def vote(self, annotation: str, verdict: str, **fields: object) -> httpx.Response:
        fields = {"verdict": verdict, **fields}
        return self.submit(f"/annotation/{annotation}/vote", htmx=True, **fields)

    def agent(self) -> str:
        return str(self.get("/account/export").json()["agent"])


def proposals(answer: httpx.Response) -> list[str]:
    """The identifiers of the annotations that a page or a fragment shows."""
    return PROPOSAL.findall(answer.text)
