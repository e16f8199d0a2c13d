// Keyboard shortcuts: one registry for the item page, the focus view and the widgets in them.
//
//   import { register } from "./keys.js";
//   register("zoom-in", { keys: ["+", "="], label: "Zoom in", run: (event) => …, repeat: true });
//
// `name` is what a person's changes are kept by: it stays the same for ever, and means the same on every
// page. `keys` are alternatives: "n", "Enter", "Shift+t", "?", or one after the other, "g,1". `label` says
// in the reader's language what it does. `run` does it; where it returns false there was nothing to do, and
// the key is the browser's again. `repeat` lets it go on while the key is held. Registering a name again
// replaces it; the function that `register` returns takes it away.
//
// An element is a shortcut by itself, and is pressed:
//   data-key="Enter n"         its keys; written once, in the template
//   data-shortcut="next"       its name; several elements may have the same one
//   data-key-label="…"         what it does, where its own words would not say it alone
//   data-key-in=".current"     pressed only within such an element
// Of several, what can be seen and pressed counts: first in the messages, then in what is current, then
// where the focus is. A <kbd> in it shows the key that the person uses.
//
// Nothing happens while one types, in a dialog, or where the person has switched shortcuts off. What they
// changed stands as JSON in #shortcuts (data-kept), for guests in the browser; shortcuts.js changes it.

// On the document, for a module is loaded twice where its address differs by a version.
const STATE = Symbol.for("crowdheritage.keys");
const KEPT = "shortcuts";
const PATIENCE = 1500; // milliseconds between the keys of "g,1"
const TYPING = "textarea, select, [contenteditable], dialog, [role=application], [role=listbox], input:not([type=radio], [type=checkbox], [type=button], [type=submit], [type=range])";
const PRESSED = "a, button, summary, input, label, [tabindex]:not([tabindex='-1'])";
const SIGNS = { Enter: "↵", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Backspace: "⌫", Space: "␣" };

function begin() {
  const own = new Map(); // name to what was registered
  let kept = read();
  let prefix = "";
  let timer = 0;

  function read() {
    const stored = document.getElementById("shortcuts")?.dataset.kept || recall();
    return tidy(stored);
  }

  // { name, label, keys, defaults, run or elements }, in the order of the page.
  function all() {
    const found = new Map();
    for (const element of document.querySelectorAll("[data-key]")) {
      const name = nameOf(element);
      if (!found.has(name)) found.set(name, { name, label: labelOf(element), defaults: element.dataset.key.split(" "), elements: [] });
      found.get(name).elements.push(element);
    }
    for (const [name, { keys, ...rest }] of own) found.set(name, { name, defaults: keys, ...rest });
    for (const each of found.values()) each.keys = kept.keys[each.name] ?? each.defaults;
    return [...found.values()];
  }

  function press(shortcut, event) {
    if (event.repeat && !shortcut.repeat) return true;
    if (shortcut.run) return shortcut.run(event) !== false;
    const element = chosen(shortcut.elements);
    element?.click();
    return Boolean(element);
  }

  // What was changed has its key before what has it by itself.
  function find(key) {
    const fits = all().filter((each) => each.keys.includes(key));
    return fits.sort((one, other) => (other.name in kept.keys) - (one.name in kept.keys));
  }

  function keydown(event) {
    if (event.defaultPrevented || kept.off || event.target.closest?.(TYPING)) return;
    const key = spell(event);
    // Enter and Space press what has the focus; only where nothing has, they mean more.
    if (!key || (["Enter", "Space"].includes(key) && event.target.closest?.(PRESSED))) return;
    const typed = prefix ? [`${prefix},${key}`, key] : [key];
    prefix = "";
    clearTimeout(timer);
    for (const each of typed) if (find(each).some((shortcut) => press(shortcut, event))) return event.preventDefault();
    if (event.repeat || !all().some((each) => each.keys.some((one) => one.startsWith(`${key},`)))) return;
    event.preventDefault();
    prefix = key;
    timer = setTimeout(() => (prefix = ""), PATIENCE);
  }

  // The keys on the buttons, for eyes and for screen readers.
  function show(root = document) {
    document.documentElement.classList.toggle("no-shortcuts", kept.off);
    for (const element of root.querySelectorAll("[data-key]")) {
      const keys = kept.keys[nameOf(element)] ?? element.dataset.key.split(" ");
      if (kept.off || !keys.length) element.removeAttribute("aria-keyshortcuts");
      else element.setAttribute("aria-keyshortcuts", keys.filter((key) => !key.slice(1).includes(",")).join(" "));
      const sign = element.querySelector("kbd");
      if (!sign) continue;
      sign.hidden = !keys.length;
      sign.textContent = written(keys[0] ?? "");
    }
  }

  function register(name, shortcut) {
    own.set(name, shortcut);
    return () => own.get(name) === shortcut && own.delete(name);
  }

  // `settings`: { off, keys: name to keys, only what differs }. Returns what is kept now.
  function change(settings) {
    kept = tidy(JSON.stringify(settings));
    show();
    return kept;
  }

  document.addEventListener("keydown", keydown);
  document.addEventListener("htmx:load", (event) => show(event.target.parentElement ?? document));
  show();
  return { register, all, change, settings: () => structuredClone(kept) };
}

function nameOf(element) {
  return element.dataset.shortcut ?? `key-${element.dataset.key}`;
}

function labelOf(element) {
  const words = [...element.childNodes].filter((node) => !(node instanceof Element && node.matches("kbd, svg")));
  return element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? words.map((node) => node.textContent).join("").trim();
}

function chosen(elements) {
  const ready = elements.filter((each) => !each.disabled && each.checkVisibility() && (!each.dataset.keyIn || each.closest(each.dataset.keyIn)));
  const places = ["#messages", ".current", ":focus-within:not(body, html, main)"];
  for (const place of places) {
    const found = ready.find((each) => each.closest(place));
    if (found) return found;
  }
  return ready[0];
}

// Whatever was kept, only what can be a shortcut comes back.
function tidy(text) {
  const settings = { off: false, keys: {} };
  try {
    const found = JSON.parse(text || "{}");
    settings.off = found.off === true;
    for (const [name, keys] of Object.entries(found.keys ?? {}))
      if (Array.isArray(keys)) settings.keys[name] = keys.filter((key) => typeof key === "string");
  } catch {
    // as if nothing had been kept
  }
  return settings;
}

function recall() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

// The key of an event as it is written in `keys`; nothing for a modifier alone, or the browser's own.
export function spell(event) {
  const { key } = event;
  const typed = event.getModifierState?.("AltGraph"); // on many keyboards "@" or "[" need it
  if (event.metaKey || ["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead", "Process", "Tab"].includes(key) || event.isComposing) return "";
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const name = key === " " ? "Space" : letter ? key.toLowerCase() : key;
  const parts = [];
  if (event.ctrlKey && !typed) parts.push("Control");
  if (event.altKey && !typed) parts.push("Alt");
  if (event.shiftKey && (letter || key.length > 1)) parts.push("Shift");
  return [...parts, name].join("+");
}

// A key as people read it: "N", "⇧ T", "G 1".
export function written(key) {
  const steps = key.length > 1 ? key.split(",") : [key];
  return steps.map((step) => (step === "+" ? "+" : step.split("+").map((part) => ({ Shift: "⇧", Control: "Ctrl" })[part] ?? SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" "))).join(" ");
}

export const { register, all, change, settings } = (document[STATE] ??= begin());
