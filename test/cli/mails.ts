/** Six labelled mails as a csv file. */
export const MAILS = `text,label
cheap pills now,spam
see you at noon,ham
win a prize today,spam
the minutes are attached,ham
you have won money,spam
lunch tomorrow,ham
`;
