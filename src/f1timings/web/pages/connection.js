// The line to the server: follows the view "events" for ever, with a growing pause after each failure.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10000;
const SILENCE_MS = 12000; // the server sends a heartbeat every 5 s

// onState(state, attempt): "connecting" | "live" | "reconnecting"; onMessage(message): parsed JSON.
export function follow({ onState, onMessage }) {
  let socket = null;
  let attempt = 0;
  let retry = 0;
  let silence = 0;

  function open() {
    clearTimeout(retry);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/ws`);
    socket.onopen = () => socket.send(JSON.stringify({ subscribe: ["events"] }));
    socket.onmessage = (event) => { heard(); onMessage(JSON.parse(event.data)); };
    socket.onclose = lost;
    heard();
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(drop, SILENCE_MS);
  }

  function lost() {
    clearTimeout(silence);
    socket = null;
    attempt += 1;
    onState("reconnecting", attempt);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    retry = setTimeout(open, pause * (0.5 + Math.random() / 2));
  }

  // A socket whose other end vanished may take minutes to close by itself: let go of it at once.
  function drop() {
    if (!socket) return;
    const old = socket;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
    lost();
  }

  function hurry() {
    if (!socket && document.visibilityState === "visible") open();
  }

  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  onState("connecting", 0);
  open();

  return {
    // Everything that the page shows is right again.
    settled() {
      if (socket?.readyState !== WebSocket.OPEN) return;
      attempt = 0;
      onState("live", 0);
    },
    // What came over HTTP was no answer: start again after a pause.
    restart: drop,
  };
}
