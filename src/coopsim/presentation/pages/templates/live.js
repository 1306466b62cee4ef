"use strict";
// Sends what was changed, and puts the pieces of the answer where they belong. It knows no numbers.
(() => {
  const at = (id) => document.getElementById(id);
  let key = "", base = "", shown = "", version = 0;  // `base` is what a link was made from
  let state = {settings: {}, given: [], tab: "answers", around: ""};
  let past = [], before = null;
  let shapes = {};  // densities of what is changed, by path

  // --- asking: the newest change counts; a first answer that is under way may still arrive -------
  let wanted = 0, running = false, stage = "", waiting = null;

  const post = async (path, body, signal) => {
    const headers = {"Content-Type": "application/json", "X-Coopsim-Secret": key};
    const reply = await fetch(path, {method: "POST", headers, body: JSON.stringify(body), signal});
    if (reply.ok) return reply.json();
    if (reply.status === 409) return null;
    if (reply.status === 403) lock();
    throw new Error(await reply.text());
  };
  const pause = (time) => new Promise((go) => setTimeout(go, time));
  const put = (fragments) => {
    for (const [id, html] of Object.entries(fragments)) at(id).innerHTML = html;
  };
  const show = (reply) => {
    put(reply.fragments);
    if (reply.shapes) { shapes = reply.shapes; fill(); }
    if (sought && led(sought)) sought = "";
    shown = reply.base;
    document.title = at("title").textContent;
    document.body.dataset.state = reply.then || "done";
  };
  const tell = (text) => { at("problems").textContent = text; };

  const ask = () => {
    wanted += 1;
    document.body.dataset.state = "asked";
    if (stage !== "first") waiting?.abort();
    mark();
    if (!running) run();
  };
  const run = async () => {
    running = true;
    let done = 0;
    while (done !== wanted || stage) {
      if (done !== wanted) { done = wanted; stage = "first"; }
      waiting = new AbortController();
      try {
        const reply = await post("/ask", {...state, stage, base}, waiting.signal);
        if (!reply) { await pause(200); continue; }
        if (done === wanted || stage === "first") show(reply);
        base = "";
        stage = reply.then;
      } catch (error) {
        if (error.name === "AbortError") continue;
        stage = "";
        tell(error instanceof TypeError ? "coopsim live does not answer: was it ended?" : error.message);
        document.body.dataset.state = "failed";
      }
      if (done !== wanted) document.body.dataset.state = "asked";
    }
    running = false;
  };

  // --- what the reader changes -------------------------------------------------------------------
  const copy = () => JSON.parse(JSON.stringify(state));
  const keep = (earlier) => { past.push(earlier); };
  const set = (path, value, written) => {
    if (!value || value === written) delete state.settings[path];
    else state.settings[path] = value;
  };
  const mark = () => {
    at("undo").disabled = !past.length;
    at("reset").disabled = !Object.keys(state.settings).length && !state.given.length;
    for (const button of document.querySelectorAll("[data-tab]"))
      button.setAttribute("aria-pressed", button.dataset.tab === state.tab);
    fill();
  };
  const fill = () => {
    for (const one of document.querySelectorAll("input[data-path]")) {
      const value = state.settings[one.dataset.path] ?? one.dataset.written;
      one.classList.toggle("mine", one.dataset.path in state.settings);
      if (one.type === "range") {
        const stops = JSON.parse(one.dataset.stops), place = stops.indexOf(value);
        if (place >= 0) one.value = place;
        one.setAttribute("aria-valuetext", value);
      } else if (one !== document.activeElement) one.value = value;
    }
    for (const one of document.querySelectorAll("[data-density]")) {
      one.written ??= one.innerHTML;
      one.innerHTML = shapes[one.dataset.density] ?? one.written;
    }
  };
  const change = (how) => { keep(copy()); how(); ask(); };

  document.addEventListener("input", (event) => {
    const one = event.target;
    if (one.type === "range" && one.dataset.path) {
      before ??= copy();
      set(one.dataset.path, JSON.parse(one.dataset.stops)[one.value], one.dataset.written);
      ask();
    } else if (one.id === "search") search(one.value);
  });
  document.addEventListener("change", (event) => {
    const one = event.target;
    if (one.type === "range" && before) { keep(before); before = null; mark(); }
    else if (one.type === "text" && one.dataset.path)
      change(() => set(one.dataset.path, one.value.trim(), one.dataset.written));
    else if (one.id === "around") go("around", one.value);
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.querySelector("input"), text = field.value.trim();
    if (event.target.id === "unlock") { location.hash = text.split("#")[1] ?? ""; return; }
    if (text && !state.given.includes(text)) change(() => state.given.push(text));
    field.value = "";
  });
  const go = (tab, around) => { state.tab = tab; state.around = around; ask(); };
  document.addEventListener("click", (event) => {
    const one = event.target.closest("button, a");
    if (!one) return;
    const {tab, back, drop} = one.dataset;
    if (tab) go(tab, state.around);
    else if (back) { change(() => { delete state.settings[back]; }); at("undo").focus(); }
    else if (drop) { change(() => { state.given.splice(drop, 1); }); at("give").querySelector("input").focus(); }
    else if (one.id === "undo") { const {settings, given} = past.pop(); Object.assign(state, {settings, given}); ask(); }
    else if (one.id === "reset") change(() => { Object.assign(state, {settings: {}, given: []}); });
    else if (one.id === "link") share();
    else if (one.id === "child" || one.id === "report") download(one);
    else if (one.hash && one.closest("#shown")) {
      event.preventDefault();
      follow(decodeURIComponent(one.hash.slice(1)));
    }
  });
  const led = (id) => {  // to a place in what is shown, if it is there
    const there = at("shown").querySelector(`[id="${CSS.escape(id)}"]`), folded = there?.closest("details");
    if (folded) folded.open = true;
    there?.setAttribute("tabindex", "-1");
    there?.focus();
    return Boolean(there);
  };
  let sought = "";  // a place that is shown once its tab has been answered
  const follow = (id) => {
    if (led(id)) return;
    sought = id;
    if (id.startsWith("answers.")) go("answers", state.around);
    else go("around", id);
  };
  let typed = 0;
  const search = async (text) => {
    const mine = typed += 1;
    await pause(150);
    if (mine !== typed) return;
    const reply = text.trim() ? await post("/search", {text: text.trim().slice(0, 100)}) : {found: ""};
    if (mine === typed) { put(reply); fill(); }
  };

  // --- to take away ------------------------------------------------------------------------------
  const packed = () => {
    const bytes = new TextEncoder().encode(JSON.stringify({...state, base: shown}));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  const unpacked = (text) => {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const {settings, given, tab, around, base} = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))));
    const texts = [...Object.values(settings), ...given, tab, around, base];
    if (!Array.isArray(given) || !texts.every((one) => typeof one === "string")) throw new TypeError("no texts");
    return {settings, given, tab, around, base};
  };
  const share = async () => {
    const link = location.origin + "/#changed-by-a-reader=" + packed();
    history.replaceState(null, "", link);
    try { await navigator.clipboard.writeText(link); at("done").textContent = "copied"; }
    catch { at("done").textContent = "it stands in the address bar"; }
  };
  const download = async (button) => {
    button.disabled = true;
    at("done").textContent = "being written";
    try {
      const made = await post("/" + button.id, state);
      if (!made) throw new Error("It was given up for your newer change; ask again.");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([made.text], {type: made.kind}));
      link.download = made.name;
      link.click();
      URL.revokeObjectURL(link.href);
      at("done").textContent = made.name;
    } catch (error) {
      at("done").textContent = "";
      tell(error.message);
    }
    button.disabled = false;
  };

  // --- beginning ---------------------------------------------------------------------------------
  // Another tab of this very page may have the secret: no other site can listen here.
  const tabs = new BroadcastChannel("coopsim");
  tabs.addEventListener("message", ({data}) => {
    if (data.wanted && key) tabs.postMessage({key});
    else if (data.key && !key) { sessionStorage.setItem("coopsim-key", data.key); read(); }
  });
  const lock = () => { at("locked").hidden = false; document.body.dataset.state = "locked"; };
  const read = () => {
    const parts = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
    if (parts.get("key")) sessionStorage.setItem("coopsim-key", parts.get("key"));
    key = sessionStorage.getItem("coopsim-key") ?? "";
    const sent = parts.get("changed-by-a-reader");
    if (sent) sessionStorage.setItem("coopsim-changes", sent);
    history.replaceState(null, "", location.pathname);
    if (!key) { lock(); tabs.postMessage({wanted: true}); return; }
    at("locked").hidden = true;
    const held = sessionStorage.getItem("coopsim-changes");
    sessionStorage.removeItem("coopsim-changes");
    if (held) {
      try { ({base = "", ...state} = {...state, ...unpacked(held)}); }
      catch { at("notice").textContent = "The link is not whole: its changes cannot be read."; }
    }
    ask();
    if (!version) listen();
  };
  const listen = async () => {
    let first = true;
    while (key) {
      try {
        const news = await post("/news", {version});
        if (news && news.version !== version) {
          version = news.version;
          const busy = at("controls").contains(document.activeElement);
          if (busy) delete news.fragments.controls;
          put(news.fragments);
          fill();
          if (!first) ask();
          first = false;
        }
      } catch { await pause(1000); }
    }
  };
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
  addEventListener("hashchange", read);
  read();
})();
