/**
 * The arguments of a peer: the port to listen on, the backends, which take turns, each a port of this machine or host:port,
 * and `plain` for one as it comes.
 */
const PLAIN = 'plain';
const words = process.argv.slice(2);
const [listen, ...backends] = words.filter((word) => word !== PLAIN);
const addresses = backends.map((backend) => (backend.includes(':') ? backend : `127.0.0.1:${backend}`));
let turn = 0;

export const isPlain = words.includes(PLAIN);
export const port = Number(listen);
/** host:port */
export const next = () => addresses[turn++ % addresses.length];
