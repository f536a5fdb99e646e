/** The arguments of a peer: the port to listen on, those of the backends, which take turns, and `plain` for one as it comes. */
const PLAIN = 'plain';
const words = process.argv.slice(2);
const [listen, ...ports] = words.filter((word) => word !== PLAIN).map(Number);
let turn = 0;

export const isPlain = words.includes(PLAIN);
export const port = listen;
export const next = () => ports[turn++ % ports.length];
