"""Templates, style sheets and scripts: they fit the Content-Security-Policy, and each other."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from server import i18n
from server.web import templates
from server.web.templates import SERVER, STATIC, TEMPLATES, Here, environment

PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
HERE = Here("/", "token")


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_template_compiles_and_says_its_context(name: str) -> None:
    environment().get_template(name)
    assert name == "_components.html" or re.match(r"\{#.*?context: ", source(name), re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_a_template_has_no_inline_style_script_or_handler(name: str) -> None:
    text = source(name)
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-on|hx-vals=.js", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("name", PAGES)
def test_each_posting_form_carries_the_csrf_token(name: str) -> None:
    """All but the choice of language, which is nobody's: no session is asked or changed."""
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", source(name), re.DOTALL)
    bare = [form for form in forms if "ui.csrf(here.csrf)" not in form]
    assert [form for form in bare if 'action="/language"' not in form] == []


@pytest.mark.parametrize("name", PAGES)
def test_what_a_template_loads_is_there_or_built(name: str) -> None:
    loaded = re.findall(r"static\('([\w./-]+)'\)", source(name))
    assert [path for path in loaded if not (STATIC / path).is_file()] == []


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_our_files_ask_nothing_of_other_hosts(path: Path) -> None:
    text = re.sub(r"//.*", "", path.read_text()) if path.suffix == ".js" else path.read_text()
    assert not re.search(r"https?://\w|\beval\(|new Function|setAttribute\(\"style\"", text)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_names_tokens_and_fonts_that_exist(path: Path) -> None:
    text = path.read_text()
    tokens = (STATIC / "css" / "tokens.css").read_text()
    assert {
        name for name in re.findall(r"var\((--[\w-]+)\)", text) if f"{name}:" not in tokens
    } == (set())
    fonts = re.findall(r"url\((?!data:)([^)]+)\)", text)
    assert [font for font in fonts if not (path.parent / font).resolve().is_file()] == []


def test_every_message_of_a_template_is_a_literal() -> None:
    """Extraction finds only literals, so a computed message would never be translated."""
    calls = [call for name in PAGES for call in re.findall(r"\b_\(\s*(.)", source(name))]
    assert calls and set(calls) <= {'"', "'"}


def test_the_address_of_a_static_file_follows_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "STATIC", tmp_path)
    (tmp_path / "a.css").write_text("a")
    first = templates.static("a.css")
    (tmp_path / "a.css").write_text("bb")
    assert re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", first)
    assert templates.static("a.css") != first


def test_numbers_and_dates_follow_the_language() -> None:
    token = i18n.language.set("de")
    try:
        assert templates.number(4310) == "4.310"
        made = environment().from_string('{{ _("{part} of {whole}", part=1020, whole=3000) }}')
        assert "1.020" in made.render()
    finally:
        i18n.language.reset(token)
    assert templates.number(4310) == "4,310"


def test_messages_escape_their_values_but_not_markup() -> None:
    made = environment().from_string('{{ _("by {name}", name=name) }}')
    assert made.render(name="<b>") == "by &lt;b&gt;"
    assert made.render(name=Markup("<b>x</b>")) == "by <b>x</b>"
    count = environment().from_string('{{ ngettext("{count} a {x}", "{count} as {x}", n, x=x) }}')
    assert count.render(n=1234, x="{y}<") == "1,234 as {y}&lt;"


def test_a_share_of_the_goal_is_never_rounded_up_to_done() -> None:
    assert templates.percent_of(2999, 3000) == "99%"
    assert templates.percent_of(3000, 3000) == "100%"
    assert templates.percent_of(0, 0) == "0%"


def test_a_page_renders_whole_and_escapes_what_people_wrote() -> None:
    page = templates.render(
        "errors/page.html",
        HERE,
        status=404,
        title="<script>alert(1)</script>",
        detail="",
        problems=[],
        next_href="/",
        next_text="Home",
    )
    assert page.lstrip().startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_htmx_may_not_evaluate_or_inject_styles() -> None:
    base = (SERVER / "templates" / "base.html").read_text()
    assert '"allowEval":false' in base and '"includeIndicatorStyles":false' in base
