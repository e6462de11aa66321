/** What is typed into a form while an earlier entry of the same form is being saved. */

/** The new value of a field whose entry `sent` was saved: `empty`, or `now` if the user has typed something else since. */
export function afterSaving<T>(now: T, sent: T, empty: T): T {
  return now === sent ? empty : now;
}
