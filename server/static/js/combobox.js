// A search box with suggestions: the ARIA combobox of WAI-ARIA 1.2 with a listbox popup, whose options
// may stand in groups. Where it is said (data-…): combobox, the address that answers the options as
// <li role=option>; campaign and task, whose terms are searched, or vocabularies, the name of the boxes
// that are ticked; without, what is not meant; live, the address of a slower search elsewhere, which adds to the list at its end.
// In a form, choosing fills the hidden field `body` and submits it, by htmx where it is there; as one
// field of several (data-fills) it fills the hidden field of that name; elsewhere (data-chooses) it
// adds a ticked box of that name.

const WAIT = 120; // milliseconds between the last key and the question
const PAUSE = 400; // and the question to sources elsewhere
const PAGE = 8; // options that Page Down passes

class Combobox {
  constructor(root) {
    this.root = root;
    this.form = root instanceof HTMLFormElement ? root : null;
    this.input = root.querySelector("input[type=text]");
    this.asked = 0; // answers to older questions are dropped
    this.shown = null; // the question that the options answer
    this.active = -1;
    this.options = [];
    this.build();
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.begin());
    this.input.addEventListener("click", () => this.popup.hidden && this.ask());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.form?.addEventListener("submit", (event) => this.body.value || event.preventDefault(), true);
    this.form?.addEventListener("htmx:confirm", (event) => this.body.value || event.preventDefault());
    this.filled = root.dataset.fills ? root.querySelector(`input[type=hidden][name="${root.dataset.fills}"]`) : null;
    if (this.filled) this.input.addEventListener("input", () => this.fill("", this.input.value));
    this.groups();
    // Whoever typed before this script had come gets an answer too.
    if (document.activeElement === this.input && this.input.value.trim()) this.later();
  }

  build() {
    const id = this.input.id + "-list";
    this.body = make("input", { type: "hidden", name: "body" });
    this.live = make("input", { type: "hidden", name: "live", disabled: "" });
    this.list = make("ul", { id, role: "listbox", class: "listbox" });
    this.list.setAttribute("aria-label", this.input.placeholder);
    this.detail = make("div", { class: "detail", "aria-hidden": "true", hidden: "" });
    this.none = make("p", { class: "none", hidden: "" });
    this.popup = make("div", { class: "popup", hidden: "" });
    this.popup.append(this.list, this.none, this.detail);
    this.input.after(this.popup);
    this.form?.append(this.body, this.live);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id }))
      this.input.setAttribute(name, value);
    // The box keeps the focus; a press on the list must not take it.
    this.popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("mousemove", (event) => this.highlight(this.index(event.target), false));
    this.list.addEventListener("click", (event) => this.choose(this.index(event.target)));
  }

  // The groups of terms above the box: radio buttons, remembered for the visit.
  groups() {
    const radios = [...this.root.querySelectorAll("input[name=group]")];
    if (!radios.length) return;
    const { campaign, task } = this.root.dataset;
    const key = `group ${campaign} ${task}`;
    const kept = radios.find((radio) => radio.value === recall(key));
    if (kept) kept.checked = true;
    for (const radio of radios) {
      radio.addEventListener("change", () => remember(key, radio.value));
      // By a finger or a mouse one goes on in the box; by arrow keys one may go on choosing.
      radio.addEventListener("click", (event) => event.detail > 0 && this.input.focus());
    }
  }

  // On a phone the picture makes room while one types, and stays small: if it grew back as the box
  // loses the focus, the button that was pressed would move away from under the finger.
  begin() {
    this.root.closest(".contribute")?.classList.add("typing");
    this.ask();
  }

  index(node) {
    return this.options.indexOf(node.closest("[role=option]"));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  // What is asked: the words, and among which terms.
  question() {
    const { campaign, task, lang, vocabularies, without } = this.root.dataset;
    const asked = new URLSearchParams({ q: this.input.value.trim(), lang });
    if (campaign) asked.set("campaign", campaign);
    if (task) asked.set("task", task);
    if (without) asked.set("without", without);
    const group = this.root.querySelector("input[name=group]:checked")?.value;
    if (group) asked.set("group", group);
    for (const box of vocabularies ? document.getElementsByName(vocabularies) : [])
      if (box.checked) asked.append("vocabulary", box.value);
    return asked.toString();
  }

  async ask() {
    clearTimeout(this.timer);
    const question = this.question();
    const number = ++this.asked;
    const html = await answered(this.root.dataset.combobox, question);
    if (number !== this.asked || document.activeElement !== this.input) return;
    if (html === null) return this.empty(this.root.dataset.failed);
    this.show(question, html);
    if (this.root.dataset.live && this.input.value.trim()) this.timer = setTimeout(() => this.elsewhere(question, number), PAUSE - WAIT);
  }

  // Sources elsewhere are slower: what they find is added, and nothing that is there moves.
  async elsewhere(question, number) {
    const html = await answered(this.root.dataset.live, question);
    if (!html || number !== this.asked) return;
    const known = new Set(this.options.map((option) => option.dataset.iri));
    const found = fragment(html);
    for (const option of found.querySelectorAll("[role=option]"))
      if (known.has(option.dataset.iri)) option.remove();
      else option.dataset.live = option.dataset.vocabulary;
    for (const section of found.querySelectorAll(".section")) if (!section.querySelector("[role=option]")) section.remove();
    const more = found.querySelectorAll("[role=option]").length;
    if (!more) return;
    this.list.append(found);
    this.none.hidden = true;
    this.list.hidden = false;
    this.name();
    this.explain();
    announce(`${more} ${this.root.dataset.more}`);
  }

  show(question, html) {
    this.shown = question;
    this.list.replaceChildren(fragment(html));
    this.list.scrollTop = 0;
    this.name();
    const typed = this.input.value.trim();
    // An empty box over nothing small enough to show: nothing to say until one types.
    if (!this.options.length) return typed ? this.empty(this.nothing()) : this.hide();
    this.open();
    this.none.hidden = true;
    this.list.hidden = false;
    // What was typed is chosen by Enter; a guess, or what an empty box opens with, is not.
    const sure = typed && !("guess" in this.options[0].dataset);
    this.active = -1;
    this.highlight(sure ? 0 : -1);
    announce(`${this.options.length} ${(!sure && this.root.dataset.open) || this.root.dataset.count}`);
  }

  // Where only a group was searched, the word may be in another.
  nothing() {
    const { none, noneHere } = this.root.dataset;
    return this.root.querySelector("input[name=group]:checked")?.value ? noneHere : none;
  }

  // Ids for the parts of the list, by which the box names the option that is highlighted.
  name() {
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.options.forEach((option, number) => {
      if (option.id) return;
      option.id = `${this.list.id}-${number}`;
      emphasise(option, this.input.value.trim());
    });
    this.list.querySelectorAll(".heading").forEach((heading, number) => {
      heading.id = `${this.list.id}-heading-${number}`;
      heading.parentElement.setAttribute("aria-labelledby", heading.id);
    });
  }

  open() {
    this.popup.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // A phone's keyboard covers half of the screen: the box goes up to make room for the list.
    if (matchMedia("(hover: none) and (max-width: 60rem)").matches) this.input.scrollIntoView({ block: "start" });
  }

  empty(text) {
    this.shown = null;
    this.list.replaceChildren();
    this.options = [];
    this.list.hidden = this.detail.hidden = true;
    this.none.textContent = text;
    this.none.hidden = false;
    this.open();
    this.highlight(-1);
    announce(text);
  }

  highlight(number, scroll = true) {
    if (number === this.active && number >= 0) return;
    this.active = number;
    this.options.forEach((option, each) => option.setAttribute("aria-selected", String(each === number)));
    const option = this.options[number];
    this.explain();
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    if (!scroll) return;
    option.scrollIntoView({ block: "nearest" });
    if (number === 0) this.list.scrollTop = 0; // the heading above it too
  }

  // The note and the broader terms, before one chooses; the room for it stays the same.
  explain() {
    const { label, note, breadcrumb } = this.options[this.active]?.dataset ?? {};
    const parts = [["term", label], ["path", breadcrumb], ["", note]].map(([kind, text]) => {
      const line = make("p", { class: kind });
      line.textContent = text ?? "";
      return line;
    });
    this.detail.replaceChildren(...parts);
    this.detail.hidden = !this.options.some((option) => option.dataset.note);
  }

  key(event) {
    if (event.isComposing) return;
    const last = this.options.length - 1;
    const open = !this.popup.hidden && last >= 0;
    const moves = {
      ArrowDown: this.active >= last ? 0 : this.active + 1,
      ArrowUp: this.active <= 0 ? last : this.active - 1,
      PageDown: Math.min(this.active + PAGE, last),
      PageUp: Math.max(this.active - PAGE, 0),
      Home: 0,
      End: last,
    };
    // Home and End move in what was typed, unless nothing was.
    const inText = (event.key === "Home" || event.key === "End") && this.input.value;
    if (event.key === "Escape") {
      if (this.popup.hidden) this.input.value = "";
      this.close();
    } else if (event.key === "Enter") {
      // Only an option that answers what stands in the box: never a guess of a moment ago.
      if (open && this.shown === this.question()) this.choose(this.active);
      else if (this.filled?.value) return; // the form is complete as far as this field goes
    } else if (event.key === "ArrowUp" && event.altKey) {
      this.close();
    } else if (event.key === "ArrowDown" && !open) {
      this.ask();
    } else if (open && !inText && event.key in moves) {
      this.highlight(moves[event.key]);
    } else return;
    event.preventDefault();
  }

  choose(number) {
    const option = this.options[number];
    if (!option) return;
    this.close();
    if (this.filled) {
      this.fill(option.dataset.iri, option.dataset.label);
      return announce(option.dataset.label);
    }
    if (!this.form) return this.add(option);
    this.body.value = option.dataset.iri;
    this.live.value = option.dataset.live ?? "";
    this.live.disabled = !option.dataset.live;
    this.input.value = option.dataset.label;
    this.form.requestSubmit();
    this.body.value = "";
    this.live.disabled = true;
  }

  // As one field of several: what was chosen, until one types on.
  fill(iri, label) {
    this.input.value = label;
    if (this.filled.value === iri) return;
    this.filled.value = iri;
    this.filled.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Outside of a form of its own: one more ticked box among those that stand above.
  add(option) {
    const name = this.root.dataset.chooses;
    const chosen = this.root.parentElement.querySelector("[data-chosen]");
    const { iri, label, breadcrumb } = option.dataset;
    let box = [...chosen.querySelectorAll("input")].find((each) => each.value === iri);
    if (!box) {
      const line = make("label", { class: "check" });
      const words = make("span", {});
      const [term, path] = [make("span", { class: "term" }), make("span", { class: "path" })];
      [term.textContent, path.textContent] = [label, breadcrumb];
      box = make("input", { type: "checkbox", name, value: iri });
      words.append(term, make("br", {}), path);
      line.append(box, words);
      chosen.append(line);
    }
    box.checked = true;
    this.input.value = "";
    announce(label);
  }

  hide() {
    this.popup.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.hide();
  }
}

// The answer as text; null where there is none.
async function answered(address, question) {
  try {
    const answer = await fetch(`${address}?${question}`, { headers: { Accept: "text/html" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

// Our own server's fragment, escaped there; the page's policy runs no script in it.
function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function make(name, attributes) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

// Where a browser keeps nothing, every visit begins with all groups.
function remember(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {}
}

function recall(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

// Marks the first place where a word of the option begins with what was typed, whatever the accents.
function emphasise(option, typed) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = fold(typed);
  if (!wanted) return;
  const walker = document.createTreeWalker(option.querySelector(".line") ?? option, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const folded = fold(node.data);
    if (folded.length !== node.data.length) continue;
    const at = folded.search(new RegExp("(?<![\\p{L}\\p{N}])" + wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "u"));
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + wanted.length);
    range.surroundContents(document.createElement("mark"));
    return;
  }
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

function start(root) {
  for (const box of root.querySelectorAll("[data-combobox]")) {
    if (box.dataset.ready) continue;
    box.dataset.ready = "1";
    new Combobox(box);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
