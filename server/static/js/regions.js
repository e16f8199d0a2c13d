// Regions of a picture: each field for one gets a drawing on the stage, and proposals with a region
// show it there while they have the focus or the pointer.

import { Editor } from "./region-editor.js";
import { onStage, view } from "./stage-surface.js";
import { Surface, svg } from "./surface.js";

let shown = null;
let pointed = null;

function highlight(proposal) {
  const stage = view();
  shown?.remove();
  shown = null;
  pointed = proposal;
  const figures = [...(proposal?.querySelectorAll("[data-points][data-on]") ?? [])];
  const regions = figures
    .filter((figure) => Number(figure.dataset.on) === stage?.number)
    .map((figure) => figure.dataset.points.split(" ").map((pair) => pair.split(",").map(Number)));
  if (!regions.length) return;
  shown = new Surface(stage.lens, () => {
    const lines = regions.map((points) => points.map((point) => shown.screen(point).join(",")).join(" "));
    shown.root.replaceChildren(...lines.flatMap((points) => [svg("polygon", { class: "halo", points }), svg("polygon", { class: "shape", points })]));
  });
  shown.root.classList.add("pointing");
  shown.draw();
}

// Keys lead to another picture of the object, too; a pointer that passes by does not.
function turnTo(proposal) {
  const [figure] = proposal.querySelectorAll("[data-points][data-on]");
  const stage = view();
  if (!figure || !stage || Number(figure.dataset.on) === stage.number) return;
  document.querySelector(`.stage-strip a[data-number="${CSS.escape(figure.dataset.on)}"]`)?.click();
}

function point(event) {
  const proposal = event.target.closest?.(".proposal") ?? null;
  if (!proposal && !pointed) return;
  if (event.type === "focusin" && proposal) turnTo(proposal);
  if (proposal !== pointed) highlight(proposal ?? document.activeElement.closest(".proposal"));
}

const editors = new Map();

function enhance() {
  for (const field of document.querySelectorAll("[data-region]")) {
    if (editors.has(field)) continue;
    const editor = new Editor(field);
    editors.set(field, editor);
    editor.show(view());
  }
  for (const [field, editor] of editors) {
    if (field.isConnected) continue;
    editor.show(null);
    editors.delete(field);
  }
  if (pointed && !pointed.isConnected) highlight(null);
}

onStage((stage) => {
  for (const editor of editors.values()) editor.show(stage);
  highlight(pointed);
});
for (const name of ["focusin", "pointerover"]) document.addEventListener(name, point);
document.addEventListener("htmx:load", enhance);
enhance();
