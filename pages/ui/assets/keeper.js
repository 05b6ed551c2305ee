/* Keeps watch over a tab with data: asks before it is left, and notices when they are gone from the server's memory.
 * On a narrow screen it closes the menu after a choice. Whoever opens a small window with a key gets into it, and with
 * Escape back to where it was opened.
 *
 * The mark in this tab's sessionStorage says that data were open, and under which start of the server; no data are in
 * it. A session that never held any, in a tab with a mark, has lost them: to a reload, or to a server that restarted.
 */
const MARK = "matchlens-open";
const STATE = "data-test-connection-state";
const OPENER = '[data-testid="stPopoverButton"]';
const OPENED = '[data-testid="stPopoverBody"]'; // stands at the end of the document, many Tabs away
const WITHIN = "input, button, select, textarea, a[href], summary, [tabindex='0']";
const TRIES = 40; // looks for the small window, one with each picture that the browser draws
const NARROW = "(max-width: 768px)"; // where the menu lies on the page instead of beside it

/** Run at every change of what is at stake. */
export default function keeper({ data, setStateValue, setTriggerValue }) {
  const observer = askAfterEveryReconnection(setTriggerValue);
  document.addEventListener("click", closeMenuAfterChoice);
  document.addEventListener("click", goIntoWhatAKeyOpened);
  window.onbeforeunload = data.at_stake === "upload" ? ask : null;
  if (data.at_stake === "nothing") {
    const mark = sessionStorage.getItem(MARK);
    if (mark) {
      sessionStorage.removeItem(MARK);
      setStateValue("lost", mark === data.server ? "reload" : "restart");
    }
  } else if (data.at_stake === "upload") {
    sessionStorage.setItem(MARK, data.server);
  } else {
    sessionStorage.removeItem(MARK);
  }
  return () => {
    observer.disconnect();
    document.removeEventListener("click", closeMenuAfterChoice);
    document.removeEventListener("click", goIntoWhatAKeyOpened);
  };
}

/** Streamlit connects again by itself and then waits for a click; only a run of the page tells what is still there. */
function askAfterEveryReconnection(setTriggerValue) {
  const app = document.querySelector(`[${STATE}]`);
  const observer = new MutationObserver(([change]) => {
    if (app.getAttribute(STATE) === "CONNECTED" && change.oldValue !== "CONNECTED") {
      setTriggerValue("again", true);
    }
  });
  observer.observe(app, { attributeFilter: [STATE], attributeOldValue: true });
  return observer;
}

/** A link of the menu was followed: the page that was asked for should be seen. */
function closeMenuAfterChoice({ target }) {
  if (target.closest?.('[data-testid="stSidebarNav"] a') && matchMedia(NARROW).matches) {
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  }
}

/** A click without a pointer was a key: the focus goes into the small window, once it is drawn, and comes back. */
function goIntoWhatAKeyOpened({ target, detail }) {
  const opener = target.closest?.(OPENER);
  if (!opener || detail !== 0) return;
  let tries = TRIES;
  const enter = () => {
    const opened = document.querySelector(OPENED);
    if (!opened?.textContent) {
      if (tries-- > 0) requestAnimationFrame(enter);
      return;
    }
    let first = opened.querySelector(WITHIN);
    if (!first) {
      opened.tabIndex = -1;
      first = opened;
    }
    first.focus();
    comeBack(opened, opener);
  };
  requestAnimationFrame(enter);
}

/** When the small window is closed and the focus is nowhere, it is where the window was opened. */
function comeBack(opened, opener) {
  const observer = new MutationObserver(() => {
    if (opened.isConnected) return;
    observer.disconnect();
    if (document.activeElement === document.body) opener.focus();
  });
  observer.observe(document.body, { childList: true, subtree: true });
}

/** Browsers show words of their own. */
function ask(event) {
  event.preventDefault();
  event.returnValue = true;
}
