// "Try it": sends a route's form as the GET that it describes and shows the answer as text.

function address(form) {
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

async function show(form) {
  const place = form.querySelector(".answer");
  const url = address(form);
  place.hidden = false;
  place.textContent = `GET ${url}\n…`;
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const body = await answer.json();
    place.textContent = `GET ${url}\n${answer.status}\n\n${JSON.stringify(body, null, 2)}`;
  } catch (error) {
    place.textContent = `GET ${url}\n${error.message}`;
  }
}

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); show(form); });
}
