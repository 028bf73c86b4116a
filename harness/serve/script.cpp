// SPDX-License-Identifier: MIT
#include "harness/serve/pages.h"

namespace segbench::serve {

// Every page is whole without it. It asks for the page again every two seconds and puts in only what has
// changed, so that nothing flickers and what was opened, chosen or scrolled stays; it sends images.
const char* const kServeScript = R"JS("use strict";
(function () {
  var etag = "", pause = 2000, says = document.getElementById("connection");

  function sameKind(a, b) {
    return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
  }
  // Makes `now` like `next`, touching only what differs.
  function morph(now, next) {
    if (now.nodeType !== Node.ELEMENT_NODE) {
      if (now.nodeValue !== next.nodeValue) now.nodeValue = next.nodeValue;
      return;
    }
    if (now.isEqualNode(next)) return;
    Array.from(next.attributes).forEach(function (one) {
      if (now.getAttribute(one.name) !== one.value) now.setAttribute(one.name, one.value);
    });
    Array.from(now.attributes).forEach(function (one) {
      var own = now.nodeName === "DETAILS" && one.name === "open";
      if (!own && !next.hasAttribute(one.name)) now.removeAttribute(one.name);
    });
    var old = Array.from(now.childNodes);
    Array.from(next.childNodes).forEach(function (child, i) {
      if (i >= old.length) now.appendChild(document.importNode(child, true));
      else if (sameKind(old[i], child)) morph(old[i], child);
      else now.replaceChild(document.importNode(child, true), old[i]);
    });
    old.slice(next.childNodes.length).forEach(function (child) { now.removeChild(child); });
  }

  // What a reader has opened, typed and sorted in a report, done again in a newer one.
  function resume(from, to) {
    function pairs(selector, act) {
      var old = from.querySelectorAll(selector), fresh = to.querySelectorAll(selector);
      if (old.length === fresh.length) old.forEach(function (one, i) { act(one, fresh[i]); });
    }
    pairs("details", function (one, other) { other.open = one.open; });
    pairs("table.sortable", function (one, other) {
      Array.from(one.tHead.rows[0].cells).forEach(function (heading, column) {
        var order = heading.getAttribute("aria-sort"), button = other.tHead.rows[0].cells[column];
        button = button && button.querySelector("button");
        if (order && button) button.click();
        if (order === "descending" && button) button.click();
      });
    });
    pairs("input[type=search]", function (one, other) {
      other.value = one.value;
      other.dispatchEvent(new Event("input"));
    });
  }

  // A newer report is loaded out of sight, brought to where the reader was, and then takes the place of the old one.
  function exchange(frame, address) {
    if (document.querySelector("iframe.coming")) return;
    var coming = frame.cloneNode(false);
    coming.removeAttribute("id");
    coming.className = "coming";
    coming.src = address;
    coming.addEventListener("load", function () {
      resume(frame.contentDocument, coming.contentDocument);
      var x = frame.contentWindow.scrollX, y = frame.contentWindow.scrollY;
      frame.remove();
      coming.id = "report";
      coming.className = "";
      coming.contentWindow.scrollTo(x, y);
    }, { once: true });
    frame.after(coming);
  }

  function update(text) {
    var next = new DOMParser().parseFromString(text, "text/html");
    var frame = document.getElementById("report"), newer = next.getElementById("report");
    if (frame && newer) {
      morph(document.querySelector(".report-note"), next.querySelector(".report-note"));
      if (frame.getAttribute("src") !== newer.getAttribute("src")) exchange(frame, newer.getAttribute("src"));
      return;
    }
    document.body.className = next.body.className;
    morph(document.getElementById("content"), next.getElementById("content"));
  }

  function look() {
    if (document.hidden) return again();
    fetch(location.href, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", redirect: "error" })
      .then(function (answer) {
        if (answer.status !== 304 && answer.status !== 200) throw new Error(answer.status);
        says.textContent = "";
        pause = 2000;
        if (answer.status === 304) return;
        return answer.text().then(function (text) {
          update(text);
          etag = answer.headers.get("ETag") || "";
        });
      })
      .catch(function () {
        says.textContent = "The server does not answer; what you see may be out of date.";
        pause = Math.min(pause * 2, 30000);
      })
      .then(again);
  }
  function again() { setTimeout(look, pause); }
  document.addEventListener("visibilitychange", function () { pause = 2000; });
  again();

  var busy = false;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.id !== "upload") return;
    event.preventDefault();
    if (busy) return;
    var file = form.elements.image.files[0], out = document.getElementById("upload-says");
    var chosen = Array.from(form.querySelectorAll("input[name=trial]:checked"));
    out.textContent = "";
    if (!file) { out.textContent = "Choose an image."; return; }
    if (!chosen.length) { out.textContent = "Choose at least one trial."; return; }
    if (chosen.length > Number(form.dataset.trials)) { out.textContent = "Choose at most " + form.dataset.trials + " trials."; return; }
    if (file.size > Number(form.dataset.bytes)) { out.textContent = "The file is too large."; return; }
    var query = chosen.map(function (box) { return "trial=" + encodeURIComponent(box.value); });
    query.push("name=" + encodeURIComponent(file.name));
    busy = true;
    fetch("/api/predictions?" + query.join("&"), {
      method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }
    }).then(function (answer) {
      return answer.text().then(function (text) {
        if (!answer.ok) throw new Error(text);
        location.assign(JSON.parse(text).page);
      });
    }).catch(function (error) {
      out.textContent = error.message || "The server does not answer.";
    }).then(function () { busy = false; });
  });
})();
)JS";

}  // namespace segbench::serve
