/** A step of a saga in words: `capturePayment` is "capture payment". */
export const stepWords = (step: string): string => step.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
