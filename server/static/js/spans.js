// Words of a text are selected with the mouse, a finger or the keyboard. A browser counts UTF-16 units;
// what is sent counts code points, of the text exactly as it is stored.
// Where it is said: [data-spans] holds the texts ([data-span-text], each after its radio button), the hidden
// fields -start and -end, and the field -exact for those who rather type the words.

const SETTLED = 350; // milliseconds after which a selection by fingers is taken
const WIDE = "(min-width: 40rem)"; // where the next field comes to the words, instead of standing below
const SHOWN = "chosen-words"; // the name of the highlight, as the style sheet has it
const highlight = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
if (highlight) CSS.highlights.set(SHOWN, highlight);

class Spans {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.name = root.dataset.spans;
    this.said = root.querySelector("[data-span-said]");
    this.typed = root.querySelector("[data-span-typed]");
    this.exact = this.field("exact");
    this.texts = [...root.querySelectorAll("[data-span-text]")].map((node) => new Text(node, this));
    this.range = null;
    this.began = false; // a press in a text
    if (!this.texts.length || root.disabled) return;
    this.prepare();
    document.addEventListener("selectionchange", (this.listener = () => this.later()));
    document.addEventListener("pointerup", (this.pointer = (event) => this.pressed(event)));
    this.restore();
  }

  field(part) {
    return this.form.querySelector(`[name="${this.name}-${part}"]`);
  }

  // Typing is the other way; what is selected needs no box, and the radio buttons follow.
  prepare() {
    this.root.classList.add("selecting");
    this.root.querySelector("[data-span-keys]").hidden = false;
    if (!this.exact.value || this.field("start").value) this.typed.open = false;
    this.exact.addEventListener("input", () => this.forget());
    for (const text of this.texts) text.radio.addEventListener("change", () => this.other());
    // With the words, a chosen term is the whole answer.
    this.form.addEventListener("change", (event) => {
      if (event.target.closest("[data-fills]") && event.target.value && this.range) this.form.requestSubmit();
    });
  }

  // What came back from the server, or is to be edited.
  restore() {
    const [start, end] = [this.field("start").value, this.field("end").value];
    const text = this.texts.find((each) => each.radio.checked);
    if (!text || !start || !end) return;
    this.show(text, text.unit(Number(start)), text.unit(Number(end)));
  }

  // htmx replaces the form after each answer.
  gone() {
    if (this.root.isConnected) return false;
    document.removeEventListener("selectionchange", this.listener);
    document.removeEventListener("pointerup", this.pointer);
    if (this.range) highlight?.delete(this.range);
    return true;
  }

  // A selection by fingers has handles and no end: it is taken once it rests.
  later() {
    if (this.gone()) return;
    clearTimeout(this.timer);
    if (matchMedia("(hover: none)").matches) this.timer = setTimeout(() => this.take(), SETTLED);
  }

  pressed(event) {
    if (this.gone() || event.pointerType === "touch" || !this.began) return;
    this.began = false;
    // The selection of a click on a selection is emptied after this event.
    setTimeout(() => this.take() && this.goOn(), 0);
  }

  take() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return false;
    const range = selection.getRangeAt(0);
    const text = this.texts.find((each) => each.node.contains(range.commonAncestorContainer));
    return text ? this.choose(text, text.offset(range.startContainer, range.startOffset), text.offset(range.endContainer, range.endOffset)) : false;
  }

  // Blanks at the ends, as a double click takes them, are no part of the words.
  choose(text, from, to) {
    const words = text.value.slice(from, to);
    const start = from + words.length - words.trimStart().length;
    const end = to - (words.length - words.trimEnd().length);
    if (start >= end) return false;
    const before = [this.field("start").value, this.field("end").value, text.radio.checked].join();
    text.radio.checked = true;
    this.field("start").value = text.point(start);
    this.field("end").value = text.point(end);
    this.field("which").value = "";
    this.exact.value = text.value.slice(start, end);
    this.exact.setCustomValidity("");
    this.show(text, start, end);
    if ([this.field("start").value, this.field("end").value, true].join() !== before) announce(this.said.textContent);
    return true;
  }

  show(text, start, end) {
    if (this.range) highlight?.delete(this.range);
    this.range = text.range(start, end);
    highlight?.add(this.range);
    this.said.textContent = this.root.dataset.chosen.replace("#", text.value.slice(start, end));
    this.said.hidden = false;
  }

  // Another text: words that were selected in the first are not meant, typed ones may be.
  other() {
    if (this.range) this.exact.value = "";
    this.forget();
  }

  forget() {
    if (this.range) highlight?.delete(this.range);
    this.range = null;
    this.field("start").value = this.field("end").value = "";
    this.said.hidden = true;
  }

  // The next field of the form, most often the box for the term, comes to the words.
  goOn() {
    const fields = [...this.form.querySelectorAll(".field")].filter((each) => !this.root.contains(each) && this.root.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
    const next = fields[0];
    const control = next?.querySelector("input:not([type=hidden]), textarea, select");
    if (!control) return;
    if (this.range && matchMedia(WIDE).matches) new Nearby(next, this.form, this.range);
    control.focus({ preventScroll: matchMedia(WIDE).matches });
  }
}

// One text: where its words are, and a caret that goes from word to word.
class Text {
  constructor(node, spans) {
    this.node = node;
    this.spans = spans;
    this.value = node.textContent;
    this.radio = node.parentElement.querySelector("input[type=radio]");
    this.words = words(this.value, node.lang);
    this.first = this.last = -1; // the words that the keyboard has selected, in the order of selecting
    const attributes = { tabindex: "0", role: "textbox", "aria-readonly": "true", "aria-multiline": "true", "aria-labelledby": `${node.id}-label`, "aria-describedby": spans.root.querySelector("[data-span-keys]").id };
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.addEventListener("keydown", (event) => this.key(event));
    node.addEventListener("pointerdown", () => {
      spans.began = true;
      this.first = this.last = -1;
    });
  }

  point(unit) {
    return [...this.value.slice(0, unit)].length;
  }

  unit(point) {
    return [...this.value].slice(0, point).join("").length;
  }

  offset(container, place) {
    const range = document.createRange();
    range.setStart(this.node, 0);
    range.setEnd(container, place);
    return range.toString().length;
  }

  range(start, end) {
    const range = document.createRange();
    const inside = this.node.firstChild;
    range.setStart(inside, Math.min(start, inside.length));
    range.setEnd(inside, Math.min(end, inside.length));
    return range;
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.words.length) return;
    const forward = getComputedStyle(this.node).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const last = this.words.length - 1;
    const moves = {
      ArrowLeft: this.last + (forward === "ArrowLeft" ? 1 : -1),
      ArrowRight: this.last + (forward === "ArrowRight" ? 1 : -1),
      ArrowDown: this.last + 1,
      ArrowUp: this.last - 1,
      Home: 0,
      End: last,
    };
    if (event.key in moves) this.move(Math.min(Math.max(moves[event.key], 0), last), event.shiftKey);
    else if (event.key === "Enter" && this.first >= 0) this.spans.goOn();
    else if (event.key === "Escape" && this.first >= 0) this.clear();
    else return;
    event.preventDefault();
  }

  move(to, extending) {
    if (!extending || this.first < 0) this.first = to;
    this.last = to;
    const [from, until] = [Math.min(this.first, to), Math.max(this.first, to)];
    const [start, end] = [this.words[from].start, this.words[until].end];
    const range = this.range(start, end);
    getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    this.spans.choose(this, start, end);
  }

  clear() {
    this.first = this.last = -1;
    getSelection().removeAllRanges();
    this.spans.exact.value = "";
    this.spans.forget();
  }
}

// A field that stands beneath the chosen words while it has the focus; its place in the form is kept.
class Nearby {
  constructor(field, form, range) {
    if (field.dataset.nearby) return;
    field.dataset.nearby = "1";
    this.field = field;
    this.kept = document.createElement("div");
    this.kept.style.height = `${field.offsetHeight}px`;
    field.before(this.kept);
    field.classList.add("nearby");
    const [words, frame] = [range.getBoundingClientRect(), form.getBoundingClientRect()];
    field.style.top = `${words.bottom - frame.top + 8}px`;
    field.addEventListener("focusout", (this.left = (event) => field.contains(event.relatedTarget) || this.back()));
    field.addEventListener("keydown", (this.keyed = (event) => event.key === "Escape" && !event.target.value && this.back()));
  }

  back() {
    const { field } = this;
    field.removeEventListener("focusout", this.left);
    field.removeEventListener("keydown", this.keyed);
    field.classList.remove("nearby");
    field.style.top = "";
    delete field.dataset.nearby;
    this.kept.remove();
  }
}

// The places of the words, in UTF-16 units; languages without blanks between words have them too.
function words(text, lang) {
  if (!Intl.Segmenter) return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((word) => ({ start: word.index, end: word.index + word[0].length }));
  const found = new Intl.Segmenter(lang || undefined, { granularity: "word" }).segment(text);
  return [...found].filter((each) => each.isWordLike).map((each) => ({ start: each.index, end: each.index + each.segment.length }));
}

function announce(text) {
  const place = document.getElementById("announce");
  if (place) place.textContent = text;
}

function start(root) {
  for (const one of root.querySelectorAll("[data-spans]")) {
    if (one.dataset.ready) continue;
    one.dataset.ready = "1";
    new Spans(one);
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
