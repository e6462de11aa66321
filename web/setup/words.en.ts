export const en = {
  "setup.title": "Set up this server",
  "setup.lead": "The first account may do everything. Further ones are made on the admin page.",
  "setup.code": "Setup code",
  "setup.code.hint": "The console shows it where the server was started.",
  "setup.name": "Your name",
  "setup.password": "Password",
  "setup.password.hint": "At least {count} characters; several words are easier to remember.",
  "setup.submit": "Create the account",
} as const;
