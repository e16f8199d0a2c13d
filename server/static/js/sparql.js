// The query page: a SPARQL editor (Yasqe) over the text area, the answer made by our server in its place,
// short addresses. Nothing is asked of any other host. The address says what is seen, so that it can be
// kept; without this script the form does the same.

import { enhance } from "./sparql-results.js";
import { Words } from "./sparql-words.js";

const form = document.getElementById("query-form");
const area = document.getElementById("query");
const results = document.getElementById("results");
const shared = document.getElementById("shared");
const plain = document.getElementById("plain");
const PLAIN = "plain-query-box";
const LONGEST = 4000; // characters of an address
let short = form.dataset.short ?? "";
let asked = area.value;
let editor = null;

function announce(text) {
  document.getElementById("announce").textContent = text;
}

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Yasqe);
    script.onerror = reject;
    document.head.append(script);
  });
}

// --- the editor ---

async function edit() {
  const Yasqe = window.Yasqe ?? (await load(form.dataset.library));
  Yasqe.defaults.autocompleters = []; // they would ask prefix.cc and LOV; ours are below
  const made = new Yasqe(area.parentElement, {
    value: area.value,
    requestConfig: { endpoint: form.action },
    prefixCcApi: null,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    extraKeys: { "Ctrl-Enter": () => run(), "Cmd-Enter": () => run(), "Ctrl-Space": () => complete(made, true), Tab: false, "Shift-Tab": false }, // Tab leaves the box
  });
  area.hidden = true;
  made.getInputField().setAttribute("aria-label", form.dataset.hint);
  made.on("change", () => (area.value = made.getValue()));
  made.on("blur", () => declare(made));
  made.on("inputRead", (_editor, { text }) => {
    if (/[\w:]$/.test(text.at(-1))) complete(made, false);
  });
  return made;
}

// Prefixes that are used and not declared.
function declare(made) {
  const text = made.getValue().replace(/#.*|<[^>\s]*>|"[^"\n]*"/g, "");
  const declared = made.getPrefixesFromQuery();
  const missing = Object.entries(JSON.parse(form.dataset.prefixes)).filter(([prefix]) => !(prefix in declared) && new RegExp(`(^|[\\s(/^|!{;,])${prefix}:`, "m").test(text));
  if (missing.length) made.addPrefixes(Object.fromEntries(missing));
}

const words = new Words({ words: form.dataset.words, terms: form.dataset.terms, lang: document.documentElement.lang });

function complete(made, wanted) {
  const at = made.getDoc().getCursor();
  const before = made.getDoc().getLine(at.line).slice(0, at.ch);
  if (/(^|\s)#[^<]*$/.test(before) || (!wanted && !/[?$]\w+$|[\w-]+:[\w-]*$/.test(before))) return;
  const hint = async () => {
    const { from, list } = await words.find(before, made.getValue(), wanted).catch(() => ({ from: at.ch, list: [] }));
    return { from: { line: at.line, ch: from }, to: at, list: list.map((each) => ({ ...each, render: draw, hint: pick })) };
  };
  made.showHint({ hint, completeSingle: false, closeCharacters: /[\s{}();,>]/, updateOnCursorActivity: true });
}

function draw(line, _data, { text, label, note }) {
  const name = document.createElement("span");
  name.textContent = text.startsWith("<") && label ? label : text;
  const more = document.createElement("small");
  more.textContent = text.startsWith("<") && label ? note ?? text : label;
  line.append(name, " ", more);
  line.title = text;
}

function pick(made, { from, to }, { text }) {
  const doc = made.getDoc();
  const end = doc.getLine(to.line).charAt(to.ch) === '"' && doc.getLine(from.line).charAt(from.ch) === '"' ? { line: to.line, ch: to.ch + 1 } : to;
  doc.replaceRange(text, from, end);
  if (!text.endsWith(":")) declare(made);
}

async function choose() {
  if (plain.checked) {
    editor?.destroy();
    for (const left of area.parentElement.querySelectorAll(".yasqe")) left.remove();
    editor = null;
    area.hidden = false;
  } else {
    editor = await edit().catch(() => null);
    if (!editor) area.hidden = false;
  }
  document.getElementById("query-help").hidden = plain.checked;
}

function write(text) {
  area.value = text;
  editor?.setValue(text);
}

// --- running ---

function address(view, chart) {
  const same = short && area.value.trim() === asked.trim();
  const path = same ? `/q/${short}` : "/sparql";
  const parameters = new URLSearchParams(same ? {} : { query: asked, page: 1 });
  if (view) parameters.set("view", view);
  if (chart) parameters.set("chart", chart);
  const found = `${path}?${parameters}`.replace(/\?$/, "");
  return found.length > LONGEST ? "/sparql" : found;
}

async function run({ view = "", chart = "" } = {}) {
  if (editor) declare(editor);
  if (area.value.trim() !== asked.trim()) [short, asked] = ["", area.value];
  results.setAttribute("aria-busy", "true");
  announce(form.dataset.running);
  try {
    const answer = await fetch("/sparql", { method: "POST", headers: { Accept: "text/html", "HX-Request": "true" }, body: new URLSearchParams({ query: area.value, view, chart }) });
    if (!answer.headers.get("Content-Type")?.includes("html")) throw new Error(answer.status);
    // Our own server's fragment, escaped there; the page's policy runs no script in it.
    results.innerHTML = await answer.text();
    enhance(results, (chosen) => history.replaceState(null, "", address(chosen)));
    history.replaceState(null, "", address(view, chart));
    announce(results.querySelector(".message, #answer-head .num")?.textContent ?? "");
  } catch {
    results.textContent = form.dataset.failed;
    announce(form.dataset.failed);
  } finally {
    results.removeAttribute("aria-busy");
  }
}

// Other kinds of a chart are drawn by the server.
results.addEventListener("click", (event) => {
  const kind = event.target.closest("[data-chart]");
  if (!kind) return;
  event.preventDefault();
  run({ view: "chart", chart: kind.dataset.chart });
});

// --- sharing ---

async function share() {
  if (editor) declare(editor);
  const answer = await fetch("/q", { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams({ query: area.value }) });
  if (!answer.ok) return refuse(answer);
  const told = await answer.json();
  short = told.address.split("/").pop();
  asked = area.value;
  const template = document.getElementById("shared-template");
  if (!shared.childElementCount) shared.append(template.content.cloneNode(true));
  fill(told.address);
  history.replaceState(null, "", address(results.querySelector("[data-view][aria-current]")?.dataset.view));
  shared.querySelector("input").select();
}

async function refuse(answer) {
  const problem = await answer.json().catch(() => ({}));
  const line = document.createElement("p");
  line.className = "message problem";
  line.textContent = problem.detail || form.dataset.failed;
  shared.replaceChildren(line);
}

// Whole addresses, as they are where the page is.
function fill(path) {
  const field = shared.querySelector("[data-address]");
  if (!field) return;
  field.value = new URL(path, location.href).href;
  const embed = shared.querySelector("[data-embed]");
  embed.textContent = `<iframe src="${field.value}?embed=1" width="100%" height="480"></iframe>`;
  const button = shared.querySelector("[data-copy]");
  button.hidden = !navigator.clipboard;
  button.onclick = async () => {
    await navigator.clipboard.writeText(field.value).catch(() => field.select());
    announce(form.dataset.copied);
  };
}

// --- the page ---

form.addEventListener("submit", (event) => {
  const { name, id } = event.submitter ?? {};
  if (name === "format") return;
  event.preventDefault();
  if (id === "share") share();
  else run();
});

for (const example of document.querySelectorAll("[data-query]")) {
  example.addEventListener("click", (event) => {
    event.preventDefault();
    write(example.dataset.query);
    example.closest("details").open = false;
    run();
  });
}

if (matchMedia("(max-width: 40rem)").matches) document.querySelector(".begin").open = false;
plain.closest("label").hidden = false;
plain.checked = localStorage.getItem(PLAIN) === "1";
plain.addEventListener("change", () => {
  localStorage.setItem(PLAIN, plain.checked ? "1" : "");
  choose();
});
if (short) fill(`/q/${short}`);
enhance(results, (view) => history.replaceState(null, "", address(view)));
choose();
