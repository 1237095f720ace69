// The box in the head of a table chooses every row of the page.
const all = document.querySelector("[data-all]");
const boxes = [...document.querySelectorAll("input[name=items]")];
if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
}
