/** The words that all pages share, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "product.name": "F1Timings",

  "ago.now": "just now",
  "ago.seconds": "{count} s ago",
  "ago.minutes": "{count} min ago",
  "ago.hours": "{count} h ago",

  "state.connecting.title": "Connecting…",
  "state.connecting.detail": "This screen appears as soon as the server answers.",
  "state.no-meeting.title": "No meeting is open",
  "state.no-meeting.detail": "The timing office can open one on the admin page.",
  "state.waiting.title": "Waiting for rigs",
  "state.waiting.detail": "{heard} of {known} rigs are sending",
  "state.waiting.how": "In the game's telemetry settings: UDP on, IP address {address}, port {port}.",
  "state.no-laps.title": "No laps yet",
  "state.no-laps.detail": "Be the first on the board.",
  "state.no-laps.target": "Be the first: beat {time}.",
  "state.elsewhere.title": "Rigs are driving {circuits}",
  "state.elsewhere.detail": "These laps are on another board.",
  "state.live.title": "Live",
  "state.live.detail": "Everything on this screen is current.",
  "state.stale.title": "Signal lost",
  "state.stale.detail": "Last data {ago}. The clocks are stopped.",
  "state.offline.title": "Reconnecting…",
  "state.offline.detail": "Last data at {clock}. This screen reconnects by itself.",
  "state.offline.never": "The server does not answer. This screen reconnects by itself.",
  "state.paused.title": "Paused",
  "state.paused.detail": "The clock is stopped.",
  "state.yellow.title": "Yellow flag",
  "state.sc.title": "Safety car",
  "state.vsc.title": "Virtual safety car",
  "state.red.title": "Red flag",
  "state.red.detail": "Session suspended",
  "state.chequered.title": "Chequered flag",
  "state.provisional.title": "Provisional result",
  "state.final.title": "Final result",
  "state.restarting.title": "Updating…",
  "state.restarting.detail": "The server is restarting. This screen reconnects by itself.",

  "mark.invalid": "invalid",

  "page.skip": "Skip to the content",
  "page.home": "All pages",
  "page.sign-out": "Sign out",
  "page.loading": "Loading…",
  "page.announcements": "Announcements",

  "problem.offline": "The server does not answer. Check that it is running, then try again.",
  "problem.unreadable": "The answer of the server could not be read. Reload the page.",

  "qr.label": "QR code: {text}",

  "lap.time": "Time",
  "lap.driver": "Driver",
  "lap.circuit": "Circuit",
  "lap.rig": "Rig",
  "lap.when": "When",

  "login.show": "Show the password",

  "form.busy": "One moment…",
} as const;
