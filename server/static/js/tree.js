// The tree of a vocabulary, as the ARIA Authoring Practices describe it: one stop of the Tab key,
// arrows, Home, End, typing ahead. Branches are fetched when they are first opened.
// Without this script it is lists of links.

const ITEM = "[role=treeitem]";
let made = 0;

class Tree {
  constructor(root) {
    this.root = root;
    this.typed = "";
    this.prepare(root);
    this.stop(root.querySelector("[aria-current]") ?? root.querySelector(ITEM));
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("focusin", (event) => event.target.matches(ITEM) && this.stop(event.target));
    this.show(root.querySelector("[aria-current]"));
    // Lines break otherwise once the fonts are there: the term would be out of sight again.
    document.fonts?.ready.then(() => root.contains(document.activeElement) || this.show(root.querySelector("[aria-current]")));
  }

  // Only one node is reached by Tab; the signs beside them are for the mouse.
  prepare(part) {
    for (const item of part.querySelectorAll(ITEM)) item.tabIndex = -1;
    for (const twist of part.querySelectorAll("a.twist")) {
      twist.tabIndex = -1;
      twist.setAttribute("aria-hidden", "true");
    }
  }

  stop(item) {
    const before = this.root.querySelector(`${ITEM}[tabindex="0"]`);
    if (before) before.tabIndex = -1;
    if (item) item.tabIndex = 0;
  }

  // Within its own frame, never the page.
  show(item) {
    const frame = this.root.parentElement;
    if (!item || frame.scrollHeight <= frame.clientHeight) return;
    frame.scrollTop += item.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  }

  items() {
    return [...this.root.querySelectorAll(ITEM)].filter((item) => !item.closest("ul[hidden]"));
  }

  group(item) {
    return item.closest("li").querySelector(":scope > ul");
  }

  parent(item) {
    return item.closest("li").parentElement.closest("li")?.querySelector(ITEM);
  }

  click(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const twist = event.target.closest("a.twist");
    const more = event.target.closest("[data-more]");
    if (!twist && !more) return;
    event.preventDefault();
    if (more) return this.more(more);
    const item = twist.parentElement.querySelector(ITEM);
    this.stop(item);
    item.focus({ preventScroll: true });
    this.toggle(item);
  }

  toggle(item) {
    return item.ariaExpanded === "true" ? this.close(item) : this.open(item);
  }

  close(item) {
    item.setAttribute("aria-expanded", "false");
    const group = this.group(item);
    if (group) group.hidden = true;
  }

  async open(item) {
    let group = this.group(item);
    if (!group) {
      const nodes = await this.fetch(item, item.dataset.branch);
      if (!nodes || this.group(item)) return;
      group = document.createElement("ul");
      group.setAttribute("role", "group");
      group.id = `loaded-${++made}`;
      group.append(...nodes);
      item.closest("li").append(group);
      item.setAttribute("aria-owns", group.id);
    }
    group.hidden = false;
    item.setAttribute("aria-expanded", "true");
  }

  // Further nodes of a branch, where “more” stood; one that is there already keeps what it has unfolded.
  async more(item) {
    const row = item.closest("li");
    const standing = new Map([...row.parentElement.children].map((each) => [each.dataset.iri, each]));
    const had = document.activeElement === item;
    const nodes = await this.fetch(item, item.dataset.more);
    if (!nodes) return;
    const kept = nodes.map((each) => (each.dataset.iri && standing.get(each.dataset.iri)) || each);
    row.replaceWith(...kept);
    const first = kept.find((each) => !standing.has(each.dataset.iri)) ?? kept[0];
    const next = first?.querySelector(ITEM) ?? this.items()[0];
    this.stop(next);
    if (had) next?.focus();
  }

  async fetch(item, address) {
    const node = item.parentElement;
    if (node.getAttribute("aria-busy") === "true") return null;
    node.setAttribute("aria-busy", "true");
    announce(this.root.dataset.loading);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
      const part = new DOMParser().parseFromString(`<ul>${await answer.text()}</ul>`, "text/html").querySelector("ul");
      this.prepare(part);
      announce("");
      return [...part.children];
    } catch {
      announce(this.root.dataset.failed);
      return null;
    } finally {
      node.removeAttribute("aria-busy");
    }
  }

  key(event) {
    const item = event.target.closest(ITEM);
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = this.items();
    const at = all.indexOf(item);
    const moves = { ArrowDown: all[at + 1], ArrowUp: all[at - 1], Home: all[0], End: all.at(-1) };
    if (event.key in moves) moves[event.key]?.focus();
    else if (event.key === "ArrowRight") this.inwards(item);
    else if (event.key === "ArrowLeft") this.outwards(item);
    else if (event.key === " ") item.dataset.more ? this.more(item) : item.hasAttribute("aria-expanded") && this.toggle(item);
    else if (event.key.length === 1 && event.key.trim()) this.find(event.key, all, at);
    else return;
    event.preventDefault();
  }

  inwards(item) {
    if (item.ariaExpanded === "false") this.open(item);
    else if (item.ariaExpanded === "true") this.group(item)?.querySelector(ITEM)?.focus();
  }

  outwards(item) {
    if (item.ariaExpanded === "true") this.close(item);
    else this.parent(item)?.focus();
  }

  // To the next visible term that begins with what was typed within half a second.
  find(letter, all, at) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.typed = ""), 500);
    this.typed += fold(letter);
    const from = this.typed.length > 1 ? at : at + 1;
    const order = [...all.slice(from), ...all.slice(0, from)];
    order.find((item) => fold(item.querySelector(".name")?.textContent ?? "").replace(/^</, "").startsWith(this.typed))?.focus();
  }
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

for (const root of document.querySelectorAll("[data-tree]")) new Tree(root);
