// Drawing a region on the stage, by mouse, finger, pen or keys. The fields say what is marked:
// drawing fills them, and what is typed there is drawn.

import { Fields, corners } from "./region-fields.js";
import { openZoom } from "./stage-surface.js";
import { Surface, clamp, cross, steps, svg } from "./surface.js";

const NEAR = 14; // pixels of the screen to the first point that end a polygon
const SMALL = 4; // pixels of the screen: less is a slip of the hand

export class Editor {
  constructor(field) {
    this.field = field;
    this.fields = new Fields(field);
    this.tool = null;
    this.points = []; // of a polygon, or the corners of a rectangle: fractions
    this.open = false; // a polygon that is being drawn
    this.tools = [...field.querySelectorAll("[data-tool]")];
    field.querySelector(".region-tools").hidden = false;
    for (const button of this.tools) button.addEventListener("click", (event) => this.press(button.dataset.tool, event.detail === 0));
    field.addEventListener("input", () => this.read());
    field.addEventListener("change", () => this.read());
  }

  get shape() {
    return this.fields.shape;
  }

  // --- the stage ---

  show(stage) {
    this.surface?.remove();
    this.stage = stage;
    this.surface = stage && new Surface(stage.lens, () => this.draw());
    if (!stage) return;
    const { root } = this.surface;
    root.classList.add("editing");
    root.setAttribute("aria-label", this.field.dataset.canvas);
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("pointermove", (event) => this.move(event));
    root.addEventListener("pointerup", (event) => this.up(event));
    root.addEventListener("pointercancel", () => (this.drag = null));
    root.addEventListener("dblclick", (event) => event.stopPropagation());
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("contextmenu", (event) => this.tool && event.preventDefault());
    if (!stage.zoom) this.tool = null;
    if (!this.open) this.read();
    this.turn(this.tool);
  }

  get here() {
    return this.stage?.number === this.fields.number;
  }

  // --- what the buttons do ---

  async press(tool, byKey) {
    if (tool === "undo") this.undo();
    else if (tool === "clear") this.clear();
    else if (this.tool === tool) this.turn(null);
    else {
      await openZoom();
      this.turn(tool, byKey);
    }
  }

  turn(tool, byKey = false) {
    this.tool = this.field.disabled ? null : tool;
    if (!tool && this.open) this.finish();
    for (const button of this.tools) if (button.ariaPressed !== null) button.ariaPressed = String(button.dataset.tool === tool);
    if (!this.surface) return;
    const { root } = this.surface;
    root.classList.toggle("drawing", Boolean(this.tool));
    for (const [name, value] of [["tabindex", "0"], ["role", "application"]]) {
      if (this.tool) root.setAttribute(name, value);
      else root.removeAttribute(name);
    }
    root.setAttribute("aria-hidden", String(!this.tool));
    if (byKey && this.tool) this.begin();
    this.draw();
  }

  // By keys: a rectangle in the middle of what is seen, or a cross that sets the points.
  begin() {
    if (this.tool === "rectangle" && (this.shape !== "rectangle" || !this.points.length || !this.here)) {
      const [left, top] = this.surface.between(0.4, 0.4);
      const [right, below] = this.surface.between(0.6, 0.6);
      this.take("rectangle");
      this.points = corners([left, top, right - left, below - top]);
      this.write();
    } else if (this.tool === "polygon") {
      this.cross = this.surface.middle;
    }
    this.surface.root.focus({ preventScroll: true });
  }

  take(shape) {
    this.fields.take(shape, this.stage.number);
    this.points = [];
    this.open = false;
  }

  undo() {
    if (this.shape !== "polygon" || !this.points.length) return;
    this.points.pop();
    this.open = true;
    this.turn("polygon");
    this.write();
  }

  clear() {
    this.points = [];
    this.open = false;
    this.write();
  }

  finish() {
    this.open = false;
    this.ghost = this.cross = null;
    this.write();
  }

  // --- pointers ---

  down(event) {
    if (!this.tool || event.button > 0 || !this.surface.ready) return;
    event.stopPropagation(); // or the picture moves along
    event.preventDefault();
    const { root } = this.surface;
    root.focus({ preventScroll: true });
    root.setPointerCapture(event.pointerId);
    this.cross = null;
    const at = this.surface.at(event);
    const handle = event.target.closest("[data-corner]");
    const inside = event.target.closest(".shape") && !this.open;
    if (handle && !this.open) this.drag = this.grasp(Number(handle.dataset.corner));
    else if (inside && this.shape === this.tool) this.drag = { from: this.surface.place(at), points: this.points };
    else if (this.tool === "rectangle") this.drag = { start: this.surface.place(at), at };
    else this.drag = { add: true };
  }

  move(event) {
    if (!this.tool || !this.surface.ready) return;
    event.stopPropagation();
    const place = this.surface.place(this.surface.at(event));
    if (!this.drag) {
      this.ghost = this.open ? place : null;
      if (this.open) this.draw();
      return;
    }
    if (this.drag.corner !== undefined) this.moveCorner(this.drag, place);
    else if (this.drag.from) this.moveAll(this.drag.points, place[0] - this.drag.from[0], place[1] - this.drag.from[1]);
    else if (this.drag.start) this.stretch(place, this.surface.at(event));
    else this.ghost = place;
    this.draw();
  }

  up(event) {
    if (!this.drag) return;
    event.stopPropagation();
    const { drag } = this;
    this.drag = null;
    if (drag.add) this.add(this.surface.place(this.surface.at(event)));
    else this.write();
  }

  stretch([x, y], at) {
    const { start, at: from } = this.drag;
    if (Math.abs(at[0] - from[0]) < SMALL && Math.abs(at[1] - from[1]) < SMALL) return;
    if (!this.drag.begun) this.take("rectangle");
    this.drag.begun = true;
    this.points = corners([Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])]);
  }

  // A corner to be moved; of a rectangle the opposite one stays.
  grasp(corner) {
    return { corner, fixed: this.shape === "rectangle" ? this.points[(corner + 2) % 4] : null };
  }

  moveCorner({ corner, fixed }, [x, y]) {
    if (!fixed) this.points = this.points.with(corner, [x, y]);
    else this.points = corners([Math.min(x, fixed[0]), Math.min(y, fixed[1]), Math.abs(x - fixed[0]), Math.abs(y - fixed[1])]);
  }

  moveAll(points, right, down) {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const by = [clamp(right, -Math.min(...xs), 1 - Math.max(...xs)), clamp(down, -Math.min(...ys), 1 - Math.max(...ys))];
    this.points = points.map(([x, y]) => [x + by[0], y + by[1]]);
  }

  // A point of a polygon; near the first one it ends it.
  add(place) {
    if (!this.open) this.take("polygon");
    const [first] = this.points;
    if (first && this.points.length > 2) {
      const [[x, y], [a, b]] = [this.surface.screen(place), this.surface.screen(first)];
      if (Math.hypot(x - a, y - b) < NEAR) {
        this.finish();
        return;
      }
    }
    const last = this.points.at(-1);
    if (last && last[0] === place[0] && last[1] === place[1]) return;
    this.open = true;
    this.points = [...this.points, place];
    this.write();
  }

  // --- keys ---

  key(event) {
    if (!this.tool || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps(event);
    const corner = event.target.dataset?.corner;
    if (step && corner !== undefined) this.nudgeCorner(Number(corner), step);
    else if (step && this.tool === "polygon") this.nudgeCross(step, event.shiftKey);
    else if (step && this.points.length) this.nudge(step, event.shiftKey);
    else if (event.key === "Escape") this.leave();
    else if (event.key === "Enter") this.open && this.points.length > 2 ? this.finish() : this.leave();
    else if (event.key === " " && this.tool === "polygon") this.add((this.cross ??= this.surface.middle));
    else if (event.key === "Backspace" && this.tool === "polygon") this.undo();
    else if (event.key === "Delete") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
    this.refocus(corner);
  }

  // The corners are drawn anew: the one that had the focus gets it again.
  refocus(corner) {
    if (corner !== undefined) this.surface.root.querySelector(`[data-corner="${corner}"]`)?.focus({ preventScroll: true });
  }

  leave() {
    const pressed = this.tools.find((button) => button.dataset.tool === this.tool);
    this.turn(null);
    pressed.focus();
  }

  // One step is a pixel of the original, or two of the screen where that is more.
  step([right, down], times = 1) {
    const [wide, high] = this.fields.measure;
    const [[x0, y0], [x1, y1]] = [this.surface.screen([0, 0]), this.surface.screen([1, 1])];
    return [
      right * times * Math.max(wide > 100 ? 1 / wide : 0.001, 2 / Math.abs(x1 - x0)),
      down * times * Math.max(high > 100 ? 1 / high : 0.001, 2 / Math.abs(y1 - y0)),
    ];
  }

  nudge(step, resize) {
    const [right, down] = this.step(step);
    if (!resize || this.shape === "polygon") this.moveAll(this.points, right, down);
    else {
      const [[x, y], , [a, b]] = this.points;
      const least = this.step([1, 1]);
      this.points = corners([x, y, clamp(a - x + right, least[0], 1 - x), clamp(b - y + down, least[1], 1 - y)]);
    }
    this.write();
  }

  nudgeCross(step, far) {
    this.cross ??= this.surface.middle;
    const [right, down] = this.step(step, far ? 10 : 2);
    this.cross = [clamp(this.cross[0] + right, 0, 1), clamp(this.cross[1] + down, 0, 1)];
  }

  nudgeCorner(number, step) {
    const [right, down] = this.step(step);
    const [x, y] = this.points[number];
    this.moveCorner(this.grasp(number), [clamp(x + right, 0, 1), clamp(y + down, 0, 1)]);
    this.write();
  }

  // --- the fields ---

  write() {
    this.fields.write(this.points);
    this.settle();
  }

  read() {
    this.points = this.fields.read();
    this.open = false;
    this.fields.tell(this.points);
    this.settle();
  }

  settle() {
    const named = Object.fromEntries(this.tools.map((button) => [button.dataset.tool, button]));
    named.undo.disabled = this.shape !== "polygon" || !this.points.length;
    named.clear.disabled = !this.points.length;
    this.draw();
  }

  // --- the drawing ---

  draw() {
    if (!this.surface?.ready) return;
    const { root } = this.surface;
    const kept = root.contains(document.activeElement) ? document.activeElement.dataset?.corner : undefined;
    const places = this.here ? this.points.map((point) => this.surface.screen(point)) : [];
    root.replaceChildren(...this.outline(places), ...(this.tool ? places.map((place, corner) => this.handle(place, corner)) : []));
    if (this.cross && this.tool === "polygon") cross(root, this.surface.screen(this.cross));
    this.refocus(kept);
  }

  outline(places) {
    const line = places.map((place) => place.join(",")).join(" ");
    if (!this.open) return places.length ? [svg("polygon", { class: "halo", points: line }), svg("polygon", { class: "shape", points: line })] : [];
    const next = this.cross ?? this.ghost;
    const points = next ? `${line} ${this.surface.screen(next).join(",")}` : line;
    return [svg("polyline", { class: "halo", points }), svg("polyline", { class: "line", points })];
  }

  handle([x, y], corner) {
    const made = svg("circle", { class: "handle", cx: x, cy: y, r: 7, "data-corner": corner });
    if (this.open) return made;
    for (const [key, value] of Object.entries({ tabindex: 0, role: "button", "aria-label": this.field.dataset.corner.replace("#", corner + 1) })) made.setAttribute(key, value);
    return made;
  }
}
