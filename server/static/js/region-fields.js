// The fields of a region in its form: what is marked, as numbers. All that is sent stands in them.

const SIDES = ["x", "y", "width", "height"];

const rounded = (value, digits) => String(Number(value.toFixed(digits)));
const number = (text) => (/^-?\d+([.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(",", ".")) : NaN);

export const corners = ([x, y, width, height]) => [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];

export class Fields {
  constructor(field) {
    this.field = field;
    this.name = CSS.escape(field.dataset.region);
  }

  input(part) {
    return this.field.querySelector(`[name="${this.name}-${part}"]`);
  }

  get shape() {
    return this.field.querySelector(`[name="${this.name}-shape"]:checked`).value;
  }

  // The number of the picture that the region is of.
  get number() {
    return Number(this.input("image")?.value ?? 1);
  }

  // What the page knows of that picture: its width and height, or neither.
  get about() {
    const image = this.input("image");
    return (image?.selectedOptions?.[0] ?? image)?.dataset ?? {};
  }

  // What the numbers are parts of: pixels of the original, or 100 by 100.
  get measure() {
    const { width, height } = this.about;
    const known = this.input("unit").value === "pixel" && width && height;
    return known ? [Number(width), Number(height)] : [100, 100];
  }

  // What is drawn from now on is of this shape, on the picture of this number.
  take(shape, image) {
    this.field.querySelector(`[name="${this.name}-shape"][value=${shape}]`).checked = true;
    if (this.input("image")) this.input("image").value = String(image);
    const { width, height } = this.about;
    this.input("unit").value = width && height ? "pixel" : "percent";
  }

  // Points as fractions of the sides; a rectangle has its four corners.
  write(points) {
    const exact = this.input("unit").value === "pixel" ? 0 : 3;
    const [wide, high] = this.measure;
    const isRectangle = this.shape === "rectangle" && points.length === 4;
    const [[x, y] = [0, 0], , [right, below] = [0, 0]] = isRectangle ? points : [];
    const [left, top] = [Number((x * wide).toFixed(exact)), Number((y * high).toFixed(exact))];
    const numbers = [left, top, right * wide - left, below * high - top];
    SIDES.forEach((side, place) => (this.input(side).value = isRectangle ? rounded(numbers[place], exact) : ""));
    const drawn = this.shape === "polygon" ? points : [];
    this.input("points").value = drawn.map(([px, py]) => `${rounded(px * wide, exact || 1)},${rounded(py * high, exact || 1)}`).join(" ");
    this.tell(points);
  }

  // None where the numbers are no region.
  read() {
    const [wide, high] = this.measure;
    if (this.shape === "polygon") {
      const pairs = this.input("points").value.trim().split(/[\s;]+/).filter(Boolean).map((pair) => pair.split(",").map(number));
      const are = pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
      return are ? pairs.map(([x, y]) => [x / wide, y / high]) : [];
    }
    const [x, y, width, height] = SIDES.map((side) => number(this.input(side).value));
    const is = width > 0 && height > 0 && x >= 0 && y >= 0 && x + width <= wide && y + height <= high;
    return is ? corners([x / wide, y / high, width / wide, height / high]) : [];
  }

  // In words, for those who do not see the drawing.
  tell(points) {
    const said = this.field.querySelector(".region-said");
    const where = this.shape === "rectangle" ? SIDES.map((side) => this.input(side).value).join(" · ") : this.input("points").value;
    said.hidden = !points.length;
    said.textContent = points.length ? this.field.dataset.done.replace("#", where) : "";
  }
}
