// A pipette on the picture, by pointer or by keys: the colour under it marks the nearest one of the
// palette (ΔE2000) and stands beside it, with the difference in words. Without this script the
// palette is a list of radio buttons.

import { hex, isHex, nearest } from "./colour-difference.js";
import { onStage, openZoom, view } from "./stage-surface.js";
import { Surface, clamp, cross, steps, svg } from "./surface.js";

const WORDS = [[2.5, "same"], [8, "close"], [20, "like"], [Infinity, "far"]];
const AROUND = 2; // pixels of the screen each way whose mean is taken: prints have a grain

// The pixels of a picture of ours, by its address.
const pixels = new Map();

async function load(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, 2000 / Math.max(image.naturalWidth, image.naturalHeight, 1));
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context;
}

function pixelsOf(address) {
  if (!pixels.has(address)) pixels.set(address, load(address));
  return pixels.get(address);
}

// The mean colour around a place (fractions of the sides); `radius` in pixels of the canvas.
function colourAt(context, [x, y], radius) {
  const { width, height } = context.canvas;
  const left = clamp(Math.round(x * width - radius), 0, width - 1);
  const top = clamp(Math.round(y * height - radius), 0, height - 1);
  const side = Math.max(1, Math.round(2 * radius));
  const { data } = context.getImageData(left, top, Math.min(side, width - left), Math.min(side, height - top));
  const sums = [0, 0, 0];
  let seen = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 128) continue;
    seen += 1;
    for (let part = 0; part < 3; part += 1) sums[part] += data[at + part];
  }
  return seen ? hex(...sums.map((sum) => sum / seen)) : null;
}

class Picker {
  constructor(field) {
    this.field = field;
    this.button = field.querySelector("[data-pipette]");
    this.radios = [...field.querySelectorAll("input[data-hex]")];
    this.value = field.querySelector("input[name$='-hex']");
    this.button.addEventListener("click", (event) => this.press(event.detail === 0));
    this.value.addEventListener("input", () => isHex(this.value.value.trim()) && this.mark(this.value.value.trim()));
    for (const radio of this.radios) radio.addEventListener("change", () => this.say(null));
  }

  set stage(stage) {
    this.turn(false);
    this.on = stage;
    this.button.hidden = !stage || !this.radios.length;
  }

  async press(byKey) {
    if (this.surface) return this.turn(false);
    await openZoom();
    this.turn(true, byKey);
  }

  turn(open, byKey = false) {
    this.surface?.remove();
    this.surface = null;
    this.button.ariaPressed = String(open);
    if (!open || !this.on || this.field.disabled) return;
    this.spot = null;
    pixelsOf(this.on.src).catch(() => this.turn(false));
    this.surface = new Surface(this.on.lens, () => this.draw());
    const { root } = this.surface;
    root.classList.add("drawing", "pipette");
    root.removeAttribute("aria-hidden");
    root.setAttribute("role", "application");
    root.setAttribute("aria-label", this.field.dataset.canvas);
    root.setAttribute("tabindex", "0");
    root.addEventListener("pointerdown", (event) => this.point(event));
    root.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.hover(event));
    root.addEventListener("dblclick", (event) => event.stopPropagation());
    root.addEventListener("keydown", (event) => this.key(event));
    if (byKey) {
      this.spot = this.surface.middle;
      this.pick();
    }
    root.focus({ preventScroll: true });
    this.draw();
  }

  leave() {
    this.turn(false);
    this.button.focus();
  }

  async under(place) {
    const context = await pixelsOf(this.on.src);
    if (!this.surface?.ready) return null;
    const [[x0], [x1]] = [this.surface.screen([0, 0]), this.surface.screen([1, 0])];
    return colourAt(context, place, Math.max(0.5, (AROUND * context.canvas.width) / Math.abs(x1 - x0)));
  }

  async hover(event) {
    const found = await this.under(this.surface.place(this.surface.at(event)));
    if (!found || this.spot) return;
    this.say(found, nearest(found, this.radios.map((radio) => radio.dataset.hex)));
  }

  async point(event) {
    if (event.button > 0) return;
    event.stopPropagation();
    event.preventDefault();
    this.spot = this.surface.place(this.surface.at(event));
    await this.pick();
    this.leave();
  }

  async pick() {
    const found = await this.under(this.spot);
    if (found) this.mark(found);
    this.draw();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps(event);
    if (step) {
      const times = event.shiftKey ? 20 : 3;
      const [x, y] = this.surface.screen(this.spot ?? this.surface.middle);
      this.spot = this.surface.place([x + step[0] * times, y + step[1] * times]);
      this.pick();
    } else if (event.key === "Enter" || event.key === " ") {
      this.spot ??= this.surface.middle;
      this.pick().then(() => this.leave());
    } else if (event.key === "Escape") this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
  }

  draw() {
    const { root } = this.surface ?? {};
    root?.replaceChildren();
    if (root && this.spot && this.surface.ready) {
      const [x, y] = this.surface.screen(this.spot);
      root.append(svg("circle", { class: "halo", cx: x, cy: y, r: 9 }));
      cross(root, [x, y]);
    }
  }

  mark(picked) {
    const found = nearest(picked, this.radios.map((radio) => radio.dataset.hex));
    this.radios[found[0]].checked = true;
    this.radios[found[0]].closest("label").scrollIntoView({ block: "nearest" });
    this.value.value = picked;
    this.say(picked, found);
  }

  // The picked colour beside the nearest, and how far they are apart; nothing for none.
  say(picked, [place, far] = []) {
    const line = this.field.querySelector(".picked");
    line.hidden = !picked;
    if (!picked) return;
    const radio = this.radios[place];
    line.querySelector("[data-mine]").setAttribute("fill", picked);
    line.querySelector("[data-theirs]").setAttribute("fill", radio.dataset.hex);
    const words = this.field.dataset[WORDS.find(([limit]) => far < limit)[1]];
    line.querySelector("span").textContent = words.replace("#", radio.closest("label").textContent.trim());
    line.dataset.picked = picked;
    line.dataset.difference = far.toFixed(2);
  }
}

const pickers = new Map();

function enhance() {
  for (const field of document.querySelectorAll("[data-palette]")) {
    if (pickers.has(field)) continue;
    const picker = new Picker(field);
    pickers.set(field, picker);
    picker.stage = view();
  }
  for (const [field, picker] of pickers) {
    if (field.isConnected) continue;
    picker.turn(false);
    pickers.delete(field);
  }
}

onStage((stage) => {
  for (const picker of pickers.values()) picker.stage = stage;
});
document.addEventListener("htmx:load", enhance);
enhance();
