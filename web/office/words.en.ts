export const en = {
  "undo.action": "Undo",

  "admin.title": "Admin",

  "users.title": "Drivers",

  save: "Save",

  add: "Add",

  "picker.placeholder": "Type a name",
  "picker.list": "Suggestions",
  "picker.new": "New driver “{name}”",

  "conflict.changed": "Somebody else changed this meanwhile.",
  "conflict.now": "Now: {what}",
  "conflict.overwrite": "Do it anyway",
  "conflict.leave": "Leave it",

  "record.by": "by {name}",
  "record.unnamed": "something else",

  "undo.of": "Undone: {what}",
  "undo.nothing": "Nothing to undo",

  "meeting.follows": "follows the rigs",

  "lap.nobody": "nobody",
  "lap.acts": "Acts",
  "lap.state.completed": "counts",
  "lap.state.deleted": "deleted",
  "lap.state.partial": "incomplete",
  "lap.state.superseded": "taken back by a flashback",

  "driver.team": "Team",
} as const;
