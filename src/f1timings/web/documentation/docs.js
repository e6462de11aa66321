// The "Try it" forms of the documentation page: send the GET request of a route and show the response as text.

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

async function sendAndShow(form) {
  const output = form.querySelector(".answer");
  const url = requestUrl(form);
  output.hidden = false;
  output.textContent = `GET ${url}\n…`;
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    const body = await response.json();
    output.textContent = `GET ${url}\n${response.status}\n\n${JSON.stringify(body, null, 2)}`;
  } catch (error) {
    output.textContent = `GET ${url}\n${error.message}`;
  }
}

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); sendAndShow(form); });
}
