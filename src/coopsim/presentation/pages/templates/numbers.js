"use strict";
// Opens a number of an entry: its whole path, what it rests on, the reason and the claims.
// All of it stands in the page already, some of it once for many numbers.
(() => {
  const rests = (part, text) => [...part.children].filter((one) => one.tagName === "P" && one.textContent.startsWith(text));
  const claims = (part) => rests(part, "Claims:").flatMap((line) => [...line.querySelectorAll("a")]).map((link) => {
    const claim = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const item = document.createElement("li");
    const source = claim && claim.parentElement.closest("li");
    if (!source) item.append(link.cloneNode(true));
    else {
      const [title, about] = [source.firstChild, source.querySelector("small")].map((one) => one.cloneNode(true));
      item.append(link.textContent.split(".")[0] + ".", ...claim.cloneNode(true).childNodes,
        document.createElement("br"), "From: ", title, " ", about);
    }
    return item;
  });
  const panel = (part, term, path) => {
    const found = document.createElement("dd"), value = term.nextElementSibling, own = value.nextElementSibling;
    const basis = part.closest("details").querySelector("small").textContent.replace(/^[^:]*: /, "").split(";")[0];
    const rows = [["code", "--set '" + path + "=" + value.textContent.replace(/ (times|levels|probability)$/, "") + "'"],
      ["p", own && own.tagName === "DD" ? own.textContent : value.querySelector("a") ? "a reference" : basis]];
    rows.forEach(([kind, text]) => { const row = document.createElement(kind); row.textContent = text; found.append(row); });
    found.append(...rests(part, "Reason:").map((line) => line.cloneNode(true)));
    const list = document.createElement("ul");
    list.append(...claims(part));
    if (list.children.length) found.append(list);
    found.className = "opened";
    found.hidden = true;
    return found;
  };
  const opening = (part, key) => {
    let path = "";
    part.querySelectorAll(":scope > dl > dt").forEach((term) => {
      const text = term.textContent, button = document.createElement("button");
      const keys = text.split("."), above = path.split(".");
      const whole = keys[0] === "…" ? [...above.slice(0, 1 - keys.length), ...keys.slice(1)].join(".") : text[0] === "." ? key + text : text;
      path = whole;
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-expanded", "false");
      button.addEventListener("click", () => {
        let last = term.nextElementSibling;
        while (last.nextElementSibling && last.nextElementSibling.tagName === "DD") last = last.nextElementSibling;
        if (!last.classList.contains("opened")) { last.after(panel(part, term, whole)); last = last.nextElementSibling; }
        last.hidden = !last.hidden;
        button.setAttribute("aria-expanded", String(!last.hidden));
      });
      term.replaceChildren(button);
    });
  };
  document.addEventListener("toggle", ({target}) => {
    const body = target.tagName === "DETAILS" && target.parentElement.className === "group" && target.querySelector("div");
    if (!body || !target.open || body.querySelector("dt button")) return;
    const key = body.querySelector("code").textContent;
    [body, ...body.querySelectorAll(":scope > div")].forEach((part) => opening(part, key));
  }, true);
})();
