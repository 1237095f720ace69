// What every page does: moments in the reader's own time, and the current tab in sight.
import { localTimes } from "./times.js";

localTimes();
document.body.addEventListener("htmx:afterSwap", localTimes);
document
  .querySelector(".tabs [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "center" });
