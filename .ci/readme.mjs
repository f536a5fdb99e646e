/** Puts the tables that come on standard input between the README's two markers. */
import { readFileSync, writeFileSync } from 'node:fs';

const readme = new URL('../README.md', import.meta.url);
const tables = readFileSync(0, 'utf8').trim();
const old = readFileSync(readme, 'utf8');
const fresh = old.replace(/(?<=<!-- tables -->)[^]*(?=<!-- end of tables -->)/, () => `\n\n${tables}\n\n`);
writeFileSync(readme, fresh);
