"""Drives the audit's page in Chromium, as a person would, and takes pictures of it.

Usage: drive_page.py CHROMIUM PAGE FOLDER

Chromium is spoken to through a pipe, in its DevTools protocol, so that nothing has to be installed beside it. Prints what it did, a
line each; the first thing that is not as it should be ends it with status 1.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, program, profile):
        to_browser, self.out = os.pipe()
        self.inn, from_browser = os.pipe()

        def at_its_places():
            # Chromium reads from descriptor 3 and writes to 4.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars"]
        arguments += ["--disable-dev-shm-usage", f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(
            [program, *arguments], preexec_fn=at_its_places, close_fds=False, stderr=subprocess.DEVNULL
        )
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.number, self.session, self.events = b"", 0, None, []

    def message(self):
        while b"\0" not in self.buffer:
            read = os.read(self.inn, 1 << 20)
            if not read:
                sys.exit("drive_page: Chromium ended")
            self.buffer += read
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        while (message := self.message()).get("id") != self.number:
            self.events.append(message)
        if "error" in message:
            sys.exit(f"drive_page: {method}: {message['error']}")
        return message["result"]

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"drive_page: {expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait_for(self, method):
        while True:
            for event in self.events:
                if event.get("method") == method:
                    self.events.remove(event)
                    return
            self.events.append(self.message())

    def click(self, selector):
        place = self.value(
            f"(() => {{ const it = document.querySelector({json.dumps(selector)}); it.scrollIntoView({{block: 'center'}});"
            " const box = it.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", buttons=1, clickCount=1
            )

    def key(self, key, code, text=""):
        key = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **key)
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def write(self, text):
        self.call("Input.insertText", text=text)


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"drive_page: {what}: {found!r} and not {wanted!r}")
    print(f"{what}: {found!r}")


# Looks of the page, read from what is laid out and not from what the script believes.
SHOWN = "[...document.querySelectorAll('#matrix tbody')].filter((it) => it.offsetParent || it.offsetHeight).length"
FOCUSED = "(document.activeElement.id || document.activeElement.textContent).trim()"
COUNT = "document.getElementById('count').textContent"


def drive(browser, page, folder):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Runtime", "Network", "Log"):
        browser.call(f"{domain}.enable")
    browser.call("Performance.enable", timeDomain="threadTicks")
    screen(browser, 1440, 1000)
    browser.call("Page.navigate", url=page.as_uri())
    browser.wait_for("Page.loadEventFired")

    everything = browser.value("document.querySelectorAll('#matrix tbody').length")
    expect(everything >= 1000, True, "a thousand services are there")
    expect(browser.value(SHOWN), everything, "all are shown")

    # By mouse and keyboard: a text, a cluster, a control and a state, and all of it taken back.
    browser.click("#text")
    browser.write("service-0004")
    expect(browser.value(SHOWN), 1, "a text filters")
    expect(browser.value(COUNT), f"1 of {everything} services", "and the count is told")
    browser.click("form button")
    browser.value("new Promise((done) => setTimeout(done, 50))")
    expect(browser.value(SHOWN), everything, "the button takes it back")
    browser.value("document.getElementById('text').focus()")
    for field in ("cluster", "control", "state"):
        browser.key("Tab", 9)
        expect(browser.value(FOCUSED), field, "the next field by the keyboard")
        browser.key("ArrowDown", 40)
        if field == "control":
            # Behind the Agent is ECS.5.
            browser.key("ArrowDown", 40)
    by_hand = (
        "[...document.querySelectorAll('#matrix tbody')].filter((it) => it.dataset.c === '0' &&"
        " it.rows[0].cells[4].classList.contains('f')).length"
    )
    expect(browser.value("[...document.forms[0].querySelectorAll('select')].map((it) => it.selectedIndex)"), [1, 2, 1], "chosen")
    expect(0 < browser.value(by_hand) < everything, True, "some are of a cluster and fail a control")
    expect(browser.value(SHOWN), browser.value(by_hand), "cluster, control and state filter together")
    browser.key("Tab", 9)
    browser.key("Enter", 13, "\r")
    browser.value("new Promise((done) => setTimeout(done, 50))")
    expect(browser.value(SHOWN), everything, "the button takes it back by the keyboard")
    browser.value("document.getElementById('text').focus()")
    browser.write("nothing is called this")
    expect(browser.value("document.getElementById('empty').offsetHeight > 0"), True, "that nothing matches is told")
    browser.value("document.forms[0].reset()")
    browser.value("new Promise((done) => setTimeout(done, 50))")

    # A service opens and closes by mouse and by keyboard, and a link to it opens it.
    details = "document.querySelector('#s0 .x').offsetHeight > 0"
    expect(browser.value(details), False, "findings are folded")
    browser.click("#s0 button")
    expect(browser.value(details), True, "and open by mouse")
    expect(browser.value("document.querySelector('#s0 button').getAttribute('aria-expanded')"), "true", "which is told")
    browser.key("Enter", 13, "\r")
    expect(browser.value(details), False, "and close by the keyboard")
    browser.value("location.hash = '#s8'")
    browser.value("new Promise((done) => setTimeout(done, 50))")
    expect(browser.value("document.querySelector('#s8 .x').offsetHeight > 0"), True, "a link opens its service")
    expect(browser.value("document.activeElement === document.querySelector('#s8 button')"), True, "and goes there")
    browser.value("document.querySelector('#s8 button').click()")

    # To the end of the services, a screen at a time, and some notches of a wheel: each is drawn before the next is asked for. What
    # counts is the time of the page's thread and not the clock, which other programs on the machine stretch.
    def scrolled(step, most):
        before = cost(browser)
        steps = browser.value(
            f"""new Promise((done) => {{
              const box = document.getElementById('matrix');
              let steps = 0;
              const next = () => {{
                if (steps === {most} || box.scrollTop + box.clientHeight >= box.scrollHeight - 1) return done(steps);
                steps += 1;
                box.scrollTop += {step};
                requestAnimationFrame(next);
              }};
              box.scrollTop = 0;
              requestAnimationFrame(next);
            }})"""
        )
        return steps, (cost(browser) - before) * 1000 / steps

    notches, spent = scrolled(120, 60)
    print(f"a notch of the wheel costs {spent:.1f} ms of the page's thread")
    expect(notches == 60 and spent < 16, True, "a thousand services scroll smoothly")
    screens, spent = scrolled("box.clientHeight", 10_000)
    print(f"to the end are {screens} screens of {spent:.1f} ms each")
    expect(screens > 20, True, "to the end")

    pictures(browser, folder)

    said = [event["params"] for event in browser.events if event.get("method") in ("Runtime.consoleAPICalled", "Log.entryAdded", "Runtime.exceptionThrown")]
    expect(said, [], "the console stays empty")
    asked = {event["params"]["request"]["url"] for event in browser.events if event.get("method") == "Network.requestWillBeSent"}
    expect({url for url in asked if not url.startswith("file:")}, set(), "no request leaves the page")
    expect({url.split("#")[0] for url in asked}, {page.as_uri()}, "nothing but the page is read")


def cost(browser):
    metrics = browser.call("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def screen(browser, width, height, mobile=False):
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)


def pictures(browser, folder):
    widest = "document.documentElement.scrollWidth <= innerWidth"
    for name, width, height, mobile, scheme, at in (
        ("desktop", 1440, 1000, False, "light", "h1"),
        ("desktop-services", 1440, 1000, False, "light", "#services"),
        ("desktop-findings", 1440, 1000, False, "light", "#root-filesystem-writable"),
        ("dark", 1440, 1000, False, "dark", "h1"),
        ("dark-services", 1440, 1000, False, "dark", "#services"),
        ("phone", 390, 844, True, "light", "h1"),
        ("phone-services", 390, 844, True, "light", "#services"),
    ):
        screen(browser, width, height, mobile)
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.value(f"document.getElementById('matrix').scrollTop = 0; document.querySelector('{at}').scrollIntoView()")
        expect(browser.value(widest), True, f"{name}: nothing is wider than the screen")
        picture = browser.call("Page.captureScreenshot", format="png")["data"]
        file = folder / f"audit-{name}.png"
        file.write_bytes(base64.b64decode(picture))
        print(f"written: {file}")


def main(program, page, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            drive(browser, pathlib.Path(page).resolve(), folder)
        finally:
            browser.process.kill()
            browser.process.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
