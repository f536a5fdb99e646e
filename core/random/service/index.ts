/** Every law of service times in ms, one line each; `core/tables.ts` makes the table of them. */
export { boundedPareto } from './bounded-pareto.ts';
export { constant } from './constant.ts';
export { erlang } from './erlang.ts';
export { exponential } from './exponential.ts';
export { gamma } from './gamma.ts';
export { hyperexponential } from './hyperexponential.ts';
export { lognormal } from './lognormal.ts';
export { pareto } from './pareto.ts';
export { uniform } from './uniform.ts';
export { weibull } from './weibull.ts';
