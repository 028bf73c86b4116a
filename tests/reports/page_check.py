# SPDX-License-Identifier: MIT
"""page_check.py BROWSER PAGE: looks at a report in a headless Chromium as people do who see little, hear it or use
the keyboard alone, and prints one line for each defect. Speaks the DevTools protocol over two pipes; needs nothing
but Python. With SEGBENCH_AXE=axe.min.js it runs axe-core's rules as well."""

import base64
import json
import os
import fcntl
import pathlib
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, program, profile):
        command_read, self.command = os.pipe()
        self.answer, answer_write = os.pipe()

        def place_pipes():  # the browser reads 3 and writes 4
            low = fcntl.fcntl(command_read, fcntl.F_DUPFD, 10)
            high = fcntl.fcntl(answer_write, fcntl.F_DUPFD, 10)
            os.dup2(low, 3)
            os.dup2(high, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--remote-debugging-pipe", "--user-data-dir=" + profile],
            preexec_fn=place_pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(command_read)
        os.close(answer_write)
        self.number, self.buffer, self.events = 0, b"", []

    def read(self):
        while b"\0" not in self.buffer:
            more = os.read(self.answer, 1 << 20)
            if not more:
                sys.exit("the browser has ended")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.command, data):]
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer["method"])

    def open(self, page, width, dark=False, script=True):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.call("Emulation.setDeviceMetricsOverride", session, width=width, height=900, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", session,
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Emulation.setScriptExecutionDisabled", session, value=not script)
        self.call("Page.setBypassCSP", session, enabled="SEGBENCH_AXE" in os.environ)
        self.events = []
        self.call("Page.navigate", session, url=page if "://" in page else pathlib.Path(page).absolute().as_uri())
        while "Page.loadEventFired" not in self.events:
            self.events.append(self.read().get("method"))
        return session

    def value(self, session, expression):
        result = self.call("Runtime.evaluate", session, expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, session, key, shift=False):
        code = {"Tab": 9, "Enter": 13}[key]
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", session, type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                      modifiers=8 if shift else 0, text="\r" if key == "Enter" and kind == "keyDown" else "")


CHECKS = r"""
(() => {
  const found = [];
  const say = (what, element) => found.push(what + (element ? ": " + element.outerHTML.slice(0, 160) : ""));
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const text = (element) => (element.textContent || "").trim();
  const label = (element) => {
    const by = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
      .map((id) => document.getElementById(id)).map((other) => other ? text(other) : "").join(" ").trim();
    const outer = element.closest("label");
    return by || (element.getAttribute("aria-label") || "").trim() || text(element) || (outer ? text(outer) : "");
  };
  const visible = (element) => element.checkVisibility({ checkVisibilityCSS: true });

  if (!document.documentElement.lang) say("no language");
  if (!document.title.trim()) say("no title");
  if (all("h1").length !== 1) say("not one first heading");
  let level = 0;
  all("h1,h2,h3,h4,h5,h6").filter(visible).forEach((heading) => {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) say("a level of headings is left out", heading);
    if (!text(heading)) say("an empty heading", heading);
    level = next;
  });
  for (const landmark of ["main", "body > header", "nav", "body > footer"])
    if (all(landmark).length !== 1) say("not one " + landmark);
  Array.from(document.body.children).forEach((child) => {
    if (!["HEADER", "NAV", "MAIN", "FOOTER", "SCRIPT"].includes(child.tagName)) say("outside of all landmarks", child);
  });
  const ids = new Set();
  all("[id]").forEach((element) => { if (ids.has(element.id)) say("an id twice", element); ids.add(element.id); });
  all("[aria-labelledby],[aria-describedby]").forEach((element) => {
    for (const name of ["aria-labelledby", "aria-describedby"])
      for (const id of (element.getAttribute(name) || "").split(/\s+/).filter(Boolean))
        if (!ids.has(id)) say("names an id that is not there", element);
  });
  all("a[href^='#']").forEach((link) => {
    if (!ids.has((link.getAttribute("href") || "").slice(1))) say("a link to nothing", link);
  });
  const names = new Set();
  all("[role=region],section[aria-label],nav").forEach((region) => {
    const name = label(region);
    if (!name) say("a region without a name", region);
    if (region.hasAttribute("aria-label") || region.hasAttribute("aria-labelledby")) {
      if (names.has(name)) say("two regions of one name", region);
      names.add(name);
    }
  });
  all("button,a[href],summary,input").forEach((control) => { if (!label(control)) say("a control without a name", control); });
  all("img").forEach((image) => { if (!(image.getAttribute("alt") || "").trim()) say("a picture without a text", image); });
  all("svg:not([aria-hidden=true])").forEach((drawing) => {
    if (!["img", "group"].includes(drawing.getAttribute("role"))) say("a drawing without a role", drawing);
    if (!(drawing.getAttribute("aria-label") || drawing.querySelector("title"))) say("a drawing without a text", drawing);
    if (drawing.getAttribute("role") === "img" && drawing.querySelector("a,[tabindex]")) say("a control within a picture", drawing);
  });
  all("table").forEach((table) => {
    if (!table.caption || !text(table.caption)) say("a table without a caption", table);
    if (!table.tHead) return say("a table without headings", table);
    const width = table.tHead.rows[0].cells.length;
    Array.from(table.rows).forEach((row) => { if (row.cells.length !== width) say("a row of another width", row); });
    table.querySelectorAll("th").forEach((heading) => {
      if (!heading.scope) say("a heading without a scope", heading);
      if (!label(heading)) say("an empty heading of a table", heading);
    });
  });
  all("ul,ol").forEach((list) => Array.from(list.children).forEach((item) => {
    if (item.tagName !== "LI") say("no item of a list", item);
  }));
  all("*").forEach((element) => {
    if (!visible(element)) return;
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    if (scrolls && element.tabIndex < 0) say("scrolls, but not by the keyboard", element);
  });
  if (document.documentElement.scrollWidth > innerWidth + 1)
    say("the page scrolls sideways: " + document.documentElement.scrollWidth + " of " + innerWidth);

  const parse = (colour) => {
    const numbers = (colour.match(/[\d.]+/g) || []).map(Number);
    return numbers.length < 3 ? null : { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at), colour = parse(style.backgroundColor);
      if (style.backgroundImage !== "none") return null;
      if (colour && colour.alpha === 1) return colour.rgb;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const told = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || /^[■●]$/.test(node.data.trim()) || ["SCRIPT", "STYLE", "TITLE", "DESC", "title", "desc"].includes(element.tagName) || !visible(element)) continue;
    // In a heat map text stands on cells of a drawing; the palette has a test of its own.
    if (element.closest("#figure-confusion, #figure-per_class")) continue;
    const style = getComputedStyle(element), paper = behind(element);
    const ink = parse(element instanceof SVGElement ? style.fill : style.color);
    if (!ink || !paper) continue;
    const a = luminance(ink.rgb), b = luminance(paper);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const what = "contrast " + contrast.toFixed(2) + " of " + style.color + " " + element.tagName + "." + element.className;
    if (contrast < least - 0.005 && !told.has(what)) { told.add(what); say(what, element); }
  }
  return found;
})()
"""

FOCUS = r"""
(() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const all = Array.from(document.querySelectorAll("*"));
  return { place: all.indexOf(at), html: at.outerHTML.slice(0, 120), seen: style.outlineStyle !== "none" || at.tagName === "INPUT",
           shown: at.checkVisibility() };
})()
"""


def check_keyboard(browser, page):
    """Tab goes through all controls, each of which is seen to have the focus, and out of the page again."""
    session = browser.open(page, 1200)
    places, found = [], []
    for _ in range(2000):
        browser.press(session, "Tab")
        focus = browser.value(session, FOCUS)
        if focus is None:
            break
        if not focus["seen"]:
            found.append("the focus is not seen: " + focus["html"])
        if not focus["shown"]:
            found.append("the focus is on something hidden: " + focus["html"])
        if places and focus["place"] in places[-3:]:
            found.append("the keyboard is trapped: " + focus["html"])
            break
        places.append(focus["place"])
    else:
        found.append("the keyboard never leaves the page")
    if places != sorted(places):
        found.append("the focus does not follow the page")
    if not places:
        found.append("nothing takes the focus")
    return found


def check_tables(browser, page):
    """A heading sorts by Enter, and the field above a long table hides rows."""
    session = browser.open(page, 1200)
    rows = "Array.from(document.querySelector('#leaderboard table').tBodies[0].rows).map(r => r.textContent)"
    before = browser.value(session, rows)
    found = []
    if len(before) < 2:
        return found
    browser.value(session, "document.querySelector('#leaderboard table th[data-key=mean] button').focus()")
    browser.press(session, "Enter")
    if browser.value(session, rows) != before[::-1]:
        found.append("Enter on a heading does not sort its table")
    if browser.value(session, "document.querySelector('#leaderboard th[data-key=mean]').ariaSort") != "ascending":
        found.append("a sorted heading does not say so")
    if browser.value(session, "document.querySelectorAll('.filter input').length") == 0:
        found.append("no table can be filtered")
        return found
    hidden = browser.value(session, """(() => {
      const field = document.querySelector('.filter input');
      field.value = 'no such row'; field.dispatchEvent(new Event('input'));
      const rows = Array.from(field.closest('p').nextElementSibling.querySelectorAll('tbody tr'));
      const none = rows.every(row => row.hidden);
      field.value = ''; field.dispatchEvent(new Event('input'));
      return none && rows.every(row => !row.hidden); })()""")
    if not hidden:
        found.append("the field above a table does not filter it")
    return found


def check_without_script(browser, page):
    """Every row is there without the script."""
    count = "document.querySelectorAll('tbody tr').length"
    with_script = browser.value(browser.open(page, 1200), count)
    session = browser.open(page, 1200, script=False)
    root = browser.call("DOM.getDocument", session, depth=0)["root"]["nodeId"]
    rows = browser.call("DOM.querySelectorAll", session, nodeId=root, selector="tbody tr")["nodeIds"]
    buttons = browser.call("DOM.querySelectorAll", session, nodeId=root, selector="button, input")["nodeIds"]
    found = [] if len(rows) == with_script else [f"without the script {len(rows)} rows, with it {with_script}"]
    return found + (["a control that does nothing without the script"] if buttons else [])


def check_names(browser, page):
    """What a screen reader is told: every control, picture and table has a name."""
    session = browser.open(page, 1200)
    browser.call("Accessibility.enable", session)
    found = []
    for node in browser.call("Accessibility.getFullAXTree", session)["nodes"]:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in {"button", "link", "searchbox", "img", "image", "table", "region",
                                               "navigation", "heading", "columnheader"}:
            continue
        if not node.get("name", {}).get("value", "").strip():
            found.append(f"a screen reader hears no name of a {role}")
    return found


def check_print(browser, page):
    session = browser.open(page, 1200)
    pdf = base64.b64decode(browser.call("Page.printToPDF", session, preferCSSPageSize=True)["data"])
    return [] if pdf.startswith(b"%PDF-") and len(pdf) > 10000 else ["it cannot be printed"]


def check_axe(browser, page):
    found = []
    if "SEGBENCH_AXE" not in os.environ:
        return found
    for width, dark in ((1200, False), (1200, True), (390, False)):
        session = browser.open(page, width, dark)
        browser.value(session, pathlib.Path(os.environ["SEGBENCH_AXE"]).read_text())
        for violation in browser.value(session, "axe.run().then(r => r.violations.map(v => [v.id, v.help, "
                                                "v.nodes.length, v.nodes[0].html.slice(0, 160)]))"):
            found.append(f"axe {width}{' dark' if dark else ''}: {violation}")
    return found


def main():
    program, page = sys.argv[1:3]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        found = []
        for width, dark in ((1200, False), (1200, True), (390, False)):
            session = browser.open(page, width, dark)
            found += [f"{width}{' dark' if dark else ''}: {line}" for line in browser.value(session, CHECKS)]
        for check in (check_keyboard, check_tables, check_without_script, check_names, check_print, check_axe):
            found += check(browser, page)
        try:
            browser.call("Browser.close")
        except (SystemExit, OSError):
            pass
        browser.process.wait()
    for line in dict.fromkeys(found):
        print(line)


if __name__ == "__main__":
    main()
