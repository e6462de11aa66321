/** The fingerprint of the sources that this page was built from. */
declare const __BUILD__: string;
