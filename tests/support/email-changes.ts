import { emailChange, emailChangeSettings } from '../../contracts/email-change';
import { fixed } from '../../lib/config/live';
import { createSeal } from '../../lib/encryption/sealed';

/** Keys of a test, as the environment of a process has them. */
export const emailChangeKeys = `test:${Buffer.alloc(32, 8).toString('base64')}`;

const keys = emailChangeSettings.EMAIL_CHANGE_KEYS.unwrap().parse(emailChangeKeys);

/** The seal of a test's services. */
export const emailChangeSeal = createSeal({ keys: fixed(keys), schema: emailChange, setting: 'EMAIL_CHANGE_KEYS' });
