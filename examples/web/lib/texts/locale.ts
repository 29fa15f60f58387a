/** The language of the texts beside this file, for numbers and dates to match. */
export const locale = "en-GB";
