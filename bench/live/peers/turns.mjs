/** The arguments of a peer: the port to listen on, and those of the backends, which take turns. */
const [listen, ...ports] = process.argv.slice(2).map(Number);
let turn = 0;

export const port = listen;
export const next = () => ports[turn++ % ports.length];
