"use strict";
// The review page: one key decides and goes on. Keys are physical (event.code), so that an input method or a layout
// does not change them; nothing is listened to while somebody types.
(function () {
  var data = JSON.parse(document.getElementById("data").textContent);
  desk.csrf = data.csrf;
  var findings = data.findings;
  var byId = {};
  var groups = {};
  findings.forEach(function (one) {
    (byId[one.id] = byId[one.id] || []).push(one);
    (groups[one.group] = groups[one.group] || []).push(one);
  });
  var shown = { state: "open", level: "", kind: "" };
  var current = null;
  var pending = null; // the verdict that waits for its reason
  var together = ""; // "", "value": all of the same value, "type": all of the kind that are still open
  var chain = Promise.resolve();
  var scroller = document.getElementById("scroller");
  var sheet = document.getElementById("sheet");
  var list = document.getElementById("findings");
  var card = document.getElementById("doubt");
  var make = desk.make;
  var ICONS = { block: "▲", review: "■", note: "●" };
  var scans = "/v1/scans/" + data.scan;
  var cases = "/desk/cases/" + data.case;

  // ---- the list

  function settled(one) { return Boolean(one.decision) || one.silenced !== null; }

  function visible() {
    return findings.filter(function (one) {
      return (shown.state === "all" || !settled(one) || one === current) && (!shown.level || one.level === shown.level) &&
        (!shown.kind || one.type === shown.kind);
    });
  }

  function drawList() {
    var rows = document.createDocumentFragment();
    visible().forEach(function (one) { rows.appendChild(row(one)); });
    list.textContent = "";
    list.appendChild(rows);
    var none = document.getElementById("nofindings");
    none.hidden = Boolean(list.firstChild);
    none.textContent = findings.length ? "没有符合筛选的疑点。" :
      data.unread ? (data.read ? "读到的部分没有发现疑点；还有内容未读，见“未读内容”。" : "没有读到内容，见“未读内容”。") : "没有发现疑点。是否公开仍由人决定。";
  }

  function row(one) {
    var state = one.silenced !== null ? "已认可" : one.decision ? one.decision.verdict : "";
    return make("li", {}, make("button", {
      type: "button", "data-n": one.n, class: "f-" + one.level + (settled(one) ? " settled" : ""),
      "aria-current": one === current ? "true" : null, onclick: function () { select(one); pane("side"); }
    }, [
      make("span", { class: "lv lv-" + one.level }, ICONS[one.level] + " " + one.levelWord),
      make("span", { class: "kind" }, one.type),
      make("span", { class: "what" }, one.masked || one.message),
      make("span", { class: "where" }, one.place),
      make("span", { class: "state" }, state ? "✓ " + state : "")
    ]));
  }

  function drawLevels() {
    var box = document.getElementById("levels");
    box.textContent = "";
    ["block", "review", "note"].forEach(function (level) {
      var of = findings.filter(function (one) { return one.level === level && one.silenced === null; });
      if (!of.length) { return; }
      var done = of.filter(settled).length;
      box.appendChild(make("button", {
        type: "button", "data-level": level, title: "已处置 " + done + " 处，共 " + of.length + " 处",
        "aria-pressed": String(shown.level === level), class: "lv-" + level,
        onclick: function () { shown.level = shown.level === level ? "" : level; drawLevels(); drawList(); }
      }, ICONS[level] + " " + of[0].levelWord + " " + done + "/" + of.length));
    });
  }

  function drawKinds() {
    var box = document.getElementById("kind");
    var counts = {};
    findings.forEach(function (one) { counts[one.type] = (counts[one.type] || 0) + 1; });
    Object.keys(counts).forEach(function (kind) {
      box.appendChild(make("option", { value: kind }, kind + " " + counts[kind]));
    });
    box.addEventListener("change", function () { shown.kind = box.value; drawList(); });
  }

  function setState(state) {
    shown.state = state;
    document.querySelectorAll("[data-state]").forEach(function (chip) {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("data-state") === state));
    });
    drawList();
  }
  document.querySelectorAll("[data-state]").forEach(function (chip) {
    chip.addEventListener("click", function () { setState(chip.getAttribute("data-state")); });
  });

  function drawProgress() {
    var asked = findings.filter(function (one) { return one.level !== "note" && one.silenced === null; });
    var done = asked.filter(settled).length;
    document.getElementById("progresstext").textContent = asked.length ? "已处置 " + done + "/" + asked.length :
      data.unread ? "有内容未读" : "无须处置";
    document.getElementById("progressbar").setAttribute("width", asked.length ? 100 * done / asked.length : data.unread ? 0 : 100);
  }

  // ---- choosing one

  function marks(one) { return sheet.querySelectorAll('[data-f~="' + one.n + '"]'); }

  function select(one, quiet) {
    hide();
    if (current) {
      marks(current).forEach(function (mark) { mark.classList.remove("here"); });
      var before = list.querySelector('[data-n="' + current.n + '"]');
      if (before) { before.removeAttribute("aria-current"); }
    }
    current = one;
    pending = null;
    together = "";
    drawCard();
    if (!one) { return; }
    marks(one).forEach(function (mark) { mark.classList.add("here"); });
    var item = list.querySelector('[data-n="' + one.n + '"]');
    if (item) { item.setAttribute("aria-current", "true"); nearest(item); }
    if (!quiet) { reach(one); }
  }

  function reach(one) {
    if (imagesShown()) { reachImage(one); return; }
    var mark = marks(one)[0];
    if (!mark) { return; }
    center(mark);
  }

  // Only the pane scrolls: scrollIntoView would move the page under it too.
  function center(node) {
    var go = function () {
      var box = node.getBoundingClientRect();
      var frame = scroller.getBoundingClientRect();
      scroller.scrollTop += box.top - frame.top - frame.height * 0.38;
      var table = node.closest(".table");
      if (table) {
        var inner = table.getBoundingClientRect();
        if (box.left < inner.left || box.right > inner.right) { table.scrollLeft += box.left - inner.left - 60; }
      }
    };
    go();
    // What was not laid out yet has only now got its height.
    requestAnimationFrame(function () { go(); requestAnimationFrame(go); });
  }
  function nearest(item) {
    var box = item.getBoundingClientRect();
    var frame = list.getBoundingClientRect();
    if (box.top < frame.top) { list.scrollTop -= frame.top - box.top; }
    else if (box.bottom > frame.bottom) { list.scrollTop += box.bottom - frame.bottom + 60; }
  }

  function step(by) {
    var pile = visible();
    if (!pile.length) { return; }
    var at = pile.indexOf(current);
    select(pile[at < 0 ? (by > 0 ? 0 : pile.length - 1) : Math.max(0, Math.min(pile.length - 1, at + by))]);
  }

  function nextOpen() {
    var from = current ? findings.indexOf(current) : -1;
    var order = findings.slice(from + 1).concat(findings.slice(0, from + 1));
    var wanted = function (one) { return !settled(one) && (!shown.level || one.level === shown.level) && (!shown.kind || one.type === shown.kind); };
    var next = order.filter(function (one) { return wanted(one) && one.level !== "note"; })[0] || order.filter(wanted)[0];
    var left = current;
    if (next) { select(next); } else { select(current, true); desk.toast("都已处置"); }
    if (shown.state === "open" && left && settled(left)) { drawList(); scrollItem(); }
  }

  function scrollItem() {
    var item = current && list.querySelector('[data-n="' + current.n + '"]');
    if (item) { nearest(item); }
  }

  sheet.addEventListener("click", function (event) {
    var mark = event.target.closest("[data-f]");
    if (!mark || String(window.getSelection())) { return; }
    var numbers = mark.getAttribute("data-f").split(" ").map(Number);
    var at = current ? numbers.indexOf(current.n) : -1;
    select(findings[numbers[(at + 1) % numbers.length]], true);
    if (!visible().some(function (one) { return one === current; })) { setState("all"); }
    scrollItem();
    pane("side");
  });

  // The pieces of a long table move sideways together.
  sheet.addEventListener("scroll", function (event) {
    var moved = event.target;
    if (!moved.classList || !moved.classList.contains("table") || !moved.querySelector(".fixed")) { return; }
    sheet.querySelectorAll(".table").forEach(function (piece) {
      if (piece !== moved && piece.scrollLeft !== moved.scrollLeft && piece.firstChild.className === "fixed") { piece.scrollLeft = moved.scrollLeft; }
    });
  }, true);

  // ---- the card

  function drawCard() {
    card.textContent = "";
    var one = current;
    if (!one) {
      card.appendChild(make("p", { class: "hint" }, "从疑点列表选一处，或按 J 看下一处。"));
      return;
    }
    var rule = data.rules[one.rule] || { basis: [], advice: "" };
    card.appendChild(make("div", { class: "doubt-head" }, [
      make("span", { class: "lv lv-" + one.level }, ICONS[one.level] + " " + one.levelWord),
      make("b", {}, one.type), make("span", { class: "hint" }, one.sure + " · " + one.place)
    ]));
    card.appendChild(make("div", { class: "value" }, [
      one.masked ? make("output", { id: "value" }, one.masked) : null,
      one.value ? make("button", { type: "button", class: "button", id: "reveal", title: "按住显示明文（X），每次查看都记入日志" }, "按住显示") : null
    ]));
    if (one.context && one.context !== one.masked) { card.appendChild(make("p", { class: "context" }, "…" + one.context + "…")); }
    card.appendChild(make("p", { class: "message" }, one.message));
    if (one.evidence.length) {
      card.appendChild(make("h3", {}, "为什么"));
      card.appendChild(make("ul", {}, one.evidence.map(function (said) { return make("li", {}, said); })));
    }
    if (rule.basis.length) {
      card.appendChild(make("h3", {}, "依据"));
      rule.basis.forEach(function (item) {
        card.appendChild(make("details", { class: "clause" }, [make("summary", {}, item.clause), make("p", {}, item.gist || "（条文见规则库）")]));
      });
    }
    if (rule.advice) { card.appendChild(make("h3", {}, "建议")); card.appendChild(make("p", {}, rule.advice)); }
    if (one.silenced !== null) { card.appendChild(make("p", { class: "said" }, "已在处置文件中认可：" + one.silenced)); }
    if (one.decision) {
      card.appendChild(make("p", { class: "said" }, "已处置：" + one.decision.verdict + (one.decision.reason ? "（" + one.decision.reason + "）" : "") + " · " + one.decision.by));
    }
    if (data.may) { drawDeciding(one); }
    drawNotes(one);
    card.appendChild(make("p", { class: "rule" }, one.rule));
    bindReveal();
  }

  function others(one) {
    var ids = {};
    groups[one.group].forEach(function (same) { if (same.id !== one.id) { ids[same.id] = true; } });
    return Object.keys(ids);
  }

  // All of one kind at once only ever asks for more to be done, never for less: see choose().
  function alike(one) {
    var ids = {};
    findings.forEach(function (other) {
      if (other.type === one.type && other.level === one.level && other.id !== one.id && !settled(other)) { ids[other.id] = true; }
    });
    return Object.keys(ids);
  }

  function drawDeciding(one) {
    var same = others(one);
    var kin = alike(one);
    if (same.length) {
      card.appendChild(make("label", { class: "together" }, [
        box("together", "value"), "另有 " + same.length + " 处相同，一并处置 ", make("kbd", {}, "E")
      ]));
    }
    if (kin.length > same.length) {
      card.appendChild(make("label", { class: "together" }, [
        box("alike", "type"), "另有 " + kin.length + " 处未处置的" + one.type + "，一并处置 ", make("kbd", {}, "A")
      ]));
    }
    card.appendChild(make("div", { class: "verdicts" }, data.verdicts.map(function (verdict, index) {
      return make("button", {
        type: "button", class: "verdict" + (pending === verdict ? " pending" : ""), "data-verdict": verdict,
        onclick: function () { choose(verdict); }
      }, [make("kbd", {}, String(index + 1)), verdict]);
    })));
    if (pending) { drawReasons(); }
  }

  function box(id, meaning) {
    var input = make("input", { type: "checkbox", id: id });
    input.checked = together === meaning;
    input.addEventListener("change", function () { bundle(meaning); });
    return input;
  }
  function bundle(meaning) {
    together = together === meaning ? "" : meaning;
    drawCard();
  }

  function drawReasons() {
    card.appendChild(make("div", { class: "why", role: "group", "aria-label": "理由" }, [
      make("p", {}, pending + "，理由是："),
      make("div", { class: "reasons" }, data.reasons.map(function (reason, index) {
        return make("button", { type: "button", class: "button", onclick: function () { because(index); } }, [make("kbd", {}, String(index + 1)), reason]);
      })),
      make("form", { id: "otherform", hidden: "" }, [
        make("input", { id: "other", maxlength: "200", placeholder: "请说明理由，回车确定", "aria-label": "理由", autocomplete: "off" }),
        make("button", { class: "button" }, "确定")
      ])
    ]));
    document.getElementById("otherform").addEventListener("submit", function (event) {
      event.preventDefault();
      var said = document.getElementById("other").value.trim();
      if (said) { decide(pending, said); }
    });
  }

  function choose(verdict) {
    if (!current || !data.may) { return; }
    if (data.needReason.indexOf(verdict) >= 0) {
      if (together === "type") { desk.toast(verdict + "须逐处判断，只能连同相同的值一并处置", true); bundle("type"); return; }
      pending = verdict;
      drawCard();
      var why = card.querySelector(".why").getBoundingClientRect();
      var side = document.querySelector(".side");
      var under = why.bottom - side.getBoundingClientRect().bottom;
      if (under > 0) { side.scrollTop += under + 12; }
      return;
    }
    decide(verdict, "");
  }

  function because(index) {
    if (index === data.reasons.length - 1) {
      document.getElementById("otherform").hidden = false;
      document.getElementById("other").focus();
      return;
    }
    decide(pending, data.reasons[index]);
  }

  // Shown at once, sent in order; what the server refuses is taken back.
  function decide(verdict, reason) {
    var ids = [current.id].concat(together === "value" ? others(current) : together ? alike(current) : []);
    var before = ids.map(function (id) { return byId[id][0].decision; });
    put(ids, { verdict: verdict, reason: reason, by: "" });
    var told = { verdict: verdict, reason: reason };
    nextOpen();
    chain = chain.then(function () {
      return ids.length === 1 ? desk.send("PUT", scans + "/findings/" + ids[0] + "/decision", told)
        : desk.send("POST", scans + "/decisions", { finding_ids: ids, verdict: verdict, reason: reason });
    }).then(refreshMissing, function (error) {
      ids.forEach(function (id, index) { put([id], before[index]); });
      drawList();
      desk.failed(error);
    });
  }

  function put(ids, decision) {
    ids.forEach(function (id) {
      byId[id].forEach(function (one) {
        one.decision = decision;
        paint(one);
        var item = list.querySelector('[data-n="' + one.n + '"]');
        if (item) { item.parentNode.replaceWith(row(one)); }
      });
    });
    drawLevels();
    drawProgress();
  }

  function paint(one) {
    marks(one).forEach(function (mark) {
      var all = mark.getAttribute("data-f").split(" ").every(function (n) { return settled(findings[Number(n)]); });
      mark.classList.toggle("settled", all);
    });
  }

  function undo() {
    chain = chain.then(function () { return desk.send("POST", scans + "/undo"); }).then(function (told) {
      return desk.send("GET", scans + "/decisions").then(function (rows) {
        var held = {};
        rows.forEach(function (item) { held[item.finding_id] = item; });
        put(told.findings.filter(function (id) { return byId[id]; }), null);
        told.findings.forEach(function (id) { if (byId[id] && held[id]) { put([id], held[id]); } });
        drawList();
        if (byId[told.findings[0]]) { select(byId[told.findings[0]][0]); }
        desk.toast("已撤销");
        refreshMissing();
      });
    }).catch(desk.failed);
  }

  // ---- the value, only while held

  var asked = 0;
  function reveal() {
    if (!current || !current.value || asked) { return; }
    var ticket = asked = Date.now();
    var one = current;
    desk.send("POST", scans + "/findings/" + one.id + "/value").then(function (told) {
      var box = document.getElementById("value");
      if (asked === ticket && current === one && box) { box.textContent = told.value; box.classList.add("clear"); }
    }, function (error) { asked = 0; desk.failed(error); });
  }
  function hide() {
    asked = 0;
    var box = document.getElementById("value");
    if (box && current) { box.textContent = current.masked; box.classList.remove("clear"); }
  }
  function bindReveal() {
    var button = document.getElementById("reveal");
    if (!button) { return; }
    button.addEventListener("pointerdown", reveal);
    ["pointerup", "pointerleave", "pointercancel", "blur"].forEach(function (name) { button.addEventListener(name, hide); });
    button.addEventListener("keydown", function (event) { if (event.code === "Space" || event.code === "Enter") { event.preventDefault(); event.stopPropagation(); reveal(); } });
    button.addEventListener("keyup", hide);
  }
  window.addEventListener("blur", hide);
  document.addEventListener("visibilitychange", hide);

  // ---- notes

  function drawNotes(one) {
    var notes = data.notes.filter(function (note) { return note.finding === one.id || !note.finding; });
    if (!notes.length && !data.may) { return; }
    card.appendChild(make("h3", {}, "备注"));
    notes.forEach(function (note) {
      card.appendChild(make("p", { class: "note" }, [make("b", {}, note.by), " " + note.text + " ", make("time", {}, note.at)]));
    });
    if (!data.may) { return; }
    var input = make("input", { id: "note", maxlength: "500", placeholder: "给同事的话（N）", "aria-label": "备注", autocomplete: "off" });
    var form = make("form", { class: "row" }, [input, make("button", { class: "button" }, "添加")]);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var text = input.value.trim();
      if (!text) { return; }
      desk.send("POST", cases + "/notes", { finding_id: one.id, text: text }).then(function () {
        data.notes.push({ finding: one.id, text: text, by: "我", at: "刚才" });
        drawCard();
      }, desk.failed);
    });
    card.appendChild(form);
  }

  // ---- the flow

  function refreshMissing() {
    var box = document.getElementById("missing");
    if (!box) { return null; }
    return desk.send("GET", cases + "/missing").then(function (items) {
      box.textContent = "";
      items.forEach(function (item) { box.appendChild(make("li", {}, item)); });
      var seen = document.getElementById("seen");
      if (seen) { seen.hidden = !items.some(function (item) { return item.indexOf("提示") >= 0; }); }
    }, desk.failed);
  }

  function after(promise) { promise.then(function () { location.reload(); }, desk.failed); }
  function on(id, name, handler) { var node = document.getElementById(id); if (node) { node.addEventListener(name, handler); } }
  function fields(form) {
    var told = {};
    new FormData(form).forEach(function (value, name) { told[name] = value; });
    return told;
  }

  on("submit", "click", function () { after(chain.then(function () { return desk.send("POST", cases + "/submit"); })); });
  on("seen", "click", function () { desk.send("POST", cases + "/seen").then(refreshMissing, desk.failed); });
  on("signform", "submit", function (event) {
    event.preventDefault();
    var told = fields(event.target);
    after(chain.then(function () { return desk.send("POST", cases + "/sign", told); }));
  });
  on("returnform", "submit", function (event) { event.preventDefault(); after(desk.send("POST", cases + "/return", fields(event.target))); });
  on("rescan", "click", function () { after(chain.then(function () { return desk.send("POST", cases + "/rescan"); })); });
  on("discard", "click", function () {
    if (window.confirm("作废后原件立即删除，不能恢复。确定作废吗？")) {
      desk.send("POST", cases + "/discard").then(function () { location.href = "/"; }, desk.failed);
    }
  });
  on("version", "change", function (event) {
    var form = new FormData();
    form.append("file", event.target.files[0]);
    desk.toast("正在上传并重新扫描");
    after(desk.send("POST", cases + "/versions", form));
  });
  on("attributeform", "submit", function (event) {
    event.preventDefault();
    var told = fields(event.target);
    if (!told.attribute) { desk.toast("请先选一种公开属性", true); return; }
    determine(told.attribute, told.clause);
  });
  on("adopt", "click", function (event) { determine(event.target.getAttribute("data-attribute"), event.target.getAttribute("data-clause")); });
  function determine(attribute, clause) {
    desk.send("PUT", scans + "/attribute", { attribute: attribute, clause: clause || "" }).then(function (told) {
      var label = { proactive: "主动公开", on_request: "依申请公开", withheld: "不予公开" }[told.attribute];
      var old = document.querySelector("#attribute .said");
      var said = make("p", { class: "said" }, ["已认定：", make("b", {}, label), (told.clause ? "（" + told.clause + "）" : "") + " · " + told.by]);
      if (old) { old.replaceWith(said); } else { document.getElementById("attributeform").before(said); }
      refreshMissing();
    }, desk.failed);
  }
  document.querySelectorAll("form[data-unread]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      after(desk.send("POST", cases + "/unread", { number: Number(form.getAttribute("data-unread")), reason: form.elements.reason.value }));
    });
  });

  // ---- searching the document

  var search = document.getElementById("search");
  var found = [];
  var foundAt = -1;
  search.addEventListener("input", function (event) {
    if (event.isComposing) { return; }
    look();
  });
  search.addEventListener("compositionend", look);
  search.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) { return; }
    if (event.code === "Enter" || event.code === "NumpadEnter") { event.preventDefault(); foundStep(event.shiftKey ? -1 : 1); }
    if (event.code === "Escape") { search.value = ""; look(); search.blur(); }
  });
  function look() {
    var wanted = search.value.trim();
    found = wanted ? Array.prototype.filter.call(sheet.querySelectorAll("p, td, .band-label"), function (node) {
      return node.textContent.indexOf(wanted) >= 0;
    }) : [];
    foundAt = -1;
    document.getElementById("searchcount").textContent = wanted ? (found.length ? found.length + " 段" : "没有找到") : "";
  }
  function foundStep(by) {
    if (!found.length) { return; }
    foundAt = (foundAt + by + found.length) % found.length;
    var node = found[foundAt];
    highlight(node, search.value.trim());
    document.getElementById("searchcount").textContent = (foundAt + 1) + "/" + found.length;
    center(node);
  }
  function highlight(node, wanted) {
    var start = node.textContent.indexOf(wanted);
    var range = document.createRange();
    var walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    var at = 0;
    var open = false;
    while (walker.nextNode()) {
      var length = walker.currentNode.length;
      if (!open && at + length > start) { range.setStart(walker.currentNode, start - at); open = true; }
      if (open && at + length >= start + wanted.length) { range.setEnd(walker.currentNode, start + wanted.length - at); break; }
      at += length;
    }
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // ---- images of pages

  var images = document.getElementById("images");
  function imagesShown() { return !images.hidden; }
  function showImages(yes) {
    if (yes && !images.firstChild) {
      for (var number = 1; number <= Math.min(300, Number(images.getAttribute("data-pages"))); number += 1) { images.appendChild(figure(number)); }
    }
    images.hidden = !yes;
    sheet.hidden = yes;
    document.getElementById("astext").setAttribute("aria-pressed", String(!yes));
    document.getElementById("asimages").setAttribute("aria-pressed", String(yes));
    if (current) { reach(current); }
  }
  function figure(number) {
    var image = make("img", { src: "/cases/" + data.case + "/pages/" + number + ".png", alt: "第 " + number + " 页", loading: "lazy", width: "935", height: "1210" });
    var holder = make("figure", { id: "image" + number }, [image, make("figcaption", {}, "第 " + number + " 页")]);
    image.addEventListener("load", function () {
      image.setAttribute("width", image.naturalWidth);
      image.setAttribute("height", image.naturalHeight);
      draw(holder, number, image.naturalWidth * 72 / 110, image.naturalHeight * 72 / 110);
    });
    image.addEventListener("error", function () { holder.classList.add("failed"); });
    return holder;
  }
  function draw(holder, number, width, height) {
    var space = "http://www.w3.org/2000/svg";
    var svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 " + width + " " + height);
    findings.forEach(function (one) {
      if (one.page !== number || !one.bbox) { return; }
      var rect = document.createElementNS(space, "rect");
      rect.setAttribute("x", one.bbox[0]); rect.setAttribute("y", one.bbox[1]);
      rect.setAttribute("width", Math.max(4, one.bbox[2] - one.bbox[0])); rect.setAttribute("height", Math.max(4, one.bbox[3] - one.bbox[1]));
      rect.setAttribute("class", "box-" + one.level);
      rect.setAttribute("data-n", one.n);
      rect.addEventListener("click", function () { select(one, true); scrollItem(); });
      var title = document.createElementNS(space, "title");
      title.textContent = one.levelWord + " " + one.type;
      rect.appendChild(title);
      svg.appendChild(rect);
    });
    holder.appendChild(svg);
  }
  function reachImage(one) {
    images.querySelectorAll("rect.here").forEach(function (rect) { rect.classList.remove("here"); });
    var rect = images.querySelector('rect[data-n="' + one.n + '"]');
    if (rect) { rect.classList.add("here"); }
    var holder = rect || document.getElementById("image" + one.page);
    if (holder) { center(holder); }
  }
  on("astext", "click", function () { showImages(false); });
  on("asimages", "click", function () { showImages(true); });

  // ---- keys

  function help(yes) {
    document.getElementById("keys").hidden = !yes;
    if (yes) { document.getElementById("closekeys").focus(); }
  }
  on("help", "click", function () { help(true); });
  on("closekeys", "click", function () { help(false); });
  on("keys", "click", function (event) { if (event.target.id === "keys") { help(false); } });

  function follow(id) { var link = document.getElementById(id); if (link) { location.href = link.href; } }

  document.addEventListener("keydown", function (event) {
    if (event.code === "Escape") {
      help(false);
      pending = null;
      if (document.activeElement && desk.typing(event)) { document.activeElement.blur(); }
      if (current) { drawCard(); }
      return;
    }
    if (desk.typing(event) || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit && current && data.may) {
      event.preventDefault();
      var number = Number(digit[1]);
      if (pending) { if (number <= data.reasons.length) { because(number - 1); } }
      else if (number <= data.verdicts.length) { choose(data.verdicts[number - 1]); }
      return;
    }
    var onControl = event.target.tagName === "BUTTON" || event.target.tagName === "A" || event.target.tagName === "SUMMARY";
    var done = true;
    if (event.code === "KeyJ" || event.code === "ArrowDown") { step(1); }
    else if (event.code === "KeyK" || event.code === "ArrowUp") { step(-1); }
    else if (event.code === "KeyU") { if (data.may) { undo(); } }
    else if (event.code === "KeyX") { reveal(); }
    else if (event.code === "KeyF") { setState(shown.state === "open" ? "all" : "open"); }
    else if (event.code === "KeyN") { var note = document.getElementById("note"); if (note) { note.focus(); } }
    else if (event.code === "KeyE") { if (document.getElementById("together")) { bundle("value"); } }
    else if (event.code === "KeyA") { if (document.getElementById("alike")) { bundle("type"); } }
    else if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) { help(true); }
    else if (event.code === "Slash") { search.focus(); search.select(); }
    else if (event.code === "BracketLeft") { follow("prevfile"); }
    else if (event.code === "BracketRight") { follow("nextfile"); }
    else if ((event.code === "Enter" || event.code === "NumpadEnter") && !onControl) { if (current) { reach(current); } }
    else { done = false; }
    if (done) { event.preventDefault(); }
  });
  document.addEventListener("keyup", function (event) { if (event.code === "KeyX") { hide(); } });

  // ---- a phone shows one pane at a time

  function pane(name) {
    document.getElementById("panes").setAttribute("data-pane", name);
    document.querySelectorAll(".phone-tabs button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-pane") === name));
    });
  }
  document.querySelectorAll(".phone-tabs button").forEach(function (button) {
    button.addEventListener("click", function () { pane(button.getAttribute("data-pane")); });
  });
  pane("paper");

  drawLevels();
  drawKinds();
  findings.forEach(function (one) { if (settled(one)) { paint(one); } });
  drawProgress();
  setState(findings.some(function (one) { return !settled(one); }) ? "open" : "all");
  var first = findings.filter(function (one) { return !settled(one) && one.level !== "note"; })[0];
  if (first && window.innerWidth > 900) { select(first); }
}());
