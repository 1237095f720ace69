// Mark the tab of the page we are on.
for (const link of document.querySelectorAll(".tabs a")) {
  const path = new URL(link.href).pathname;
  const isOverview = path.split("/").filter(Boolean).length === 2;
  if (location.pathname === path || (!isOverview && location.pathname.startsWith(path)))
    link.setAttribute("aria-current", "page");
}
document
  .querySelector(".tabs [aria-current]")
  ?.scrollIntoView({ block: "nearest", inline: "center" });
