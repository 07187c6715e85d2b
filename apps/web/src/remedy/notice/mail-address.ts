/** What a letter can be addressed to: a bare address, with nothing that would end it in a header. */
const ADDRESS = /^[^\s,;<>"()[\]\\@]+@[^\s,;<>"()[\]\\@]+\.[^\s,;<>"()[\]\\@]+$/u;

export const isMailAddress = (text: string): boolean => ADDRESS.test(text);
