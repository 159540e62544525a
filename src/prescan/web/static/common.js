"use strict";
// Shared by the pages: requests that carry the session's token, and short messages.

var desk = {
  csrf: "",

  // Send JSON (or a form) and return the answer; an error is shown and thrown.
  send: function (method, url, body) {
    var headers = { "X-CSRF-Token": desk.csrf, Accept: "application/json" };
    var options = { method: method, headers: headers, credentials: "same-origin" };
    if (body instanceof FormData) {
      options.body = body;
    } else if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    return fetch(url, options).then(function (answer) {
      if (answer.ok) {
        return answer.status === 204 || method === "DELETE" ? null : answer.text().then(function (text) {
          return text ? JSON.parse(text) : null;
        });
      }
      return desk.refused(answer);
    }, desk.unreachable);
  },

  toast: function (text, bad) {
    var box = document.getElementById("toast");
    box.textContent = text;
    box.className = bad ? "shown bad" : "shown";
    clearTimeout(desk.timer);
    desk.timer = setTimeout(function () { box.className = ""; }, bad ? 6000 : 2500);
  },

  failed: function (error) { desk.toast(error.message, true); },

  make: function (tag, attributes, children) {
    var node = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) {
      if (name === "class") { node.className = attributes[name]; }
      else if (name.slice(0, 2) === "on") { node.addEventListener(name.slice(2), attributes[name]); }
      else if (attributes[name] !== null && attributes[name] !== undefined) { node.setAttribute(name, attributes[name]); }
    });
    [].concat(children || []).forEach(function (child) {
      if (child !== null && child !== undefined && child !== "") {
        node.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
      }
    });
    return node;
  },

  // Follow a link to a file: what the service refuses is told on the page, which stays.
  download: function (url) {
    desk.toast("正在生成……");
    return fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { return desk.refused(answer); }
      var named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") || "");
      return answer.blob().then(function (data) {
        var link = desk.make("a", { href: URL.createObjectURL(data), download: named ? decodeURIComponent(named[1]) : "" });
        document.body.appendChild(link);
        link.click();
        link.remove();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
        desk.toast("已交给浏览器下载");
      });
    }, desk.unreachable).catch(desk.failed);
  },

  refused: function (answer) {
    if (answer.status === 401) { location.href = "/login"; }
    return answer.json().catch(function () { return {}; }).then(function (problem) {
      throw new Error(problem.detail || "没有成功，请重试");
    });
  },

  unreachable: function () { throw new Error("连不上服务，请检查 prescan serve 是否还在运行"); },

  // Whether a key press belongs to somebody who is typing, perhaps with an input method.
  typing: function (event) {
    var tag = event.target.tagName;
    return event.isComposing || event.keyCode === 229 || tag === "TEXTAREA" || tag === "SELECT" ||
      (tag === "INPUT" && event.target.type !== "radio" && event.target.type !== "checkbox");
  }
};

document.addEventListener("click", function (event) {
  var link = event.target.closest('a[href^="/v1/scans/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
  event.preventDefault();
  desk.download(link.getAttribute("href"));
});
