# SPDX-License-Identifier: MIT
"""serve_check.py BROWSER ADDRESS TRIAL IMAGE: uses the pages of `segbench serve` in a headless Chromium as people do,
and prints one line for each defect. TRIAL is the folder of a complete trial, IMAGE an image to look at."""

import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reports"))
import page_check  # noqa: E402

PATIENCE = 180  # seconds


def becomes_true(browser, session, expression):
    for _ in range(PATIENCE * 5):
        if browser.value(session, expression):
            return True
        time.sleep(0.2)
    return False


def check_pages(browser, address, trial):
    found = []
    for path in ("/", f"/trials/{trial.name}", "/predict", "/report"):
        for width, dark in ((1200, False), (1200, True), (390, False)):
            session = browser.open(address + path, width, dark)
            found += [f"{path} {width}{' dark' if dark else ''}: {line}"
                      for line in browser.value(session, page_check.CHECKS)]
        found += [f"{path}: {line}" for line in page_check.check_names(browser, address + path)]
        found += [f"{path}: {line}" for line in page_check.check_axe(browser, address + path)]
    for path in ("/", "/predict"):
        found += [f"{path}: {line}" for line in page_check.check_keyboard(browser, address + path)]
    return found


def check_live(browser, address, trial):
    """A page that is open takes up what a log says, and leaves alone what its reader has opened."""
    session = browser.open(f"{address}/trials/{trial.name}", 1200)
    browser.value(session, "window.mark = document.querySelector('h1'); document.querySelector('details').open = true")
    with open(trial / "worker.log", "a") as log:
        log.write("a line <b>of now</b>\n")
    if not becomes_true(browser, session, "document.body.textContent.includes('a line <b>of now</b>')"):
        return ["a page does not take up what is new"]
    found = []
    if not browser.value(session, "document.querySelector('details').open"):
        found.append("what was opened is closed again")
    if not browser.value(session, "window.mark.isConnected"):
        found.append("what has not changed was put in anew")
    return found


def check_upload(browser, address, trial, image):
    session = browser.open(f"{address}/predict?trial={trial.name}", 1200)
    browser.value(session, "document.querySelector('#upload button').click()")
    browser.call("DOM.enable", session)
    root = browser.call("DOM.getDocument", session, depth=0)["root"]["nodeId"]
    field = browser.call("DOM.querySelector", session, nodeId=root, selector="#image")["nodeId"]
    browser.call("DOM.setFileInputFiles", session, nodeId=field, files=[str(image.absolute())])
    browser.value(session, "document.querySelector('#upload button').click()")
    if not becomes_true(browser, session, "location.pathname.startsWith('/predictions/')"):
        return ["an image is not taken: " + browser.value(session, "document.getElementById('upload-says').textContent")]
    shown = "(() => { const one = document.querySelector('img.overlay'); return Boolean(one && one.naturalWidth); })()"
    if not becomes_true(browser, session, shown):
        return ["no mask is shown: " + browser.value(session, "document.body.textContent")]
    found = browser.value(session, page_check.CHECKS)
    browser.value(session, "document.getElementById('view-colour').click()")
    if browser.value(session, "document.querySelector('img.overlay').checkVisibility()"):
        found.append("the view cannot be changed")
    return found


def check_report(browser, address, trial):
    """A newer report takes the place of the one that is read, where it is read."""
    session = browser.open(address + "/report", 1200)
    ready = "(() => { const one = document.getElementById('report'); return Boolean(one && one.contentDocument && " \
            "one.contentDocument.querySelector('h1')); })()"
    if not becomes_true(browser, session, ready):
        return ["no report is shown: " + browser.value(session, "document.body.textContent")]
    browser.value(session, "document.getElementById('report').contentWindow.scrollTo(0, 200)")
    first = browser.value(session, "document.getElementById('report').getAttribute('src')")
    aside = trial.with_name("aside of " + trial.name)
    trial.rename(aside)
    try:
        if not becomes_true(browser, session, f"document.getElementById('report').getAttribute('src') !== '{first}'"):
            return ["a newer report is not shown"]
        if browser.value(session, "document.getElementById('report').contentWindow.scrollY") != 200:
            return ["a newer report is not shown where the older one was read"]
        if browser.value(session, "document.querySelectorAll('iframe').length") != 1:
            return ["the older report stays"]
    finally:
        aside.rename(trial)
    return []


def main():
    program, address, trial, image = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = page_check.Browser(program, profile)
        found = check_pages(browser, address, trial) + check_live(browser, address, trial)
        found += check_upload(browser, address, trial, image) + check_report(browser, address, trial)
        try:
            browser.call("Browser.close")
        except (SystemExit, OSError):
            pass
        browser.process.wait()
    for line in dict.fromkeys(found):
        print(line)


main()
