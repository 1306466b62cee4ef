"use strict";
// Moves a reading cursor over charts, filters the assumptions and opens what a link leads to.
// It knows no numbers: what it says stands in the tables behind the charts.
(() => {
  const reading = (figure) => {
    const plot = figure.querySelector(".plot");
    const rows = [...figure.querySelectorAll("table.read tbody tr")];
    const names = [...figure.querySelectorAll("table.read thead th")].slice(1);
    const cursor = figure.querySelector(".cursor");
    const shown = figure.querySelector(".reading");
    const places = document.getElementById(plot.dataset.frame).dataset.at.trim().split(" ");
    let place = rows.length - 1;
    const says = (row) => row.querySelector("th").textContent + ": " +
      [...row.querySelectorAll("td")].map((cell, at) => names[at].textContent + " " + cell.textContent).join(", ");
    const move = (to) => {
      place = Math.max(0, Math.min(rows.length - 1, to));
      const row = rows[place], text = says(row);
      cursor.setAttribute("x1", places[place] + "%");
      cursor.setAttribute("x2", places[place] + "%");
      figure.classList.add("read-now");
      shown.textContent = text;
      plot.setAttribute("aria-valuenow", place);
      plot.setAttribute("aria-valuetext", text);
    };
    const keys = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5};
    plot.tabIndex = 0;
    plot.setAttribute("role", "slider");
    plot.setAttribute("aria-label", plot.querySelector("svg").getAttribute("aria-label") + " Arrow keys read it.");
    plot.setAttribute("aria-valuemin", 0);
    plot.setAttribute("aria-valuemax", rows.length - 1);
    plot.setAttribute("aria-valuenow", place);
    plot.setAttribute("aria-valuetext", says(rows[place]));
    plot.querySelector("svg").setAttribute("aria-hidden", "true");
    plot.addEventListener("keydown", (event) => {
      if (event.key in keys) move(place + keys[event.key]);
      else if (event.key === "Home") move(0);
      else if (event.key === "End") move(rows.length - 1);
      else return;
      event.preventDefault();
    });
    plot.addEventListener("focus", () => move(place));
    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      const at = 100 * (event.clientX - box.left) / box.width;
      const apart = places.map((other) => Math.abs(other - at));
      move(apart.indexOf(Math.min(...apart)));
    });
  };
  document.querySelectorAll("figure.chart").forEach(reading);

  const asking = (slider) => {
    const control = slider.querySelector(".control"), input = slider.querySelector("input");
    const cards = slider.querySelector(".cards");
    const rows = [...slider.querySelectorAll("tbody tr")];
    const names = [...slider.querySelectorAll("thead th")].slice(1);
    const show = () => {
      const row = rows[input.value], setting = row.querySelector("th").textContent.trim();
      control.querySelector("b").textContent = setting;
      cards.replaceChildren(...[...row.querySelectorAll("td")].map((cell, at) => {
        const card = document.createElement("li");
        const parts = [["asked", names[at].textContent], ["news", cell.firstChild.textContent.trim()],
          ["says", cell.querySelector(".difference").textContent]];
        parts.forEach(([kind, text]) => {
          const part = document.createElement("span");
          part.className = kind;
          part.textContent = text;
          card.append(part);
        });
        return card;
      }));
      input.setAttribute("aria-valuetext", setting + ": " +
        [...row.querySelectorAll("td")].map((cell, at) => names[at].textContent + " " + cell.textContent.trim()).join(", "));
      rows.forEach((other) => other.classList.toggle("chosen", other === row));
    };
    control.hidden = false;
    input.addEventListener("input", show);
    show();
  };
  document.querySelectorAll(".slider").forEach(asking);

  const search = document.querySelector(".search");
  if (search) {
    const entries = [...document.querySelectorAll("details.entry")];
    const texts = entries.map((entry) => entry.textContent.toLowerCase());
    const groups = [...document.querySelectorAll(".group")];
    const found = search.querySelector("output");
    search.hidden = false;
    search.querySelector("input").addEventListener("input", (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      entries.forEach((entry, at) => { entry.hidden = !words.every((word) => texts[at].includes(word)); });
      groups.forEach((group) => { group.hidden = !group.querySelector("details.entry:not([hidden])"); });
      found.textContent = words.length ? entries.filter((entry) => !entry.hidden).length + " found" : "";
    });
    const button = search.querySelector("button");
    button.addEventListener("click", () => {
      const opening = button.textContent === "Open all";
      entries.forEach((entry) => { entry.open = opening && !entry.hidden; });
      button.textContent = opening ? "Close all" : "Open all";
    });
  }

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.hidden = false; at.open = true; }
    }
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
