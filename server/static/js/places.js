// The box for places: a search box, its results as a list and as pins on a map, the nearest places to
// where one clicks (or, by keyboard, to the middle of the map), and a point of one's own. What is chosen
// is a radio button, so that the form says the same without this script; the list then comes with the page.

const WAIT = 150; // milliseconds between the last key and the question
const CLOSEST = 12; // how near one may come where the world is an outline

class Places {
  constructor(root, tools) {
    this.root = root;
    this.tools = tools;
    this.input = root.querySelector("[data-name]");
    this.list = root.querySelector("[data-found]");
    this.frame = root.querySelector("[data-places-map]");
    this.point = root.querySelector("[data-point]");
    [this.lat, this.long, this.accuracy] = ["lat", "long", "accuracy"].map((name) => root.querySelector(`[data-${name}-of]`));
    this.asked = 0; // answers to older questions are dropped
    this.pins = new Map();
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    for (const [kind, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
      this.list.addEventListener(kind, (event) => this.highlight(event.target.closest("[data-number]"), on));
    for (const field of [this.lat, this.long]) field.addEventListener("input", () => (this.point.checked = true));
    for (const field of [this.lat, this.long, this.accuracy]) field.addEventListener("change", () => this.circle());
    this.set = Boolean(this.lat.value);
    this.accuracy.addEventListener("change", () => (this.set = true));
    root.querySelector("[data-near]").addEventListener("click", () => this.near(this.map.getCenter()));
    tools.whenSeen(this.frame, () => this.open().catch(() => root.classList.add("mapless")));
  }

  async open() {
    const tiles = "tiles" in this.frame.dataset;
    const { L, map } = await this.tools.open(this.frame, [25, 10], 1, tiles ? {} : { maxZoom: CLOSEST });
    [this.L, this.map] = [L, map];
    map.on("click", (event) => this.root.disabled || this.near(event.latlng));
    this.root.classList.add("mapped");
    this.show();
    this.circle();
  }

  later() {
    clearTimeout(this.timer);
    const typed = this.input.value.trim();
    this.timer = setTimeout(() => (typed ? this.ask({ q: typed }) : this.fill("")), WAIT);
  }

  key(event) {
    if (event.isComposing) return;
    const first = this.list.querySelector("input:not(:disabled)");
    // Enter means the list, and never sends the form with a name that was not chosen.
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (first && !this.waiting) first.focus();
    else this.later();
  }

  // Around a point of the map, which may also be the answer itself: no more exact than it can be seen.
  near(at) {
    const degrees = 360 / 256 / 2 ** this.map.getZoom(); // of longitude in a pixel
    const decimals = Math.min(6, Math.max(1, Math.ceil(-Math.log10(degrees))));
    const lat = Number(Math.min(90, Math.max(-90, at.lat)).toFixed(decimals));
    const long = Number(((((((at.lng + 180) % 360) + 360) % 360) - 180)).toFixed(decimals));
    [this.lat.value, this.long.value] = [lat, long];
    this.point.checked = true;
    if (!this.set) this.estimate(degrees * 111_320 * Math.cos((lat * Math.PI) / 180));
    this.circle();
    return this.ask({ lat, long });
  }

  // Until somebody says how exact the point is: what some pixels come to.
  estimate(metres) {
    const offered = [...this.accuracy.options].map((option) => option.value);
    this.accuracy.value = offered.find((value) => Number(value) >= 3 * metres) ?? offered.at(-1);
  }

  get waiting() {
    return this.root.hasAttribute("aria-busy");
  }

  async ask(question) {
    clearTimeout(this.timer);
    const { suggest, campaign, task, lang, field, none, noneNear, count, failed } = this.root.dataset;
    const number = ++this.asked;
    this.root.setAttribute("aria-busy", "true");
    const html = await answered(`${suggest}?${new URLSearchParams({ ...question, campaign, task, lang, name: field })}`);
    if (number !== this.asked) return;
    this.root.removeAttribute("aria-busy");
    if (html === null) return announce(failed);
    const found = this.fill(html);
    announce(found ? `${found} ${count}` : "q" in question ? none : noneNear);
    this.root.querySelector("[data-nothing]").textContent = found ? "" : "q" in question ? none : noneNear;
    if ("q" in question) this.fit();
  }

  // Our own server's fragment, escaped there; the page's policy runs no script in it.
  fill(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    this.list.replaceChildren(template.content);
    this.root.querySelector("[data-nothing]").textContent = "";
    this.show();
    return this.lines().length;
  }

  lines() {
    return [...this.list.querySelectorAll("[data-number]")];
  }

  show() {
    if (!this.map) return;
    for (const pin of this.pins.values()) pin.remove();
    this.pins.clear();
    for (const line of this.lines()) {
      const { lat, long, number, label } = line.dataset;
      if (!lat) continue;
      const pin = this.L.marker([Number(lat), Number(long)], { icon: this.tools.icon(this.L, number), title: label, keyboard: false, riseOnHover: true }).addTo(this.map);
      pin.on("mouseover", () => this.highlight(line, true));
      pin.on("mouseout", () => this.highlight(line, false));
      pin.on("click", () => this.choose(line));
      pin.getElement().dataset.pin = number;
      this.pins.set(line, pin);
    }
  }

  fit() {
    const all = [...this.pins.values()].map((pin) => pin.getLatLng());
    if (all.length) this.map.fitBounds(this.L.latLngBounds(all), { padding: [30, 40], maxZoom: 6, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  choose(line) {
    const radio = line.querySelector("input");
    radio.checked = true;
    radio.focus();
    line.scrollIntoView({ block: "nearest" });
  }

  highlight(line, on) {
    if (!line) return;
    line.classList.toggle("current", on);
    const pin = this.pins.get(line);
    pin?.getElement().classList.toggle("current", on);
    pin?.setZIndexOffset(on ? 1000 : 0);
  }

  // The point of one's own, as large as it is uncertain.
  circle() {
    this.spot?.remove();
    this.centre?.remove();
    this.spot = this.centre = null;
    const at = [this.lat, this.long].map((field) => Number(field.value.trim().replace(",", ".") || NaN));
    if (!this.map || !(Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180)) return;
    this.spot = this.L.circle(at, { radius: Number(this.accuracy.value), className: "around", interactive: false }).addTo(this.map);
    this.centre = this.L.circleMarker(at, { radius: 5, className: "spot", interactive: false }).addTo(this.map);
  }
}

// The answer as text; null where there is none.
async function answered(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

function announce(text) {
  document.getElementById("announce").textContent = text;
}

async function start(root) {
  for (const box of root.querySelectorAll("[data-places]")) {
    if (box.dataset.ready) continue;
    box.dataset.ready = "1";
    // By the address that the page has loaded it from, so that there is one of it.
    new Places(box, await import(box.dataset.drawing));
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
