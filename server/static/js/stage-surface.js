// What the stage shows, for scripts that draw over it: the picture on the page, or in the zoom.

import { frames, viewerOf } from "./stage.js";
import { plain, zoomed } from "./surface.js";

const asking = new Set();
let now = null;

export const view = () => now;

// `ask` is called with { number, src, lens, zoom } now and whenever that changes; null for no picture.
export function onStage(ask) {
  asking.add(ask);
  ask(now);
}

// Opens the zoom; resolves when it is there.
export async function openZoom() {
  const [frame] = frames();
  if (frame) await viewerOf(frame);
  await look();
}

async function look() {
  const [frame] = frames();
  const medium = frame?.querySelector(".stage-medium[data-kind=image]");
  const viewer = medium && frame.querySelector(".stage-view > .zoom") ? await viewerOf(frame).catch(() => null) : null;
  const img = medium?.querySelector("img");
  const number = viewer ? viewer.image().number : Number(medium?.dataset.number);
  const found = medium && (viewer || img) ? { number, src: medium.dataset.src, zoom: viewer, img } : null;
  if (now === found || (now && found && now.zoom === found.zoom && now.img === found.img && now.number === found.number)) return;
  now = found && { ...found, lens: viewer ? zoomed(viewer) : plain(img) };
  for (const ask of asking) ask(now);
}

for (const name of ["stage:image", "stage:closed"]) document.addEventListener(name, look);
for (const frame of frames()) {
  const room = frame.querySelector(".stage-view");
  if (room) new MutationObserver(look).observe(room, { childList: true, subtree: true });
}
look();
