"use strict";
(function () {
  var waiting = document.getElementById("waiting");
  if (waiting) { poll([waiting.getAttribute("data-id")], function () { location.reload(); }); return; }
  var inbox = document.getElementById("inbox");
  if (!inbox) { return; }
  desk.csrf = inbox.getAttribute("data-csrf");
  var limit = Number(inbox.getAttribute("data-limit")) * 1024 * 1024;
  var drop = document.getElementById("drop");
  var list = document.getElementById("uploads");
  var pending = [];
  var active = 0;
  var sent = 0;
  told();

  document.getElementById("files").addEventListener("change", function (event) {
    add(event.target.files);
    event.target.value = "";
  });
  ["dragenter", "dragover"].forEach(function (name) {
    document.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); });
  });
  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) { drop.classList.remove("over"); } });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    drop.classList.remove("over");
    add(event.dataTransfer.files);
  });

  var box = document.getElementById("pastebox");
  document.getElementById("paste").addEventListener("click", function () { box.hidden = false; document.getElementById("pasted").focus(); });
  document.getElementById("unpaste").addEventListener("click", function () { box.hidden = true; });
  box.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = document.getElementById("pasted").value;
    if (!text.trim()) { return; }
    desk.send("POST", "/v1/scans", { text: text, keep: "review" }).then(function () { location.reload(); }, desk.failed);
  });

  var again = document.getElementById("rescanall");
  if (again) {
    again.addEventListener("click", function () {
      again.disabled = true;
      desk.send("POST", "/desk/rescan").then(function () { location.reload(); }, desk.failed);
    });
  }

  function add(files) {
    Array.prototype.forEach.call(files, function (file) {
      var state = desk.make("span", { class: "state" }, "等待上传");
      var row = desk.make("li", {}, [desk.make("b", {}, file.name), state]);
      list.appendChild(row);
      if (file.size > limit) { state.textContent = "超过大小上限"; row.className = "bad"; return; }
      if (!file.size) { state.textContent = "空文件，或是文件夹"; row.className = "bad"; return; }
      pending.push({ file: file, state: state, row: row, tries: 0 });
    });
    next();
  }

  function next() {
    while (active < 3 && pending.length) { active += 1; upload(pending.shift()); }
    if (!active && !pending.length && sent) { sent = 0; setTimeout(function () { loadAgain("/"); }, 500); }
  }

  function upload(item) {
    var request = new XMLHttpRequest();
    request.open("POST", "/v1/scans");
    request.setRequestHeader("X-CSRF-Token", desk.csrf);
    request.setRequestHeader("Prefer", "respond-async");
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) { item.state.textContent = "上传 " + Math.round(100 * event.loaded / event.total) + "%"; }
    };
    request.onload = function () {
      active -= 1;
      if (request.status === 429 && item.tries < 20) {
        item.tries += 1;
        item.state.textContent = "排队的文件太多，稍后自动重试";
        setTimeout(function () { pending.push(item); next(); }, 1000 * Number(request.getResponseHeader("Retry-After") || 3));
        return;
      }
      if (request.status === 200 || request.status === 202) {
        sent += 1;
        item.state.textContent = request.status === 200 ? "已扫描" : "已收下，正在扫描";
        item.row.className = "good";
      } else {
        item.row.className = "bad";
        try { item.state.textContent = JSON.parse(request.responseText).detail; } catch (error) { item.state.textContent = "上传失败"; }
      }
      next();
    };
    request.onerror = function () { active -= 1; item.row.className = "bad"; item.state.textContent = "连不上服务"; next(); };
    var form = new FormData();
    form.append("keep", "review");
    form.append("file", item.file);
    request.send(form);
  }

  var open = Array.prototype.map.call(document.querySelectorAll('tr[data-status="queued"], tr[data-status="running"]'),
    function (row) { return row.getAttribute("data-id"); });
  if (open.length) { poll(open, function () { if (!pending.length && !active) { loadAgain(); } }); }

  // Loads the list again; what was refused is told once more below it.
  function loadAgain(address) {
    var refused = Array.prototype.map.call(list.querySelectorAll(".bad"), function (row) {
      return [row.firstChild.textContent, row.lastChild.textContent];
    });
    try { sessionStorage.setItem("refused", JSON.stringify(refused)); } catch (error) { refused = []; }
    if (address) { location.href = address; } else { location.reload(); }
  }

  function told() {
    var refused = [];
    try {
      refused = JSON.parse(sessionStorage.getItem("refused") || "[]");
      sessionStorage.removeItem("refused");
    } catch (error) { return; }
    refused.forEach(function (one) {
      list.appendChild(desk.make("li", { class: "bad" }, [desk.make("b", {}, one[0]), desk.make("span", { class: "state" }, one[1])]));
    });
  }

  // How far a scan is, in a few words.
  function said(row) {
    if (row.status === "queued") { return row.ahead ? "排队中，前面还有 " + row.ahead + " 份" : "排队中"; }
    var read = row.pages ? "已读 " + row.pages + " 页" : row.chars ? "已读 " + row.chars + " 字" : "";
    var file = row.files ? "第 " + row.files + " 个文件" : "";
    var step = { reading: "读取中", recognising: "识别图像中的文字", scanning: "检测中", filing: "归档中" }[row.step] || "准备中";
    return [step, file, read, row.seconds > 2 ? row.seconds + " 秒" : ""].filter(Boolean).join("，");
  }

  function poll(ids, done) {
    desk.send("GET", "/desk/status?ids=" + ids.slice(0, 100).join(",")).then(function (rows) {
      var left = rows.filter(function (row) { return row.status === "queued" || row.status === "running"; });
      left.forEach(function (row) {
        var badge = document.querySelector('tr[data-id="' + row.id + '"] [data-verdict]');
        if (badge) { badge.textContent = said(row); }
        if (waiting) { document.getElementById("how").textContent = said(row); }
      });
      if (left.length < ids.length) { done(); return; }
      setTimeout(function () { poll(ids, done); }, 1000);
    }, function () { setTimeout(function () { poll(ids, done); }, 4000); });
  }
}());
