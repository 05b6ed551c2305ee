/* Keeps watch over a tab with data: asks before it is left, and notices when they are gone from the server's memory.
 * On a narrow screen it closes the menu after a choice.
 *
 * The mark in this tab's sessionStorage says that data were open, and under which start of the server; no data are in
 * it. A session that never held any, in a tab with a mark, has lost them: to a reload, or to a server that restarted.
 */
const MARK = "matchlens-open";
const STATE = "data-test-connection-state";
const NARROW = "(max-width: 768px)"; // where the menu lies on the page instead of beside it

/** Run at every change of what is at stake. */
export default function keeper({ data, setStateValue, setTriggerValue }) {
  const observer = askAfterEveryReconnection(setTriggerValue);
  document.addEventListener("click", closeMenuAfterChoice);
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

/** Browsers show words of their own. */
function ask(event) {
  event.preventDefault();
  event.returnValue = true;
}
