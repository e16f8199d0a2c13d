"""Programs that use the API, as its page and docs/api.md show them; tests run them."""

SERVER, TOKEN = "https://crowd.example.org", "ch_your-token"

#: (name, language, text)
EXAMPLES: tuple[tuple[str, str, str], ...] = (
    (
        "campaigns",
        "bash",
        """\
curl -H 'Accept: application/json' 'https://crowd.example.org/campaigns?limit=10'
""",
    ),
    (
        "vote",
        "bash",
        """\
curl -H 'Authorization: Bearer ch_your-token' -H 'Accept: application/json' \\
  --json '{"verdict": "approve"}' https://crowd.example.org/annotation/ANNOTATION/vote
""",
    ),
    (
        "propose",
        "python",
        """\
import httpx

campaign = "subjects"
headers = {"Authorization": "Bearer ch_your-token", "Accept": "application/json"}
with httpx.Client(base_url="https://crowd.example.org", headers=headers) as api:
    api.post(f"/campaigns/{campaign}/start", json={}).raise_for_status()  # agree to the licence
    found = api.get(f"/campaigns/{campaign}/next").json()
    task = api.get(found["href"]).json()["tasks"][0]
    asked = {"q": "farms", "campaign": campaign, "task": task["number"]}
    term = api.get("/terms/suggest", params=asked).json()[0]
    answer = api.post(
        found["href"] + "/annotations",
        json={"task": task["number"], "body": term["iri"]},
        headers={"Idempotency-Key": "my-import-0001"},
    )
    answer.raise_for_status()
    print(answer.json()["href"], answer.json()["status"])
    api.post(found["href"] + "/finish", json={}).raise_for_status()
""",
    ),
    (
        "list",
        "python",
        """\
import httpx

address = "/collections/prints/items?limit=5"
with httpx.Client(base_url="https://crowd.example.org") as api:
    while address:
        page = api.get(address, headers={"Accept": "application/json"}).json()
        for item in page["items"]:
            print(item["iri"], item["title"])
        address = page["next"]
""",
    ),
    (
        "follow",
        "python",
        """\
import httpx

address = "https://crowd.example.org/feed/pages/after-0"  # next time: the last one seen
while address:
    page = httpx.get(address).json()
    for activity in page["orderedItems"]:
        print(activity["endTime"], activity["type"], activity["object"]["id"])
    seen, address = address, page.get("next", {}).get("id")
""",
    ),
)
