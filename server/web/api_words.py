"""What the description of the API says in sentences. English, as its names are."""

ABOUT = """What the pages do, for programs. The addresses are those of the pages: with
`Accept: application/json` they answer JSON. What is sent is an object of JSON, or the same fields
as a form. Lists take `limit` and `after`; `next`, and a `Link` header, have the address of the next
page. Errors are `application/problem+json` (RFC 9457). Not described here, being standards of
their own: linked data by content negotiation, SPARQL (`/sparql`), OAI-PMH (`/oai`), the Web
Annotation Protocol (`/annotations/`), IIIF, reconciliation (`/reconcile`), dumps (`/dumps/`)."""

#: The parts of the description, in their order.
TAGS = (
    "Campaigns", "Items and collections", "Contributing", "Publishing",
    "Vocabularies and suggestions", "Changes", "Data", "Jobs", "The server",
)  # fmt: skip

TOKEN = """A token from one's account page, `Authorization: Bearer ch_…`. It acts for its person,
as far as its scopes go: the scope that an operation needs is named with it. Reading what is public
needs none."""

KEY = """Of one's own choice, at most 100 characters: a request that is sent again with the same key
is stored once, and answered with what it made."""
