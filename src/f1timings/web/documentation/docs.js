// The documentation page: the search, and the "Try it" forms, which send the GET request of a route.

const search = document.querySelector("#search");
const found = document.querySelector("#found");
const operations = [...document.querySelectorAll(".operation")].map((section) => ({
  section,
  link: document.querySelector(`nav a[href="#${section.id}"]`).parentElement,
  heading: [...section.querySelectorAll(".found-by")].map((part) => part.textContent).join(" ").toLowerCase(),
  whole: section.textContent.toLowerCase(),
}));

// Show the routes that contain every word in their path, texts or parameters; if there is none, in their answers.
function showFound() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const contains = (text) => words.every((word) => text.includes(word));
  const searched = operations.some(({ heading }) => contains(heading)) ? "heading" : "whole";
  let count = 0;
  for (const { section, link, [searched]: text } of operations) {
    const isFound = contains(text);
    section.hidden = link.hidden = !isFound;
    count += isFound;
  }
  for (const subject of document.querySelectorAll(".subject"))
    subject.hidden = !subject.querySelector(".operation:not([hidden])");
  for (const group of document.querySelectorAll("nav .group"))
    group.hidden = !group.querySelector("li:not([hidden])");
  found.textContent = words.length ? `${count} of ${operations.length} routes` : "";
}

// A link of the page or an address with a # leads to a route also while the search hides it.
function showTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target?.closest("[hidden]")) return;
  search.value = "";
  showFound();
  target.scrollIntoView();
}

search.addEventListener("input", showFound);
window.addEventListener("hashchange", showTarget);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input")) return;
  event.preventDefault();
  search.focus();
});
showFound();
showTarget();

function requestUrl(form) {
  let path = form.getAttribute("action");
  const query = new URLSearchParams();
  for (const label of form.querySelectorAll("label")) {
    const input = label.querySelector("input");
    if (label.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (label.dataset.in === "query" && input.value !== "") query.append(input.name, input.value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

// JSON with indentation, CSV as it is, and of a workbook its size.
async function bodyText(response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.includes("json")) return JSON.stringify(await response.json(), null, 2);
  if (type.startsWith("text/")) return response.text();
  return `A file of ${(await response.blob()).size} bytes. Open the address to save it.`;
}

async function sendAndShow(form) {
  const output = form.querySelector(".answer");
  const url = requestUrl(form);
  output.hidden = false;
  output.textContent = `GET ${url}\n…`;
  try {
    const response = await fetch(url, { headers: { Accept: "application/json, */*;q=0.5" } });
    output.textContent = `GET ${url}\n${response.status}\n\n${await bodyText(response)}`;
  } catch (error) {
    output.textContent = `GET ${url}\n${error.message}`;
  }
}

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); sendAndShow(form); });
}
