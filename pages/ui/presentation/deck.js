/* Shows one slide of the deck and goes to others: arrow keys, Page Up and Down, Space, Home, End; a click goes on, a click
 * into the left quarter back; F fills the screen; Escape asks the page to leave. No step needs the server.
 */
const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"]);
const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp", "Backspace"]);
const SIZE = { width: 1280, height: 720 };
let now = 0;

/** Run when the deck is shown, and again when the number of its slides changes. */
export default function deck({ data, setTriggerValue }) {
  const style = document.head.appendChild(document.createElement("style"));
  const show = (place) => {
    now = Math.max(0, Math.min(place, data.slides - 1));
    const scale = Math.min(window.innerWidth / SIZE.width, window.innerHeight / SIZE.height);
    style.textContent =
      `.st-key-deck-slide-${now} { visibility: visible !important; } .st-key-deck { --deck-scale: ${scale}; }`;
  };
  const key = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") setTriggerValue("leave", true);
    else if (NEXT.has(event.key)) show(event.shiftKey && event.key === " " ? now - 1 : now + 1);
    else if (BACK.has(event.key)) show(now - 1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(data.slides - 1);
    else if (event.key === "f") document.documentElement.requestFullscreen?.();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const click = (event) => {
    if (event.target.closest(".st-key-deck")) show(event.clientX < window.innerWidth / 4 ? now - 1 : now + 1);
  };
  const fit = () => show(now);
  show(now);
  window.addEventListener("keydown", key, true);
  window.addEventListener("click", click);
  window.addEventListener("resize", fit);
  return () => {
    window.removeEventListener("keydown", key, true);
    window.removeEventListener("click", click);
    window.removeEventListener("resize", fit);
    style.remove();
  };
}
