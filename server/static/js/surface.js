// A drawing over a picture: SVG of our own that follows the picture, in the zoom or without.
// Places on the picture are fractions of its sides, [0, 0] at the top left and [1, 1] opposite, so
// that they hold for any size of it. Those on the screen are pixels from the drawing's corner.

const SVG = "http://www.w3.org/2000/svg";
const MOVES = ["open", "update-viewport", "resize", "rotate", "flip"];

export function svg(name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export const clamp = (value, least, most) => Math.min(Math.max(value, least), most);

// How a picture lies in a viewer of OpenSeadragon.
export function zoomed(viewer) {
  const image = () => viewer.world?.getItemAt(0);
  const sides = () => {
    const { x, y } = image().source.dimensions;
    return [x, y];
  };
  return {
    holder: viewer.canvas,
    ready: () => Boolean(viewer.viewport && image()),
    screen([x, y]) {
      const [wide, high] = sides();
      const pixel = viewer.viewport.pixelFromPoint(image().imageToViewportCoordinates(x * wide, y * high, true), true);
      return [pixel.x, pixel.y];
    },
    place([x, y]) {
      const [wide, high] = sides();
      const point = viewer.viewport.pointFromPixel(new window.OpenSeadragon.Point(x, y), true);
      const found = image().viewportToImageCoordinates(point.x, point.y, true);
      return [found.x / wide, found.y / high];
    },
    follow(draw) {
      for (const name of MOVES) viewer.addHandler(name, draw);
      return () => MOVES.forEach((name) => viewer.removeHandler(name, draw));
    },
  };
}

// How a picture lies on the page.
export function plain(img) {
  const boxes = () => [img.getBoundingClientRect(), img.parentElement.getBoundingClientRect()];
  return {
    holder: img.parentElement,
    ready: () => img.isConnected && img.getBoundingClientRect().width > 0,
    screen([x, y]) {
      const [box, around] = boxes();
      return [box.left - around.left + x * box.width, box.top - around.top + y * box.height];
    },
    place([x, y]) {
      const [box, around] = boxes();
      return [(x + around.left - box.left) / box.width, (y + around.top - box.top) / box.height];
    },
    follow(draw) {
      const watch = new ResizeObserver(draw);
      watch.observe(img);
      watch.observe(img.parentElement);
      img.addEventListener("load", draw);
      return () => {
        watch.disconnect();
        img.removeEventListener("load", draw);
      };
    },
  };
}

export class Surface {
  // `draw` is called whenever the picture moved.
  constructor(lens, draw) {
    this.lens = lens;
    this.draw = () => this.ready && draw();
    this.root = svg("svg", { class: "surface", "aria-hidden": "true" });
    lens.holder.append(this.root);
    this.unfollow = lens.follow(this.draw);
  }

  get ready() {
    return this.root.isConnected && this.lens.ready();
  }

  screen(place) {
    return this.lens.screen(place);
  }

  // Never outside of the picture.
  place(point) {
    return this.lens.place(point).map((part) => clamp(part, 0, 1));
  }

  // Where an event of a pointer is on the screen.
  at(event) {
    const box = this.lens.holder.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  get middle() {
    return this.between(0.5, 0.5);
  }

  // The place at these shares of what is seen.
  between(right, down) {
    const box = this.lens.holder.getBoundingClientRect();
    return this.place([box.width * right, box.height * down]);
  }

  remove() {
    this.unfollow();
    this.root.remove();
  }
}

// The arrow keys as steps to the right and down; nothing for another key.
export function steps(event) {
  return { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
}

// A cross that arrow keys move over the picture.
export function cross(root, [x, y]) {
  const d = `M${x - 14},${y}h10m8,0h10M${x},${y - 14}v10m0,8v10`;
  root.append(svg("path", { class: "halo", d }), svg("path", { class: "cross", d }));
}
