// The query page: a SPARQL editor (Yasqe) over the text area, and answers in the page.
// Nothing is asked of any other host: the endpoint is this page's own address, prefixes come with the page.

const form = document.getElementById("query-form");
const area = document.getElementById("query");
const results = document.getElementById("results");
const LIMIT = 1000;

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Yasqe);
    script.onerror = reject;
    document.head.append(script);
  });
}

async function edit() {
  const Yasqe = await load(form.dataset.library);
  // The other completers ask prefix.cc and LOV; prefixes come from the page. (Arrays in the options
  // below would be merged with the defaults, not replace them.)
  Yasqe.defaults.autocompleters = ["variables"];
  const prefixes = JSON.parse(form.dataset.prefixes);
  const room = area.parentElement;
  const value = area.value;
  area.hidden = true;
  const editor = new Yasqe(room, {
    value,
    requestConfig: { endpoint: form.action },
    prefixCcApi: null,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false }, // Tab leaves the box
  });
  editor.getInputField().setAttribute("aria-label", form.querySelector("label").textContent);
  editor.on("change", () => {
    area.value = editor.getValue();
  });
  editor.on("blur", () => {
    const missing = Object.entries(prefixes).filter(([prefix]) => new RegExp(`(^|[\\s(/^|!])${prefix}:`, "m").test(editor.getValue()) && !editor.getPrefixesFromQuery()[prefix]);
    if (missing.length) editor.addPrefixes(Object.fromEntries(missing));
  });
  return editor;
}

function node(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function cell(value) {
  const made = node("td", "");
  if (!value) return made;
  const link = value.type === "uri" && /^https?:/.test(value.value);
  made.append(link ? node("a", value.value, { href: value.value }) : value.value);
  if (value["xml:lang"]) made.append(node("span", value["xml:lang"], { class: "lang" }));
  return made;
}

function table({ head, results: { bindings } }) {
  if (!bindings.length) return node("p", form.dataset.none, { class: "message note" });
  const made = document.createElement("table");
  const top = made.createTHead().insertRow();
  top.append(...head.vars.map((name) => node("th", name, { scope: "col" })));
  const body = made.createTBody();
  for (const row of bindings.slice(0, LIMIT)) body.insertRow().append(...head.vars.map((name) => cell(row[name])));
  const frame = node("div", "", { class: "table results", tabindex: "0" });
  frame.append(made);
  return frame;
}

function count({ results: { bindings } }, seconds) {
  const rows = `${form.dataset.rows} ${bindings.length.toLocaleString(document.documentElement.lang)} · ${seconds.toFixed(2)} s`;
  return node("p", bindings.length > LIMIT ? `${rows} · ${form.dataset.first}` : rows, { class: "soft small num" });
}

async function run() {
  results.setAttribute("aria-busy", "true");
  const began = performance.now();
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.8", "Content-Type": "application/sparql-query" }, body: area.value });
    const type = answer.headers.get("Content-Type") ?? "";
    if (!answer.ok) throw new Error(type.includes("json") ? ((problem) => problem.detail || problem.title)(await answer.json()) : form.dataset.failed);
    if (!type.includes("json")) return results.replaceChildren(node("pre", await answer.text(), { tabindex: "0" }));
    const found = await answer.json();
    if ("boolean" in found) return results.replaceChildren(node("p", found.boolean ? form.dataset.yes : form.dataset.no, { class: "message note" }));
    results.replaceChildren(count(found, (performance.now() - began) / 1000), table(found));
  } catch (error) {
    results.replaceChildren(node("p", error.message || form.dataset.failed, { class: "message problem", role: "alert" }));
  } finally {
    results.removeAttribute("aria-busy");
  }
}

const editor = edit().catch(() => {
  area.hidden = false;
});

form.addEventListener("submit", (event) => {
  if (event.submitter?.name === "format") return;
  event.preventDefault();
  run();
});

for (const example of document.querySelectorAll("[data-query]")) {
  example.addEventListener("click", async (event) => {
    event.preventDefault();
    area.value = example.dataset.query;
    (await editor)?.setValue(example.dataset.query);
    run();
  });
}
