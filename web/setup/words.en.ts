/** The words of the setup page, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "setup.title": "Set up this server",
  "setup.lead": "The first account can do everything. Create more accounts on the admin page.",
  "setup.code": "Setup code",
  "setup.code.hint": "It is shown in the console where the server was started.",
  "setup.name": "Your name",
  "setup.password": "Password",
  "setup.password.hint": "At least {count} characters; several words are easier to remember.",
  "setup.submit": "Create the account",
  "setup.refused": "Wrong code, or it has expired. The console of the server shows the newest one.",
} as const;
