/* Keeps watch over a tab with data: asks before it is left, and notices when they are gone from the server's memory.
 *
 * The mark in this tab's sessionStorage says that data were open, and under which start of the server; no data are in
 * it. A session that never held any, in a tab with a mark, has lost them: to a reload, or to a server that restarted.
 */
const MARK = "matchlens-open";

/** Run at every change of what is at stake. */
export default function keeper({ data, setStateValue }) {
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
}

/** Browsers show words of their own. */
function ask(event) {
  event.preventDefault();
  event.returnValue = true;
}
