// What an item shows: deep zoom by OpenSeadragon (fetched when first asked for), several media, the veil.
// Without this script there is the first picture or player, and links to the others.
//
// For other scripts, on an element [data-stage]:
//   viewerOf(frame)  resolves to the OpenSeadragon viewer, opened if need be; it has naturalSize() and image()
//   imageOf(frame)   resolves to { number, iri, width, height } of the picture that is shown, or null
//   event "stage:image" with the same as detail, when a picture is shown; "stage:closed" when the zoom closes

import { register } from "./keys.js";

// On the element itself, for a module is loaded twice where its address differs by a version.
const STATE = Symbol.for("crowdheritage.stage");
const SHOWN = "shown:";

export const frames = (root = document) => [...root.querySelectorAll("[data-stage]")];

export async function imageOf(frame) {
  const info = await describe(start(frame));
  return info && picked(info);
}

export async function viewerOf(frame) {
  const stage = start(frame);
  await asked(stage);
  stage.opening ??= open(stage).catch((error) => {
    close(stage);
    throw error;
  });
  return stage.opening;
}

const picked = ({ number, iri, width, height }) => ({ number, iri, width, height });

// --- the viewer --------------------------------------------------------------------------------

let library;

// OpenSeadragon adds a style sheet to the page unless it finds one that is marked as its own. The
// page's policy refuses such sheets, so it finds the mark, on an element that is no style sheet.
function forestall() {
  const mark = document.createElementNS("urn:x-mark", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(mark);
}

export function load(address) {
  if (window.OpenSeadragon) return Promise.resolve(window.OpenSeadragon);
  library ??= new Promise((resolve, reject) => {
    forestall();
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.OpenSeadragon);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

// The facts of the current picture, asked for once; null where it is none.
function describe(stage) {
  const { kind, number } = stage.medium.dataset;
  if (kind !== "image") return Promise.resolve(null);
  const address = `/images/${stage.frame.dataset.stage}/${number}/info`;
  if (stage.facts?.address !== address) stage.facts = { address, info: read(address) };
  return stage.facts.info;
}

async function source(info) {
  if (!info.tiles) {
    const side = Math.max(info.width, info.height);
    return { width: info.width, height: info.height, tileSize: side, minLevel: 0, maxLevel: 0, getTileUrl: () => info.src };
  }
  const said = await read(`${info.tiles}/info.json`);
  said.id = new URL(info.tiles, location.href).href; // its own may be the address of another host
  return said;
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

function furnish(stage) {
  const { frame } = stage;
  const room = document.createElement("div");
  room.className = "zoom opening";
  const view = document.createElement("div");
  view.className = "view";
  const tools = document.createElement("div");
  tools.className = "zoom-tools";
  tools.append(
    button("+", frame.dataset.in, () => zoom(stage, 1.5)),
    button("−", frame.dataset.out, () => zoom(stage, 1 / 1.5)),
    button("✕", frame.dataset.close, () => leave(stage)),
  );
  room.append(view, tools);
  room.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || (event.key !== "Escape" && event.key.toLowerCase() !== "z")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    event.stopPropagation();
    leave(stage);
  });
  frame.querySelector(".stage-view").append(room);
  stage.room = room;
  return view;
}

async function open(stage) {
  const info = await describe(stage);
  if (!info) throw new Error("no picture is shown");
  const [OpenSeadragon, tiles] = await Promise.all([load(stage.frame.dataset.library), source(info)]);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = OpenSeadragon({
    element: furnish(stage),
    showNavigationControl: false,
    drawer: info.vector ? ["html", "canvas"] : ["canvas", "html"],
    animationTime: still ? 0 : 0.3,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    minZoomImageRatio: 0.8,
    maxZoomPixelRatio: info.vector ? 16 : 4,
    visibilityRatio: 0.6,
    timeout: 60000,
  });
  stage.viewer = viewer;
  // Of its keys those that move the picture; all others are the page's.
  viewer.addHandler("canvas-key", (event) => {
    const { key } = event.originalEvent;
    if (!key.startsWith("Arrow") && !"+=-_".includes(key)) event.preventDefaultAction = true;
  });
  await put(stage, viewer, info, tiles);
  return viewer;
}

// Another picture into the viewer; it appears when there is something to see.
async function put(stage, viewer, info, tiles) {
  viewer.naturalSize = () => ({ width: info.width, height: info.height });
  viewer.image = () => picked(info);
  await new Promise((resolve, reject) => {
    viewer.addOnceHandler("open", resolve);
    viewer.addOnceHandler("open-failed", (event) => reject(new Error(event.message)));
    viewer.open(tiles);
  });
  const appear = () => stage.room?.classList.remove("opening");
  viewer.addOnceHandler("tile-loaded", appear);
  viewer.addOnceHandler("tile-load-failed", appear);
}

function close(stage) {
  const was = stage.viewer;
  stage.viewer?.destroy();
  stage.room?.remove();
  stage.viewer = stage.room = stage.opening = null;
  if (was) stage.frame.dispatchEvent(new CustomEvent("stage:closed", { bubbles: true }));
}

function leave(stage) {
  close(stage);
  stage.link.focus();
}

function zoom(stage, factor) {
  stage.viewer?.viewport.zoomBy(factor).applyConstraints();
}

// --- several media -----------------------------------------------------------------------------

function element(name, attributes) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  return made;
}

function drawn(stage, data, words) {
  const made = element("span", { class: "picture" });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const size = { width: data.width, height: data.height };
  for (const [key, value] of Object.entries({ ...size, viewBox: `0 0 ${data.width} ${data.height}`, "aria-hidden": "true" })) svg.setAttribute(key, value);
  const rect = document.createElementNS(svg.namespaceURI, "rect");
  for (const [key, value] of Object.entries({ width: "100%", height: "100%", fill: data.colour || "#8d8372", "fill-opacity": data.colour ? 1 : 0.25 })) rect.setAttribute(key, value);
  svg.append(rect);
  const gone = element("span", { class: "gone" });
  gone.textContent = stage.frame.dataset.missing;
  made.append(svg, element("img", { src: data.src, alt: words, ...size, decoding: "async", "data-picture": "" }), gone);
  return made;
}

function player(stage, link) {
  const { kind, src } = link.dataset;
  if (kind === "image") return drawn(stage, link.dataset, link.title);
  if (kind === "audio" || kind === "video") return element(kind, { class: "player", controls: "", playsinline: "", preload: "none", src, "aria-label": link.title });
  const made = element("a", { class: "btn", href: link.href, rel: "noopener noreferrer", target: "_blank" });
  made.textContent = link.dataset.action;
  return made;
}

async function show(stage, link) {
  const { medium } = stage;
  if (medium.dataset.number === link.dataset.number) return;
  for (const key of ["number", "kind", "iri", "src"]) medium.dataset[key] = link.dataset[key];
  medium.replaceChildren(player(stage, link));
  medium.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true })); // pictures.js watches it
  const isImage = link.dataset.kind === "image";
  stage.link.hidden = !isImage;
  stage.link.href = link.href;
  mark(stage, link);
  announce(link.title);
  if (!isImage) return close(stage);
  const info = await describe(stage);
  if (medium.dataset.number !== link.dataset.number) return; // another one by now
  if (stage.viewer) await put(stage, stage.viewer, info, await source(info));
  stage.frame.dispatchEvent(new CustomEvent("stage:image", { bubbles: true, detail: picked(info) }));
}

function mark(stage, current) {
  for (const link of stage.links) {
    link.tabIndex = link === current ? 0 : -1;
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  current.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function announce(words) {
  const place = document.getElementById("announce");
  if (place) place.textContent = words;
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };

function step(stage, event) {
  const { links } = stage;
  const at = links.indexOf(event.target.closest("a"));
  const to = event.key === "Home" ? 0 : event.key === "End" ? links.length - 1 : at + STEPS[event.key];
  if (Number.isNaN(to) || !links[to] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  links[to].focus();
  show(stage, links[to]).catch(() => close(stage));
}

// --- the veil ----------------------------------------------------------------------------------

function remembered(id) {
  try {
    return sessionStorage.getItem(SHOWN + id) !== null;
  } catch {
    return false;
  }
}

function veil(stage) {
  const { veil: details, frame } = stage;
  if (!details) return;
  const id = frame.dataset.stage;
  if (remembered(id)) details.open = true;
  const hide = () => (stage.medium.inert = !details.open);
  hide();
  details.addEventListener("toggle", () => {
    hide();
    if (!details.open) close(stage);
    try {
      if (details.open) sessionStorage.setItem(SHOWN + id, "1");
      else sessionStorage.removeItem(SHOWN + id);
    } catch {
      // not remembered, then
    }
  });
}

// Resolves when it may be seen.
function asked({ veil: details }) {
  if (!details || details.open) return Promise.resolve();
  return new Promise((resolve) => details.addEventListener("toggle", resolve, { once: true }));
}

// --- start -------------------------------------------------------------------------------------

async function enter(stage) {
  const viewer = await viewerOf(stage.frame);
  viewer.canvas.focus();
  return viewer;
}

function start(frame) {
  if (frame[STATE]) return frame[STATE];
  const find = (selector) => frame.querySelector(selector);
  const stage = (frame[STATE] = {
    frame, medium: find(".stage-medium"), link: find(".zoom-open"), veil: find(".veil"),
    links: [...frame.querySelectorAll(".stage-strip a")], viewer: null, room: null, opening: null, facts: null,
  });
  if (!stage.medium) return stage;
  stage.link.setAttribute("role", "button");
  stage.link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (stage.opening) leave(stage);
    else enter(stage).catch(() => location.assign(stage.link.href));
  });
  const current = stage.links.find((link) => link.hasAttribute("aria-current"));
  if (current) mark(stage, current);
  for (const link of stage.links) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(stage, link).catch(() => close(stage));
    });
    link.addEventListener("keydown", (event) => step(stage, event));
  }
  veil(stage);
  return stage;
}

// Keys that a person can change (see keys.js).
function zoomByKey(factor) {
  const stage = frames().map(start).find((each) => each.medium?.dataset.kind === "image");
  if (!stage || (stage.veil && !stage.veil.open)) return false;
  const entered = stage.opening ? viewerOf(stage.frame) : enter(stage);
  entered.then(() => zoom(stage, factor)).catch(() => location.assign(stage.link.href));
}

if (!document[STATE]) {
  document[STATE] = true;
  const words = frames()[0]?.dataset;
  if (words) {
    register("zoom-in", { keys: ["+", "="], label: words.in, run: () => zoomByKey(1.5), repeat: true });
    register("zoom-out", { keys: ["-"], label: words.out, run: () => zoomByKey(1 / 1.5), repeat: true });
  }
  document.addEventListener("htmx:load", (event) => frames(event.target).forEach(start));
  frames().forEach(start);
}
