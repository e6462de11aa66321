/** The words of the sign-in page, in English. A new key goes into words.it.ts at the same place. */
export const en = {
  "login.title": "Sign in",
  "login.lead": "For the timing office. The board needs no account.",
  "login.name": "Name",
  "login.password": "Password",
  "login.submit": "Sign in",
  "login.refused": "Wrong name or password.",
} as const;
