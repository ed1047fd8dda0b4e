// On a narrow screen a row of tabs scrolls sideways: it begins where the page is.
"use strict";

for (const tab of document.querySelectorAll("nav [aria-current]")) {
  const row = tab.closest("ul, nav");
  const [here, room] = [tab, row].map((one) => one.getBoundingClientRect());
  row.scrollLeft += (here.left + here.right - room.left - room.right) / 2;
}
