// A grid of pictures to choose from: arrow keys move, the space bar chooses, Shift with either or with a press
// chooses the whole range from the one chosen last. Without this script they are check boxes.

for (const form of document.querySelectorAll("[data-grid]")) start(form);

function start(form) {
  const boxes = [...form.querySelectorAll("input[name=annotation], input[name=item]")];
  const count = form.querySelector("[data-count]");
  const every = form.querySelector("[data-all]");
  let from = boxes[0];

  function tell() {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = form.dataset.chosen.replace("{count}", new Intl.NumberFormat(document.documentElement.lang).format(chosen));
  }

  function range(to, checked) {
    const [one, other] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
    for (const box of boxes.slice(one, other + 1)) box.checked = checked;
  }

  // One of them is reached by Tab, the others by arrows.
  function rove(box, focus = true) {
    for (const each of boxes) each.tabIndex = each === box ? 0 : -1;
    if (focus) box.focus();
    box.closest("li").scrollIntoView({ block: "nearest" });
  }

  function columns() {
    const tops = boxes.map((box) => box.closest("li").offsetTop);
    return Math.max(tops.lastIndexOf(tops[0]) + 1, 1);
  }

  function next(box, key) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() };
    const at = boxes.indexOf(box);
    if (key === "Home") return boxes[0];
    if (key === "End") return boxes.at(-1);
    return key in steps ? boxes[Math.min(Math.max(at + steps[key], 0), boxes.length - 1)] : null;
  }

  form.addEventListener("click", (event) => {
    const box = event.target.closest(".cell")?.querySelector("input");
    if (!box || event.target !== box) return; // a label presses its box
    if (event.shiftKey) range(box, box.checked);
    from = box;
    rove(box);
    tell();
  });
  // A press with Shift would choose text.
  form.addEventListener("mousedown", (event) => event.shiftKey && event.target.closest(".cell") && event.preventDefault());
  form.addEventListener("keydown", (event) => {
    const box = boxes.includes(event.target) ? event.target : null;
    const to = box && next(box, event.key);
    if (!to) return;
    event.preventDefault();
    if (event.shiftKey) {
      box.checked = true;
      from = boxes.includes(from) ? from : box;
      to.checked = true;
      tell();
    } else from = to;
    rove(to);
  });
  for (const button of form.querySelectorAll("[data-choose]")) {
    const how = { all: () => true, none: () => false, other: (box) => !box.checked }[button.dataset.choose];
    button.addEventListener("click", () => {
      for (const box of boxes) box.checked = how(box);
      tell();
    });
  }
  every?.addEventListener("change", () => form.classList.toggle("every", every.checked));
  form.querySelector(".grid-tools").hidden = !boxes.length;
  form.classList.add("scripted");
  if (boxes.length) rove(boxes[0], false);
  tell();
  // The arrows begin somewhere, also before anything has the focus.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.activeElement !== document.body || !event.key.startsWith("Arrow") || !boxes.length) return;
    event.preventDefault();
    rove(boxes[0]);
  });
}
