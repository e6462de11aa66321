/** The words that the admin page and the drivers' page share, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "undo.action": "Undo",

  "admin.title": "Admin",

  "users.title": "Drivers",

  save: "Save",
  add: "Add",

  "picker.placeholder": "Type a name",
  "picker.list": "Suggestions",
  "picker.new": "New driver “{name}”",

  "conflict.changed": "Someone else has changed this.",
  "conflict.now": "Now: {what}",
  "conflict.overwrite": "Do it anyway",
  "conflict.leave": "Leave it as it is",

  "record.by": "by {name}",
  "record.unnamed": "no name",

  "undo.of": "Undone: {what}",
  "undo.overtaken": "Another change came first, so nothing was undone. Look and press again.",
  "undo.nothing": "Nothing to undo",

  "meeting.follows": "follows the rigs",

  "lap.no-driver": "no driver",
  "lap.acts": "Actions",
  "lap.state.completed": "counts",
  "lap.state.deleted": "deleted",
  "lap.state.partial": "incomplete",
  "lap.state.superseded": "undone by a flashback",

  "driver.team": "Team",
} as const;
