/* The Copy button of a table: HTML for Word and PowerPoint, text with tabs for everything else.
 *
 * Both were made with the page; nothing is asked of the server and nothing leaves the machine.
 */
const SAID_FOR = 2500; // ms

/** Run as often as Streamlit likes: the handler is replaced, not added. */
export default function tableCopy({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("[role=status]");
  button.textContent = data.label;
  button.setAttribute("aria-label", `${data.label}: ${data.title}`);
  button.onclick = async () => {
    const copied = (await byClipboard(data)) || byCommand(data);
    status.textContent = copied ? data.copied : data.failed;
    setTimeout(() => { status.textContent = ""; }, copied ? SAID_FOR : 4 * SAID_FOR);
    button.focus({ preventScroll: true });
  };
}

/** The browser's clipboard, where the page may use it; false where it may not (an address that is not secure). */
async function byClipboard({ html, text }) {
  if (!navigator.clipboard?.write || !window.ClipboardItem) {
    return false;
  }
  const item = new ClipboardItem({
    "text/html": new Blob([html], { type: "text/html" }),
    "text/plain": new Blob([text], { type: "text/plain" }),
  });
  return navigator.clipboard.write([item]).then(() => true, () => false);
}

/** The older way, which asks for no permission. */
function byCommand({ html, text }) {
  let taken = false;
  const put = (event) => {
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    taken = true;
  };
  document.addEventListener("copy", put, { capture: true, once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put, { capture: true });
  return done && taken;
}
