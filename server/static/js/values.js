// Forms about a metadata value: its text is where a correction begins, a rating has a slider beside its number,
// a transcription is of the picture that one looks at.

// A correction begins with the text that is corrected, unless one has written something already; a
// translation only where one asks for it.
function correct(box) {
  const form = box.closest("form");
  const area = box.querySelector("textarea");
  const language = box.querySelector("input[name$='-lang']");
  const chosen = () => form.querySelector("[data-values] input:checked");
  let filled = area.value && chosen()?.dataset.text === area.value ? area.value : "";
  const fill = () => {
    const { text, lang } = chosen()?.dataset ?? {};
    if (text === undefined || (area.value && area.value !== filled)) return;
    area.value = filled = text;
    if (lang) language.value = lang;
  };
  if (box.dataset.correction === "fill") {
    fill();
    form.addEventListener("change", (event) => event.target.closest("[data-values]") && fill());
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet";
  button.textContent = box.dataset.copy;
  button.disabled = area.disabled;
  button.addEventListener("click", () => {
    fill();
    area.focus();
  });
  box.after(button);
}

// The number is what is sent; without one the slider stands in the middle and says nothing.
function rate(box) {
  const [number, slider] = box.querySelectorAll("input");
  const follow = () => {
    slider.classList.toggle("unset", number.value === "");
    if (number.value !== "") slider.value = number.value;
  };
  slider.hidden = false;
  slider.addEventListener("input", () => {
    number.value = slider.value;
    follow();
  });
  number.addEventListener("input", follow);
  follow();
}

// What one reads is the picture that is shown large, as long as nothing is written.
function read(choice, number = document.querySelector(".stage [data-number]")?.dataset.number) {
  const written = [...choice.form.querySelectorAll("textarea")].some((area) => area.value);
  if (!written && [...choice.options].some((option) => option.value === String(number))) choice.value = number;
}

document.addEventListener("stage:image", (event) => {
  for (const choice of document.querySelectorAll("select[data-page]")) read(choice, event.detail?.number);
});

function start(root) {
  for (const [wanted, prepare] of [["[data-correction]", correct], ["[data-rating]", rate], ["select[data-page]", (choice) => read(choice)]])
    for (const box of root.querySelectorAll(wanted)) {
      if (box.dataset.ready) continue;
      box.dataset.ready = "1";
      prepare(box);
    }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
