/** The form of a PIN; the server decides whether a driver has it. */
const PIN = /^\d{4,8}$/;

export const isPin = (text: string): boolean => PIN.test(text);
