"use strict";
// Moves a reading cursor over charts, filters the assumptions and opens what a link leads to.
// It knows no numbers: what it says stands in the tables behind the charts.
(() => {
  const places = document.querySelector("main").dataset.at.trim().split(" ");
  const make = (kind, name, text = "") => {
    const made = document.createElement(kind);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const cellAt = (row, place) => {
    let before = 0;
    return [...row.querySelectorAll("td")].find((cell) => (before += cell.colSpan) > place).textContent.trim();
  };
  const reading = (plot, group, days) => {
    const rows = [...group.querySelectorAll("tr")].filter((row) => row.querySelector("td"));
    const picture = plot.querySelector("svg"), alone = rows.length === 1;
    const shown = make("p", "reading");
    const cursor = document.createElementNS("http://www.w3.org/2000/svg", "line");
    let place = places.length - 1;
    const says = () => days[place] + ": " + rows.map((row) =>
      (alone ? "" : row.querySelector("th").textContent + " ") + cellAt(row, place)).join(", ");
    const move = (to) => {
      place = Math.max(0, Math.min(places.length - 1, to));
      cursor.setAttribute("x1", places[place] + "%");
      cursor.setAttribute("x2", places[place] + "%");
      plot.classList.add("read-now");
      shown.textContent = says();
      plot.setAttribute("aria-valuenow", place);
      plot.setAttribute("aria-valuetext", says());
    };
    const keys = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 5, PageDown: -5};
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("y2", "100%");
    shown.setAttribute("aria-hidden", "true");
    picture.append(cursor);
    plot.append(shown);
    plot.tabIndex = 0;
    plot.setAttribute("role", "slider");
    plot.setAttribute("aria-label", group.querySelector("th").textContent + ": " + picture.getAttribute("aria-label") + " Arrow keys read it.");
    plot.setAttribute("aria-valuemin", 0);
    plot.setAttribute("aria-valuemax", places.length - 1);
    plot.setAttribute("aria-valuenow", place);
    plot.setAttribute("aria-valuetext", says());
    picture.setAttribute("aria-hidden", "true");
    plot.addEventListener("keydown", (event) => {
      if (event.key in keys) move(place + keys[event.key]);
      else if (event.key === "Home") move(0);
      else if (event.key === "End") move(places.length - 1);
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
  document.querySelectorAll("section").forEach((section) => {
    const groups = section.querySelectorAll(".numbers tbody");
    const days = [...section.querySelectorAll(".numbers thead th")].slice(1).map((day) => day.textContent);
    section.querySelectorAll(".plot").forEach((plot, at) => reading(plot, groups[at], days));
  });

  // What an entry acts on is told by the entries, and the questions, that it acts on.
  const entries = [...document.querySelectorAll(".group > details")];
  const moves = new Map();
  const told = (by, way, title, place) => {
    if (!moves.has(by)) moves.set(by, []);
    moves.get(by).push({way, title, place});
  };
  const titled = (one) => one.firstChild.textContent.trim();
  entries.forEach((entry) => {
    let way = "";
    entry.querySelectorAll(".around > *").forEach((one) => {
      if (one.tagName === "I") way = one.textContent;
      else told(one.hash, way, titled(entry.querySelector("summary")), entry.querySelector("div").id);
    });
  });
  document.querySelectorAll(".questions tr[id]").forEach((row) => row.querySelectorAll("a").forEach((by) =>
    told(by.hash, "", titled(row.querySelector("th")), row.id)));
  entries.forEach((entry) => {
    const body = entry.querySelector("div"), acted = moves.get("#" + body.id) ?? [];
    if (!acted.length && !body.querySelector(".around")) return;
    const by = body.querySelector(".around") ?? make("p", "around", "Acts on it: nothing");
    const on = make("p", "around", acted.length ? "It acts on:" : "It acts on: nothing");
    const columns = make("div", "columns");
    let last = "";
    acted.sort((one, other) => one.way < other.way ? -1 : one.way > other.way ? 1 : 0).forEach(({way, title, place}) => {
      const link = make("a", "", title);
      link.href = "#" + place;
      if (way !== last) on.append(" ", make("i", "", way));
      on.append(" ", link);
      last = way;
    });
    columns.append(by, make("p", "centre", titled(entry.querySelector("summary"))), on);
    body.append(columns);
  });

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
    const texts = entries.map((entry) => entry.textContent.toLowerCase());
    const groups = [...document.querySelectorAll(".group")];
    const found = search.querySelector("output");
    search.hidden = false;
    search.querySelector("input").addEventListener("input", (event) => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      entries.forEach((entry, at) => { entry.hidden = !words.every((word) => texts[at].includes(word)); });
      groups.forEach((group) => { group.hidden = !group.querySelector("details:not([hidden])"); });
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
  // What is folded is printed too, in any browser; the numbers of curves are left to the file.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open], .numbers)")];
    folded.forEach((one) => { one.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((one) => { one.open = false; }); });
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
})();
