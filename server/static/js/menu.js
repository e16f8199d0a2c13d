// Menus made of <details>: one open at a time, closed by Escape and by a press elsewhere.

const MENUS = "details.menu";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(`${MENUS}[open]`)) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(`${MENUS}[open]`)) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.(MENUS);
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
