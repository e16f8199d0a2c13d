// The dialog of all keyboard shortcuts (templates/shortcuts/_dialog.html): to see them, to change the key of
// each, to switch them off. Kept with the account, or in the browser. Opens every dialog that an element of
// the page names (data-dialog), too.

import { all, change, settings, spell, written } from "./keys.js";

const RESERVED = /^((Shift|Control|Alt)\+)*(Arrow.*|Tab|Space|Home|End|Page.*|F\d+|ContextMenu|CapsLock)$/;

class Shortcuts {
  constructor(dialog) {
    const part = (name) => dialog.querySelector(`[data-shortcuts-${name}]`);
    this.dialog = dialog;
    this.words = dialog.dataset;
    this.list = part("list");
    this.said = part("said");
    this.on = part("on");
    this.waiting = null; // { name, label, button, clash } while the new key is awaited
    this.on.addEventListener("change", () => this.keep({ ...settings(), off: !this.on.checked }));
    part("reset").addEventListener("click", () => this.keep({ ...settings(), keys: {} }));
    this.list.addEventListener("click", (event) => this.begin(event.target.closest("button")));
    dialog.addEventListener("keydown", (event) => this.key(event), true);
    dialog.addEventListener("cancel", (event) => this.waiting && event.preventDefault());
    dialog.addEventListener("close", () => this.end());
    dialog.addEventListener("focusout", () => this.waiting && this.end());
  }

  draw() {
    const { off } = settings();
    this.on.checked = !off;
    this.list.classList.toggle("off", off);
    this.list.replaceChildren(...all().map((each) => this.line(each)));
  }

  line({ name, label, keys }) {
    const line = document.createElement("li");
    const what = document.createElement("span");
    what.textContent = label;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet";
    button.dataset.name = name;
    button.append(...this.signs(keys));
    const said = keys.length ? keys.map(written).join(` ${this.words.or} `) : this.words.none;
    button.setAttribute("aria-label", `${this.words.change.replace("#", label)}: ${said}`);
    line.append(what, button);
    return line;
  }

  signs(keys) {
    if (!keys.length) return [this.words.none];
    return keys.flatMap((key, number) => {
      const sign = document.createElement("kbd");
      sign.textContent = written(key);
      return number ? [` ${this.words.or} `, sign] : [sign];
    });
  }

  begin(button) {
    if (!button) return;
    this.end();
    const { name, label } = all().find((each) => each.name === button.dataset.name);
    this.waiting = { name, label, button, clash: "" };
    button.classList.add("waiting");
    button.textContent = this.words.press;
    this.say(this.words.how.replace("#", label));
  }

  end() {
    if (!this.waiting) return;
    this.waiting = null;
    const focused = this.dialog.contains(document.activeElement) ? document.activeElement.dataset.name : undefined;
    this.draw();
    if (focused) this.focus(focused);
  }

  focus(name) {
    this.list.querySelector(`[data-name="${CSS.escape(name)}"]`)?.focus();
  }

  key(event) {
    if (!this.waiting) return;
    if (event.key === "Tab") return this.end();
    const key = spell(event);
    event.preventDefault();
    event.stopPropagation();
    if (key === "Escape") {
      this.say("");
      this.end();
    } else if (key === "Delete" || key === "Backspace") this.give([]);
    else if (RESERVED.test(key)) this.say(this.words.reserved.replace("#", written(key)));
    else if (key) this.take(key);
  }

  // A key that has a meaning already is taken from there only when it is pressed twice.
  take(key) {
    const { name, clash } = this.waiting;
    const other = all().find((each) => each.name !== name && each.keys.some((one) => one === key || one.startsWith(`${key},`)));
    if (!other || clash === key) return this.give([key], other);
    this.waiting.clash = key;
    this.say(this.words.clash.replace("#1", written(key)).replace("#2", other.label));
  }

  give(keys, other) {
    const { name, label } = this.waiting;
    const now = settings();
    now.keys[name] = keys;
    if (other) now.keys[other.name] = other.keys.filter((each) => each !== keys[0] && !each.startsWith(`${keys[0]},`));
    this.waiting = null;
    this.keep(now);
    this.focus(name);
    this.say(keys.length ? this.words.done.replace("#1", written(keys[0])).replace("#2", label) : this.words.gone.replace("#", label));
  }

  say(text) {
    this.said.textContent = text;
  }

  async keep(wanted) {
    const kept = JSON.stringify(change(wanted));
    this.say("");
    this.draw();
    try {
      if (!this.words.save) return localStorage.setItem("shortcuts", kept);
      const body = new URLSearchParams({ csrf: this.words.csrf, shortcuts: kept });
      const answer = await fetch(this.words.save, { method: "POST", body });
      if (!answer.ok) throw new Error(answer.status);
      localStorage.removeItem("shortcuts"); // what they had as a guest
    } catch {
      this.say(this.words.failed);
    }
  }
}

const dialog = document.getElementById("shortcuts");
const shown = dialog && new Shortcuts(dialog);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const wanted = opener && document.getElementById(opener.dataset.dialog);
  if (wanted && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (wanted === dialog) shown.draw();
    wanted.showModal();
  } else if (event.target instanceof HTMLDialogElement) event.target.close(); // beside it
});
for (const opener of document.querySelectorAll("[data-dialog]")) opener.hidden = false;
