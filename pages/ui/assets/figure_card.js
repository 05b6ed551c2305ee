/* The PNG and SVG buttons of a figure card.
 *
 * The picture is what the browser already shows: the layers of the card's Plotly figure in one SVG, with the card's
 * title above and its caption below. Nothing leaves the machine. The figure is looked up at the click, never before,
 * so a rerun that draws it again does not matter.
 */
const SVG_NS = "http://www.w3.org/2000/svg";
const PNG_SCALE = 3;
const MARGIN = 16;
const TITLE = { size: 18, weight: 600, lineHeight: 24, color: "#1a1a1a" };
const CAPTION = { size: 12, weight: 400, lineHeight: 17, color: "#444444" };
const NOT_IN_A_PICTURE = ".hoverlayer, .zoomlayer, .selectionlayer, .draglayer, .menulayer";
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/** Run as often as Streamlit likes: the handlers are replaced, not added. */
export default function figureDownloads({ data, parentElement }) {
  const status = parentElement.querySelector("[role=status]");
  for (const button of parentElement.querySelectorAll("button")) {
    button.setAttribute("aria-label", `${button.textContent.trim()}: ${data.title}`);
    button.onclick = () => download(button, status, data, cardAround(parentElement));
  }
}

/** The card holds the component; the component may live in a shadow root. */
function cardAround(parentElement) {
  const element = parentElement.host ?? parentElement;
  return element.closest('[class*="st-key-figure-card-"]');
}

/** Make one picture and hand it to the browser; say so when that fails. */
async function download(button, status, data, card) {
  status.textContent = "";
  button.disabled = true;
  try {
    const picture = selfDescribingSvg(shownFigure(card), data);
    const blob = button.dataset.format === "png" ? await pngBlob(picture) : svgBlob(picture);
    save(blob, `${data.name}.${button.dataset.format}`);
    status.textContent = "";
  } catch (error) {
    status.textContent = error.message;
  } finally {
    button.disabled = false;
    button.focus({ preventScroll: true });
  }
}

/** The Plotly element of this card, once it has been drawn. */
function shownFigure(card) {
  const figure = card?.querySelector(".js-plotly-plot");
  if (!figure?.querySelector("svg.main-svg")) {
    throw new Error("The figure is still being drawn. Please try again in a moment.");
  }
  if (figure.querySelector("canvas.gl-canvas")) {
    throw new Error("Part of this figure is drawn by WebGL and would be missing. Please take a screenshot.");
  }
  return figure;
}

/** One SVG element: white page, title, figure, caption. */
function selfDescribingSvg(figure, { title, caption, alt }) {
  const layers = [...figure.querySelectorAll("svg.main-svg")];
  const { width, height } = shownSize(layers[0]);
  const family = fontFamily(figure);
  const titleBlock = textBlock(title, MARGIN, width, family, TITLE);
  const top = titleBlock.bottom + 4;
  const captionBlock = textBlock(caption, top + height + 4, width, family, CAPTION);
  const page = svgElement("svg", {
    xmlns: SVG_NS, "xmlns:xlink": "http://www.w3.org/1999/xlink", role: "img",
    width, height: captionBlock.bottom + MARGIN, viewBox: `0 0 ${width} ${captionBlock.bottom + MARGIN}`,
  });
  page.append(
    described("title", title), described("desc", alt),
    svgElement("rect", { width: "100%", height: "100%", fill: "#ffffff" }),
    titleBlock.element, mergedLayers(layers, top), captionBlock.element,
  );
  return page;
}

function shownSize(layer) {
  return { width: Number(layer.getAttribute("width")), height: Number(layer.getAttribute("height")) };
}

/** The figure's own type, so that title and caption match its axes. */
function fontFamily(figure) {
  const text = figure.querySelector("svg.main-svg text");
  return (text && getComputedStyle(text).fontFamily) || "Arial, Helvetica, sans-serif";
}

/** Copies of Plotly's layers in one group, moved down below the title. */
function mergedLayers(layers, top) {
  const group = svgElement("g", { transform: `translate(0,${top})` });
  for (const layer of layers) {
    group.append(...layer.cloneNode(true).children);
  }
  group.querySelectorAll(NOT_IN_A_PICTURE).forEach((element) => element.remove());
  group.querySelectorAll("text").forEach(tidyText);
  group.querySelectorAll('[style*="vector-effect"]').forEach(growWithThePicture);
  return group;
}

/** On screen Plotly's lines keep their width whatever the zoom; at 3x, or enlarged on a slide, they would be hairlines. */
function growWithThePicture(line) {
  line.style.removeProperty("vector-effect");
}

function tidyText(text) {
  if (text.style.visibility === "hidden" || text.style.display === "none") {
    text.remove();
  }
  text.removeAttribute("data-unformatted");
  text.removeAttribute("data-math");
}

/** Wrapped lines of text from y downwards; bottom is where they end. */
function textBlock(text, y, width, family, style) {
  const lines = wrapped(text, width - 2 * MARGIN, `${style.weight} ${style.size}px ${family}`);
  const element = svgElement("text", {
    x: MARGIN, fill: style.color, "font-family": family, "font-size": style.size, "font-weight": style.weight,
  });
  lines.forEach((line, index) => {
    const span = svgElement("tspan", { x: MARGIN, y: y + style.size + index * style.lineHeight });
    span.textContent = index < lines.length - 1 ? `${line} ` : line;
    element.append(span);
  });
  return { element, bottom: y + lines.length * style.lineHeight };
}

function wrapped(text, width, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

function described(tag, text) {
  const element = svgElement(tag, {});
  element.textContent = text;
  return element;
}

function svgElement(tag, attributes) {
  const element = document.createElementNS(SVG_NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.startsWith("xmlns")) {
      element.setAttribute(name, value);
    } else {
      element.setAttributeNS("http://www.w3.org/2000/xmlns/", name, value);
    }
  }
  return element;
}

/** Single quotes in attributes: some drawing programs stumble over &quot; in font names. */
function svgSource(picture) {
  return new XMLSerializer().serializeToString(picture).replaceAll("&quot;", "'").replace(NOT_IN_XML, "");
}

function svgBlob(picture) {
  return new Blob([svgSource(picture)], { type: "image/svg+xml;charset=utf-8" });
}

async function pngBlob(picture) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgSource(picture))}`;
  await image.decode().catch(tooLarge);
  const { width, height } = shownSize(picture);
  const canvas = Object.assign(document.createElement("canvas"), {
    width: Math.round(width * PNG_SCALE), height: Math.round(height * PNG_SCALE),
  });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return blob ?? tooLarge();
}

function tooLarge() {
  throw new Error("This browser could not make a PNG of this figure. Please take the SVG.");
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
