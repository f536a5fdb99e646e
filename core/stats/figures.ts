/** The figures of a steady state: those that queueing theory has formulas for. */

/** What they are, in the order in which they are shown. */
export const MEASURES = {
  responseMeanMs: 'time from arrival to answer, of requests served',
  responseP50Ms: 'median response time',
  responseP90Ms: '90th percentile of the response time',
  responseP95Ms: '95th percentile of the response time',
  responseP99Ms: '99th percentile of the response time',
  waitMeanMs: 'time from arrival to the start of service',
  waitP50Ms: 'median waiting time',
  waitP90Ms: '90th percentile of the waiting time',
  waitP95Ms: '95th percentile of the waiting time',
  waitP99Ms: '99th percentile of the waiting time',
  waitShare: 'share of the requests served that had to wait',
  inSystem: 'requests waiting or in service, on average over time (Little)',
  inQueue: 'requests waiting, served or not, on average over time (Little)',
  fleetUtilisation: 'share of all workers that are busy, on average over time',
  throughput: 'requests served a second',
  failedShare: 'share of all requests that were not served',
} as const;
