// A search box with suggestions: the ARIA combobox of WAI-ARIA 1.2 with a listbox popup.
// The form names its address (data-combobox), vocabularies and language; the server answers <li role=option>.
// Choosing fills the hidden field `body` and submits the form, by htmx where it is there.

const WAIT = 120; // milliseconds between the last key and the question

class Combobox {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[name=q]");
    this.asked = 0; // answers to older questions are dropped
    this.shown = null; // the text that the options answer
    this.active = -1;
    this.build();
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.begin());
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("submit", (event) => this.body.value || event.preventDefault(), true);
    form.addEventListener("htmx:confirm", (event) => this.body.value || event.preventDefault());
  }

  build() {
    const id = this.input.id + "-list";
    this.body = make("input", { type: "hidden", name: "body" });
    this.list = make("ul", { id, role: "listbox", class: "listbox" });
    this.list.setAttribute("aria-label", this.input.placeholder);
    this.detail = make("div", { class: "detail", "aria-hidden": "true", hidden: "" });
    this.none = make("p", { class: "none", hidden: "" });
    this.popup = make("div", { class: "popup", hidden: "" });
    this.popup.append(this.list, this.none, this.detail);
    this.form.append(this.body, this.popup);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id }))
      this.input.setAttribute(name, value);
    // The box keeps the focus; a press on the list must not take it.
    this.popup.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("mousemove", (event) => this.highlight(this.index(event.target)));
    this.list.addEventListener("click", (event) => this.choose(this.index(event.target)));
  }

  // On a phone the picture makes room while one types, and stays small: if it grew back as the box
  // loses the focus, the button that was pressed would move away from under the finger.
  begin() {
    this.form.closest(".contribute")?.classList.add("typing");
    if (this.input.value.trim()) this.ask();
  }

  get options() {
    return [...this.list.children];
  }

  index(node) {
    return this.options.indexOf(node.closest("[role=option]"));
  }

  later() {
    clearTimeout(this.timer);
    if (!this.input.value.trim()) return this.close();
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const text = this.input.value.trim();
    const number = ++this.asked;
    const { combobox, vocabulary, lang } = this.form.dataset;
    try {
      const answer = await fetch(`${combobox}?${new URLSearchParams({ q: text, vocabulary, lang })}`, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      if (number === this.asked && document.activeElement === this.input) this.show(text, html);
    } catch {
      if (number === this.asked) this.empty(this.form.dataset.failed);
    }
  }

  show(text, html) {
    this.shown = text;
    this.list.innerHTML = html; // our own server's fragment, escaped there; the page's policy runs no script in it
    this.options.forEach((option, number) => {
      option.id = `${this.list.id}-${number}`;
      emphasise(option, text);
    });
    this.popup.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // A phone's keyboard covers half of the screen: the box goes up to make room for the list.
    if (matchMedia("(hover: none) and (max-width: 60rem)").matches) this.input.scrollIntoView({ block: "start" });
    if (!this.options.length) return this.empty(this.form.dataset.none);
    this.none.hidden = true;
    this.list.hidden = false;
    this.highlight(0);
    announce(`${this.options.length} ${this.form.dataset.count}`);
  }

  empty(text) {
    this.list.replaceChildren();
    this.list.hidden = this.detail.hidden = true;
    this.none.textContent = text;
    this.none.hidden = this.popup.hidden = false;
    this.highlight(-1);
    announce(text);
  }

  highlight(number) {
    if (number === this.active && number >= 0 && this.options[number]?.ariaSelected === "true") return;
    this.active = number;
    this.options.forEach((option, each) => option.setAttribute("aria-selected", String(each === number)));
    const option = this.options[number];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
    this.explain(option.dataset);
  }

  // The note and the broader terms, before one chooses; the room for it stays the same.
  explain({ label, note, breadcrumb }) {
    const head = make("p", { class: "term" });
    head.textContent = label;
    const path = make("p", { class: "path" });
    path.textContent = breadcrumb;
    const text = make("p", {});
    text.textContent = note;
    this.detail.replaceChildren(head, path, text);
    this.detail.hidden = !this.options.some((option) => option.dataset.note);
  }

  key(event) {
    if (event.isComposing) return;
    const last = this.options.length - 1;
    const open = !this.popup.hidden && last >= 0;
    const move = { ArrowDown: this.active >= last ? 0 : this.active + 1, ArrowUp: this.active <= 0 ? last : this.active - 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") {
      if (this.popup.hidden) this.input.value = "";
      this.close();
    } else if (event.key === "Enter") {
      // Only an option that answers what stands in the box: never a guess of a moment ago.
      if (open && this.shown === this.input.value.trim()) this.choose(this.active);
    } else if (event.key === "ArrowDown" && !open && this.input.value.trim()) {
      this.ask();
    } else if (open && move !== undefined) {
      this.highlight(move);
    } else return;
    event.preventDefault();
  }

  choose(number) {
    const option = this.options[number];
    if (!option) return;
    this.body.value = option.dataset.iri;
    this.input.value = option.dataset.label;
    this.close();
    this.form.requestSubmit();
    this.body.value = "";
  }

  close() {
    clearTimeout(this.timer);
    this.asked++;
    this.popup.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function make(name, attributes) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

// Marks the first place where a word of the option begins with what was typed, whatever the accents.
function emphasise(option, typed) {
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = fold(typed);
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
  for (const form of root.querySelectorAll("form[data-combobox]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "1";
    new Combobox(form);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
