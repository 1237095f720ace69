// What every page does: moments in the reader's own time, the current tab in sight, and a way by
// keyboard into a chart that is wider than the screen.
import { localTimes } from "./times.js";

function reachWideCharts() {
  for (const chart of document.querySelectorAll(".chart")) {
    chart.tabIndex = chart.scrollWidth > chart.clientWidth ? 0 : -1;
  }
}

localTimes();
reachWideCharts();
document.body.addEventListener("htmx:afterSwap", localTimes);
document.body.addEventListener("htmx:afterSwap", reachWideCharts);
addEventListener("resize", reachWideCharts);
document
  .querySelector(".tabs [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "center" });
