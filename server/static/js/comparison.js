// Two pictures side by side with one zoom for both: what one shows, the other shows. Which picture
// is which is known to the server alone; addresses name sides, left and right.
// Without this script the pictures stand small above the buttons.

import { load } from "./stage.js";

let open = null;

function pane(field, side) {
  const figure = document.createElement("figure");
  const view = document.createElement("div");
  view.className = "view";
  view.setAttribute("role", "group");
  view.setAttribute("aria-label", field.dataset[side]);
  const caption = document.createElement("figcaption");
  caption.textContent = field.dataset[side];
  figure.append(view, caption);
  return { figure, view, caption };
}

function viewer(OpenSeadragon, view, address) {
  return OpenSeadragon({
    element: view,
    tileSources: { type: "image", url: address, buildPyramid: false },
    showNavigationControl: false,
    drawer: ["canvas", "html"],
    animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.3,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    minZoomImageRatio: 0.8,
    maxZoomPixelRatio: 8,
    visibilityRatio: 0.6,
  });
}

// What one shows at this moment, the other shows too.
function follow(viewers) {
  let leading = null;
  for (const [place, lead] of viewers.entries()) {
    const other = viewers[1 - place];
    const begin = () => (leading = lead);
    for (const name of ["canvas-press", "canvas-scroll", "canvas-key", "canvas-pinch", "canvas-double-click"]) lead.addHandler(name, begin);
    const copy = () => {
      if ((leading && leading !== lead) || !other.viewport || !other.world.getItemCount()) return;
      other.viewport.zoomTo(lead.viewport.getZoom(true), null, true);
      other.viewport.panTo(lead.viewport.getCenter(true), true);
    };
    for (const name of ["animation", "animation-finish"]) lead.addHandler(name, copy);
  }
  return (factor) => {
    [leading] = viewers;
    leading.viewport.zoomBy(factor).applyConstraints();
  };
}

function button(text, label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  return made;
}

function close() {
  for (const each of open?.viewers ?? []) each.destroy();
  open?.room.replaceChildren();
  open = null;
}

async function show(field) {
  const room = document.querySelector("[data-comparing]");
  if (!room || open?.address === field.dataset.compare) return;
  close();
  const mine = (open = { room, address: field.dataset.compare, viewers: [] });
  const OpenSeadragon = await load(field.dataset.library);
  if (open !== mine) return;
  const sides = ["left", "right"].map((side) => ({ side, ...pane(field, side) }));
  const both = document.createElement("div");
  both.className = "both";
  both.append(...sides.map((each) => each.figure));
  const tools = document.createElement("div");
  tools.className = "zoom-tools";
  room.replaceChildren(both, tools);
  mine.viewers = sides.map(({ side, view, caption }) => {
    const made = viewer(OpenSeadragon, view, `${mine.address}/${side}`);
    made.addHandler("open-failed", () => (caption.textContent = `${field.dataset[side]}: ${field.dataset.missing}`));
    return made;
  });
  const by = follow(mine.viewers);
  tools.append(button("+", field.dataset.in, () => by(1.5)), button("−", field.dataset.out, () => by(1 / 1.5)));
  field.classList.add("large");
}

function enhance() {
  const field = document.querySelector("[data-compare]");
  if (field) show(field).catch(() => close());
  else close();
}

document.addEventListener("htmx:load", enhance);
enhance();
